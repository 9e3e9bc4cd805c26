"""Whether this is a clinic's real bot: one rule for all processes."""

import os
from collections.abc import Mapping


def is_production(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether PRODUCTION says so.

    >>> is_production({"PRODUCTION": "true"}), is_production({"PRODUCTION": "no"}), is_production({})
    (True, False, False)
    """
    return environment.get("PRODUCTION", "").lower() in ("1", "true", "yes")
