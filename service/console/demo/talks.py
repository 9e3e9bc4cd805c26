"""Who writes when, and what: the library's lines spread over the last 30 days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from service.console.demo.library import Library, Line, Story
from service.conversations.attention import DRAWN_SHARE

DAYS = 30
USUAL = 500  # conversations; `times` of a story is among so many
CHANNELS = {"web": 60, "whatsapp": 14, "sms": 12, "telegram": 9, "facebook": 5}  # share of each in percent
BUSY_HOURS = (7, 8, 9, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 22, 23, 2, 5)
OPEN_WITHIN_MINUTES = 180
FEEDBACK = ("helpful", "helpful", "helpful", "not_helpful", "not_answered")
ASKED_FOR_FEEDBACK, GREETS, THANKS, ASKS_ON = 0.35, 0.2, 0.25, 0.45


@dataclass(frozen=True)
class Talk:
    """One conversation to be made: who, where, when it began, whether it is drawn, and the lines."""

    key: str
    channel: str
    began_at: datetime
    is_drawn: bool
    is_open: bool
    lines: tuple[Line, ...]


def talks(library: Library, count: int, run: str, now: datetime, random: Random) -> list[Talk]:
    """As many conversations as asked for, oldest first: every story, and questions for the rest.

    Args:
        library: what is said.
        count: how many; fewer than the stories, only the first of them.
        run: part of each key, so that no key comes twice.
        now: all of it lies in the 30 days before.
        random: where chance comes from.
    """
    told = [story for story in library.stories for _ in range(_times(story, count))][:count]
    told += list(_asked(library, count - len(told), random))
    begun = sorted(((_began(story, now, random), story) for story in told), key=lambda one: one[0])
    drawn = set(random.sample(range(count), round(count * DRAWN_SHARE)))
    channels = random.choices(list(CHANNELS), weights=list(CHANNELS.values()), k=count)
    return [
        Talk(f"demo-{run}-{number:04}", channels[number], began_at, number in drawn, story.is_open, story.lines)
        for number, (began_at, story) in enumerate(begun)
    ]


def _times(story: Story, count: int) -> int:
    """How often a story is told among so many; at least once."""
    return story.times if story.is_open else max(1, round(story.times * count / USUAL))


def _asked(library: Library, count: int, random: Random) -> Iterator[Story]:
    """Conversations of one to three questions; the topics on top of the list come more often, each sentence in turn."""
    decks = {topic: random.sample(list(said), len(said)) for topic, said in library.questions.items()}
    weights = [1 / (place + 3) for place in range(len(decks))]
    for _ in range(count):
        asks = 1 + (random.random() < ASKS_ON) + (random.random() < ASKS_ON / 3)
        topics = list(dict.fromkeys(random.choices(list(decks), weights=weights, k=asks)))
        lines = [Line(_next(decks[topic]), topic, random.randint(1, 6)) for topic in topics]
        yield Story("asked", 1, tuple(_around(lines, library, random)))


def _next(deck: list[str]) -> str:
    """The sentence on top, which goes under the others."""
    deck.append(deck.pop(0))
    return deck[-1]


def _around(lines: Sequence[Line], library: Library, random: Random) -> Iterator[Line]:
    """The questions, with a greeting, what is said of the last answer, and thanks, where chance has it."""
    if random.random() < GREETS:
        yield Line(random.choice(library.small_talk["greetings"]), "greeting")
    yield from lines
    if lines[-1].topic != "out_of_scope" and random.random() < ASKED_FOR_FEEDBACK:
        said = random.choice(FEEDBACK)
        yield Line(random.choice(library.small_talk[said]), f"feedback_{said}")
    elif random.random() < THANKS:
        yield Line(random.choice(library.small_talk["thanks"]), "thanks")


def _began(story: Story, now: datetime, random: Random) -> datetime:
    if story.is_open:
        return now - timedelta(minutes=random.randint(10, OPEN_WITHIN_MINUTES))
    day = (now - timedelta(days=random.randint(1, DAYS - 1))).replace(minute=0, second=0, microsecond=0)
    at = day.replace(hour=random.choice(BUSY_HOURS)) + timedelta(seconds=random.randint(0, 3599))
    return min(at, now - timedelta(hours=12))
