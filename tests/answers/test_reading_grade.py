"""Everything that is sent reads at grade 6.0 or easier."""

import pytest

from baclofen_faq.answers.checks import whole_texts
from baclofen_faq.answers.reading_grade import HARDEST_GRADE, reading_grade
from baclofen_faq.answers.store import load_vetted


def test_every_text_is_easy_enough(capsys: pytest.CaptureFixture[str]) -> None:
    grades = {where: reading_grade(text) for where, text in whole_texts(load_vetted())}
    assert len(grades) > 50
    with capsys.disabled():
        print("\ngrade  text")
        for where, grade in sorted(grades.items(), key=lambda item: -item[1]):
            print(f"{grade:5.1f}  {where}")
    assert max(grades.values()) <= HARDEST_GRADE


def test_names_of_medicines_numbers_and_placeholders_do_not_count() -> None:
    plain = "Call your clinic. Tell them what you took. They can help."
    assert reading_grade(plain.replace("clinic", "clinic {clinic_phone}")) == reading_grade(plain)
    assert reading_grade(plain.replace("took", "took 202-555-0142")) == reading_grade(plain)


def test_hard_words_are_seen() -> None:
    hard = (
        "Abrupt discontinuation precipitates considerable neurological instability, necessitating immediate "
        "multidisciplinary hospitalization. Rehabilitation specialists subsequently individualize pharmacotherapy."
    )
    assert reading_grade(hard) > HARDEST_GRADE
