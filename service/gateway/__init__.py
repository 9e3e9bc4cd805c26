"""The gateway: channels, and the one path of a message."""
