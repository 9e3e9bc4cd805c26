"""Text without identifiers: what is stored, logged or sent on."""

from baclofen_faq.redaction.redact import redact

__all__ = ["redact"]
