"""How often each wording of an answer was sent, and what people said of it. Demo data is left out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from baclofen_faq.answers import Vetted
from baclofen_faq.answers.texts import version_of
from service.conversations.models import Conversation, Message

LATELY = timedelta(days=30)
Wording = tuple[str, str]  # answer id, version


@dataclass(frozen=True)
class Sent:
    """Of one wording or several: sent in all that is kept, and in conversations begun lately; found helpful, judged."""

    in_all: int = 0
    lately: int = 0
    helpful: int = 0
    judged: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        """Both together."""
        return Sent(
            self.in_all + other.in_all,
            self.lately + other.lately,
            self.helpful + other.helpful,
            self.judged + other.judged,
        )

    @property
    def helpful_percent(self) -> int | None:
        """Of those who said something; None where nobody did.

        >>> Sent(9, 9, helpful=2, judged=3).helpful_percent
        67
        """
        return round(100 * self.helpful / self.judged) if self.judged else None


NEVER = Sent()


def sent(ids: Collection[str] | None = None) -> Mapping[Wording, Sent]:
    """By answer id and version: of all messages, or of those with these ids."""
    real = Message.objects.exclude(conversation__in=Conversation.objects.filter(is_demo=True).values("pk"))
    chosen = real.filter(answer_id__gt="") if ids is None else real.filter(answer_id__in=ids)
    is_late = Q(conversation__gte=_first_lately())
    counted = _by_wording(chosen).annotate(in_all=Count("conversation"), lately=Count("conversation", filter=is_late))
    judged = _by_wording(chosen.exclude(feedback="")).annotate(
        judged=Count("conversation"), helpful=Count("conversation", filter=Q(feedback="helpful"))
    )
    numbers: dict[Wording, dict[str, int]] = {}
    for row in (*counted, *judged):
        wording = row.pop("answer_id"), row.pop("answer_version")
        numbers.setdefault(wording, {}).update(row)
    return {wording: Sent(**one) for wording, one in numbers.items()}


def of_answer(counts: Mapping[Wording, Sent], id: str, vetted: Vetted) -> Sent:
    """All wordings of one answer together."""
    not_of_it = beside_answers(vetted)
    return sum((one for (of, version), one in counts.items() if of == id and version not in not_of_it), NEVER)


def beside_answers(vetted: Vetted) -> frozenset[str]:
    """The versions of what carries an answer's id and is none of its wordings: fixed lines, and guidance."""
    advice = ["", *(one.line for one in vetted.advice.values()), vetted.lines.get("third_time", "")]
    guidance = [text.words for one in vetted.guidance.values() for text in one.texts()]
    repeated = [f"{vetted.lines.get('second_time', '')}\n\n{words}" for words in guidance]
    advised = [words.replace("{advice}", line) for words in (*guidance, *repeated) for line in advice]
    return frozenset(map(version_of, (*vetted.lines.values(), *advised)))


def _by_wording(messages: "QuerySet[Message]") -> "QuerySet[Message, dict[str, int]]":
    return messages.order_by().values("answer_id", "answer_version")


def _first_lately() -> int:
    """The number of the first conversation begun lately; they are numbered as they begin."""
    lately = Conversation.objects.filter(started_at__gte=timezone.now() - LATELY, is_demo=False)
    first = lately.order_by("started_at").values_list("pk", flat=True).first()
    return first if first is not None else 2**62
