"""What the list of all conversations can be filtered by."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter

from baclofen_faq.triage import Level
from service.console import filter_form as form
from service.console import plain_words
from service.conversations.models import Conversation, Message, State
from service.conversations.search import Within, conversations_with, phrases_of

YES, NO, NOTHING = "yes", "no", "nothing"
LONGEST_SEARCH, MOST_TURNS = 200, 100_000
ANY_DAY = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))]
DAY = {"widget": forms.DateInput(attrs={"type": "date"}), "validators": ANY_DAY, "help_text": "(UTC days)"}
COUNT = {"field_name": "turns", "min_value": 0, "max_value": MOST_TURNS}


class OneFilter(ChoiceFilter):
    """By one of some choices, or by none of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label="any", **kwargs)


class CountFilter(NumberFilter):
    """By a whole number."""

    field_class = forms.IntegerField


class ConversationFilter(FilterSet):
    """Filters of conversations. `version` goes with `topic`, and is set by a link only."""

    words = CharFilter(
        method="as_it_is",
        label="Words that the person wrote",
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": f"Too long: write at most {LONGEST_SEARCH} characters."},
        help_text="Whole words or their beginnings; “several words” in quotation marks stand side by side. "
        "Do not search for names: the words stand in this page's address.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    began_from = DateFilter(method="by_first_day", label="Begun from", **DAY)
    began_to = DateFilter(method="by_last_day", label="Begun to", **DAY)
    level = OneFilter(label="Highest level", choices=[(one.value, one.value) for one in Level])
    topic = OneFilter(method="by_answer", label="Answer sent", choices=form.topic_choices)
    state = OneFilter(label="State", choices=State.choices)
    channel = OneFilter(label="Channel", choices=form.channel_choices)
    intent = OneFilter(method="by_intent", label="Understood as", choices=form.intent_choices)
    confidence_below = NumberFilter(
        field_name="least_confidence",
        lookup_expr="lt",
        label="Least confidence below",
        min_value=0,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    turns_from = CountFilter(lookup_expr="gte", label="Turns, at least", **COUNT)
    turns_to = CountFilter(lookup_expr="lte", label="Turns, at most", **COUNT)
    helpful = OneFilter(
        method="by_feedback", label="Helpful", choices=[*plain_words.FEEDBACK.items(), (NOTHING, "nothing said")]
    )
    delivery = OneFilter(
        method="by_delivery",
        label="Replies",
        choices=[one for one in Message.Delivery.choices if one[0] != Message.Delivery.SENT],
    )
    flagged = OneFilter(method="by_flag", label="Flag", choices=[(YES, "flagged"), (NO, "not flagged")])
    assigned = OneFilter(method="by_assignee", label="Assigned to", choices=form.staff_choices)
    reviewed = OneFilter(method="by_reviewer", label="Reviewed by", choices=form.staff_choices)
    demo = OneFilter(method="by_demo", label="Demo data", choices=[(YES, "only demo data"), (NO, "no demo data")])
    version = CharFilter(method="as_it_is", max_length=12, widget=forms.HiddenInput())

    some: QuerySet | None = None  # many of those that are found, where they are counted sooner
    within: Within | None = None  # where the words are

    class Meta:
        """All filters are named above."""

        model = Conversation
        fields: list[str] = []
        form = form.ConversationFilterForm

    def filter_queryset(self, found: QuerySet) -> QuerySet:
        """By all filters, and by what the person wrote last."""
        words = self.form.cleaned_data[form.WORDS]
        self.within = conversations_with(words) if words else None
        found = super().filter_queryset(found)
        if self.within is None:
            return found
        self.some = found.filter(id__in=self.within.some) if self.within.some else None
        return found.filter(id__in=self.within)

    def by_first_day(self, found: QuerySet, name: str, day: date) -> QuerySet:
        """Begun on that day or later."""
        return found.filter(started_at__gte=timezone.make_aware(datetime.combine(day, time.min)))

    def by_last_day(self, found: QuerySet, name: str, day: date) -> QuerySet:
        """Begun on that day or earlier."""
        return found.filter(started_at__lte=timezone.make_aware(datetime.combine(day, time.max)))

    def by_answer(self, found: QuerySet, name: str, id: str) -> QuerySet:
        """That answer was sent, in one version of it where one is named."""
        version = self.form.cleaned_data.get(form.VERSION)
        sent = Message.objects.filter(answer_id=id).exclude(answer_id="")  # as the condition of its index says it
        sent = sent.filter(answer_version=version) if version else sent
        return self._with(sent, found)

    def by_intent(self, found: QuerySet, name: str, intent: str) -> QuerySet:
        """A message was understood so."""
        return self._with(Message.objects.filter(intent=intent), found)

    def by_feedback(self, found: QuerySet, name: str, said: str) -> QuerySet:
        """What was said last of an answer."""
        return found.filter(feedback="" if said == NOTHING else said)

    def by_delivery(self, found: QuerySet, name: str, how: str) -> QuerySet:
        """A reply is not delivered, or on its way."""
        not_sent = Message.objects.exclude(delivery=Message.Delivery.SENT)  # as the condition of its index says it
        return self._with(not_sent.filter(delivery=how), found)

    def by_flag(self, found: QuerySet, name: str, said: str) -> QuerySet:
        """Flagged, or not."""
        return found.filter(is_flagged=said == YES)

    def by_assignee(self, found: QuerySet, name: str, staff: str) -> QuerySet:
        """Whose it is. The index has no conversations of nobody, and SQLite must be told so."""
        return found.filter(assignee="") if staff == form.NOBODY else found.exclude(assignee="").filter(assignee=staff)

    def by_reviewer(self, found: QuerySet, name: str, staff: str) -> QuerySet:
        """Who said that it is done."""
        return found.filter(reviewer="") if staff == form.NOBODY else found.exclude(reviewer="").filter(reviewer=staff)

    def by_demo(self, found: QuerySet, name: str, said: str) -> QuerySet:
        """Only what is made up, or only what is not."""
        return found.filter(is_demo=said == YES)

    def as_it_is(self, found: QuerySet, name: str, value: str) -> QuerySet:
        """Nothing is left out: `by_answer` or `filter_queryset` reads it."""
        return found

    def _with(self, messages: QuerySet, found: QuerySet) -> QuerySet:
        """Those with one of these messages; CASE has PostgreSQL look at that before it asks for the words."""
        is_with = Q(id__in=messages.values("conversation"))
        if self.within is not None and self.within.is_asked_of_each:
            return found.filter(Case(When(is_with, then=Value(True)), default=Value(False)))
        return found.filter(is_with)

    def used(self) -> dict[str, Any]:
        """For the audit log: the filters in use, as in the link; of the words only how many they are."""
        said = {name: str(value) for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        words = said.pop(form.WORDS, "")
        return {"filters": urlencode(said), "words": sum(len(phrase) for phrase, _ in phrases_of(words))}
