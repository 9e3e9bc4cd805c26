"""clinic.yml: the settings of the clinic that runs the bot."""

from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path

from baclofen_faq.vetted_files import ROOT, read_mapping, require

CLINIC_FILE = ROOT / "clinic.yml"


class Unsigned(str, Enum):
    """What happens with an answer that no clinician has signed."""

    SEND_WITH_NOTICE = "send_with_notice"
    REPLACE_WITH_CONTACT = "replace_with_contact"


@dataclass(frozen=True)
class Clinic:
    """One clinic: how people reach it, and which region's emergency numbers are given."""

    name: str
    region: str
    phone: str
    out_of_hours_phone: str
    hours: str
    unsigned_answers: Unsigned


def load_clinic(path: Path = CLINIC_FILE) -> Clinic:
    """Read clinic.yml.

    Raises:
        VettedFileError: missing, malformed, a key missing, empty or unknown.
    """
    content = read_mapping(path)
    keys = [field.name for field in fields(Clinic)]
    for key in keys:
        value = content.get(key)
        require(
            isinstance(value, str) and value.strip(), path, key, 'is missing; write a text, phone numbers in "quotes"'
        )
    for key in content:
        require(key in keys, path, key, f"nothing reads this key; known are {', '.join(keys)}")
    choices = [choice.value for choice in Unsigned]
    require(content["unsigned_answers"] in choices, path, "unsigned_answers", f"must be one of {', '.join(choices)}")
    return Clinic(**{**content, "unsigned_answers": Unsigned(content["unsigned_answers"])})
