"""Made-up conversations into the log, by its own path, and out of it again."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from django.db import transaction
from django.db.models import Manager, Model, Prefetch

from service.console.demo.library import load_library
from service.console.demo.reviews import COLUMNS, Reviewer, verdicts
from service.console.demo.talks import Talk, talks
from service.console.demo.turns import Teller
from service.conversations import record
from service.conversations.models import Conversation, Entry, Message, Note, Verdict
from service.conversations.search import forget_deleted_words

SEED = 7
ENTRIES_AT_ONCE, ROWS_AT_ONCE = 100, 500


def are_there() -> bool:
    """Whether the log holds made-up conversations."""
    return Conversation.objects.filter(is_demo=True).exists()


@transaction.atomic
def make(count: int, now: datetime, seed: int = SEED) -> int:
    """Put made-up conversations of the last 30 days into the log, marked as such; how many messages that are.

    The rows are there, marked, before the first turn is moved: so nobody is alerted of what is said in them.
    """
    random, library = Random(seed), load_library()
    made = talks(library, count, secrets.token_hex(2), now, random)
    Conversation.objects.bulk_create(map(_begun, made), batch_size=ROWS_AT_ONCE)
    turns = sorted((turn for talk in made for turn in Teller(talk, random).turns()), key=lambda one: one.received_at)
    for batch in _batches(turns):
        record.move(batch)
    _review(made, Reviewer(library, now, random))
    return Message.objects.filter(conversation__is_demo=True).count()


def remove() -> int:
    """Delete the made-up conversations, and nothing else; how many."""
    removed = 0
    while ids := list(Conversation.objects.filter(is_demo=True).values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        Conversation.objects.filter(pk__in=ids).delete()
        removed += len(ids)
    forget_deleted_words()
    return removed


def _begun(talk: Talk) -> Conversation:
    conversation = Conversation.begun(talk.channel, talk.key, talk.began_at)
    conversation.is_demo, conversation.is_drawn = True, talk.is_drawn
    return conversation


def _batches(turns: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (turns[start : start + ENTRIES_AT_ONCE] for start in range(0, len(turns), ENTRIES_AT_ONCE))


def _review(made: Sequence[Talk], reviewer: Reviewer) -> None:
    said = Message.objects.filter(direction=Message.Direction.IN).prefetch_related("replies")
    marked = Conversation.objects.filter(is_demo=True).prefetch_related(Prefetch("messages", said, "said"))
    rows = {row.key: row for row in marked}
    notes = [note for talk in made for note in reviewer.review(talk, rows[talk.key])]
    Conversation.objects.bulk_update(rows.values(), COLUMNS, batch_size=ROWS_AT_ONCE)
    found = [one for talk in made for one in verdicts(talk, rows[talk.key], rows[talk.key].said)]
    _create(Note.objects, notes, "written_at")
    _create(Verdict.objects, found, "said_at")


def _create(manager: Manager, rows: Sequence[Model], at: str) -> None:
    """Insert rows with the time that they carry, where the model would write that of now."""
    times = [getattr(row, at) for row in rows]
    for row, time in zip(manager.bulk_create(rows), times):
        setattr(row, at, time)
    manager.bulk_update(rows, [at], batch_size=ROWS_AT_ONCE)
