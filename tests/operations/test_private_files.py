"""Everything that a running bot writes is its user's alone."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from service.place import Place
from tests.conftest import manage


def readable_by_others(folder: Path) -> Iterator[str]:
    """What somebody else on the machine could read or write, inside a folder."""
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o077:
            yield f"{oct(mode & 0o777)} {path.relative_to(folder)}"


def test_nothing_in_var_is_readable_by_others(
    bot: Place, say: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    assert os.umask(0o077) == 0o077, "the tests themselves run with it, since they import the settings"
    say("why do I have to taper?")
    say("she is having a seizure")
    assert httpx.get(f"{bot.gateway_url}/metrics", timeout=10).is_success
    done = manage(bot, "backup", str(tmp_path / "backups"))
    assert done.returncode == 0, done.stderr
    written = {path.name for path in bot.var.rglob("*")}
    assert {"conversations.db", "outbox.db", "rasa.db", "outbox.lock", "serve.log", "secret_key"} <= written
    assert list(readable_by_others(bot.var)) == []
    assert {".zip", ".json"} <= {path.suffix for path in (tmp_path / "backups").iterdir()}
    assert list(readable_by_others(tmp_path / "backups")) == []
