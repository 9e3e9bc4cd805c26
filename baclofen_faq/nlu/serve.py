"""Rasa's server as the bot runs it: the one model that was validated, then `rasa run`.

python -m baclofen_faq.nlu.serve --port 5005
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from baclofen_faq.nlu import rasa_fixes
from baclofen_faq.production import is_production
from baclofen_faq.validated import NotValidatedError, check_validated
from baclofen_faq.vetted_files import ROOT

MODEL = ROOT / "models" / "baclofen-faq.tar.gz"


def rasa_arguments(arguments: Sequence[str]) -> list[str]:
    """What `rasa` is called with. A missing model ends here: Rasa would look for another one, and serve that."""
    parser = argparse.ArgumentParser(prog="python -m baclofen_faq.nlu.serve", description=__doc__)
    parser.add_argument("--interface", default="127.0.0.1", help="where it listens; never where the public reaches it")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--endpoints", type=Path, default=ROOT / "deploy" / "endpoints.yml")
    chosen = parser.parse_args(arguments)
    if not chosen.model.is_file():
        parser.error(f"{chosen.model} is missing: `make train` makes it.")
    files = ("--model", chosen.model, "--endpoints", chosen.endpoints, "--credentials", ROOT / "credentials.yml")
    return ["run", "--interface", chosen.interface, "--port", str(chosen.port), *map(str, files)]


def main() -> None:
    """Check, then be Rasa until it is stopped."""
    arguments = rasa_arguments(sys.argv[1:])
    if is_production():
        try:
            check_validated(Path(arguments[arguments.index("--model") + 1]))
        except NotValidatedError as error:
            sys.exit(str(error))
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"  # or Rasa reports its errors to its makers, whoever starts it
    url = os.environ.get("RASA_DATABASE_URL", "")
    os.environ["RASA_DATABASE_URL"] = url.replace("postgres://", "postgresql://", 1)  # SQLAlchemy knows only the latter
    rasa_fixes.apply()
    from rasa.__main__ import main as rasa  # takes seconds

    from baclofen_faq.nlu.rasa_logs import take_over

    take_over()
    sys.argv = ["rasa", *arguments]
    rasa()


if __name__ == "__main__":
    main()
