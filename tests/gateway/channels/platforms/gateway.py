"""A gateway with every channel on, beside a running bot: started, killed, started again, and what it has kept."""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet

from service.place import Place, environment
from service.stack import migrate
from tests.conftest import free_port
from tests.faults.processes import Process, until
from tests.gateway.channels.platforms.platform import Platform
from tests.gateway.channels.platforms.web import Web

OPTIONS = ["--log-level", "warning", "--no-access-log", "--no-server-header", "--ws", "none"]
PUBLIC_URL = "https://chat.clinic.example"
PERSON_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
ON_THEIR_WAY = "SELECT count(*) FROM conversations_parcel WHERE ended_at IS NULL AND channel = ? AND id > ?"
ADDRESS_LIMITS = ("SESSIONS", "MESSAGES", "FLOOD", "HISTORY")
UNMOVED = "SELECT count(*) FROM conversations_entry WHERE channel <> 'canary' AND moved_at IS NULL"


class Gateway:
    """The process, its folder, and the platforms around it."""

    def __init__(self, bot: Place, var: Path, platforms: Sequence[Platform]) -> None:
        self.place = replace(bot, gateway=free_port(), var=var)
        self.platforms = {platform.channel: platform for platform in platforms}
        migrate(self.place)
        address = ["--host", "127.0.0.1", "--port", str(self.place.gateway)]
        command = [sys.executable, "-W", "ignore", "-m", "uvicorn", "service.asgi:application", *address, *OPTIONS]
        self._process = Process(command, var / "gateway.txt", self._environment(bot), is_ready=self._answers)
        self.secrets = {
            value
            for one in platforms
            for name, value in one.environment().items()
            if name.endswith(("TOKEN", "SECRET"))
        }
        for platform in platforms:
            platform.webhook = f"{self.place.gateway_url}{platform.path}"
            if isinstance(platform, Web):
                platform.secret_key = self._process.environment["SECRET_KEY"]

    def start(self) -> None:
        """Return when it answers."""
        self._process.start()
        self._process.wait_until_ready()

    def kill(self) -> None:
        """By -9: it has no moment to put anything away."""
        self._process.kill()

    def rows(self, database: str, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What its outbox, or the log, holds."""
        with closing(sqlite3.connect(self.place.var / f"{database}.db", timeout=10)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def last_parcel(self) -> int:
        """The number of the newest parcel; 0 before the first."""
        ((number,),) = self.rows("outbox", "SELECT coalesce(max(id), 0) FROM conversations_parcel")
        return int(number)

    def wait_until_quiet(self, channel: str, after: int = 0, seconds: float = 30) -> None:
        """Return when of the channel's parcels after that one none is on its way any more."""
        until(
            lambda: self.rows("outbox", ON_THEIR_WAY, channel, after) == [(0,)],
            seconds,
            lambda: f"parcels of {channel} are still on their way",
        )

    def kept(self) -> tuple[int, int]:
        """How many messages and parcels it has kept, once the log has every turn."""
        until(lambda: self.rows("outbox", UNMOVED) == [(0,)], 20, lambda: "the log does not get every turn")
        (messages,), (parcels,) = (
            self.rows(database, f"SELECT count(*) FROM conversations_{table}")[0]
            for database, table in (("conversations", "message"), ("outbox", "parcel"))
        )
        return messages, parcels

    def metric(self, name: str, **labels: str) -> float:
        """A number of /metrics; 0 where it was never counted."""
        inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        wanted = f"{name}{{{inside}}} "
        lines = httpx.get(f"{self.place.gateway_url}/metrics").text.splitlines()
        return next((float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted)), 0.0)

    def metric_total(self, name: str) -> float:
        """A number of /metrics that has no labels."""
        lines = httpx.get(f"{self.place.gateway_url}/metrics").text.splitlines()
        return next((float(line.removeprefix(f"{name} ")) for line in lines if line.startswith(f"{name} ")), 0.0)

    def change(self, database: str, sql: str, *parameters: object) -> None:
        """Change what its outbox, or the log, holds."""
        with closing(sqlite3.connect(self.place.var / f"{database}.db", timeout=10)) as connection:
            connection.execute(sql, parameters)
            connection.commit()

    def _environment(self, bot: Place) -> dict[str, str]:
        own = {
            "CHANNELS": ",".join(dict.fromkeys(one.name for one in self.platforms.values() if one.has_servers)),
            "PUBLIC_URL": PUBLIC_URL,
            "PERSON_KEY": PERSON_KEY,
            "ADDRESS_KEYS": Fernet.generate_key().decode(),
            "RASA_DATABASE_URL": f"sqlite:///{bot.var / 'rasa.db'}",
            **{f"WEB_LIMIT_ADDRESS_{what}": "100000/minute" for what in ADDRESS_LIMITS},  # all are at one address
            "LOG_LEVEL": "INFO",  # what the platforms' libraries say of their requests is looked at, too
        }
        for platform in self.platforms.values():
            own |= platform.environment()
        return {**environment(self.place), **own}

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.place.gateway_url}/healthz", timeout=2).is_success
        except httpx.HTTPError:
            return False
