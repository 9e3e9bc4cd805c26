"""Understanding a message, NLU alone and in process: ours and stock, in turns over the same messages."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from baclofen_faq.nlu.serve import MODEL
from baclofen_faq.vetted_files import ROOT
from benchmarks.speed import stock
from benchmarks.speed.load import Block
from benchmarks.speed.messages import messages
from benchmarks.speed.parsing import parse, parser
from benchmarks.speed.servers import OURS, STOCK
from benchmarks.speed.tables import table

MESSAGES, WARM_UP = 400, 20
TITLE = "Understanding a message"


def measure() -> dict[str, Any]:
    """Milliseconds a message, of both."""
    costs = {OURS: Block(), STOCK: Block()}
    with ExitStack() as undo:
        parsers = {
            OURS: undo.enter_context(parser(Path(sys.executable), MODEL, ROOT)),
            STOCK: undo.enter_context(parser(stock.PYTHON, stock.model(), stock.make_project())),
        }
        for number, text in enumerate(islice(messages(), WARM_UP + MESSAGES)):
            for name, process in parsers.items():
                took = parse(process, text)
                if number >= WARM_UP:
                    costs[name].milliseconds.append(took)
    return {name: {"p50": block.p50, "p95": block.p95} for name, block in costs.items()}


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """Both as a table."""
    pairs = {kind: (figures[OURS][kind], figures[STOCK][kind]) for kind in ("p50", "p95")}
    yield from table(["ms", OURS, STOCK, "ratio"], [[kind, *pair, pair[0] / pair[1]] for kind, pair in pairs.items()])
    yield f"NLU alone, in process, {MESSAGES} messages, none twice."
