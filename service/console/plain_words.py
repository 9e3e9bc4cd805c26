"""The log's ids in a nurse's words."""

from collections.abc import Mapping, Sequence

from baclofen_faq.triage import Level, Status
from baclofen_faq.triage.assessment import DESCRIBED, MEASURE, NEEDS_PRESCRIBER, REPEATED, SAID_BEFORE, SELF_HARM, SOUND
from service.conversations.models import Conversation, Message, Reason

SYMPTOMS = {
    SELF_HARM: "self-harm",
    DESCRIBED: "sounds like it",
    NEEDS_PRESCRIBER: "sounds as if the prescriber is needed",
    REPEATED: "wrote again",
    "chest_or_heart": "chest pain or heart",
    "stopped_or_ran_out": "stopped or ran out",
}
STATUSES = {
    Status.CURRENT: "counts",
    Status.OPEN: "still counts: said before, and not over",
    Status.MENTIONED: "mentioned: nothing says who has it, or when",
    Status.DENIED: "denied",
    Status.PAST: "long past",
    Status.HYPOTHETICAL: "only an if",
    Status.QUESTION: "only asked about",
    Status.ELSEWHERE: "with somebody who is being helped already, or an animal",
}
FOUND_BY = {
    SOUND: "the sound of the whole message",
    SAID_BEFORE: "what was said before",
    MEASURE: "a number in the message",
}
FEEDBACK = {"helpful": "helpful", "not_helpful": "not helpful", "not_answered": "did not answer the question"}
DELIVERY = dict(Message.Delivery.choices)
CHANNELS = {
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "slack": "Slack",
    "facebook": "Messenger",
    "web": "Website",
    "rest": "REST",
}
OF_LEVEL = {
    Level.EMERGENCY: (Reason.UNDELIVERED_EMERGENCY, Reason.SELF_HARM, Reason.EMERGENCY),
    Level.ADVISORY: (Reason.REPEATED, Reason.ADVISORY),
}


def symptom(id: str) -> str:
    """A symptom of vetted/red_flags.yml.

    >>> symptom("trouble_breathing"), symptom("self_harm")
    ('trouble breathing', 'self-harm')
    """
    return SYMPTOMS.get(id, id.replace("_", " "))


def channel(id: str) -> str:
    """Where somebody wrote.

    >>> channel("facebook"), channel("pigeon")
    ('Messenger', 'pigeon')
    """
    return CHANNELS.get(id, id)


def status(id: str) -> str:
    """Why a finding counts, or does not."""
    return STATUSES[Status(id)]


def found_by(phrase: str) -> str:
    """What found a symptom: a phrase of the list, in quotation marks, or what stands for one."""
    return FOUND_BY.get(phrase, f"“{phrase}”")


def level_of(reason: str) -> str:
    """The level of a reason to look at a conversation; "" for those that say nothing of urgency."""
    return next((level.value for level, reasons in OF_LEVEL.items() if reason in reasons), "")


def reasons_of(conversation: Conversation) -> Sequence[Mapping[str, str]]:
    """Why a conversation waits, most urgent first: label and level of each; symptoms by name while they are open."""
    reasons = sorted(
        [Reason(one) for one in conversation.reasons], key=lambda one: (-one.risk, list(Reason).index(one))
    )
    if any(reason in OF_LEVEL[Level.EMERGENCY] for reason in reasons):
        reasons = [reason for reason in reasons if reason is not Reason.ADVISORY]
    shown: dict[str, str] = {}
    for reason in reasons:
        level = level_of(reason)
        for label in _labels(reason, conversation.open_symptoms if level == conversation.open_level else []):
            shown.setdefault(label, level)
    return [{"label": label, "level": level} for label, level in shown.items()]


def _labels(reason: Reason, open_symptoms: Sequence[str]) -> list[str]:
    """A reason by the symptoms that are open, where they say more than its own name."""
    label, named = str(reason.label), [symptom(id) for id in open_symptoms]
    if reason in (Reason.EMERGENCY, Reason.ADVISORY):
        return named or [label]
    return [label, *named] if level_of(reason) else [label]
