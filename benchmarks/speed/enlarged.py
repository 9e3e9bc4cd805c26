"""A copy of the project with more answers than it has: made-up topics, whose sentences are made-up words."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import yaml

from baclofen_faq.vetted_files import ROOT, read_mapping
from benchmarks.console.words import vocabulary

LEFT_OUT = {"var", "models", "reports", "results", "tests", "docs"}  # of the project's folder
MODEL_ANSWER = "what_is_pump"  # whose texts all made-up topics say
TEMPLATES = (
    "what is {0} {1}",
    "what's {0} {1} and why does it matter",
    "tell me about {0} {1}",
    "how does {0} {1} work",
    "can you explain {0} {1}",
    "why is there {0} {1}",
    "{0} {1}?",
    "my doctor said {0} {1}, what does it mean",
    "is {0} {1} the same as {0}",
    "who gets {0} {1}",
    "when does {0} {1} begin",
    "i read about {0} {1} somewhere",
    "do i have to know of {1} because of {0}",
    "{1} and {0}, how do they go together",
    "does {0} {1} end by itself",
    "what comes after {0} {1}",
    "mum asks about {0} {1}",
    "explain {1} to me, the {0} one",
    "anything on {0} {1} here",
    "is {0} {1} common",
)


def enlarged(folder: Path, answers: int) -> Path:
    """Copy the project into an empty folder and add made-up topics until it has so many answers; return it.

    Raises:
        ValueError: it has more already.
    """
    shutil.copytree(ROOT, folder, ignore=_left_out, dirs_exist_ok=True)
    more = answers - len(list((folder / "vetted" / "answers").glob("*.yml")))
    if more < 0:
        raise ValueError(f"The project has more than {answers} answers: measure larger numbers.")
    topics = _made_up(more)
    _write_answers(folder, topics)
    _write_domain(folder, topics)
    _append(folder / "data" / "rules.yml", map(_rule, topics))
    _append(folder / "data" / "nlu.yml", (_sentences(id, words) for id, words in topics.items()))
    return folder


def _left_out(folder: str, names: list[str]) -> set[str]:
    hidden = {name for name in names if name.startswith(".") or name in ("__pycache__", "node_modules")}
    return hidden | (LEFT_OUT if Path(folder) == ROOT else set())


def _made_up(count: int) -> dict[str, tuple[str, str]]:
    """Ids, and the two words that each topic is about."""
    words = vocabulary(np.random.default_rng(7))[-2 * count :] if count else []
    return {f"made_up_{number:03d}": pair for number, pair in enumerate(zip(words[::2], words[1::2]))}


def _write_answers(folder: Path, topics: Mapping[str, tuple[str, str]]) -> None:
    model = read_mapping(ROOT / "vetted" / "answers" / f"{MODEL_ANSWER}.yml")
    for id, words in topics.items():
        answer = {**model, "id": id, "question": f"What is {' '.join(words)}?"}
        (folder / "vetted" / "answers" / f"{id}.yml").write_text(yaml.safe_dump(answer), encoding="utf-8")


def _write_domain(folder: Path, ids: Iterable[str]) -> None:
    path = folder / "domain.yml"
    domain = read_mapping(path)
    domain["intents"] += [f"ask_{id}" for id in ids]
    path.write_text(yaml.safe_dump(domain, sort_keys=False), encoding="utf-8")


def _rule(id: str) -> str:
    return f"\n  - rule: answer {id}\n    steps:\n      - intent: ask_{id}\n      - action: action_answer_question\n"


def _sentences(id: str, words: tuple[str, str]) -> str:
    examples = "".join(f"      - {template.format(*words)}\n" for template in TEMPLATES)
    return f"\n  - intent: ask_{id}\n    examples: |\n{examples}"


def _append(path: Path, texts: Iterable[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(texts)
