"""The log: every message that came in and went out, as the clinic's staff will read it."""
