"""The form of the filters: what can be chosen, and what two fields say together."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from service.console import plain_words, topics
from service.console.known_values import known_values
from service.console.models import Staff
from service.conversations.models import Conversation, Message
from service.conversations.search import phrases_of

Choices = list[tuple[str, str]]
WORDS, VERSION = "words", "version"
SHOWN_FIRST = (WORDS, "began_from", "began_to", "level", "topic", "state")
NOBODY = "(nobody)"  # no user name has brackets
NO_WORD = "There is no word in this. Write letters or digits."
BEFORE_THE_FIRST, LESS_THAN_LEAST = "This lies before the first day.", "This is less than the least."
NO_ANSWER = "Choose the answer that this version is of."


def topic_choices() -> Choices:
    """The answers that can be sent, and those that were, by their question."""
    return _named(known_values(Message, "answer_id"), topics.questions())


def intent_choices() -> Choices:
    """What Rasa can understand, and what it did."""
    return _named(known_values(Message, "intent"), topics.intents())


def channel_choices() -> Choices:
    """The channels in which somebody wrote."""
    return [(id, plain_words.channel(id)) for id in known_values(Conversation, "channel")]


def staff_choices() -> Choices:
    """Everybody of the staff, and nobody."""
    return [(NOBODY, "nobody"), *((name, name) for name in Staff.objects.values_list("username", flat=True))]


def _named(ids: Iterable[str], labels: Mapping[str, str]) -> Choices:
    """By their labels, or by their ids with blanks."""
    named = {id: id.replace("_", " ") for id in ids} | dict(labels)
    return sorted(named.items(), key=lambda one: one[1].casefold())


class ConversationFilterForm(forms.Form):
    """Made by the filters, which name its fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse what would find nothing whatever is in the log."""
        said = super().clean() or self.cleaned_data
        if said.get(WORDS) and not phrases_of(said[WORDS]):
            self.add_error(WORDS, NO_WORD)
        if _is_reversed(said.get("began_from"), said.get("began_to")):
            self.add_error("began_to", BEFORE_THE_FIRST)
        if _is_reversed(said.get("turns_from"), said.get("turns_to")):
            self.add_error("turns_to", LESS_THAN_LEAST)
        if said.get(VERSION) and said.get("topic") == "":
            self.add_error("topic", NO_ANSWER)
        return said

    def first_fields(self) -> list[forms.BoundField]:
        """Those that are always seen."""
        return [self[name] for name in SHOWN_FIRST]

    def more_fields(self) -> list[forms.BoundField]:
        """The rest."""
        return [self[name] for name in self.fields if name not in (*SHOWN_FIRST, VERSION)]

    def is_more_used(self) -> bool:
        """Whether one of the rest is filled in."""
        return any(field.value() for field in self.more_fields())


def _is_reversed(least: Any, most: Any) -> bool:
    return least is not None and most is not None and least > most
