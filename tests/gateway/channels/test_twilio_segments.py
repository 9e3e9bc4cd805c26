"""SMS: in how many segments the vetted texts are sent, and that WhatsApp shows them as they are."""

import re

import pytest

from baclofen_faq.answers import load_replies
from service.gateway.channels.twilio.plain import plain
from service.gateway.channels.twilio.segments import BASIC, EXTENSION, segments

REPLIES = load_replies()
ANSWERS = sorted(REPLIES._vetted.answers)
GUIDANCE = [(level, symptom) for level in ("emergency", "advisory") for symptom in ("", *REPLIES._vetted.advice)]


@pytest.mark.parametrize("id", ANSWERS)
def test_every_short_answer_is_two_segments_of_the_small_alphabet(id: str) -> None:
    found = segments(REPLIES._fill(REPLIES._vetted.answers[id].short))
    assert found.encoding == "GSM-7" and found.count <= 2


@pytest.mark.parametrize(("level", "symptom"), GUIDANCE)
def test_guidance_is_of_the_small_alphabet_and_four_segments(level: str, symptom: str) -> None:
    found = segments(REPLIES.guidance(level, [symptom]).text)
    assert found.encoding == "GSM-7" and found.count <= 4


@pytest.mark.parametrize("line", ["sms_stop", "sms_start", "sms_help"])
def test_what_is_said_to_keywords_is_two_segments(line: str) -> None:
    found = segments(REPLIES._fill(REPLIES._vetted.lines[line]))
    assert found.encoding == "GSM-7" and found.count <= 2


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 0),
        ("a", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("a" * 158 + "€", "GSM-7", 1),
        ("a" * 159 + "€", "GSM-7", 2),
        ("a" * 152 + "[" + "a" * 151, "GSM-7", 2),
        ("a" * 152 + "[" + "a" * 152, "GSM-7", 3),
        ("ç", "UCS-2", 1),
        ("Ç", "GSM-7", 1),
        ("é" * 160, "GSM-7", 1),
        ("你" * 70, "UCS-2", 1),
        ("你" * 71, "UCS-2", 2),
        ("你" * 134, "UCS-2", 2),
        ("你" * 135, "UCS-2", 3),
        ("\U0001f642" * 35, "UCS-2", 1),
        ("\U0001f642" * 36, "UCS-2", 2),
        ("\U0001f642" * 66, "UCS-2", 2),
        ("\U0001f642" * 67, "UCS-2", 3),
    ],
)
def test_segments(text: str, encoding: str, count: int) -> None:
    found = segments(text)
    assert (found.encoding, found.count) == (encoding, count)


def test_the_small_alphabet_is_that_of_the_standard() -> None:
    assert len(BASIC) == 127 and len(EXTENSION) == 10  # 128 less the escape; the form feed is one of the ten
    assert not BASIC & EXTENSION


def test_plain_forms_are_of_the_small_alphabet() -> None:
    assert segments(plain("’‘‚“”„–—‑−…•\u00a0\u202f\u2009")).encoding == "GSM-7"


def test_whatsapp_finds_no_markup_in_what_can_be_sent() -> None:
    vetted = [text for text in REPLIES._vetted.texts() if text.key not in ("lines.your_words",)]
    assert len(vetted) > 100
    for text in vetted:
        shown = re.sub(r"\{\w+\}", "", text.words)
        assert not re.search(r"[*_~`]|^\s*>", shown, re.MULTILINE), text.where
        for source in text.sources:
            assert not re.search(r"[*_~`]", source.title), text.where
