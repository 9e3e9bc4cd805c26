"""Where the processes of the bot listen on one machine, and what they are started with."""

import os
import secrets
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from baclofen_faq.vetted_files import ROOT
from service.settings.base import IS_PRODUCTION, VAR

USUAL_COUNT = 2 if IS_PRODUCTION else 1  # with two, one can be changed or die while the other answers
MOST = 16
PIDS, LIVE = "pids", "live"
BOT = ("actions", "rasa", "gateway")
STAFF = ("console", "housekeeping")
Ports = dict[str, range]


class StackError(RuntimeError):
    """The bot cannot run; the message is one sentence that names what is wrong and the next step."""


@dataclass(frozen=True)
class Place:
    """Where the processes listen, on 127.0.0.1, and the folder of their databases and logs.

    Of several gateways and Rasas the first listens on the port named here, each other one on the next. Each Rasa has an
    action server of its own.
    """

    gateway: int = field(default_factory=lambda: _number("GATEWAY_PORT", 8080))
    rasa: int = field(default_factory=lambda: _number("RASA_PORT", 5005))
    actions: int = field(default_factory=lambda: _number("ACTIONS_PORT", 5055))
    var: Path = VAR
    console: int = field(default_factory=lambda: _number("CONSOLE_PORT", 8000))
    gateways: int = field(default_factory=lambda: _number("GATEWAYS", USUAL_COUNT, MOST))
    rasas: int = field(default_factory=lambda: _number("RASAS", USUAL_COUNT, MOST))

    @classmethod
    def elsewhere(cls, var: Path) -> "Place":
        """One process of each kind on ports that nothing listens on now."""
        with ExitStack() as probes:
            sockets = [probes.enter_context(socket.socket()) for _ in range(4)]
            for one in sockets:
                one.bind(("127.0.0.1", 0))
            gateway, rasa, actions, console = (one.getsockname()[1] for one in sockets)
        return cls(gateway, rasa, actions, var, console, gateways=1, rasas=1)

    @property
    def gateway_urls(self) -> list[str]:
        """Where the channels are, of each gateway."""
        return [_url(port) for port in self.ports()["gateway"]]

    @property
    def gateway_url(self) -> str:
        """Where the channels of the first gateway are."""
        return _url(self.gateway)

    @property
    def console_url(self) -> str:
        """Where staff sign in."""
        return _url(self.console)

    @property
    def rasa_urls(self) -> list[str]:
        """Where each Rasa is."""
        return [_url(port) for port in self.ports()["rasa"]]

    @property
    def rasa_url(self) -> str:
        """Where the first Rasa is."""
        return _url(self.rasa)

    @property
    def live(self) -> Path:
        """The folder that the processes run from: a link to the release that is live, or else the project itself."""
        link = self.var / LIVE
        return link if link.exists() else ROOT

    def make_live(self, folder: Path) -> None:
        """Have the processes run from that folder from their next start on.

        In one step, so that a process that starts meanwhile finds the one or the other.
        """
        link = self.var / f"{LIVE}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
        link.replace(self.var / LIVE)

    def pid(self, name: str) -> int:
        """The id of a running process, by its name: gateway.1, rasa.2, console.1."""
        return int((self.var / PIDS / name).read_text())

    def is_running(self, name: str) -> bool:
        """Whether a process of that name runs here."""
        try:
            os.kill(self.pid(name), 0)
        except (OSError, ValueError):
            return False
        return True

    def ports(self) -> Ports:
        """The ports of the processes that have some, by the names of Procfile."""
        return {
            "gateway": range(self.gateway, self.gateway + self.gateways),
            "rasa": range(self.rasa, self.rasa + self.rasas),
            "actions": range(self.actions, self.actions + self.rasas),
            "console": range(self.console, self.console + 1),
        }


def check_ports(place: Place, names: Sequence[str] = BOT) -> None:
    """Raise StackError naming the first port of these processes that something else listens on, or that two share."""
    ports = {name: ports for name, ports in place.ports().items() if name in names}
    every = [port for some in ports.values() for port in some]
    if len(set(every)) < len(every):
        listed = ", ".join(f"{name} {port}" for name, port in _each(ports))
        raise StackError(
            f"Two processes share a port ({listed}): give each of GATEWAY_PORT, RASA_PORT, ACTIONS_PORT and "
            "CONSOLE_PORT its own."
        )
    for name, port in _each(ports):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise StackError(
                    f"Port {port} ({name}) is in use, perhaps by another `make serve` or `make chat`: "
                    f"stop that one, or set {name.upper()}_PORT to a free port."
                )


def environment(place: Place) -> dict[str, str]:
    """What every process of the bot is started with."""
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {  # each process knows its own settings
        **inherited,
        "GATEWAY_PORT": str(place.gateway),
        "RASA_PORT": str(place.rasa),
        "RASA_URLS": ",".join(place.rasa_urls),
        "RASA_DATABASE_URL": os.environ.get("RASA_DATABASE_URL") or f"sqlite:///{place.var / 'rasa.db'}",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or ("" if IS_PRODUCTION else _secret_key(place)),
        "ACTIONS_PORT": str(place.actions),
        "ACTIONS_URL": f"{_url(place.actions)}/webhook",  # of the first Rasa
        "CONSOLE_PORT": str(place.console),
        "SANIC_HOST": "127.0.0.1",
        "VAR_FOLDER": str(place.var),
        "LIVE_FOLDER": str(place.var / LIVE),
        "CLINIC_FILE": os.environ.get("CLINIC_FILE") or str(ROOT / "clinic.yml"),  # it is switched as it stands
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "RASA_TELEMETRY_ENABLED": "false",
        "OPENBLAS_NUM_THREADS": "1",  # a second one only waits for the first, at full speed
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _each(ports: Ports) -> Iterator[tuple[str, int]]:
    return ((name, port) for name, some in ports.items() for port in some)


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _secret_key(place: Place) -> str:
    """What signs the sessions of the website, kept so that they outlive a restart; production must be given its own."""
    path = place.var / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _number(name: str, default: int, most: int = 65535) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not 0 < int(value) <= most:
        raise StackError(f"{name} is {value!r}: it must be a number from 1 to {most}, such as {default}.")
    return int(value)
