"""Each image holds what its process needs and no more: all of them run from what their Dockerfiles copy and install."""

import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import httpx
import pytest

from baclofen_faq.validated import RECORD, record_validated
from baclofen_faq.vetted_files import ROOT
from service.training import MODEL, model_is_old
from tests.conftest import free_port
from tests.deploy.image import Image
from tests.faults.postgres import Postgres
from tests.faults.processes import Process
from tests.test_production import clinic

NAMES = ("gateway", "rasa", "actions", "console")
LARGEST_MB = {"gateway": 900, "rasa": 2200, "actions": 100, "console": 850}
NOT_IN = {
    "gateway": {"tensorflow", "keras", "rasa", "rasa_sdk", "sanic", "gunicorn", "pytest"},
    "console": {"tensorflow", "keras", "rasa", "rasa_sdk", "sanic", "telegram", "uvicorn", "pytest"},
    "actions": {"tensorflow", "keras", "rasa", "django", "spacy", "numpy", "pytest"},
    "rasa": {"django", "telegram", "gunicorn", "playwright", "pytest"},
}
Images = dict[str, Image]


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    """All of them; the model counts as validated, which the build of a real image finds out."""
    assert not model_is_old(), "the model is missing or old: run `make train` first"
    if not (ROOT / ".tools" / "bin" / "uv").exists():
        pytest.skip("uv is not in .tools: run `make setup`")
    folder = Path(tempfile.mkdtemp(prefix="images-"))
    try:
        yield {name: built(Image(name, folder / name)) for name in NAMES}
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
        shutil.rmtree(folder)


def built(image: Image) -> Image:
    """The image; where it holds the model, with the record that its build writes once the floors are reached."""
    image.build(made_there=RECORD)
    if RECORD in image.dockerfile:
        record_validated(image.app / "models" / MODEL.name, date.today())
    return image


@pytest.fixture(scope="module")
def running(images: Images, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Every process from its image, in production, by where it is reached."""
    ports = {name: free_port() for name in NAMES}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    shared = {
        "CLINIC_FILE": str(clinic(tmp_path_factory.mktemp("clinic"))),
        "SECRET_KEY": "k" * 50,
        "DATABASE_URL": postgres.make_database("images_log"),
        "RASA_DATABASE_URL": postgres.make_database("images_rasa"),
        "RASA_URLS": urls["rasa"],
        "ACTIONS_URL": f"{urls['actions']}/webhook",
        "ALLOWED_HOSTS": "127.0.0.1",
        "CONSOLE_BEHIND_PROXY": "1",
    }
    for image in images.values():
        image.shut()
    with ExitStack() as undo:
        migrate(images["console"], shared)
        started = list(processes(images, ports, shared))
        for process in started:
            undo.callback(process.kill)
            process.start()
        for process in started:
            process.wait_until_ready()
        yield urls


def processes(images: Images, ports: dict[str, int], shared: dict[str, str]) -> Iterator[Process]:
    """Each on its own port: the script of the gateway names it as well."""
    usual = {"gateway": ("8080", "/healthz"), "rasa": ("5005", "/"), "actions": ("5055", "/health")}
    for name, (port, path) in {**usual, "console": ("8000", "/sign-in")}.items():

        def change(word: str, name: str = name, port: str = port) -> str:
            if word.endswith(".sh"):
                script = images[name].folder / "start.sh"
                script.write_text((images[name].app / word).read_text().replace(port, str(ports[name])))
                return str(script)
            return word.replace(port, str(ports[name])).replace("0.0.0.0", "127.0.0.1")

        yield images[name].process(ports[name], path, change, **shared, SANIC_HOST="127.0.0.1")


def migrate(console: Image, shared: dict[str, str]) -> None:
    command = [str(console.folder / "venv/bin/python"), "-W", "ignore", "manage.py", "migrate"]
    more = ["--settings", "service.settings.console", "--database", "default", "--verbosity", "0"]
    environment = {**console._environment(), **shared}
    subprocess.run([*command, *more], cwd=console.app, env=environment, check=True)


@pytest.mark.parametrize("name", NAMES)
def test_an_image_has_no_packages_that_its_process_does_not_need(images: Images, name: str) -> None:
    there = {path.name for path in images[name].packages.iterdir()}
    assert not there & NOT_IN[name]
    done = subprocess.run(
        ["du", "-sm", "--apparent-size", images[name].folder / "venv"], capture_output=True, check=True
    )
    megabytes = int(done.stdout.split()[0])
    print(f"{name}: {megabytes} MB of packages")
    assert megabytes < LARGEST_MB[name]


@pytest.mark.parametrize("name", NAMES)
def test_an_image_holds_no_holdout_and_no_secret(images: Images, name: str) -> None:
    files = [path for path in images[name].app.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert not [path for path in files if "holdout" in path.parts or path.suffix in (".key", ".pem", ".db")]
    code = [path for path in files if "tests" in path.relative_to(images[name].app).parts and path.suffix == ".py"]
    assert [path.name for path in code] == (["test_conversations.py"] if name == "console" else [])


def test_all_images_that_speak_carry_the_same_words(images: Images) -> None:
    texts = {
        name: {path.relative_to(image.app): path.read_bytes() for path in (image.app / "vetted").rglob("*.yml")}
        for name, image in images.items()
    }
    assert len(texts["gateway"]) > 40
    assert texts["gateway"] == texts["actions"] == texts["rasa"] == texts["console"]


def test_the_gateway_of_its_image_takes_an_emergency(running: dict[str, str]) -> None:
    assert httpx.get(f"{running['gateway']}/healthz", timeout=10).json() == {"status": "ok", "emergency": "ok"}


def test_a_question_goes_through_all_images_to_its_vetted_answer(running: dict[str, str]) -> None:
    with httpx.Client(base_url=running["gateway"], timeout=15) as http:
        assert http.get("/readyz").json() == {"status": "ok", "emergency": "ok", "question": "ok"}
        token = http.post("/web/session", json={}).json()["token"]
        body = {"id": str(uuid.uuid4()), "text": "why do I have to taper?"}
        answer = http.post("/web/messages", json=body, headers={"Authorization": f"Bearer {token}"}).json()
    assert answer["replies"][0]["answer_id"] == "why_taper"


def test_the_console_of_its_image_asks_to_sign_in(running: dict[str, str]) -> None:
    page = httpx.get(f"{running['console']}/sign-in", headers={"X-Forwarded-Proto": "https"}, timeout=10)
    assert page.status_code == 200 and "Sign in" in page.text


@pytest.mark.parametrize(
    ("name", "path"), [("gateway", "/healthz"), ("rasa", "/"), ("actions", "/health"), ("console", "/sign-in")]
)
def test_the_health_check_of_an_image_tells_up_from_down(
    images: Images, running: dict[str, str], name: str, path: str
) -> None:
    def check(url: str) -> int:
        command = [images[name].folder / "venv/bin/python", "deploy/is_up.py", url]
        return subprocess.run(command, cwd=images[name].app, capture_output=True, check=False).returncode

    assert check(running[name] + path) == 0
    assert check(f"http://127.0.0.1:{free_port()}{path}") != 0


def test_nothing_is_written_beside_the_volume(images: Images, running: dict[str, str]) -> None:
    assert list((images["gateway"].folder / "var").iterdir()), "the gateway wrote its outbox"
    for image in images.values():
        assert not list(image.app.rglob("__pycache__"))


def test_the_holdout_is_the_only_part_of_the_tests_that_the_build_alone_sees() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[2] == "*" and "!/tests/holdout" in ignored
    assert [line for line in ignored if line.startswith("!/tests")] == [
        "!/tests/cases",
        "!/tests/conversations",
        "!/tests/holdout",
    ]
