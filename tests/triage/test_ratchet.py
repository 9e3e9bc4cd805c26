"""No case's level falls unseen."""

from tests.triage import ratchet


def test_no_case_fell_without_a_reason() -> None:
    before = ratchet.kept()
    assert len(before) > 700
    assert ratchet.without_reason(before, ratchet.levels()) == {}, "see `make ratchet`"


def test_the_kept_levels_are_those_of_now() -> None:
    assert ratchet.kept() == ratchet.levels(), "run `make ratchet`"


def test_a_fall_is_seen_and_a_rise_is_none() -> None:
    before = {"a": "emergency", "b": "advisory", "c": "none", "gone": "emergency"}
    now = {"a": "advisory", "b": "emergency", "c": "none", "new": "none"}
    assert ratchet.fallen(before, now) == {"a": ("emergency", "advisory")}
    assert ratchet.without_reason(before, now) == {"a": ("emergency", "advisory")}
