"""What holds where a part of the gateway itself fails."""

import asyncio
import os
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest

from baclofen_faq.answers import Mode
from baclofen_faq.triage import Level, assess
from baclofen_faq.vetted_files import ROOT
from service.gateway import message
from service.gateway.listening import SOUND_THREADS, Listening
from service.gateway.mode import ModeSwitch

EMERGENCY = "my name is Anna and he is having a seizure"


def heard(text: str) -> message.Heard:
    inbound = message.Inbound("anna", text, "rest", "m-1")
    return message.Heard(inbound, text, datetime.now(timezone.utc), assess(text))


def test_the_findings_of_a_turn_count_the_redacted_text() -> None:
    entry = message.entry_of(heard(EMERGENCY))
    text, (finding, *_) = entry.inbound["text"], entry.inbound["findings"]
    assert text == "my name is [name] and he is having a seizure"
    assert text[finding["start"] : finding["end"]] == "seizure"
    assert finding["phrase"] == "seizure/seizures/seizing/seized"


def test_a_redaction_that_fails_keeps_the_turn_and_not_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str, country: str | None) -> None:
        raise IndexError(text)

    monkeypatch.setattr("service.conversations.record.redact", fails)
    entry = message.entry_of(heard(EMERGENCY))
    assert entry.inbound["text"] == "[not kept: redaction failed]"
    assert entry.inbound["level"] == entry.told["level"] == "emergency"


async def test_triage_that_fails_is_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("service.gateway.listening.by_rules", fails)
    listening = Listening()
    ruled = await listening.by_rules("she is a bit off")
    assert ruled is None
    assert (await listening.by_sound(ruled, "she is a bit off", 1)).level is Level.ADVISORY
    assert await listening.idle(0)


async def test_rasa_waits_for_who_waits_to_be_heard_and_not_for_who_is_being_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard_out = threading.Event()
    monkeypatch.setattr("service.gateway.listening.listen", lambda ruled: heard_out.wait(5) and ruled.assessment)
    listening = Listening()
    ruled = await listening.by_rules("what is baclofen?")
    sounds = [asyncio.create_task(listening.by_sound(ruled, "what is baclofen?", 5)) for _ in range(SOUND_THREADS)]
    await asyncio.sleep(0.05)
    assert await listening.idle(0)
    sounds.append(asyncio.create_task(listening.by_sound(ruled, "what is baclofen?", 5)))
    await asyncio.sleep(0.05)
    assert not await listening.idle(0)
    heard_out.set()
    assert await listening.idle(5)
    assert {sound.level for sound in await asyncio.gather(*sounds)} == {ruled.assessment.level}


def test_a_clinic_that_cannot_be_read_keeps_the_mode(tmp_path: Path) -> None:
    clinic = tmp_path / "clinic.yml"
    clinic.write_text((ROOT / "clinic.yml").read_text().replace("mode: normal", "mode: emergency_only"))
    switch = ModeSwitch(clinic)
    clinic.unlink()
    clinic.mkdir()
    os.utime(clinic, (1, 1))
    switch._looked_at = 0
    assert switch.mode() is Mode.EMERGENCY_ONLY
