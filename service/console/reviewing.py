"""What staff do with a conversation: open it, say how far they are, assign, flag, note. Each is in the audit log.

The log's mover writes to the same rows. So each step here either changes what is still so (a condition of its UPDATE)
or holds the row's lock; always the row before the head of the audit chain, so that no two steps wait for each other.
"""

from django.db import transaction
from django.utils import timezone

from service.console import audit
from service.console.models import AuditEntry, Staff
from service.console.roles import ALLOWED, May
from service.console.sections import WAITS
from service.conversations.models import Conversation, Note, State

READ, STATE_CHANGED = "conversation read", "state changed"
OPENED = {"before": State.NEW, "after": State.IN_REVIEW}
NEWS = "a new message came in, or a reply was not delivered. Read it, then say it again."


@transaction.atomic
def open_for(staff: Staff, number: int, **detail: int) -> None:
    """Record that somebody reads a conversation; where they may review, it is no longer new from now on.

    That is done by the page's own GET: so nobody can read without it, a browser without JavaScript counts too, and
    no other site can cause it, since `SignInMiddleware` asks first. Repeated, it changes nothing.
    """
    name = staff.get_username()
    opened = 0
    if staff.may(May.REVIEW):
        waiting = Conversation.objects.filter(WAITS, pk=number)
        waiting.filter(first_review_at=None).update(first_review_at=timezone.now())
        opened = waiting.filter(state=State.NEW).update(state=State.IN_REVIEW)
    audit.record(name, READ, conversation=number, **detail)
    if opened:
        audit.record(name, STATE_CHANGED, conversation=number, **OPENED)


def record_reading(staff: Staff, number: int, **detail: int) -> None:
    """Record that something new came on the screen of somebody who has the page open; they may not be looking."""
    audit.record(staff.get_username(), READ, conversation=number, live=True, **detail)


def seen_of(conversation: Conversation) -> str:
    """What a page shows of a conversation; it changes with every message, and when the conversation is due again."""
    due_at = conversation.due_at.isoformat() if conversation.due_at else ""
    return f"{conversation.turns} {conversation.last_at.isoformat()} {due_at}"


def last_change_of(number: int) -> int:
    """The number of the audit log's last entry of a change of the state by staff; 0 where there is none."""
    changes = AuditEntry.objects.filter(conversation=number, action=STATE_CHANGED).order_by("-number")
    return changes.values_list("number", flat=True).first() or 0


@transaction.atomic
def set_state(by: str, number: int, state: State, seen: str, known: int = 0) -> str:
    """Say how far staff are with a conversation.

    Args:
        by: user name.
        number: of a conversation that exists.
        state: the new one; "done" is signed by who says it.
        seen: `seen_of` what was on the screen.
        known: `last_change_of` the conversation when it came on the screen.

    Returns:
        Why nothing was changed: something was said since, or somebody else set the state; "" where it was changed.
    """
    conversation = Conversation.objects.select_for_update().get(pk=number)
    why_not = NEWS if seen_of(conversation) != seen else _set_by_another(by, number, known)
    if why_not:
        return why_not
    now = timezone.now()
    changed: dict[str, object] = {"state": state}
    if state is not State.NEW:
        changed["first_review_at"] = conversation.first_review_at or (now if conversation.due_at else None)
    if state is State.DONE:
        changed |= {"reviewer": by, "reviewed_at": now}
    Conversation.objects.filter(pk=number).update(**changed)
    audit.record(by, STATE_CHANGED, conversation=number, before=conversation.state, after=state)
    return ""


def _set_by_another(by: str, number: int, known: int) -> str:
    """Which state somebody else set after that entry of the audit log, in words; opening a conversation sets none."""
    changes = AuditEntry.objects.filter(conversation=number, action=STATE_CHANGED, number__gt=known).exclude(who=by)
    for change in changes.order_by("-number"):
        if change.detail != OPENED:
            return f"{change.who} set it to “{State(change.detail['after']).label}” meanwhile."
    return ""


@transaction.atomic
def set_flag(by: str, number: int, is_flagged: bool) -> None:
    """Flag a conversation, or take the flag away."""
    if Conversation.objects.filter(pk=number, is_flagged=not is_flagged).update(is_flagged=is_flagged):
        audit.record(by, "flagged" if is_flagged else "flag removed", conversation=number)


@transaction.atomic
def assign(by: str, number: int, to: str) -> None:
    """Give a conversation to somebody, by user name; "" for nobody."""
    if Conversation.objects.filter(pk=number).exclude(assignee=to).update(assignee=to):
        audit.record(by, "assigned", conversation=number, to=to)


def assignable() -> list[str]:
    """User names of the staff who may review."""
    roles = [role for role, allowed in ALLOWED.items() if May.REVIEW in allowed]
    return list(Staff.objects.filter(is_active=True, role__in=roles).values_list("username", flat=True))


@transaction.atomic
def write_note(by: str, number: int, text: str) -> None:
    """Add a note to a conversation's thread."""
    note = Note.objects.create(conversation_id=number, author=by, text=text)
    audit.record(by, "note written", conversation=number, note=note.pk)


@transaction.atomic
def delete_note(by: str, number: int, note: int) -> bool:
    """Delete one's own note; False where there is none of that number."""
    is_deleted = bool(Note.objects.filter(pk=note, conversation=number, author=by).delete()[0])
    if is_deleted:
        audit.record(by, "note deleted", conversation=number, note=note)
    return is_deleted
