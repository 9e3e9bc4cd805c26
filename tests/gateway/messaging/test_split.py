"""Long texts are cut where a reader pauses, and nothing of them is lost."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from service.gateway.messaging.split import split


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@settings(deadline=None)
@given(st.text(alphabet="ab. \n!é😀", max_size=300), st.integers(2, 40))
def test_every_part_fits_and_every_word_is_there_in_order(text: str, longest: int) -> None:
    parts = split(text, longest, units)
    assert all(part.strip() and units(part) <= longest for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_the_best_joint_is_taken() -> None:
    text = "Call 911 now. Say baclofen.\n\nDo not drive. Stay there."
    assert split(text, 40) == ["Call 911 now. Say baclofen.", "Do not drive. Stay there."]
    assert split(text, 26) == ["Call 911 now.", "Say baclofen.", "Do not drive. Stay there."]
    assert split("one two three", 8) == ["one two", "three"]


def test_four_thousand_characters_without_a_joint_are_cut_too() -> None:
    assert [len(part) for part in split("x" * 4000, 1600)] == [1600, 1600, 800]
