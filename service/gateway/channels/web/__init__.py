"""The web channel: the chat box of the clinic's website. docs/web-channel.openapi.yml describes it."""
