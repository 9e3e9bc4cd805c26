"""compose.yml: read by the specification; nginx alone is public, and nobody may do more than they must."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from baclofen_faq.vetted_files import ROOT
from tests.deploy.image import COMMAND
from tests.faults.postgres import Postgres, newest_programs, rows

DEPLOY = ROOT / "deploy"
UV = ROOT / ".tools" / "bin" / "uv"
COMPOSE_SPEC = "compose-spec==0.2.1"
TEXT = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
NETWORKS: dict[str, Any] = yaml.safe_load(TEXT)["networks"]
RUN = {name: service for name, service in SERVICES.items() if name != "build"}
INSIDE = ("rasa-1", "rasa-2", "actions-1", "actions-2", "database", "migrate")


def lint(text: str) -> subprocess.CompletedProcess[str]:
    command = [str(UV), "run", "--quiet", "--no-project", "--with", COMPOSE_SPEC, "--with", "pyyaml", "python"]
    return subprocess.run(
        [*command, str(Path(__file__).parent / "compose_lint.py")],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_what_the_compose_specification_takes() -> None:
    done = lint(TEXT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("restart: unless-stopped", "restrat: unless-stopped"),
        ("networks: [data]", "networks: [dat]"),
        ("condition: service_healthy", "condition: service_wealthy"),
        ('"443:8443"', '"https:8443"'),
    ],
)
def test_a_slip_in_it_would_be_found(right: str, wrong: str) -> None:
    assert right in TEXT
    assert lint(TEXT.replace(right, wrong)).returncode != 0


def test_only_nginx_has_a_public_side() -> None:
    assert {name for name, one in RUN.items() if "public" in one["networks"]} == {"nginx"}
    published = {name: one["ports"] for name, one in RUN.items() if "ports" in one}
    assert published.pop("nginx") == ["80:8080", "443:8443"]
    assert [port for ports in published.values() for port in ports] == ["127.0.0.1:9090:9090"]


def test_rasa_actions_and_databases_are_on_inner_networks_only() -> None:
    inner = {name for name, network in NETWORKS.items() if network.get("internal")}
    assert inner == {"inside", "engine", "data"}
    for name in INSIDE:
        assert set(RUN[name]["networks"]) <= inner - {"inside"}, name
    assert not {"engine", "data"} & set(RUN["nginx"]["networks"])
    assert "data" not in RUN["actions-1"]["networks"]


@pytest.mark.parametrize("name", RUN)
def test_a_container_may_do_no_more_than_it_must(name: str) -> None:
    service = RUN[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service
    assert service["mem_limit"] and service["pids_limit"] and service["restart"] in ("unless-stopped", "on-failure")
    assert set(service.get("depends_on", {})) <= RUN.keys()


def test_each_gateway_has_a_volume_and_an_address_of_its_own_that_nginx_knows() -> None:
    gateways = {name: one for name, one in RUN.items() if name.startswith("gateway")}
    assert len(gateways) == 2
    volumes = [volume for one in gateways.values() for volume in one["volumes"] if volume.endswith("baclofen-faq")]
    assert len(set(volumes)) == 2
    addresses = {one["networks"]["inside"]["ipv4_address"] for one in gateways.values()}
    assert addresses == set(re.findall(r"server ([\d.]+):8080", RUN["nginx"]["environment"]["GATEWAY_SERVERS"]))
    assert RUN["gateway-1"]["environment"]["FORWARDED_ALLOW_IPS"] == RUN["nginx"]["networks"]["inside"]["ipv4_address"]


def test_rasa_is_told_no_secret_but_that_of_its_own_database() -> None:
    assert set(RUN["rasa-1"]["environment"]) == {"ACTIONS_URL", "RASA_DATABASE_URL", "LOG_LEVEL", "LOG_FORMAT"}
    assert RUN["rasa-1"]["environment"]["ACTIONS_URL"] != RUN["rasa-2"]["environment"]["ACTIONS_URL"]
    assert set(RUN["actions-1"]["environment"]) == {"CLINIC_FILE", "LOG_LEVEL", "LOG_FORMAT"}
    assert all("env_file" not in one for one in RUN.values())


@pytest.mark.parametrize("name", ["gateway", "rasa", "actions", "console"])
def test_an_image_starts_its_process_as_the_procfile_does(name: str) -> None:
    """But for the ports and folders of a machine, and for what a container must have besides."""
    (line,) = re.findall(rf"^{name}: (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    if name == "gateway":
        command = (DEPLOY / "gateway.sh").read_text().splitlines()[-1].removeprefix("exec ")
    else:
        command = " ".join(yaml.safe_load(COMMAND.findall((DEPLOY / f"{name}.Dockerfile").read_text())[0]))
    of_the_container = {"--interface", "0.0.0.0", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "8080", "5005", "5055"}
    started = set(shlex.split(command)) - of_the_container
    assert len(started) > 4
    assert started <= set(line.replace("$", "").split()), started - set(line.split())


@pytest.fixture
def two_databases(postgres: Postgres) -> Postgres:
    """What the script makes in an empty server."""
    programs = newest_programs()
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "PGHOST": "127.0.0.1", "PGPORT": str(postgres.port)}
    passwords = {"POSTGRES_USER": "postgres", "LOG_PASSWORD": "a'b", "RASA_PASSWORD": "c"}
    subprocess.run([DEPLOY / "postgres" / "10-databases.sh"], env={**environment, **passwords}, check=True)
    return postgres


def test_rasa_cannot_open_the_log(two_databases: Postgres) -> None:
    assert (DEPLOY / "postgres" / "10-databases.sh").stat().st_mode & 0o111, "it would be read into another script"
    for user, own, other in (("rasa", "rasa", "conversations"), ("conversations", "conversations", "rasa")):
        address = two_databases.address(own).replace("postgres@", f"{user}@")
        assert rows(address, "CREATE TABLE its_own (); SELECT current_user") == [(user,)]
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            rows(two_databases.address(other).replace("postgres@", f"{user}@"), "SELECT 1")
