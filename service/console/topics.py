"""What a person can have asked about: the topics of the vetted answers, by the intents that ask for them."""

from collections.abc import Mapping
from functools import cache

from baclofen_faq.answers import BY_OWN_NAME, HELPFUL, OWN_WORDS, YES_OR_NO, load_vetted

NOT_ASKED_FOR = "cannot_answer"
OUT_OF_SCOPE = "out_of_scope"


@cache
def questions() -> Mapping[str, str]:
    """The question of each vetted answer, by its id; read once a process."""
    return {answer.id: answer.question for answer in load_vetted().answers.values()}


@cache
def intents() -> Mapping[str, str]:
    """The question that stands for each intent (`ask_<id>`, or the id itself), by the alphabet; "out of scope" last."""
    asked = {id if id in BY_OWN_NAME else f"ask_{id}": question for id, question in questions().items()}
    named = {id: question for id, question in asked.items() if id not in (f"ask_{NOT_ASKED_FOR}", OUT_OF_SCOPE)}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold())) | {OUT_OF_SCOPE: "Out of scope"}


def button_title(text: str) -> str:
    """What stood on the button that a person chose instead of writing; "" where the text is no button's payload."""
    titles = {**YES_OR_NO, **HELPFUL, **OWN_WORDS}
    return titles.get(text) or intents().get(text[1:], "") if text.startswith("/") else ""
