"""How urgent is a message: text (and what was said before) to Assessment(level, findings)."""

from baclofen_faq.triage.assess import ByRules, assess, by_rules, listen
from baclofen_faq.triage.assessment import DESCRIBED, Assessment, Finding, Level, Status
from baclofen_faq.triage.conversation import (
    NOTHING_BEFORE,
    Context,
    Route,
    Told,
    after,
    in_context,
    is_about_own_words,
    is_over,
    is_thanks,
    is_to_be_asked,
    is_unsure,
    told_by,
    told_route,
    without_words,
)
from baclofen_faq.triage.version import triage_version

__all__ = [
    "DESCRIBED",
    "NOTHING_BEFORE",
    "Assessment",
    "ByRules",
    "Context",
    "Finding",
    "Level",
    "Route",
    "Status",
    "Told",
    "after",
    "assess",
    "by_rules",
    "in_context",
    "is_about_own_words",
    "is_over",
    "is_thanks",
    "is_to_be_asked",
    "is_unsure",
    "listen",
    "told_by",
    "without_words",
    "told_route",
    "triage_version",
]
