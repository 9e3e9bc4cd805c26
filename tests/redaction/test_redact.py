"""Identifiers go, what a nurse needs stays."""

import pytest

from baclofen_faq.redaction import redact


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("call me at 202-555-0142 please", "call me at [phone] please"),
        ("(202) 555 0142", "[phone]"),
        ("+44 20 7946 0958 is my number", "[phone] is my number"),
        ("mail jo.ann+x@example.co.uk now", "mail [email] now"),
        ("two: a@b.org and 2025550142", "two: [email] and [phone]"),
        ("temp 103.2 at 10:30, pulse 140, bp 80/40", "temp 103.2 at 10:30, pulse 140, bp 80/40"),
        ("baclofen 10 mg x 3, since 2019", "baclofen 10 mg x 3, since 2019"),
        ("he took 10 20 30 40 mg, BP 120/80 130/90 140/95", "he took 10 20 30 40 mg, BP 120/80 130/90 140/95"),
        ("at 0800 1200 1600 2000", "at 0800 1200 1600 2000"),
        ("call 911 or 988", "call 911 or 988"),
        ("", ""),
    ],
)
def test_a_text_is_redacted(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_national_numbers_follow_the_country() -> None:
    assert redact("020 7946 0958", "GB") == "[phone]"
    assert redact("+353 1 437 0000", None) == "[phone]"
    assert redact("030 1234567, mornings", None) == "[phone], mornings"
