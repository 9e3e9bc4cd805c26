"""What the gateway counts of people's messages, not of the health checks'. docs/monitoring.md explains each."""

from collections.abc import Sequence
from enum import Enum

from prometheus_client import Counter, Gauge, Histogram

from baclofen_faq.answers import Mode, Reply
from baclofen_faq.triage import Level
from service.conversations.outbox import CANARY
from service.gateway.message import Heard, Inbound

CANNOT_ANSWER = "cannot_answer"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5)  # 1: an emergency's; 3: every message's

messages = Counter("gateway_messages", "Messages of people that were answered", ["channel", "level"])
unanswered = Counter("gateway_unanswered_messages", "Messages that got no answer to what they ask, by cause", ["cause"])
turn_seconds = Histogram(
    "gateway_turn_seconds", "From a message's arrival to its reply, written down", ["level"], buckets=SECONDS
)
stage_seconds = Histogram("gateway_stage_seconds", "How long a stage of a message took", ["stage"], buckets=SECONDS)
triage_failures = Counter("gateway_triage_failures", "Steps of triage that failed or were late; doubt escalates then")
versions = Gauge("gateway_versions_info", "Always 1; which triage and vetted texts are used", ["triage", "vetted"])
model = Gauge("gateway_model_info", "Always 1; the model of Rasa that answered last", ["model"])
_model: list[str] = [""]


class Cause(Enum):
    """Why a message got no answer to what it asks."""

    ENGINE = "engine"  # no Rasa process answered in time: engine_no_answer_total says why
    UNABLE = "unable"  # Rasa did not understand it, an action failed, or the answer is withdrawn
    SWITCHED_OFF = "switched_off"  # by the clinic
    LIMIT = "limit"  # its sender writes too often
    FAULT = "fault"  # of the gateway's own


def count_turn(heard: Heard) -> None:
    """Count a message whose reply is written down, and how long it and its stages took."""
    if heard.inbound.channel == CANARY:
        return
    level = heard.assessment.level.value
    messages.labels(heard.inbound.channel, level).inc()
    turn_seconds.labels(level).observe(heard.watch.seconds())
    for stage, milliseconds in heard.watch.stages.items():
        stage_seconds.labels(stage).observe(milliseconds / 1000)


def count_unanswered(inbound: Inbound, replies: Sequence[Reply], of_engine: Sequence[Reply], mode: Mode) -> None:
    """Count a message to which no more is said than that it cannot be answered; guidance is more."""
    if all(reply.answer_id == CANNOT_ANSWER for reply in replies):
        without_engine = Cause.ENGINE if mode is Mode.NORMAL else Cause.SWITCHED_OFF
        count_cause(inbound.channel, Cause.UNABLE if of_engine else without_engine)


def count_cause(channel: str, cause: Cause) -> None:
    """Count a message of that channel that got no answer."""
    if channel != CANARY:
        unanswered.labels(cause.value).inc()


def note_model(name: str) -> None:
    """Keep which model answered."""
    if name and name != _model[0]:
        _model[0] = name
        model.clear()
        model.labels(name).set(1)


for _cause in Cause:  # is 0, not missing, before the first: Prometheus sees a rise from 0, and none from nothing
    unanswered.labels(_cause.value)
for _level in Level:
    turn_seconds.labels(_level.value)
