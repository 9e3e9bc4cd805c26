"""How urgent is a message: text (and what was said before) to Assessment(level, findings)."""

from baclofen_faq.triage.assess import assess
from baclofen_faq.triage.assessment import Assessment, Finding, Level, Status
from baclofen_faq.triage.conversation import (
    NOTHING_BEFORE,
    Context,
    Route,
    after,
    in_context,
    is_over,
    is_thanks,
    is_to_be_asked,
    is_unsure,
)

__all__ = [
    "NOTHING_BEFORE",
    "Assessment",
    "Context",
    "Finding",
    "Level",
    "Route",
    "Status",
    "after",
    "assess",
    "in_context",
    "is_over",
    "is_thanks",
    "is_to_be_asked",
    "is_unsure",
]
