"""What the made-up staff of the demo data have done with the conversations so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from service.console.demo.library import Library, Line
from service.console.demo.talks import Talk
from service.conversations.attention import CANNOT_ANSWER
from service.conversations.models import Conversation, Message, Note, State, Verdict

STAFF = ("demo.nurse", "demo.doctor", "demo.reviewer")
COLUMNS = ("state", "assignee", "reviewer", "reviewed_at", "first_review_at", "is_flagged")
STATES: dict[Any, int] = {
    State.DONE: 78,
    State.FOLLOW_UP: 8,
    State.IN_REVIEW: 5,
    State.NEW: 9,
}  # percent
NOTED, FLAGGED, READ_ANYWAY = 0.45, 0.06, 0.08
Code: Any = Verdict.Code


@dataclass(frozen=True)
class Reviewer:
    """Reviews conversations in the library's words; `now`: nothing is done later."""

    library: Library
    now: datetime
    random: Random

    def review(self, talk: Talk, conversation: Conversation) -> list[Note]:
        """Fill in how far staff are with a conversation; the notes about it. Nothing is saved."""
        state = self._state(talk, conversation)
        if state is None:
            return []
        since = conversation.due_at or conversation.last_at
        opened = min(since + timedelta(minutes=self.random.randint(3, 300)), self.now)
        who = self.random.choice(STAFF)
        conversation.state, conversation.first_review_at = state, opened
        conversation.is_flagged = self.random.random() < FLAGGED
        conversation.assignee = who if state != State.DONE else ""
        if state == State.DONE:
            conversation.reviewer = who
            conversation.reviewed_at = min(opened + timedelta(minutes=self.random.randint(1, 30)), self.now)
        return list(self._notes(conversation, who, opened))

    def _state(self, talk: Talk, conversation: Conversation) -> str | None:
        """How far they are; None where nobody has opened it."""
        if talk.is_open or (conversation.due_at is None and self.random.random() > READ_ANYWAY):
            return None
        if any(line.verdict for line in talk.lines):
            return str(State.DONE)
        chosen = self.random.choices(list(STATES), weights=list(STATES.values()))[0]
        return str(chosen) if chosen != State.NEW else None

    def _notes(self, conversation: Conversation, who: str, opened: datetime) -> Iterator[Note]:
        if conversation.due_at and (conversation.state != State.DONE or self.random.random() < NOTED):
            text = self.random.choice(list(self.library.notes[conversation.state]))
            yield Note(conversation=conversation, author=who, written_at=opened, text=text)


def verdicts(talk: Talk, conversation: Conversation, messages: Sequence[Message]) -> Iterator[Verdict]:
    """What the reviewer of a conversation says of its messages; nothing where that is not done.

    Args:
        talk: as it was made.
        conversation: as it was reviewed.
        messages: those of the person, oldest first, with their replies.
    """
    if conversation.state != State.DONE:
        return
    for line, message in zip(talk.lines, messages):
        code = _code(line, message)
        if code:
            is_wrong = code != Code.RIGHT_ANSWER
            yield Verdict(
                message=message,
                code=code,
                right_topic=line.right_topic if is_wrong else "",
                right_level=line.right_level if is_wrong else "",
                by=conversation.reviewer,
                said_at=conversation.reviewed_at,
            )


def _code(line: Line, message: Message) -> str:
    """The line's own verdict, where it fits what the bot did; else by what the bot did. "" for small talk."""
    is_escalated = message.level == "emergency"
    fits = {Code.SHOULD_HAVE_ESCALATED: not is_escalated, Code.ESCALATED_FOR_NOTHING: is_escalated}
    if line.verdict and fits.get(Code(line.verdict), True):
        return line.verdict
    if all(reply.answer_id == CANNOT_ANSWER for reply in message.replies.all()):
        return Code.OUT_OF_SCOPE if line.topic == "out_of_scope" else Code.NOT_ANSWERED
    if line.topic == "out_of_scope":
        return Code.OUT_OF_SCOPE
    return Code.RIGHT_ANSWER if message.intent.startswith("ask_") or is_escalated else ""
