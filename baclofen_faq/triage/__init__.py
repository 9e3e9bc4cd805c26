"""How urgent is a message: text to Assessment(level, findings), from its words alone."""

from baclofen_faq.triage.assess import assess
from baclofen_faq.triage.assessment import Assessment, Finding, Level, Status

__all__ = ["Assessment", "Finding", "Level", "Status", "assess"]
