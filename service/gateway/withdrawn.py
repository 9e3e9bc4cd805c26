"""What stands in place of the words of an answer that staff withdrew."""

from collections.abc import Collection, Sequence

from baclofen_faq.answers import HELPFUL, Replies, Reply
from service.gateway.controls import shared_watch

FIXED_LINE = "none"  # the level of lines that carry an answer's id and none of its words: "Was this helpful?"


def without_withdrawn(said: Sequence[Reply], replies: Replies) -> list[Reply]:
    """What the engine said, without the words of answers that are withdrawn now."""
    return without(said, shared_watch().current.withdrawn, replies)


def without(said: Sequence[Reply], withdrawn: Collection[str], replies: Replies) -> list[Reply]:
    """The contact text, once, in place of all replies with words of these answers; nobody is asked whether it helped.

    What cannot be withdrawn stays: guidance, the contact, small talk; and so do buttons, since a person may answer
    "the second one".
    """
    ids = {id for id in withdrawn if replies.can_be_withdrawn(id)}
    gone = [reply for reply in said if reply.answer_id in ids and reply.level != FIXED_LINE]
    if not gone:
        return list(said)
    contact = replies.instead_of(gone)
    left = (contact if reply in gone else reply for reply in said if not _asks_whether_it_helped(reply, ids))
    return list(dict.fromkeys(left))


def _asks_whether_it_helped(reply: Reply, ids: Collection[str]) -> bool:
    return reply.answer_id in ids and any(button.payload in HELPFUL for button in reply.buttons)
