"""The fields of Slack's JSON, each of the type that its documentation gives."""

import re
from typing import Any

from service.gateway.messaging.channel import Malformed

Fields = dict[str, Any]
ID = re.compile(r"[A-Za-z0-9._-]{1,40}")


def object_of(fields: Fields, name: str) -> Fields:
    """The object of that name.

    Raises:
        Malformed: there is none.
    """
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is no object")
    return value


def id_of(fields: Fields, name: str) -> str:
    """The id, or the time that serves as one (1355517523.000005).

    Raises:
        Malformed: there is none.
    """
    value = fields.get(name)
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise Malformed(f"{name} is no id")
    return value


def text_of(fields: Fields, name: str) -> str:
    """The text; "" where there is none.

    Raises:
        Malformed: it is of another type.
    """
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return value or ""


def listed(fields: Fields, name: str) -> list[Fields]:
    """The objects of the list; [] where there is none.

    Raises:
        Malformed: it is of another type, or holds something else.
    """
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Malformed(f"{name} is no list of objects")
    return value
