"""For templates: the log's ids in a nurse's words, how long something waits, the unread counter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from baclofen_faq.answers.replies import SOURCES
from service.console import bot_mode, plain_words, queue
from service.conversations.models import Conversation, Message

register = template.Library()
register.filter("reasons", plain_words.reasons_of)
register.filter("symptom", plain_words.symptom)
register.filter("channel", plain_words.channel)
register.filter("delivery", lambda how: plain_words.DELIVERY.get(how, how))
register.filter("feedback", lambda said: plain_words.FEEDBACK.get(said, said))


@register.filter
def waits(since: datetime | None) -> str:
    """How long ago that was: `12 min`; "" for None."""
    return lasting(timezone.now() - since) if since else ""


@register.filter
def waits_hours(since: datetime) -> str:
    """How long ago that was, in whole hours."""
    hours = int((timezone.now() - since).total_seconds() // 3600)
    return lasting(timedelta(days=hours // 24)) if hours >= 24 else f"{hours} h" if hours else "under 1 h"


@register.filter
def lasting(time: timedelta | None) -> str:
    """A length of time, short; console.js writes it in the same way.

    >>> lasting(timedelta(seconds=20)), lasting(timedelta(minutes=185)), lasting(timedelta(hours=50)), lasting(None)
    ('under a minute', '3 h 5 min', '2 days', '')
    """
    if time is None:
        return ""
    minutes = int(time.total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return "under a minute"
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


@register.filter
def to_the_hour(at: datetime | None) -> datetime | None:
    """The hour in which that was."""
    return at.replace(minute=0, second=0, microsecond=0) if at else None


@register.filter
def counted(count: int) -> str:
    """A number that was counted up to a thousand: `1,000+`.

    >>> counted(12), counted(1000)
    ('12', '1,000+')
    """
    return f"{count:,}+" if count >= queue.MOST_COUNTED else f"{count:,}"


@register.filter
def said_and_sources(reply: Message) -> tuple[str, str]:
    """The text of a reply in two parts: what is said, and its list of sources ("" where it has none)."""
    at = reply.text.find(f"\n\n{SOURCES}")
    return (reply.text, "") if at < 0 else (reply.text[:at], reply.text[at + 2 :])


@register.simple_tag
def unread_now() -> Mapping[str, int]:
    """How many conversations wait unread, and the newest alert: what has come since is new."""
    return {"count": queue.unread(), "alert": queue.last_alert()}


@register.simple_tag
def bot_restriction() -> bot_mode.Now | None:
    """Why the bot answers no questions; None while it does."""
    return bot_mode.restriction()


@register.filter
def has_demo(sections: Sequence[queue.Shown]) -> bool:
    """Whether one of the rows shown is demo data."""
    return any(row.is_demo for section in sections for row in section.rows)


@register.filter
def is_unread(conversation: Conversation) -> bool:
    """Whether nobody opened it since it is due."""
    return conversation.state == "new" or conversation.first_review_at is None
