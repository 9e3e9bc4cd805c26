"""For templates: when a conversation is deleted."""

from django import template

from baclofen_faq.vetted_files import VettedFileError
from service.console import deletion
from service.conversations import copies
from service.conversations.models import Conversation

register = template.Library()
register.simple_tag(copies.in_backups)


@register.simple_tag
def deletion_of(conversation: Conversation) -> deletion.Deletion | None:
    """When it goes; None while clinic.yml cannot be read."""
    try:
        return deletion.deletion_of(conversation)
    except VettedFileError:
        return None


@register.filter
def at_most_counted(count: int) -> str:
    """A number that was counted up to a hundred thousand: `more than 100,000`.

    >>> at_most_counted(1200), at_most_counted(100_001)
    ('1,200', 'more than 100,000')
    """
    return f"{count:,}" if count <= deletion.MOST_COUNTED else f"more than {deletion.MOST_COUNTED:,}"
