"""reports/bench.md, made from the figures that are kept: ratios and floors first."""

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

from baclofen_faq.vetted_files import ROOT
from benchmarks.speed.floors import Floor
from benchmarks.speed.places import REPORT, RESULTS
from benchmarks.speed.results import Result, kept

COSTS = ROOT / "benchmarks" / "costs.md"  # written by hand
HEAD = """# Speed, side by side with a stock Rasa project

What `rasa init` of Rasa 3.6.21 gives, in its own environment, with the same domain, data and action server, and a bare
Sanic route that echoes, for scale. Measured in short blocks, in turns, so that a noisy machine meets all alike: the
ratios tell, milliseconds only how large things are. `make bench` writes this; `python -m benchmarks.speed NAME` takes
one part again.
"""


def render(figures: Mapping[str, ModuleType]) -> list[Floor]:
    """Write the report with the plots; return the floors that it holds, in its order."""
    found = {name: result for name in figures if (result := kept(name))}
    floors = [floor for name, result in found.items() for floor in _floors(figures[name], result)]
    sections = [line for name, result in found.items() for line in _section(name, figures[name], result)]
    costs = [COSTS.read_text(encoding="utf-8").replace("# ", "## ", 1)] if COSTS.exists() else []
    lines = [HEAD, *_taken(list(found.values())), *_floor_table(floors), *sections, *costs]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"written to {REPORT.relative_to(ROOT)}")
    return floors


def _floors(figure: ModuleType, result: Result) -> list[Floor]:
    return list(figure.floors(result.figures)) if hasattr(figure, "floors") else []


def _taken(results: Sequence[Result]) -> Iterator[str]:
    """When, where, with what; whether all of it by one command."""
    last = max(results, key=lambda result: result.date)
    machine, runs = last.machine, {result.run for result in results}
    size = f"{machine['cores']} cores of {machine['processor']}, {machine['memory in GB']} GB"
    yield f"{size}, Python {machine['python']}."
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in last.versions.items()) + "."
    parts = "all parts in one run" if len(runs) == 1 else f"parts from {len(runs)} runs, each with its date"
    yield f"Taken on {last.date} UTC: {parts}."
    yield ""


def _floor_table(floors: Sequence[Floor]) -> Iterator[str]:
    yield "## Floors"
    yield ""
    yield "| what | measured | floor | |"
    yield "|---|---:|---|---|"
    yield from (floor.row for floor in floors)
    yield ""


def _section(name: str, figure: ModuleType, result: Result) -> Iterator[str]:
    yield f"## {figure.TITLE}"
    yield ""
    yield from figure.lines(result.figures)
    yield ""
    if hasattr(figure, "plot"):
        figure.plot(result.figures, RESULTS / f"{name}.svg")
        yield f"![{figure.TITLE}](bench/{name}.svg)"
        yield ""
    yield f"<sub>`python -m benchmarks.speed {name}`, {result.date} UTC</sub>"
    yield ""
