"""The bot of the fault tests, at the two log levels."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.bot import Bot
from tests.faults.model import trained
from tests.faults.postgres import Postgres, postgres  # noqa: F401  (a fixture)
from tests.faults.talk import Talk

collect_ignore = ["raising_component.py"]  # it imports Rasa


@pytest.fixture(scope="session")
def fault_model(pytestconfig: pytest.Config) -> Path:
    """The model with the raising component and the form; trained again only where its inputs changed."""
    return trained(pytestconfig.cache.mkdir("faults"))


@pytest.fixture(scope="session", params=["WARNING", "DEBUG"], ids=str.lower)
def bot(
    request: pytest.FixtureRequest,
    postgres: Postgres,  # noqa: F811
    fault_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bot]:
    """The whole bot, running, at one log level."""
    log = postgres.make_database(f"log_{request.param.lower()}")
    with Bot(tmp_path_factory.mktemp("faults"), fault_model, request.param, log).running() as running:
        yield running


@pytest.fixture
def talk(bot: Bot, postgres: Postgres) -> Iterator[Talk]:  # noqa: F811
    """People to speak with the bot; at the end nothing private of theirs may stand in any file."""
    people, began = Talk(bot), time.time()
    yield people
    people.close()
    written = list(files_written_since(began - 1, bot.folder, postgres.folder))
    assert {"gateway.txt", "rasa.db-wal"} & {path.name for path in written}
    leaks = {str(path): found for path in written if (found := people.leaks(path.read_bytes()))}
    assert not leaks, leaks
    assert people.word.encode() not in bot.output("gateway", "actions", "rasa"), "a word of a person was printed"


def files_written_since(moment: float, *folders: Path) -> Iterator[Path]:
    """Every file in the folders that was changed since."""
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime >= moment)
