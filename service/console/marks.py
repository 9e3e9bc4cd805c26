"""A message's text with what triage found in it marked."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from baclofen_faq.triage.assessment import COUNTING, SAID_BEFORE, SOUND

OF_NO_PLACE = (SOUND, SAID_BEFORE)  # these rest on no words of their own


def marked(text: str, findings: Sequence[dict[str, Any]]) -> SafeString:
    """A text as HTML, every character of it, with its findings marked; where two meet, the one that counts is seen.

    >>> marked("<b> no fever", [{"start": 7, "end": 12, "status": "denied", "phrase": "fever"}])
    '&lt;b&gt; no <mark>fever</mark>'
    """
    placed = [one for one in findings if one["phrase"] not in OF_NO_PLACE]
    edges = sorted({0, len(text), *(min(one[edge], len(text)) for one in placed for edge in ("start", "end"))})
    kinds = [(_kind(placed, start), start, end) for start, end in zip(edges, edges[1:])]
    pieces = []
    for kind, run in groupby(kinds, key=lambda one: one[0]):
        parts = list(run)
        pieces.append(format_html(kind, text[parts[0][1] : parts[-1][2]]))
    return mark_safe("".join(pieces))  # each piece is escaped


def _kind(placed: Sequence[dict[str, Any]], at: int) -> str:
    """How the character there is shown."""
    over = [one for one in placed if one["start"] <= at < one["end"]]
    if any(one["status"] in COUNTING for one in over):
        return '<mark class="counts">{}</mark>'
    return "<mark>{}</mark>" if over else "{}"
