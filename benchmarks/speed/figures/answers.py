"""40 to 400 answers: training, understanding a message and its round trip, in copies of the project."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.speed.enlarged import TEMPLATES, enlarged
from benchmarks.speed.figures.training import train
from benchmarks.speed.load import Block, Candidate, in_turns
from benchmarks.speed.messages import messages
from benchmarks.speed.parsing import parse, parser
from benchmarks.speed.plots import curves
from benchmarks.speed.servers import new_place, our_actions, our_gateway, our_gateway_process, our_rasa, started
from benchmarks.speed.tables import table
from service.stack import migrate

SIZES = (40, 120, 400)
MESSAGES, ROUNDS, WARM_UP = 25, 4, 20
MODEL = "baclofen-faq"
TITLE = "More answers"


def measure() -> dict[str, Any]:
    """Of each size: seconds of training, milliseconds of understanding and of the round trip, MB of Rasa's model."""
    with TemporaryDirectory() as folder:
        copies = [enlarged(Path(folder) / str(size), size) for size in SIZES]
        trained = [_train(copy) for copy in copies]
        parsed, said = _parsed(copies), _said(copies)
    return {
        str(size): {"training": training, "parse": parse, "round trip": trip}
        for size, training, parse, trip in zip(SIZES, trained, parsed, said)
    }


def _train(copy: Path) -> dict[str, float]:
    command = [str(Path(sys.executable).parent / "rasa"), "train", "--force", "--fixed-model-name", MODEL]
    return train(command, copy)


def _parsed(copies: Sequence[Path]) -> list[dict[str, float]]:
    blocks = [Block() for _ in copies]
    with ExitStack() as undo:
        parsers = [
            undo.enter_context(parser(Path(sys.executable), copy / "models" / f"{MODEL}.tar.gz", copy))
            for copy in copies
        ]
        for number, text in enumerate(islice(messages(), WARM_UP + ROUNDS * MESSAGES)):
            for process, block in zip(parsers, blocks):
                took = parse(process, text)
                if number >= WARM_UP:
                    block.milliseconds.append(took)
    return [{"p50": block.p50, "p95": block.p95} for block in blocks]


def _said(copies: Sequence[Path]) -> list[dict[str, float]]:
    with ExitStack() as undo:
        gateways = [undo.enter_context(_bot(copy)) for copy in copies]
        return in_turns(gateways, messages(), MESSAGES, ROUNDS, WARM_UP)


@contextmanager
def _bot(copy: Path) -> Iterator[Candidate]:
    place = new_place(copy / "var")
    migrate(place)
    parts = our_actions(place, copy), our_rasa(place, copy), our_gateway_process(place, copy)
    with started(*parts):
        yield our_gateway(place)


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """All sizes as a table."""
    heads = ["answers", "training, s", "understanding: p50 ms", "p95", "round trip: p50 ms", "p95", "of the first"]
    first = next(iter(figures.values()))["round trip"]["p50"]
    rows = []
    for size, one in figures.items():
        parsed, trip = one["parse"], one["round trip"]
        times = [parsed["p50"], parsed["p95"], trip["p50"], trip["p95"], trip["p50"] / first]
        rows.append([size, one["training"]["seconds"], *times])
    yield from table(heads, rows)
    yield f"The topics beyond the project's own are made up: {len(TEMPLATES)} sentences each, of made-up words."
    yield "The same real questions are asked at each size, in turns."


def plot(figures: dict[str, Any], path: Path) -> None:
    """What grows."""
    sizes = [int(size) for size in figures]
    series = {what: (sizes, [one[what]["p50"] for one in figures.values()]) for what in ("parse", "round trip")}
    curves(path, "More answers, median", "answers", "ms", series, is_log=False)
