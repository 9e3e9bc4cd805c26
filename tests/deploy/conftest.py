"""nginx with gateways and console behind it. Without nginx these tests are skipped; with CI=true they fail."""

import os
import shutil
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.deploy.front import Front, client
from tests.faults.postgres import Postgres, postgres  # noqa: F401  (a fixture)

collect_ignore = ["compose_lint.py"]  # it runs in an environment of its own


@pytest.fixture(scope="session")
def nginx_is_there() -> None:
    for program, package in (("nginx", "nginx-light"), ("envsubst", "gettext-base"), ("openssl", "openssl")):
        if not shutil.which(program):
            assert "CI" not in os.environ, f"{program} is missing: apt-get install {package}"
            pytest.skip(f"{program} is not installed")
    if sys.platform != "linux":
        pytest.skip("visitors come from several addresses of loopback, which only Linux has")


@pytest.fixture(scope="session")
def front(
    nginx_is_there: None,
    postgres: Postgres,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    log = postgres.make_database("behind_nginx")
    with Front(tmp_path_factory.mktemp("front"), log).running() as running:
        yield running


@pytest.fixture
def chat(front: Front) -> Iterator[httpx.Client]:
    with client(front.nginx) as http:
        yield http
