"""Conversations that were handed off, posted to the clinic's desk by a signed webhook: redacted, in order, once."""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from django.db import close_old_connections, connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from baclofen_faq.answers import STAFF
from service.console.topics import button_title
from service.conversations.models import CLOSES_AFTER, Conversation, HandOff, Message
from service.conversations.webhooks import signed_headers

log = logging.getLogger(__name__)
AT_ONCE, MESSAGES_AT_ONCE = 20, 50
SENDING_SECONDS = 5
CLAIMED_FOR = timedelta(minutes=1)  # longer than a posting takes: another process leaves it alone for so long
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)
HANDED_OFF, CREATED, ERASED = "conversation.handed_off", "message.created", "conversation.erased"


@dataclass(frozen=True)
class Post:
    """What the desk is told at once; `id` and `up_to` are the same when it is told again."""

    id: str
    body: bytes
    number: int
    up_to: int
    last_at: datetime


def look_after() -> None:
    """One round; what fails is said in the log, and the next round tries again."""
    close_old_connections()
    try:
        close_silent()
        post_due()
    except Exception as error:  # this round ends no other
        log.critical("desk not served", extra={"error": type(error).__name__})
        connections.close_all()


def close_silent() -> None:
    """Close the hand-offs in which neither side wrote for a day; and give up what the desk was not told for as long."""
    before = timezone.now() - CLOSES_AFTER
    for hand_off in HandOff.objects.filter(closed_at=None, last_at__lt=before):
        hand_off.close(timezone.now())
        HandOff.objects.filter(pk=hand_off.pk, closed_at=None, last_at__lt=before).update(
            closed_at=hand_off.closed_at, sealed=hand_off.sealed
        )
        if hand_off.tries:
            log.critical("desk was not reached for a day", extra={"hand_off": hand_off.pk})
    HandOff.objects.filter(erased_at__lt=before).delete()


def post_due() -> int:
    """Post what the desk does not have yet.

    Returns:
        How many conversations were tried. What fails is due again after a pause that doubles from 2 s to 5 minutes.

    Raises:
        DatabaseError: the log is not there.
    """
    if not settings.HANDOFF_URL:
        return 0
    now = timezone.now()
    claimed = [one for one in _due(now)[:AT_ONCE] if _claim(one, now)]
    posts = {one: post for one in claimed if (post := _post_of(one))}
    with ThreadPoolExecutor(8) as pool:
        arrived = dict(zip(posts, pool.map(_send, posts.values())))
    for one in claimed:
        _keep(one, posts.get(one), arrived.get(one, True))
    return len(claimed)


def waiting() -> QuerySet[HandOff]:
    """Open hand-offs with messages that the desk does not have, and erased ones that it does not know of."""
    new = Message.objects.filter(
        conversation__channel=OuterRef("channel"),
        conversation__key=OuterRef("conversation"),
        pk__gt=OuterRef("posted_up_to"),
    ).exclude(answer_id=STAFF)
    is_open = Q(closed_at=None) & Exists(new)
    return HandOff.objects.filter(is_open | Q(erased_at__isnull=False))


def _due(now: datetime) -> QuerySet[HandOff]:
    return waiting().filter(next_try_at__lte=now).order_by("next_try_at")


def _claim(hand_off: HandOff, now: datetime) -> bool:
    """Whether this process posts it: of two that look at the same time, one."""
    mine = HandOff.objects.filter(pk=hand_off.pk, next_try_at=hand_off.next_try_at)
    return bool(mine.update(next_try_at=now + CLAIMED_FOR))


def _post_of(hand_off: HandOff) -> Post | None:
    """What the desk is to be told; what was tried before, the same again. None where nothing is left of that."""
    if hand_off.erased_at:
        number = hand_off.number or 0
        data = {"conversation": number, "channel": hand_off.channel}
        body = _body(ERASED, hand_off.erased_at, data)
        return Post(f"handoff_{hand_off.pk}_erased", body, number, 0, hand_off.last_at)
    conversation = Conversation.objects.filter(channel=hand_off.channel, key=hand_off.conversation).first()
    messages = _messages(hand_off, conversation) if conversation else []
    if conversation is None or not messages:
        return None
    up_to, last_at = messages[-1].pk, max(message.said_at for message in messages)
    kind, at = (CREATED, last_at) if hand_off.is_announced else (HANDED_OFF, hand_off.opened_at)
    HandOff.objects.filter(pk=hand_off.pk).update(number=conversation.pk, posting_up_to=up_to)
    data = {
        "conversation": conversation.pk,
        "channel": conversation.channel,
        "level": conversation.level,
        "url": f"{settings.CONSOLE_URL}/conversations/{conversation.pk}",
        "messages": [_as_posted(message) for message in messages],
    }
    return Post(f"handoff_{hand_off.pk}_{up_to}", _body(kind, at, data), conversation.pk, up_to, last_at)


def _messages(hand_off: HandOff, conversation: Conversation) -> Sequence[Message]:
    """Fifty messages that the desk does not have, oldest first; when it is told first, the last ones."""
    new = Message.objects.filter(conversation=conversation, pk__gt=hand_off.posted_up_to)
    if hand_off.posting_up_to > hand_off.posted_up_to:
        new = new.filter(pk__lte=hand_off.posting_up_to)
    if not hand_off.posted_up_to:
        return list(new.order_by("-pk")[:MESSAGES_AT_ONCE])[::-1]
    return list(new.exclude(answer_id=STAFF).order_by("pk")[:MESSAGES_AT_ONCE])


def _as_posted(message: Message) -> dict[str, Any]:
    if message.direction == Message.Direction.IN:
        said_by, text = "person", button_title(message.text) or message.text
    else:
        said_by, text = "staff" if message.answer_id == STAFF else "bot", message.text
    at = message.said_at.isoformat()
    return {"id": message.pk, "from": said_by, "at": at, "level": message.level, "text": text}


def _body(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()


def _send(post: Post) -> bool:
    try:
        headers, url = signed_headers(settings.HANDOFF_SECRET, post.id, post.body), settings.HANDOFF_URL
        answer = httpx.post(url, content=post.body, headers=headers, timeout=SENDING_SECONDS, follow_redirects=False)
        answer.raise_for_status()
    except Exception as error:  # whatever it is, the other conversations go on
        log.error("not posted to the desk", extra={"conversation": post.number, "error": type(error).__name__})
        return False
    return True


def _keep(hand_off: HandOff, post: Post | None, is_sent: bool) -> None:
    """Write down how it went."""
    now, row = timezone.now(), HandOff.objects.filter(pk=hand_off.pk)
    if not is_sent:
        pause = min(FIRST_PAUSE * 2 ** min(hand_off.tries, 10), LONGEST_PAUSE)
        row.update(tries=hand_off.tries + 1, next_try_at=now + pause)
    elif hand_off.erased_at:
        row.delete()
    elif post is None:
        row.update(posted_up_to=max(hand_off.posting_up_to, hand_off.posted_up_to), tries=0, next_try_at=now)
    else:
        row.update(posted_up_to=post.up_to, tries=0, next_try_at=now)
        row.filter(opened_at=hand_off.opened_at).update(is_announced=True)
        row.filter(last_at__lt=post.last_at).update(last_at=post.last_at)
