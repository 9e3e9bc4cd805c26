"""What Meta's error answers mean: to try later, or never."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx

from service.gateway.messaging.channel import CannotDeliver, TryLater

TOO_MANY = {4, 17, 32, 613, 80006}  # calls of the app, the user, the Page; messages of the Page
PASSING = {1, 2, 1200, 190}  # 190: the token is not valid, until the clinic puts in another
USAGE = ("X-Business-Use-Case-Usage", "X-App-Usage")
REGAINED = "estimated_time_to_regain_access"  # in minutes; 0 where nothing is held back
LONGEST_MINUTES = 24 * 60  # limits count a day at most


def refusal(response: httpx.Response) -> TryLater | CannotDeliver:
    """The error to raise for an answer that is no success; `why` is Meta's code with its subcode, or the status.

    An answer without Meta's error object comes from something in between, and so may pass.

    Source: Meta, Messenger Platform: error codes; Graph API: handling errors, rate limits.
    """
    error = _error(response)
    code, subcode = _number(error, "code"), _number(error, "error_subcode")
    if response.status_code == 429 or code in TOO_MANY:
        return TryLater(_why(code, subcode, response), _wait_seconds(response.headers))
    if code is None or code in PASSING or error.get("is_transient") is True or response.is_server_error:
        return TryLater(_why(code, subcode, response), _retry_after(response.headers))
    return CannotDeliver(_why(code, subcode, response))


def _error(response: httpx.Response) -> dict[str, Any]:
    try:
        error = response.json()["error"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def _number(error: dict[str, Any], key: str) -> int | None:
    return error[key] if isinstance(error.get(key), int) else None


def _why(code: int | None, subcode: int | None, response: httpx.Response) -> str:
    """Numbers only: Meta's own messages may name people."""
    if code is None:
        return str(response.status_code)
    return f"{code}/{subcode}" if subcode else f"{code}"


def _wait_seconds(headers: httpx.Headers) -> float | None:
    """The longest wait that Meta names; None where it names none."""
    minutes = [wait for name in USAGE for wait in _minutes(headers.get(name, ""))]
    return max(minutes) * 60 if minutes else _retry_after(headers)


def _minutes(usage: str) -> Iterator[float]:
    """The waits of a usage header: `{"<Page>": [{"type": "messenger", "estimated_time_to_regain_access": 5}]}`."""
    try:
        waiting = [json.loads(usage)]
    except (ValueError, RecursionError):
        return
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            wait = one.get(REGAINED)
            if isinstance(wait, (int, float)) and 0 < wait <= LONGEST_MINUTES:
                yield float(wait)


def _retry_after(headers: httpx.Headers) -> float | None:
    seconds = headers.get("Retry-After", "")
    return float(seconds) if re.fullmatch("[0-9]{1,5}", seconds) else None
