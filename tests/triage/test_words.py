"""However it was typed, it is read as what was meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baclofen_faq.triage.red_flags import load_red_flags


def norms(text: str) -> list[str]:
    return [token.norm_ for token in load_red_flags().reader.read(text) if not token.is_space]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("haluccinatng", "hallucinating"),
        ("S3IZUR3", "seizure"),
        ("siezure", "seizure"),
        ("k1ll", "kill"),
        ("sei\u200bzure", "seizure"),
        ("ｓｅｉｚｕｒｅ", "seizure"),
        ("ѕеіzurе", "seizure"),
        ("séizùre", "seizure"),
        ("seizuuuuure", "seizure"),
        ("s e i z u r e", "seizure"),
        ("convulsión", "convulsion"),
        ("🚑", "ambulance"),
        ("can’t", "cant"),
    ],
)
def test_one_word(typed: str, meant: str) -> None:
    assert norms(typed) == [meant]


def test_lost_blanks_are_found() -> None:
    assert norms("hesfittingonthefloor") == ["hes", "fitting", "on", "the", "floor"]
    assert norms("chestpain") == ["chest", "pain"]


@pytest.mark.parametrize(
    "text", ["am i fit for work", "40mg b12 2nd 39c", "we planted beets and swore", "tizanidine or gabapentin", "hello"]
)
def test_a_word_that_is_one_stays_itself(text: str) -> None:
    assert norms(text) == [token.lower() for token in norms(text)]
    assert "".join(norms(text)) == text.replace(" ", "")


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_offsets_stay_those_of_the_text(text: str) -> None:
    doc = load_red_flags().reader.read(text)
    assert len(doc.text) == len(text)
