"""What is said in a turn, put into it and written down before it leaves."""

from collections.abc import Sequence

from django.utils import timezone

from baclofen_faq.answers import Reply
from service.conversations import record
from service.conversations.models import Entry
from service.gateway import metrics
from service.gateway.judging import Judged
from service.gateway.memory import written
from service.gateway.message import Heard
from service.gateway.rasa import NOTHING, Said
from service.gateway.vetted import shared_replies


async def said(heard: Heard, entry: Entry, replies: Sequence[Reply], engine: Said = NOTHING) -> Entry:
    """The turn as stored, with its replies; to a message_id that came before, the turn and replies of that time."""
    sent = [shared_replies().short(reply) for reply in replies] if heard.inbound.is_brief else list(replies)
    entry.replies = [record.reply_as_json(reply) for reply in sent]
    entry.feedback = record.feedback_of(sent)
    entry.model_version = engine.model
    entry.measured = heard.watch.measured(engine.intent, engine.confidence)
    entry.answered_at = timezone.now()
    stored = await written(entry)
    if stored is entry:
        metrics.count_turn(heard)
        metrics.note_model(engine.model)
    return stored


async def said_aside(judged: Judged) -> Entry:
    """The turn as stored, with what is said without asking Rasa."""
    return await said(judged.heard, judged.entry, [judged.aside] if judged.aside else [])
