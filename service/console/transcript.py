"""A conversation turn by turn, as it is stored, with what the bot made of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.utils.safestring import SafeString

from baclofen_faq.answers import STAFF
from baclofen_faq.triage import Level, Status
from baclofen_faq.triage.assessment import COUNTING
from service.console import marks, plain_words, topics, verdicts
from service.conversations.models import Conversation, Message

TURNS_A_PAGE = 50


@dataclass(frozen=True)
class Found:
    """A finding in plain words; `counts`: whether it makes the level."""

    symptom: str
    status: str
    found_by: str
    level: str
    counts: bool


@dataclass(frozen=True)
class Turn:
    """A message of the person, the replies to it, and what the clinic's staff wrote before the person's next one."""

    heard: Message
    replies: list[Message]
    of_staff: Sequence[Message] = ()

    @property
    def words(self) -> SafeString:
        """The text exactly, with what counts and what was found otherwise marked in it."""
        return marks.marked(self.heard.text, self.heard.findings)

    @property
    def button(self) -> str:
        """What stood on the button, where the person chose one."""
        return topics.button_title(self.heard.text)

    @property
    def topic(self) -> str:
        """What Rasa understood, as a question; "" where it was not asked."""
        return topics.intents().get(self.heard.intent, self.heard.intent)

    @property
    def findings(self) -> list[Found]:
        """What triage found, in the order of the text."""
        return [_found(one) for one in self.heard.findings]

    @property
    def symptoms(self) -> list[Found]:
        """The same, each symptom once: as it counts, where it does."""
        once: dict[str, Found] = {}
        for found in sorted(self.findings, key=lambda one: not one.counts):
            once.setdefault(found.symptom, found)
        return list(once.values())

    @property
    def verdict(self) -> verdicts.Said:
        """What a reviewer said of it."""
        return verdicts.said_of(self.heard)

    @property
    def answer_ids(self) -> list[str]:
        """What was answered, each once."""
        return list(dict.fromkeys(reply.answer_id for reply in self.replies))

    @property
    def stages(self) -> str:
        """Where the time went: `rules 1 ms, rasa 60 ms`."""
        return ", ".join(f"{name} {milliseconds} ms" for name, milliseconds in self.heard.stages.items())


@dataclass(frozen=True)
class Transcript:
    """Some turns in a row, oldest first; whether the conversation has earlier ones, and whether it ends with them."""

    turns: list[Turn]
    is_more_before: bool
    is_end: bool

    @property
    def first(self) -> int:
        """The number of the first message; 0 where there is none."""
        return self.turns[0].heard.pk if self.turns else 0

    @property
    def last(self) -> int:
        """The number of the last turn's message; 0 where there is none."""
        return self.turns[-1].heard.pk if self.turns else 0


def transcript(conversation: Conversation, before: Message | None = None, until: Message | None = None) -> Transcript:
    """The last fifty turns; of those before a message of the conversation or up to one, where it is given."""
    heard = _heard(conversation)
    if before:
        heard = heard.filter(Q(said_at__lt=before.said_at) | Q(said_at=before.said_at, id__lt=before.pk))
    if until:
        heard = heard.filter(Q(said_at__lt=until.said_at) | Q(said_at=until.said_at, id__lte=until.pk))
    newest_first = list(heard.order_by("-said_at", "-id")[: TURNS_A_PAGE + 1])
    is_end = not (before or until) or not turns_after(conversation, before or until, 1)
    return Transcript(_turns(newest_first[TURNS_A_PAGE - 1 :: -1]), len(newest_first) > TURNS_A_PAGE, is_end)


def urgent(conversation: Conversation, most: int) -> list[Turn]:
    """The last turns that told of an emergency or an advisory, oldest first; not those that only kept it open."""
    levels = (Level.EMERGENCY.value, Level.ADVISORY.value)
    found = _heard(conversation).filter(level__in=levels).order_by("-said_at", "-id")[:TURNS_A_PAGE]
    telling = [
        turn for turn in _turns(list(found)) if any(one["status"] == Status.CURRENT for one in turn.heard.findings)
    ]
    return telling[most - 1 :: -1]


def turns_after(conversation: Conversation, last: Message | None, most: int = TURNS_A_PAGE) -> list[Turn]:
    """The first turns after a message, oldest first."""
    heard = _heard(conversation)
    if last:
        heard = heard.filter(Q(said_at__gt=last.said_at) | Q(said_at=last.said_at, id__gt=last.pk))
    return _turns(list(heard.order_by("said_at", "id")[:most]))


def turn_of(message: Message) -> Turn:
    """One turn."""
    (turn,) = _with_staff([Turn(message, list(message.replies.order_by("position")))])
    return turn


def messages_of(conversation: Conversation) -> int:
    """How many messages it has, those of the bot too: by the index alone."""
    return Message.objects.filter(conversation=conversation).order_by().count()


def _heard(conversation: Conversation) -> QuerySet[Message]:
    replies = Prefetch("replies", Message.objects.order_by("position"), to_attr="said")
    of_person = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN)
    return of_person.select_related("verdict", "second_look").prefetch_related(replies)


def _turns(messages: list[Any]) -> list[Turn]:
    return _with_staff([Turn(message, message.said) for message in messages])


def _with_staff(turns: list[Turn]) -> list[Turn]:
    """The turns of one conversation, each with what the clinic's staff wrote after it and before the next."""
    if not turns:
        return []
    before = Message.objects.filter(
        conversation=OuterRef("conversation"), direction=Message.Direction.IN, said_at__lte=OuterRef("said_at")
    )
    of_staff = Message.objects.filter(conversation=turns[0].heard.conversation_id, answer_id=STAFF)
    written = of_staff.annotate(after=before.order_by("-said_at", "-id").values("pk")[:1]).order_by("said_at", "id")
    after: dict[int, list[Message]] = {}
    for message in written:
        after.setdefault(message.after, []).append(message)
    return [replace(turn, of_staff=after.get(turn.heard.pk, ())) for turn in turns]


def _found(finding: dict[str, Any]) -> Found:
    return Found(
        symptom=plain_words.symptom(finding["symptom"]),
        status=plain_words.status(finding["status"]),
        found_by=plain_words.found_by(finding["phrase"]),
        level=finding["level"],
        counts=finding["status"] in COUNTING,
    )
