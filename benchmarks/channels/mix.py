"""What people do in a channel, mixed: words, emergencies, buttons, photos, reactions, edits; retries and forgeries."""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.people import Person, choices
from tests.gateway.channels.platforms.platform import Platform, Post

QUESTIONS = (
    "could you tell me what baclofen withdrawal is?",
    "why must baclofen be tapered?",
    "how long does withdrawal last?",
    "what is a baclofen pump?",
    "can I drive while I take baclofen?",
    "what should I tell the emergency room about baclofen?",
)
EMERGENCIES = (
    "my husband is having a seizure right now.",
    "she is seeing people who are not there",
    "his pump is beeping and he is burning up with fever",
)
SHARES = {
    "words": 45,
    "emergency": 15,
    "button": 12,
    "retry": 10,
    "photo": 5,
    "reaction": 4,
    "edit": 4,
    "forgery": 5,
}
READ_SECONDS = 1.5  # before somebody does more, their reply has come and they have read it


@dataclass
class Step:
    """One update: what it is, what must come of it, and when it was posted, with what answer."""

    kind: str
    person: Person
    post: Post
    is_question: bool = False
    is_emergency: bool = False
    is_asked_to_write: bool = False
    begun: float = 0
    took: float = 0
    status: int = 0

    @property
    def needs_reply(self) -> bool:
        """Whether something is said to it."""
        return self.is_question or self.is_emergency or self.is_asked_to_write

    def run(self) -> None:
        """Post it."""
        self.begun = time.monotonic()
        self.status = self.person.platform.post(self.post).status_code
        self.took = time.monotonic() - self.begun


class Mix:
    """The updates of one channel, one after the other; who has been answered may do more."""

    def __init__(self, platform: Platform, gateway: Gateway, seed: int) -> None:
        """Nobody has written yet."""
        self._platform, self._gateway, self._random = platform, gateway, random.Random(seed)
        self._makers: dict[str, Callable[[], Step | None]] = {
            "emergency": self._emergency,
            "button": self._button,
            "retry": self._retry,
            "photo": self._photo,
            "reaction": self._reaction,
            "edit": self._edit,
            "forgery": self._forgery,
        }
        self._answered: deque[Step] = deque()
        self._posted: deque[Step] = deque(maxlen=50)

    def next(self) -> Step:
        """The next update; words where this channel, or this moment, has nothing of the kind that was drawn."""
        kind = self._random.choices(list(SHARES), list(SHARES.values()))[0]
        step = (self._makers[kind]() if kind in self._makers else None) or self._words()
        if step.kind in ("words", "emergency"):
            self._posted.append(step)
        return step

    def _words(self) -> Step:
        person = Person(self._platform, self._gateway)
        post = self._platform.words(person.id, self._random.choice(QUESTIONS))
        step = Step("words", person, post, is_question=True)
        self._answered.append(step)
        return step

    def _emergency(self) -> Step:
        person = Person(self._platform, self._gateway)
        return Step(
            "emergency", person, self._platform.words(person.id, self._random.choice(EMERGENCIES)), is_emergency=True
        )

    def _button(self) -> Step | None:
        person = self._somebody_answered()
        offered = choices(person.seen) if person else []
        if not (person and offered):
            return None
        last = offered[-1]
        return Step("button", person, self._platform.press(person.id, last.shown, last.place), is_question=True)

    def _retry(self) -> Step | None:
        if not self._posted:
            return None
        again = self._random.choice(self._posted)
        return Step("retry", again.person, again.post)

    def _photo(self) -> Step | None:
        person = Person(self._platform, self._gateway)
        photo = self._platform.without_words(person.id).get("photo")
        return Step("photo", person, photo, is_asked_to_write=True) if photo else None

    def _reaction(self) -> Step | None:
        person = self._somebody_answered()
        posts = self._platform.without_reply(person.id) if person else {}
        post = posts.get("reaction") or next(iter(posts.values()), None)
        return Step("reaction", person, post) if person and post else None

    def _edit(self) -> Step | None:
        person = self._somebody_answered()
        edited = self._platform.edited(person.id, self._random.choice(EMERGENCIES)) if person else None
        return Step("edit", person, edited, is_emergency=True) if person and edited else None

    def _forgery(self) -> Step | None:
        person = Person(self._platform, self._gateway)
        posts = list(self._platform.forgeries(person.id).values())
        return Step("forgery", person, self._random.choice(posts)) if posts else None

    def _somebody_answered(self) -> Person | None:
        """Who wrote longest ago, has read the reply, and has done nothing since."""
        if not self._answered or time.monotonic() - self._answered[0].begun < READ_SECONDS:
            return None
        step = self._answered.popleft()
        return step.person if step.begun and step.person.seen else None
