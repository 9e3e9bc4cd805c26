"""Nothing of the console is reachable through the gateway, which is the only part that the public reaches."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver

from baclofen_faq.vetted_files import ROOT

LOOK = """
import sys, django
django.setup()
import service.gateway.urls, service.gateway.receive
print([name for name in sys.modules if name.startswith(("service.console", "django.contrib.auth"))])
"""
CONSOLE = ["/", "/sign-in", "/conversations", "/conversations/1", "/staff", "/audit", "/account", "/set-password/MQ/x"]


def views(resolver: Any) -> Iterator[Any]:
    for one in resolver.url_patterns:
        yield from views(one) if isinstance(one, URLResolver) else [one.callback]


def test_none_of_its_addresses_is_a_page_of_the_console() -> None:
    found = [view.__module__ for view in views(get_resolver("service.gateway.urls"))]
    assert found and not [module for module in found if not module.startswith("service.gateway.")]


@pytest.mark.parametrize("address", [*CONSOLE, "/static/console/console.css", "/demo/../conversations"])
def test_an_address_of_the_console_is_not_found_there(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert b"Baclofen FAQ console" not in response.content


def test_its_process_does_not_even_load_the_console() -> None:
    assert not [app for app in settings.INSTALLED_APPS if "console" in app or app.startswith("django.contrib")]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "service.settings.gateway"}
    command = [sys.executable, "-W", "ignore", "-c", LOOK]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stdout + done.stderr
