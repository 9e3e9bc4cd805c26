"""The conversations that somebody passed over since they signed in, so that "next" does not bring them again."""

from django.contrib.sessions.backends.base import SessionBase

from service.console.reviewing import seen_of
from service.conversations.models import Conversation

SKIPPED, MOST_SKIPPED = "skipped", 50


def add(session: SessionBase, number: int) -> None:
    """Pass over a conversation until something new is said in it."""
    conversation = Conversation.objects.filter(pk=number).first()
    if conversation:
        others = {key: seen for key, seen in session.get(SKIPPED, {}).items() if key != str(number)}
        session[SKIPPED] = dict(list(others.items())[1 - MOST_SKIPPED :]) | {str(number): seen_of(conversation)}


def numbers(session: SessionBase) -> set[int]:
    """Those in which nothing was said since."""
    seen = session.get(SKIPPED, {})
    conversations = Conversation.objects.filter(pk__in=map(int, seen))
    return {one.pk for one in conversations if seen_of(one) == seen[str(one.pk)]}


def clear(session: SessionBase) -> None:
    """Pass over none."""
    session.pop(SKIPPED, None)
