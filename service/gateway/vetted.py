"""The vetted replies of this clinic, and which texts are buttons of them."""

import hashlib
from functools import cache

from baclofen_faq.answers import YES_OR_NO, Replies, load_replies
from baclofen_faq.vetted_files import VETTED

WORDS_OF_BUTTONS = {payload: title.lower() for payload, title in YES_OR_NO.items()}


@cache
def shared_replies() -> Replies:
    """The replies of vetted/ and clinic.yml, read once a process."""
    return load_replies()


@cache
def vetted_version() -> str:
    """Twelve hexadecimal digits of the SHA-256 over the files of vetted/."""
    digest = hashlib.sha256()
    for path in sorted(VETTED.rglob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def payloads() -> frozenset[str]:
    """The texts that are a button and not words."""
    return shared_replies().payloads()
