"""Messaging platforms on loopback: they post what people do, signed, and check what the bot sends by their rules."""
