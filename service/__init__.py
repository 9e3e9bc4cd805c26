"""The Django side: the gateway that people reach, and the log of what was said."""
