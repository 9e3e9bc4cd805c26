"""Reads a compose file on standard input by the Compose Specification; fails with the first thing that is wrong.

It runs in an environment of its own: compose-spec needs a newer pydantic than Rasa. Variables get their default, or x.
"""

import re
import sys
from typing import Any

import yaml
from compose_spec import PyCompose

VARIABLE = re.compile(r"\$\{[A-Z_]+(?::-([^}]*)|:\?)?\}")


def filled_in(value: Any) -> Any:
    """The value with its variables replaced."""
    if isinstance(value, dict):
        return {key: filled_in(one) for key, one in value.items()}
    if isinstance(value, list):
        return [filled_in(one) for one in value]
    return VARIABLE.sub(lambda found: found[1] or "./x", value) if isinstance(value, str) else value


if __name__ == "__main__":
    compose = PyCompose.from_yaml(yaml.safe_dump(filled_in(yaml.safe_load(sys.stdin.read()))))
    compose.validate()
    compose.to_spec()
