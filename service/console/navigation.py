"""The pages of the menu."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.console.roles import May

if TYPE_CHECKING:
    from service.console.models import Staff


@dataclass(frozen=True)
class Page:
    """One entry of the menu: the name of its URL, its label, who may see it."""

    name: str
    label: str
    for_who_may: May = May.READ


PAGES = (
    Page("inbox", "Inbox"),
    Page("conversations", "Conversations"),
    Page("finder", "Missed emergencies"),
    Page("changes", "Changes"),
    Page("answers", "Answers"),
    Page("bot", "Bot"),
    Page("figures", "Figures"),
    Page("retention", "Retention"),
    Page("staff", "Staff", May.MANAGE_STAFF),
    Page("audit_log", "Audit", May.READ_AUDIT),
)


def pages_for(user: "Staff") -> list[Page]:
    """Those that this member of staff may open."""
    return [page for page in PAGES if user.may(page.for_who_may)]
