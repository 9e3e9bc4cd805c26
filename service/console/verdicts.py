"""What a reviewer says of one message: a reason code, and what it should have been."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction

from baclofen_faq.triage import Level
from service.console import audit, topics
from service.conversations.models import Message, Verdict

Code = Verdict.Code
WITH_TOPIC = (Code.WRONG_ANSWER, Code.NOT_ANSWERED, Code.OUT_OF_SCOPE)
WITH_LEVEL = (Code.SHOULD_HAVE_ESCALATED, Code.ESCALATED_FOR_NOTHING)
LEVELS = [(level.value, level.value) for level in Level]


class VerdictForm(forms.ModelForm):
    """A code and, where it is wrong, the right topic or level; what does not go with the code is left out."""

    right_topic = forms.ChoiceField(required=False, choices=lambda: [("", "")] + list(topics.intents().items()))
    right_level = forms.ChoiceField(required=False, choices=[("", ""), *LEVELS])

    class Meta:
        """Of a verdict, what a reviewer chooses."""

        model = Verdict
        fields = ["code", "right_topic", "right_level"]

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.message = message

    def clean(self) -> dict[str, Any]:
        """What the code leaves open is filled in where it can only mean one thing."""
        chosen = super().clean() or self.cleaned_data
        code = chosen.get("code")
        chosen["right_topic"] = self._topic(code, chosen.get("right_topic", ""))
        chosen["right_level"] = self._level(code, chosen.get("right_level", ""))
        return chosen

    def _topic(self, code: str | None, chosen: str) -> str:
        if code not in WITH_TOPIC:
            return ""
        is_new = code == Code.OUT_OF_SCOPE and self.message.intent != topics.OUT_OF_SCOPE
        return chosen or (topics.OUT_OF_SCOPE if is_new else "")

    def _level(self, code: str | None, chosen: str) -> str:
        if code not in WITH_LEVEL:
            return ""
        was, others = self.message.level, levels_instead(self.message, code)
        is_up = code == Code.SHOULD_HAVE_ESCALATED
        if not others:
            self.add_error("code", f"Not saved: its level was {was} already.")
        elif chosen and chosen not in others:
            self.add_error("right_level", f"Not saved: its level was {was}; choose {' or '.join(others)}.")
        elif not chosen and not is_up:
            self.add_error("right_level", "Not saved yet: choose the level that it should have had.")
        return chosen or (Level.EMERGENCY.value if is_up else "")


@dataclass(frozen=True)
class Said:
    """What is said of a message, or about to be: as the page shows it."""

    message: Message
    code: str = ""
    right_topic: str = ""
    right_level: str = ""
    by: str = ""
    said_at: datetime | None = None
    errors: Sequence[str] = field(default_factory=list)

    @property
    def codes(self) -> Sequence[tuple[str, str]]:
        """Code and label of each, in the order of their keys."""
        return Code.choices

    @property
    def label(self) -> str:
        """The code in words; "" where nothing is said."""
        return str(Code(self.code).label) if self.code else ""

    @property
    def in_words(self) -> str:
        """The code in words, with the level that it should have had."""
        if not self.label or not self.right_level:
            return self.label
        how = "to" if self.code == Code.SHOULD_HAVE_ESCALATED else "it should have been"
        return f"{self.label}, {how} {self.right_level}"

    @property
    def kept(self) -> "Said":
        """What is stored, where this could not be saved."""
        return said_of(self.message) if self.errors else self

    @property
    def topics(self) -> Sequence[tuple[str, str]]:
        """What it could have been about, where the code leaves that open."""
        return list(topics.intents().items()) if self.code in WITH_TOPIC else []

    @property
    def levels(self) -> Sequence[str]:
        """Which other level it could have had; by the code, where that is given."""
        if self.code in WITH_LEVEL:
            return levels_instead(self.message, self.code)
        return [level.value for level in Level if level.value != self.message.level]


def said_of(message: Message) -> Said:
    """What is stored."""
    verdict = getattr(message, "verdict", None)
    if verdict is None:
        return Said(message)
    return Said(message, verdict.code, verdict.right_topic, verdict.right_level, verdict.by, verdict.said_at)


def said_in(form: VerdictForm) -> Said:
    """What a form holds that could not be saved, and why."""
    chosen = {name: form.data.get(name, "") for name in ("code", "right_topic", "right_level")}
    return Said(form.message, **chosen, errors=[error for errors in form.errors.values() for error in errors])


def levels_instead(message: Message, code: str | None) -> list[str]:
    """The levels above that of the message where it should have escalated, else those below."""
    was, is_up = Level(message.level), code == Code.SHOULD_HAVE_ESCALATED
    return [one.value for one in Level if one is not was and (one.urgency > was.urgency) == is_up]


@transaction.atomic
def give(by: str, message: Message, form: VerdictForm) -> Verdict:
    """Keep what a valid form says in place of what was said of the message before."""
    chosen = form.cleaned_data
    same = Verdict.objects.filter(message=message, **chosen).first()
    changed = {**chosen, "by": by, "exported_at": same.exported_at if same else None}
    verdict, _ = Verdict.objects.update_or_create(message=message, defaults=changed)
    audit.record(by, "verdict given", conversation=message.conversation_id, message=message.pk, **chosen)
    return verdict


@transaction.atomic
def take_back(by: str, message: Message) -> None:
    """Leave a message without a verdict."""
    if Verdict.objects.filter(message=message).delete()[0]:
        audit.record(by, "verdict taken back", conversation=message.conversation_id, message=message.pk)
