"""What stands behind nginx in the tests: two gateways and the console, with one log in PostgreSQL and no Rasa."""

import shutil
import ssl
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from httpcore import SyncBackend

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from tests.conftest import free_port
from tests.deploy.nginx import CHAT, Nginx
from tests.faults.processes import Process

BIN = Path(sys.executable).parent
CLINIC_PAGE = "https://www.clinic.example"
ADDRESS_SESSIONS = 40  # a minute; each test that counts comes from an address of its own
SETTINGS = {
    "SECRET_KEY": "of the tests, the same for each process " * 2,
    "ALLOWED_HOSTS": f"{CHAT},127.0.0.1",
    "CONSOLE_HOSTS": "console.clinic.example",
    "WEB_ORIGINS": CLINIC_PAGE,
    "FORWARDED_ALLOW_IPS": "127.0.0.1",
    "WEB_LIMIT_ADDRESS_MESSAGES": "100000/minute",
    "WEB_LIMIT_ADDRESS_FLOOD": "100000/minute",
    "WEB_LIMIT_ADDRESS_SESSIONS": f"{ADDRESS_SESSIONS}/minute",
    "CHANNELS": "telegram",
    "TELEGRAM_TOKEN": "1:tests",
    "TELEGRAM_WEBHOOK_SECRET": "s" * 40,
    "TELEGRAM_BOT_NAME": "tests_bot",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "PUBLIC_URL": f"https://{CHAT}",
    "PERSON_KEY": "p" * 40,
    "ADDRESS_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "HANDOFF_URL": "http://127.0.0.1:9/desk",
    "HANDOFF_SECRET": "tests",
}


class Front:
    """nginx, the gateways `gateways[0]` and `gateways[1]`, and the console."""

    def __init__(self, folder: Path, log: str) -> None:
        """Prepare it; `log` is the address of an empty database."""
        self.folder, self.log = folder, log
        self.ports, self.console_port = [free_port(), free_port()], free_port()
        self.gateways = [self._gateway(port) for port in self.ports]
        self.console = self._console()
        (folder / "nginx").mkdir()
        self.nginx = Nginx(folder / "nginx", self.ports, self.console_port)

    @contextmanager
    def running(self) -> Iterator["Front"]:
        """All of it runs inside, and none of it afterwards."""
        first, second = (self.folder / str(port) for port in self.ports)
        self._migrate(self.ports[0], "outbox")
        shutil.copy(first / "outbox.db", second)
        self._migrate(self.ports[0], "default")
        with ExitStack() as undo:
            for process in (*self.gateways, self.console):
                undo.callback(process.kill)
                process.start()
            for process in (*self.gateways, self.console):
                process.wait_until_ready()
            undo.enter_context(self.nginx.running())
            yield self

    def _gateway(self, port: int) -> Process:
        (self.folder / str(port)).mkdir()
        command = [str(BIN / "uvicorn"), "service.asgi:application", "--port", str(port), "--ws", "none"]
        options = ["--log-level", "warning", "--no-access-log", "--no-server-header"]
        return Process(
            [*command, *options],
            self.folder / f"gateway-{port}.txt",
            self._environment(port),
            is_ready=lambda: answers(f"http://127.0.0.1:{port}/healthz"),
        )

    def _console(self) -> Process:
        command = [
            str(BIN / "gunicorn"),
            "service.console.wsgi:application",
            "--bind",
            f"127.0.0.1:{self.console_port}",
        ]
        return Process(
            [*command, "--threads", "4", "--no-control-socket"],
            self.folder / "console.txt",
            {**self._environment(self.ports[0]), "CONSOLE_BEHIND_PROXY": "1"},
            is_ready=lambda: answers(f"http://127.0.0.1:{self.console_port}/sign-in"),
        )

    def _environment(self, port: int) -> dict[str, str]:
        place = Place(gateway=port, rasa=free_port(), actions=free_port(), var=self.folder / str(port), rasas=1)
        return {**environment(place), **SETTINGS, "DATABASE_URL": self.log}

    def _migrate(self, port: int, database: str) -> None:
        command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--settings", "service.settings.console"]
        subprocess.run(
            [*command, "--verbosity", "0", "--database", database], cwd=ROOT, env=self._environment(port), check=True
        )


def answers(url: str) -> bool:
    """Whether a server is there, whatever it says."""
    try:
        httpx.get(url, timeout=10)
    except httpx.HTTPError:
        return False
    return True


class ToNginx(SyncBackend):
    """A network on which every host name is nginx."""

    def __init__(self, port: int) -> None:
        """`port` is nginx's."""
        self._port = port

    def connect_tcp(self, host: str, port: int, *arguments: Any, **more: Any) -> Any:
        """As httpcore's own."""
        return super().connect_tcp("127.0.0.1", self._port, *arguments, **more)


def client(nginx: Nginx, host: str = CHAT, address: str = "127.0.0.1") -> httpx.Client:
    """A browser that comes from this address and trusts the tests' certificate."""
    trusting = ssl.create_default_context(cafile=str(nginx.certificate))
    transport = httpx.HTTPTransport(verify=trusting, local_address=address, trust_env=False)
    transport._pool._network_backend = ToNginx(nginx.port)
    return httpx.Client(transport=transport, base_url=f"https://{host}", timeout=15)


class Visitor:
    """One conversation by the web channel."""

    def __init__(self, http: httpx.Client) -> None:
        """Begin it."""
        self.http, self.ids = http, []  # type: httpx.Client, list[str]
        self.token = http.post("/web/session", json={}).json()["token"]

    def say(self, text: str) -> list[str]:
        """What is answered; where no answer comes, the same is sent again, as the chat box does."""
        self.ids.append(str(uuid.uuid4()))
        for _ in range(5):
            try:
                response = self._post(self.ids[-1], text)
                break
            except httpx.TransportError:
                continue
        assert response.status_code == 200, (response.status_code, response.text)
        self.token = response.json()["token"]
        return [reply["text"] for reply in response.json()["replies"]]

    def _post(self, id: str, text: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post("/web/messages", json={"id": id, "text": text}, headers=headers)
