"""What may have been meant by a message that was not understood."""

from rasa_sdk import Tracker

from actions.base import topic_of
from baclofen_faq.answers import OWN_WORDS, Replies

MOST = 3
LEAST_CONFIDENCE = 0.25
FOLLOW_UP = "follow_up_"
LEADS_ON = ("why", "time", "danger")
ELLIPTIC_WORDS = 10  # "even if he only takes half?": a message this short may be about what was answered last


def nearest(tracker: Tracker, replies: Replies) -> list[str]:
    """Payloads of the nearest questions, at most three, by confidence; a short message may go on about the last one."""
    topic = tracker.get_slot("topic")
    ranking = tracker.latest_message.get("intent_ranking") or []
    near = [entry["name"] for entry in ranking if entry["confidence"] >= LEAST_CONFIDENCE]
    meant = [payload for name in near if (payload := _payload(name, topic, replies))]
    goes_on = [f"/ask_{id}" for id in goes_on_about(tracker)]
    return list(dict.fromkeys((*meant[:1], *goes_on, *meant[1:])))[:MOST]


def goes_on_about(tracker: Tracker) -> list[str]:
    """The topic that was answered last, where the message is short enough to be about it; [] otherwise."""
    topic = tracker.get_slot("topic")
    is_short = len((tracker.latest_message.get("text") or "").split()) <= ELLIPTIC_WORDS
    return [topic] if topic and is_short else []


def _payload(intent: str, topic: str | None, replies: Replies) -> str | None:
    """The question that an intent stands for; None where it stands for none that can be offered."""
    if f"/{intent}" in OWN_WORDS:
        return f"/{intent}"
    if intent.startswith(FOLLOW_UP):
        kind = intent.removeprefix(FOLLOW_UP)
        return f"/ask_{replies.follow_up(kind, topic)}" if topic and kind in LEADS_ON else None
    return f"/{intent}" if replies.is_topic(topic_of(intent)) else None
