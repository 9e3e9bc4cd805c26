"""Text without identifiers: what is stored, logged or sent on."""

from baclofen_faq.redaction.redact import redact
from baclofen_faq.redaction.redacted import Redacted

__all__ = ["Redacted", "redact"]
