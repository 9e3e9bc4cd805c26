"""What all processes print: one line an event, with ids and counts as fields, and never a person's words."""

from baclofen_faq.logs.guard import Known
from baclofen_faq.logs.setup import LogSettingsError, as_dict, configure
from baclofen_faq.logs.unhandled import log_unhandled

__all__ = ["Known", "LogSettingsError", "as_dict", "configure", "log_unhandled"]
