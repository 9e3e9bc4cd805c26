"""data/nlu.yml: what people type, by what they want."""

from pathlib import Path

import yaml

from baclofen_faq.vetted_files import ROOT

SENTENCES = ROOT / "data" / "nlu.yml"


def read_intents(path: Path = SENTENCES) -> dict[str, list[str]]:
    """The sentences of each intent of a Rasa NLU file."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return {entry["intent"]: [line[2:] for line in entry["examples"].splitlines()] for entry in entries}
