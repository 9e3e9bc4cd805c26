"""What must hold for everything under vetted/ before anything of it is sent."""

from collections.abc import Iterator
from pathlib import Path

from baclofen_faq.answers.never_say import broken_rules, numbers_written_out, wrong_country_numbers
from baclofen_faq.answers.reading_grade import HARDEST_GRADE, reading_grade
from baclofen_faq.answers.texts import REQUIRED_ANSWERS, Vetted
from baclofen_faq.vetted_files import VettedFileError, require

REQUIRED_LINES = (
    "closed", "reminder", "if_happening_now", "did_you_mean", "cannot_answer_now", "not_yet_approved", "review_overdue",
    "what_else", "more", "which_one", "route_pump", "route_oral", "was_it_helpful", "glad", "sorry",
    "erased", "not_erased", "your_words", "no_words", "not_shown",
    "please_write", "sms_help", "sms_stop", "sms_start",
    "handed_off", "from_staff",
)  # fmt: skip
REQUIRED_GUIDANCE = ("emergency_report", "advisory_unsure")
KINDS = {"overdose"}  # a wording of emergency_report
FOLLOW_UPS = {"why", "time", "danger"}
MOST_WORDS = 90


def check_required(vetted: Vetted, folder: Path) -> None:
    """What the bot cannot speak without."""
    for id in REQUIRED_ANSWERS:
        require(id in vetted.answers, folder / "answers" / f"{id}.yml", "id", "the answer is missing")
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


def check_follow_ups(vetted: Vetted, folder: Path) -> None:
    """Every follow-up leads from a topic to a topic."""
    path = folder / "follow_ups.yml"
    require(vetted.follow_ups.keys() == FOLLOW_UPS, path, "keys", f"must be {', '.join(sorted(FOLLOW_UPS))}")
    for key, topics in vetted.follow_ups.items():
        unknown = ({*topics, *topics.values()} - {"otherwise"}) - vetted.answers.keys()
        require(not unknown, path, key, f"no answer named {', '.join(sorted(unknown))}")


def check_texts(vetted: Vetted) -> None:
    """Raise VettedFileError for a text that must never be said, is too hard or long, or names a number of a country."""
    for text in vetted.texts():
        broken = broken_rules(text.words)
        if broken:
            raise VettedFileError(f"{text.where}: must never be said ({', '.join(broken)}); change the sentence")
        numbers = [] if text.key.startswith("regions.") else numbers_written_out(text.words)
        if numbers:
            raise VettedFileError(f"{text.where}: {numbers[0]} is a number of one country; write {{emergency_number}}")
    for where, words in whole_texts(vetted):
        _check_whole(where, words)
    for name, region in vetted.regions.items():
        wrong = wrong_country_numbers(" ".join(region.numbers.values()), name)
        if wrong:
            raise VettedFileError(f"vetted/guidance.yml: regions.{name}: number of another country: {wrong}")


def _check_whole(where: str, words: str) -> None:
    grade, count = reading_grade(words), len(words.split())
    if grade > HARDEST_GRADE:
        raise VettedFileError(f"{where}: reading grade {grade}, at most {HARDEST_GRADE}; use shorter words")
    if count > MOST_WORDS and where.startswith("vetted/answers"):
        raise VettedFileError(f"{where}: {count} words, at most {MOST_WORDS}; leave out what matters least")


def whole_texts(vetted: Vetted) -> Iterator[tuple[str, str]]:
    """(where, words) of what is long enough to be graded: answers, and each guidance with each advice line."""
    for answer in vetted.answers.values():
        yield from ((text.where, text.words) for text in answer.texts() if text.key != "question")
    for guidance in vetted.guidance.values():
        is_advised = "{advice}" in guidance.text
        advised = {id: advice.line for id, advice in vetted.advice.items() if advice.line} if is_advised else {"": ""}
        for symptom, line in advised.items():
            for text in guidance.texts():
                yield f"vetted/guidance.yml: {guidance.id} {symptom}".strip(), text.words.replace("{advice}", line)
