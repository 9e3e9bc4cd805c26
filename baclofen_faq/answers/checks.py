"""What must hold for everything under vetted/ before anything of it is sent."""

from collections.abc import Iterator
from pathlib import Path

from baclofen_faq.answers.never_say import broken_rules, wrong_country_numbers
from baclofen_faq.answers.reading_grade import HARDEST_GRADE, reading_grade
from baclofen_faq.answers.texts import Vetted
from baclofen_faq.vetted_files import VETTED, VettedFileError, require, shown

REQUIRED_LINES = ("closed", "reminder", "if_happening_now", "did_you_mean", "cannot_answer_now", "not_yet_approved")
REQUIRED_GUIDANCE = ("emergency_report", "advisory_unsure")
KINDS = {"overdose"}  # a wording of emergency_report


def check_required(vetted: Vetted, folder: Path) -> None:
    """What the bot cannot speak without."""
    require("cannot_answer" in vetted.answers, folder / "answers" / "cannot_answer.yml", "id", "the answer is missing")
    guidance_file = folder / "guidance.yml"
    for id in REQUIRED_GUIDANCE:
        require(id in vetted.guidance, guidance_file, "guidance", f"{id} is missing")
    for line in REQUIRED_LINES:
        require(line in vetted.lines, guidance_file, f"lines.{line}", "is missing")
    for symptom, advice in vetted.advice.items():
        known = ", ".join(vetted.guidance)
        require(
            advice.guidance in KINDS | vetted.guidance.keys(),
            folder / "red_flags.yml",
            f"{symptom}.guidance",
            f"must be overdose or one of {known}",
        )


def check_texts(vetted: Vetted) -> None:
    """Raise VettedFileError for a text that must never be said, is too hard, or names another country's number."""
    for where, text in vetted.texts():
        broken = broken_rules(text)
        if broken:
            raise VettedFileError(f"{where}: says what must never be said ({', '.join(broken)}); change the sentence")
    for where, text in whole_texts(vetted):
        grade = reading_grade(text)
        if grade > HARDEST_GRADE:
            raise VettedFileError(
                f"{where}: reading grade {grade}, at most {HARDEST_GRADE}; use shorter words and sentences"
            )
    for name, numbers in vetted.regions.items():
        wrong = wrong_country_numbers(" ".join(numbers.values()), name)
        if wrong:
            raise VettedFileError(
                f"{shown(VETTED / 'guidance.yml')}: regions.{name}: number of another country: {wrong}"
            )


def whole_texts(vetted: Vetted) -> Iterator[tuple[str, str]]:
    """(where, text) of what is long enough to be graded: answers, and each guidance with each advice line."""
    for answer in vetted.answers.values():
        yield from ((f"vetted/answers/{answer.id}.yml: {key}", text) for key, text in answer.texts())
    for guidance in vetted.guidance.values():
        is_advised = "{advice}" in guidance.text
        advised = {id: advice.line for id, advice in vetted.advice.items() if advice.line} if is_advised else {"": ""}
        for symptom, line in advised.items():
            for text in filter(None, (guidance.text, guidance.overdose)):
                yield f"vetted/guidance.yml: {guidance.id} {symptom}".strip(), text.replace("{advice}", line)
