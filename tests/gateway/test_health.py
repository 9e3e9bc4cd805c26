"""The health checks say what is, by the words that come back through the real path."""

import httpx

from service.place import Place
from tests.conftest import manage
from tests.gateway.test_path import gateway_without_rasa  # noqa: F401  (a fixture)


def test_a_bot_that_works_is_ready(bot: Place) -> None:
    response = httpx.get(f"{bot.gateway_url}/readyz", timeout=10)
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "emergency": "ok", "question": "ok"}


def test_without_rasa_the_gateway_is_alive_and_not_ready(gateway_without_rasa: Place) -> None:  # noqa: F811
    url = gateway_without_rasa.gateway_url
    alive, ready = httpx.get(f"{url}/healthz", timeout=10), httpx.get(f"{url}/readyz", timeout=10)
    assert (alive.status_code, alive.json()) == (200, {"status": "ok", "emergency": "ok"})
    assert ready.status_code == 503
    assert ready.json() == {"status": "failed", "emergency": "ok", "question": "failed"}


def test_a_health_check_leaves_nothing_in_the_log(bot: Place) -> None:
    httpx.get(f"{bot.gateway_url}/healthz", timeout=10)
    known = manage(
        bot,
        "shell",
        "-v",
        "0",
        "-c",
        "from service.conversations.models import Conversation as C; print([c.channel for c in C.objects.all()])",
    )
    assert "canary" not in known.stdout and known.returncode == 0


def test_metrics_count_what_rasa_did_not_answer(gateway_without_rasa: Place) -> None:  # noqa: F811
    url = gateway_without_rasa.gateway_url
    httpx.post(f"{url}/webhooks/rest/webhook", json={"sender": "a", "message": "what is baclofen?"}, timeout=10)
    assert 'engine_no_answer_total{cause="ConnectError"}' in httpx.get(f"{url}/metrics").text
