"""The bot that is measured stands apart: ports and databases of its own, and every answer sent as if it were signed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import yaml

from baclofen_faq.answers import CLINIC_FILE
from baclofen_faq.vetted_files import read_mapping
from service.place import Place
from service.settings.base import VAR
from service.stack import running

FOLDER = "evaluation"
OF_THE_CLINIC = ("PRODUCTION", "DATABASE_URL", "RASA_DATABASE_URL", "CHANNELS", "HANDOFF_URL", "LOG_FORMAT")
AS_IF_SIGNED = {
    "mode": "normal",
    **dict.fromkeys(("unsigned_answers", "changed_answers", "overdue_answers"), "send_with_notice"),
}


@contextmanager
def bot_apart() -> Iterator[Place]:
    """Inside, a whole bot runs that has nothing of the clinic's but its region and numbers, in a folder of its own.

    The folder stays where the bot did not start: what it printed is in it.
    """
    for name in OF_THE_CLINIC:
        os.environ.pop(name, None)
    place = Place.elsewhere(VAR / FOLDER)
    shutil.rmtree(place.var, ignore_errors=True)
    place.var.mkdir(parents=True)
    clinic = place.var / "clinic.yml"
    clinic.write_text(yaml.safe_dump({**read_mapping(CLINIC_FILE), **AS_IF_SIGNED}), encoding="utf-8")
    os.environ["CLINIC_FILE"] = str(clinic)
    with running(place, output=place.var / "serve.log"):
        yield place
    shutil.rmtree(place.var)
