"""What log and Rasa hold, as JSON: python -m tests.operations.state. Staff's work of a clinic: ... state work."""

import json
import os
import sys
from typing import Any


def state() -> dict[str, Any]:
    """All that a restore must bring back, in an order of its own."""
    from django.db import connections

    from service.console.models import AuditEntry, Staff
    from service.conversations.models import Conversation, Message, Note, Verdict
    from service.conversations.search import conversations_with

    said = Message.objects.order_by("conversation__key", "said_at", "id")
    with connections["rasa"].cursor() as cursor:
        cursor.execute(
            "SELECT sender_id, type_name, timestamp FROM events WHERE sender_id NOT LIKE 'canary%' ORDER BY id"
        )
        events = [list(row) for row in cursor.fetchall()]
    found = Conversation.objects.filter(id__in=conversations_with("taper"))
    return {
        "messages": list(said.values_list("conversation__key", "direction", "text", "level", "answer_id", "position")),
        "verdicts": list(Verdict.objects.order_by("id").values_list("message__text", "code", "by")),
        "notes": list(Note.objects.order_by("id").values_list("text", "author")),
        "staff": list(Staff.objects.values_list("username", "role", "password")),
        "audit": list(AuditEntry.objects.order_by("number").values_list("number", "hash")),
        "numbers": dict(Conversation.objects.values_list("key", "id")),
        "found": sorted(found.values_list("key", flat=True)),
        "events": events,
    }


def work() -> None:
    """What staff do in a clinic: an account, a verdict, a note, a session; and a conversation is a hundred days old."""
    from datetime import timedelta

    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from service.console import audit
    from service.console.models import Staff
    from service.conversations.models import Conversation, Entry, Message, Note, Verdict

    Staff.objects.create_user(username="ada", password="a long password 7", role="reviewer")
    first = Message.objects.filter(direction="in", conversation__key="anna").first()
    assert first
    Verdict.objects.create(message=first, code=Verdict.Code.RIGHT_ANSWER, by="ada")
    Note.objects.create(conversation=first.conversation, author="ada", text="called her back")
    for number in range(20):
        audit.record("ada", "conversation read", first.conversation_id, page=number)
    then = timezone.now() - timedelta(days=100)
    Message.objects.filter(conversation__key="old").update(said_at=then)
    Conversation.objects.filter(key="old").update(started_at=then, last_at=then)
    Entry.objects.filter(conversation="old").update(received_at=then)
    SessionStore().save()


def main() -> None:
    """Do it."""
    import django

    django.setup()
    if sys.argv[1:] == ["work"]:
        work()
    print(json.dumps(state()))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "service.settings.console"
    main()
