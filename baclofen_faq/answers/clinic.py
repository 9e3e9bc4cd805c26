"""clinic.yml: the settings of the clinic that runs the bot."""

import os
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any

from baclofen_faq.vetted_files import ROOT, read_mapping, require

CLINIC_FILE = Path(os.environ.get("CLINIC_FILE") or ROOT / "clinic.yml")
MOST_KEEP_DAYS = 3650
PHONE_COUNTRY = {"us": "US", "uk": "GB", "ireland": "IE", "australia": "AU", "unknown": "US"}


class NotApproved(str, Enum):
    """What happens with an answer that is unsigned, was changed since, or is due for review."""

    SEND_WITH_NOTICE = "send_with_notice"
    REPLACE_WITH_CONTACT = "replace_with_contact"


class Mode(str, Enum):
    """What the bot does: everything; guidance and contact only; or contact only, but for a reported emergency."""

    NORMAL = "normal"
    EMERGENCY_ONLY = "emergency_only"
    OFF = "off"


@dataclass(frozen=True)
class Clinic:
    """One clinic: how people reach it, which region's emergency numbers are given, how long the log is kept."""

    name: str
    region: str
    phone: str
    out_of_hours_phone: str
    hours: str
    unsigned_answers: NotApproved
    changed_answers: NotApproved
    overdue_answers: NotApproved
    mode: Mode
    keep_days: int

    @property
    def phone_country(self) -> str | None:
        """ISO code of the country whose national phone numbers its patients write; None where there are several."""
        return PHONE_COUNTRY.get(self.region)


NOT_APPROVED = ("unsigned_answers", "changed_answers", "overdue_answers")
CHOICES: dict[str, type[Enum]] = {**dict.fromkeys(NOT_APPROVED, NotApproved), "mode": Mode}
TEXTS = ("name", "region", "phone", "out_of_hours_phone", "hours")


def load_clinic(path: Path = CLINIC_FILE) -> Clinic:
    """Read clinic.yml.

    Raises:
        VettedFileError: missing, malformed, a key missing, empty or unknown.
    """
    content = read_mapping(path)
    keys = [field.name for field in fields(Clinic)]
    for key in content:
        require(key in keys, path, key, f"nothing reads this key; known are {', '.join(keys)}")
    for key in TEXTS:
        value = content.get(key)
        require(
            isinstance(value, str) and value.strip(), path, key, 'is missing; write a text, phone numbers in "quotes"'
        )
    chosen = {key: _chosen(content.get(key), path, key) for key in CHOICES}
    days = content.get("keep_days")
    is_number = isinstance(days, int) and not isinstance(days, bool) and 0 < days <= MOST_KEEP_DAYS
    require(is_number, path, "keep_days", f"must be a whole number of days, 1 to {MOST_KEEP_DAYS}")
    return Clinic(**{**content, **chosen})


def _chosen(value: Any, path: Path, key: str) -> Enum:
    value = "off" if value is False else value  # YAML reads a bare `off` as false
    values = [choice.value for choice in CHOICES[key]]
    require(value in values, path, key, f"must be one of {', '.join(values)}")
    return CHOICES[key](value)
