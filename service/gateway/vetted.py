"""The vetted replies of this clinic, and which texts are buttons of them."""

from functools import cache

from baclofen_faq.answers import YES_OR_NO, Replies, load_replies

WORDS_OF_BUTTONS = {payload: title.lower() for payload, title in YES_OR_NO.items()}


@cache
def shared_replies() -> Replies:
    """The replies of vetted/ and clinic.yml, read once a process."""
    return load_replies()


@cache
def payloads() -> frozenset[str]:
    """The texts that are a button and not words."""
    return shared_replies().payloads()
