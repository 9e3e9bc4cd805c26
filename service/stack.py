"""The processes of the bot (action server, Rasa, gateway, console): checked, trained, started and stopped together."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import yaml

from baclofen_faq.answers import load_replies
from baclofen_faq.embedding import EmbeddingModelError, check_model_files
from baclofen_faq.triage.red_flags import load_red_flags
from baclofen_faq.triage.semantic import check_semantic_model
from baclofen_faq.vetted_files import ROOT, VettedFileError, read_mapping
from service.settings.base import IS_PRODUCTION, VAR

MODEL = ROOT / "models" / "baclofen-faq.tar.gz"
RASA_FILES = (
    "config.yml",
    "domain.yml",
    "endpoints.yml",
    "credentials.yml",
    "data/nlu.yml",
    "data/stories.yml",
    "data/rules.yml",
)
TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/**/*.y*ml",
    "baclofen_faq/nlu/*.*",
    "baclofen_faq/embedding/*.*",
    "baclofen_faq/triage/semantic.npz",
    "uv.lock",
)
START_SECONDS = 120
STOP_SECONDS = 15

Say = Callable[[str], None]


class StackError(RuntimeError):
    """The bot cannot run; the message is one sentence that names what is wrong and the next step."""


@dataclass(frozen=True)
class Place:
    """Where the processes listen, on 127.0.0.1, and the folder of their databases and logs."""

    gateway: int = field(default_factory=lambda: _port("GATEWAY_PORT", 8080))
    rasa: int = field(default_factory=lambda: _port("RASA_PORT", 5005))
    actions: int = field(default_factory=lambda: _port("ACTIONS_PORT", 5055))
    var: Path = VAR
    console: int = field(default_factory=lambda: _port("CONSOLE_PORT", 8000))

    @property
    def gateway_url(self) -> str:
        """Where the channels are."""
        return f"http://127.0.0.1:{self.gateway}"

    @property
    def console_url(self) -> str:
        """Where staff sign in."""
        return f"http://127.0.0.1:{self.console}"

    @property
    def rasa_url(self) -> str:
        """Where Rasa is."""
        return f"http://127.0.0.1:{self.rasa}"


def prepare(say: Say) -> None:
    """Check every file that people edit, and train where the model is missing or old.

    Raises:
        StackError: with one sentence that names the file.
    """
    check_files()
    VAR.mkdir(exist_ok=True)
    if model_is_old():
        say("Training (about a minute) ...")
        train()


def check_files() -> None:
    """Raise StackError for a missing file, broken YAML, or an answer that may not be sent."""
    try:
        for name in RASA_FILES:
            read_mapping(ROOT / name)
        load_replies()
        load_red_flags()
        check_model_files()
        check_semantic_model()
    except (VettedFileError, EmbeddingModelError) as error:
        raise StackError(f"{error}. Then run the same command again.") from None


def model_is_old() -> bool:
    """Whether the model is missing or older than a file that it is trained from."""
    inputs = [path for pattern in TRAINED_FROM for path in ROOT.glob(pattern)]
    return not MODEL.exists() or MODEL.stat().st_mtime < max(path.stat().st_mtime for path in inputs)


def train() -> None:
    """Train Rasa's model; what Rasa prints goes to var/train.log."""
    log = VAR / "train.log"
    command = [
        str(Path(sys.executable).parent / "rasa"),
        "train",
        "--force",
        "--fixed-model-name",
        MODEL.name.removesuffix(".tar.gz"),
    ]
    with log.open("w") as output:
        done = subprocess.run(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False
        )
    if done.returncode != 0 or model_is_old():
        raise StackError(
            f"Training failed: {_reason(log)} (all of it is in {log}). Mend that and run the same command again."
        )


BOT = ("actions", "rasa", "gateway")
STAFF = ("console", "housekeeping")


@contextmanager
def running(place: Place, output: Path, names: Sequence[str] = BOT) -> Iterator[subprocess.Popen[bytes]]:
    """Start the processes, yield when all of them answer, and stop them whatever happens.

    Args:
        place: where they listen and write.
        output: the file for what they print.
        names: which ones, as Procfile names them.

    Raises:
        StackError: a port is in use, or a process did not come up.
    """
    check_ports(place, names)
    migrate(place)
    command = [sys.executable, "-m", "honcho", "start", "--no-colour", *names]
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, _interrupt)
    with output.open("wb") as printed:
        runner = subprocess.Popen(
            command, cwd=ROOT, env=environment(place), stdin=subprocess.DEVNULL, stdout=printed,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_ready(runner, place, output)
            yield runner
        finally:
            _stop(runner)


def migrate(place: Place) -> None:
    """Bring the databases of the outbox and the log up to date."""
    for database, name in (("outbox", "outbox"), ("default", "log")):
        command = [
            *(sys.executable, "-W", "ignore", "manage.py", "migrate", "--settings", "service.settings.console"),
            *("--verbosity", "0", "--database", database),
        ]
        done = subprocess.run(command, cwd=ROOT, env=environment(place), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            raise StackError(
                f"The {name}'s database in {place.var} cannot be used ({reason}): mend it, or move it away."
            )


def check_ports(place: Place, names: Sequence[str] = BOT) -> None:
    """Raise StackError naming the first port of these processes that something else listens on."""
    ports = {name: getattr(place, name) for name in names if hasattr(place, name)}
    if len(set(ports.values())) < len(ports):
        raise StackError(
            f"Two processes share a port ({ports}): give each of GATEWAY_PORT, RASA_PORT, ACTIONS_PORT and "
            "CONSOLE_PORT its own."
        )
    for name, port in ports.items():
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
        "RASA_URL": place.rasa_url,
        "RASA_ENDPOINTS": str(_endpoints(place)),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or ("" if IS_PRODUCTION else _secret_key(place)),
        "ACTIONS_PORT": str(place.actions),
        "CONSOLE_PORT": str(place.console),
        "SANIC_HOST": "127.0.0.1",
        "VAR_FOLDER": str(place.var),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "RASA_TELEMETRY_ENABLED": "false",
        "HF_HUB_OFFLINE": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _secret_key(place: Place) -> str:
    """What signs the sessions of the website, kept so that they outlive a restart; production must be given its own."""
    path = place.var / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _endpoints(place: Place) -> Path:
    """endpoints.yml with the action server's port and the folder of Rasa's database put in."""
    endpoints = read_mapping(ROOT / "endpoints.yml")
    endpoints["action_endpoint"] = {"url": f"http://127.0.0.1:{place.actions}/webhook"}
    store = endpoints.get("tracker_store") or {}
    if store.get("dialect") == "sqlite":
        store["db"] = str(place.var / "rasa.db")
    path = place.var / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints))
    return path


def _wait_until_ready(runner: subprocess.Popen[bytes], place: Place, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(place):
        if runner.poll() is not None or time.monotonic() > deadline:
            raise StackError(
                f"The bot did not start; what it printed is in {output}. `make setup` installs everything again."
            )
        time.sleep(0.3)


def _is_ready(place: Place) -> bool:
    """The gateway says so: it sent a canary emergency and a canary question through all of the bot."""
    try:
        return httpx.get(f"{place.gateway_url}/readyz", timeout=10).is_success
    except httpx.HTTPError:
        return False


def _interrupt(number: int, frame: object) -> None:
    """A closed terminal or a TERM ends everything just as Ctrl-C does."""
    raise KeyboardInterrupt


def _port(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise StackError(f"{name} is {value!r}: it must be a port number, such as {default}.")
    return int(value)


def _stop(runner: subprocess.Popen[bytes]) -> None:
    """End the runner, which ends its processes; after a while without asking."""
    if runner.poll() is None:
        runner.send_signal(signal.SIGTERM)
    try:
        runner.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        runner.kill()
        runner.wait()


def _reason(log: Path) -> str:
    """The line of a training log that says what went wrong: the last one that names an error."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    named = [line for line in lines if re.search(r"\w(?:Exception|Error): |^Failed |^Error", line)]
    return (named or lines or ["it printed nothing"])[-1][:300]
