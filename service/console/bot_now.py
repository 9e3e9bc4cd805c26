"""What the bot makes of a corrected message now: triage is run again, Rasa is asked."""

import logging
import secrets
import time
from collections.abc import Sequence

import httpx
from django.conf import settings
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from baclofen_faq.triage import triage_version
from service.console.erasure import in_background
from service.conversations.models import Verdict
from service.conversations.outbox import CANARY
from service.conversations.retention import IN_FLIGHT_SECONDS, erase_rasa_conversation
from service.conversations.second_look import level_today

log = logging.getLogger(__name__)
ASKING_SECONDS = 5


def check(verdicts: Sequence[Verdict], seconds: float) -> list[Verdict]:
    """Ask what the bot makes of messages now, and keep it with their verdicts: no words, only level, intent, versions.

    Args:
        verdicts: which, in this order.
        seconds: until when; at least one is checked.

    Returns:
        Those that were checked, with what was found.
    """
    until = time.monotonic() + seconds
    checked, askers = [], []
    try:
        with httpx.Client(base_url=settings.RASA_URLS[0], timeout=ASKING_SECONDS) as rasa:
            for verdict in verdicts:
                askers.append(f"{CANARY}-changes-{secrets.token_hex(8)}")
                checked.append(_checked(verdict, rasa, askers[-1]))
                if time.monotonic() >= until:
                    break
    finally:
        in_background(IN_FLIGHT_SECONDS, lambda: _forget(askers))
    return checked


def _checked(verdict: Verdict, rasa: httpx.Client, asker: str) -> Verdict:
    """One verdict, with what was found. That says nothing of who gave it and when: `said_at` stays."""
    verdict.level_now, verdict.triage_now = level_today(verdict.message).value, triage_version()
    verdict.intent_now, verdict.model_now = understood(verdict.message.text, rasa, asker)
    verdict.checked_at = timezone.now()
    names = ("level_now", "triage_now", "intent_now", "model_now", "checked_at")
    Verdict.objects.filter(pk=verdict.pk).update(**{name: getattr(verdict, name) for name in names})
    return verdict


def understood(text: str, rasa: httpx.Client, asker: str) -> tuple[str, str]:
    """The intent that Rasa understands, and by which model; empty where it is not running, or does not say.

    It is asked as a conversation of its own, without anything said before; what Rasa keeps of that is deleted at once.
    What it keeps only after it was too slow to be waited for, `check` deletes later (and `manage.py purge`, as of every
    canary).
    """
    try:
        answer = rasa.post("/webhooks/rest/webhook", json={"sender": asker, "message": text})
        said = [one for one in answer.raise_for_status().json() if one.get("intent")]
    except (httpx.HTTPError, ValueError, TypeError, AttributeError) as error:
        log.warning("the bot did not say what it understands", extra={"error": type(error).__name__})
        return "", ""
    finally:
        _forget([asker])
    return (str(said[0]["intent"]), str(said[0].get("model_id", ""))) if said else ("", "")


def _forget(askers: Sequence[str]) -> None:
    try:
        for asker in askers:
            erase_rasa_conversation(asker)
    except DatabaseTrouble as error:
        log.warning("left for the next purge", extra={"error": type(error).__name__})
