"""A second look: today's triage over what was said, in order and with what was said before it; what differs is kept."""

import time
from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from baclofen_faq.triage import Assessment, Level, Told, assess, in_context, told_by, triage_version
from service.conversations.models import Change, Conversation, Message, SecondLook
from service.conversations.record import NOT_KEPT

MOST_COUNTED = 10_000
READ_AT_ONCE = 200
NOTHING_FOUND = Assessment(Level.NONE, ())
CALM = (Level.NONE, Level.INFORMATION)


def look_again(seconds: float) -> int:
    """Judge conversations again, the newest first, until the time is over: at least one, at most 200, each as a whole.

    A conversation that was judged is left alone until something new is said in it, or triage has another version. Those
    of demo data are never judged.

    Returns:
        How many are left; counted up to 10,000.
    """
    until = time.monotonic() + seconds
    for due in _due():
        for conversation in due[:READ_AT_ONCE]:
            look_at(conversation)
            if time.monotonic() >= until:
                return left()
    return left()


def left() -> int:
    """How many conversations today's triage did not judge yet; counted up to 10,000."""
    return min(MOST_COUNTED, sum(due.order_by()[:MOST_COUNTED].count() for due in _due()))


def look_at(conversation: Conversation) -> bool:
    """Judge one conversation, and keep what differs in place of what was kept of it before.

    Returns:
        False, and nothing is kept, where it was written to or deleted meanwhile.
    """
    version = triage_version()
    found = [
        SecondLook(message=said, level=level.value, change=change(Level(said.level), level), triage_version=version)
        for said, level in replay(_said_in(conversation))
        if level.value != said.level
    ]
    try:
        with transaction.atomic():
            return _keep(conversation, found, version)
    except IntegrityError:  # a message of it was deleted meanwhile
        return False


def level_today(message: Message) -> Level:
    """What today's triage makes of a person's message, with what was said before it."""
    conversation = Conversation.objects.get(pk=message.conversation_id)
    is_known = conversation.second_look_by == triage_version()
    if conversation.is_demo or not (is_known or look_at(conversation)):
        return next(level for said, level in replay(_said_in(conversation)) if said.pk == message.pk)
    found = SecondLook.objects.filter(message=message).first()
    return Level(found.level if found else message.level)


def replay(said: Iterable[Message]) -> Iterator[tuple[Message, Level]]:
    """Each message of a person, in order, with the level that today's triage gives it: the way the gateway goes."""
    conversation: Conversation | None = None
    for message in said:
        at = message.said_at
        conversation = conversation or Conversation.begun("", "", at)
        told = _told(message, conversation)
        conversation.hear(told, at)
        yield message, told.level


def change(then: Level, now: Level) -> Change:
    """What it means that the level is another one today.

    >>> change(Level.INFORMATION, Level.ADVISORY).label, change(Level.EMERGENCY, Level.ADVISORY).label
    ('advisory today', 'lower today')
    """
    if now.urgency > then.urgency and now not in CALM:
        return Change(Change.EMERGENCY if now is Level.EMERGENCY else Change.ADVISORY)
    return Change(Change.CALM if then in CALM and now in CALM else Change.LOWER)


def _told(message: Message, conversation: Conversation) -> Told:
    """What a message tells; where its words are not known, what was made of it then."""
    if message.text == NOT_KEPT:
        return Told(Level(message.level), is_of_words=True)
    context = conversation.context(message.said_at)
    is_button = message.text.startswith("/")  # no words of a person do, since the gateway cleans them
    words = NOTHING_FOUND if is_button else assess(message.text)
    return told_by(in_context(words, message.text, context), message.text, context)


def _due() -> tuple["QuerySet[Conversation]", "QuerySet[Conversation]"]:
    """Conversations that another triage judged, or none yet: two ranges of the index, instead of all but one value."""
    others = Conversation.objects.filter(is_demo=False).order_by("second_look_by", "-id")
    version = triage_version()
    return others.filter(second_look_by__lt=version), others.filter(second_look_by__gt=version)


def _said_in(conversation: Conversation) -> Iterator[Message]:
    said = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN)
    return said.only("text", "level", "said_at").iterator(READ_AT_ONCE)


def _keep(conversation: Conversation, found: list[SecondLook], version: str) -> bool:
    rows = Conversation.objects.filter(pk=conversation.pk, turns=conversation.turns)
    if not rows.select_for_update().values_list("pk").first():
        return False
    SecondLook.objects.filter(message__conversation=conversation).delete()
    SecondLook.objects.bulk_create(found)
    rows.update(second_look_by=version)
    return True
