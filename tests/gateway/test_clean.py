"""Any text becomes words that are safe to handle; nothing urgent is cut off."""

from hypothesis import given
from hypothesis import strategies as st

from service.gateway.clean import LONGEST, clean

PAYLOADS = frozenset({"/ask_why_taper"})


def test_a_leading_slash_is_removed_but_not_from_a_payload() -> None:
    assert clean("/restart she is not breathing", PAYLOADS) == "restart she is not breathing"
    assert clean("//ask_why_taper", PAYLOADS) == "ask_why_taper"
    assert clean(" /ask_why_taper ", PAYLOADS) == "/ask_why_taper"
    assert clean("/\u00a0/session_start", PAYLOADS) == "session_start"
    assert clean("\u2028 / /\u2003/restart", PAYLOADS) == "restart"


def test_head_and_tail_of_a_long_text_are_kept() -> None:
    text = "first words " + "x" * 10_000 + " he is having a seizure"
    cleaned = clean(text, PAYLOADS)
    assert cleaned.startswith("first words") and cleaned.endswith("he is having a seizure")
    assert len(cleaned) <= LONGEST


def test_what_is_invisible_hides_no_end_of_a_text() -> None:
    text = "first words " + "\u200b" * 900_000 + " he is having a seizure"
    assert clean(text, PAYLOADS).endswith("he is having a seizure")


@given(st.text(max_size=6000))
def test_any_text_is_short_printable_and_no_command(text: str) -> None:
    cleaned = clean(text, PAYLOADS)
    assert len(cleaned) <= LONGEST
    assert "\0" not in cleaned
    assert not cleaned.strip().startswith("/") or cleaned in PAYLOADS
