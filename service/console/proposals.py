"""Changes to propose: the messages for which a reviewer said what the bot should have made of them."""

from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, F, Prefetch, Q, QuerySet, TextChoices, Value, When
from django_filters import ChoiceFilter, FilterSet

from baclofen_faq.triage import Level
from service.console import audit, topics
from service.conversations.models import Message, Verdict
from service.conversations.second_look import CALM

PROPOSED = ~Q(right_topic="", right_level="")  # the condition of the index "changes_to_propose", word for word
ORDER = ("-said_at", "-id")
CALM_LEVELS = [level.value for level in CALM]  # one for a reviewer: neither needs anybody today


class Now(TextChoices):
    """Whether the bot gets it right now, as it was asked last."""

    RIGHT = "right", "right now"
    WRONG = "wrong", "still wrong"
    UNKNOWN = "unknown", "not known"


class Written(TextChoices):
    """Whether it was written into a patch."""

    OPEN = "open", "not exported"
    EXPORTED = "exported", "exported"


_TOPIC_IS_RIGHT = Q(right_topic="") | Q(right_topic=F("intent_now"))
_LEVEL_IS_RIGHT = (
    Q(right_level="") | Q(right_level=F("level_now")) | Q(right_level__in=CALM_LEVELS, level_now__in=CALM_LEVELS)
)
_TOPIC_IS_WRONG = ~Q(intent_now="") & ~_TOPIC_IS_RIGHT
_LEVEL_IS_WRONG = ~Q(level_now="") & ~_LEVEL_IS_RIGHT
NOW = Case(
    When(_TOPIC_IS_WRONG | _LEVEL_IS_WRONG, then=Value(Now.WRONG)),
    When(_TOPIC_IS_RIGHT & _LEVEL_IS_RIGHT & Q(checked_at__isnull=False), then=Value(Now.RIGHT)),
    default=Value(Now.UNKNOWN),
    output_field=CharField(),
)


def proposals() -> QuerySet[Verdict]:
    """All of them, each with `now`, its message and what that was answered; the newest first."""
    replies = Message.objects.only("in_reply_to_id", "position", "answer_id").order_by("position")
    return (
        Verdict.objects.filter(PROPOSED)
        .annotate(now=NOW)
        .select_related("message__conversation")
        .prefetch_related(Prefetch("message__replies", replies))
        .order_by(*ORDER)
    )


@transaction.atomic
def drop(by: str, number: int) -> None:
    """Propose a change no longer; what else the reviewer said of the message stays."""
    verdict = Verdict.objects.select_for_update().filter(PROPOSED, pk=number).select_related("message").first()
    if verdict:
        dropped = {"topic": verdict.right_topic, "level": verdict.right_level}
        Verdict.objects.filter(pk=number).update(right_topic="", right_level="")
        audit.record(by, "change dropped", verdict.message.conversation_id, message=verdict.message_id, **dropped)


def _topics() -> list[tuple[str, str]]:
    proposed = Verdict.objects.filter(PROPOSED).exclude(right_topic="").order_by("right_topic")
    return [(id, topics.intents().get(id, id)) for id in proposed.values_list("right_topic", flat=True).distinct()]


class ProposalFilter(FilterSet):
    """What the list is filtered by; at first, by what was not exported yet."""

    written = ChoiceFilter(method="of_written", label="Exported", choices=Written.choices, empty_label="all")
    topic = ChoiceFilter(field_name="right_topic", label="Right topic", choices=_topics, empty_label="all")
    level = ChoiceFilter(
        field_name="right_level",
        label="Right level",
        choices=[(one.value, one.value) for one in reversed(Level)],
        empty_label="all",
    )
    now = ChoiceFilter(field_name="now", label="The bot now", choices=Now.choices, empty_label="all")

    class Meta:
        """All filters are named above."""

        model = Verdict
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data if "written" in data else {"written": Written.OPEN, **data.dict()}, *args, **kwargs)

    def of_written(self, found: "QuerySet[Verdict]", name: str, value: str) -> "QuerySet[Verdict]":
        """In a patch already, or not yet."""
        return found.filter(exported_at__isnull=value == Written.OPEN)
