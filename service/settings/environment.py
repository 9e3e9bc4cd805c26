"""Values of the environment in the form that settings need; what cannot be read is one sentence with the next step."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

RATE = re.compile(r"[1-9]\d*/(second|minute|hour|day)")
POSTGRESQL = {  # a server that is gone is noticed in seconds, not in the two hours of TCP
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def whole_number(name: str, usual: int) -> int:
    """A number such as WEB_SESSION_SECONDS.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = os.environ.get(name) or str(usual)
    if not value.isdecimal() or not int(value):
        raise ImproperlyConfigured(f"{name} is {value!r}: it must be a whole number of 1 or more, such as {usual}.")
    return int(value)


def listed(name: str, usual: str = "") -> list[str]:
    """What stands there with commas between, without blanks around."""
    return [one.strip() for one in (os.environ.get(name) or usual).split(",") if one.strip()]


def one_of(name: str, known: Sequence[str], usual: str) -> str:
    """One word of a few.

    Raises:
        ImproperlyConfigured: it is another.
    """
    value = os.environ.get(name) or usual
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}: it may be {' or '.join(known)}.")
    return value


def rate(name: str, usual: str) -> str:
    """How often something may happen, such as "20/minute".

    Raises:
        ImproperlyConfigured: it does not say so.
    """
    value = os.environ.get(name) or usual
    if not RATE.fullmatch(value):
        raise ImproperlyConfigured(f"{name} is {value!r}: write it as {usual}; per second, minute, hour or day.")
    return value


def database(name: str, usual: str, sqlite: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A database as Django wants it, by its address; the options that stand in the address come last.

    Args:
        name: of the address in the environment.
        usual: the address where none is given.
        sqlite: the options of a SQLite.
        more: other keys of Django's.

    Raises:
        ImproperlyConfigured: it is no address of a PostgreSQL or SQLite; without it, since it holds a password.
    """
    try:
        found: dict[str, Any] = {**dj_database_url.parse(os.environ.get(name) or usual, **more)}
        kind = found["ENGINE"].rpartition(".")[2]
        if kind not in ("postgresql", "sqlite3"):
            raise ValueError
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            f"{name} is no address of a database: write it as postgres://user:password@host:5432/name."
        ) from None
    options = sqlite if kind == "sqlite3" else POSTGRESQL
    return {**found, "OPTIONS": {**options, **found.get("OPTIONS", {})}}
