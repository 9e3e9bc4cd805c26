"""For the audit page: an entry's details as text."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def in_words(detail: Any) -> str:
    """Plain JSON as a line to read.

    >>> in_words({"user": "ada", "looked_for": {"person": "ben"}, "rows": [1, 2], "is_whole": True})
    'user: ada; looked for (person: ben); rows: 1, 2; is whole: yes'
    """
    if isinstance(detail, dict):
        return "; ".join(_named(name, value) for name, value in detail.items())
    if isinstance(detail, list):
        return ", ".join(map(in_words, detail))
    return {True: "yes", False: "no", None: "none"}[detail] if isinstance(detail, bool | None) else str(detail)


def _named(name: str, value: Any) -> str:
    label = name.replace("_", " ")
    return f"{label} ({in_words(value)})" if isinstance(value, dict) else f"{label}: {in_words(value)}"
