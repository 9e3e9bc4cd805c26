"""Shares of what was said to the bot, with intervals and floors."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from baclofen_faq.vetted_files import ROOT
from service.place import Place

HOLDOUT = ROOT / "tests" / "holdout"
KINDS = ("plain", "adversarial", "dialogue")


@dataclass(frozen=True)
class Measure:
    """A share of some rows, each of which has a `kind`; `floors` by kind, None where there is none.

    `is_ceiling`: the floor is a most.
    """

    name: str
    rows: Callable[[Any], bool]
    is_hit: Callable[[Any], bool]
    floors: tuple[float | None, float | None, float | None] = (None, None, None)
    is_ceiling: bool = False


def holdout(pattern: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file, row) of each line of the blind files of that name.

    Raises:
        FileNotFoundError: there is none.
    """
    paths = sorted(HOLDOUT.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"{HOLDOUT / pattern}: no such file; restore it (git checkout tests/holdout)")
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.stem, json.loads(line)


def say(client: httpx.Client, place: Place, sender: str, text: str) -> list[dict[str, Any]]:
    """Say something to the running bot through the gateway's REST channel; its messages."""
    body = {"sender": f"evaluate-{sender}-{id(client)}", "message": text}
    return list(client.post(f"{place.gateway_url}/webhooks/rest/webhook", json=body).json())


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (0, 1) for no rows.

    >>> [round(bound, 3) for bound in wilson(97, 100)]
    [0.915, 0.99]
    """
    if not total:
        return 0.0, 1.0
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * (share * (1 - share) / total + spread / (4 * total)) ** 0.5
    return middle - reach, middle + reach


def share(rows: Iterable[Any], is_hit: Callable[[Any], bool]) -> str:
    """`0.970 (97 of 100; 0.915 to 0.990)`; a dash for no rows."""
    counted = list(rows)
    if not counted:
        return "-"
    hits = sum(map(is_hit, counted))
    low, high = wilson(hits, len(counted))
    return f"{hits / len(counted):.3f} ({hits} of {len(counted)}; {low:.3f} to {high:.3f})"


def below_floors(measures: Iterable[Measure], rows: Sequence[Any]) -> list[str]:
    """One sentence for each floor that is not reached; also where there is nothing to measure it on."""
    sentences = []
    for measure in measures:
        for kind, floor in zip(KINDS, measure.floors):
            of_kind = [row for row in rows if row.kind == kind and measure.rows(row)]
            value = sum(map(measure.is_hit, of_kind)) / len(of_kind) if of_kind else None
            if floor is not None and (value is None or (value > floor if measure.is_ceiling else value < floor)):
                limit = "most" if measure.is_ceiling else "least"
                shown = value if value is None else round(value, 3)
                sentences.append(f"{measure.name}, {kind}: {shown}, at {limit} {floor}")
    return sentences


def table(measures: Sequence[Measure], rows: Sequence[Any], key: str, values: Iterable[str]) -> list[str]:
    """Markdown: a row for each value of a row's key, a column for each measure."""
    lines = [f"| {key} | {' | '.join(measure.name for measure in measures)} |", f"|{'---|' * (len(measures) + 1)}"]
    for value in values:
        of_value = [row for row in rows if getattr(row, key) == value]
        cells = [share(filter(measure.rows, of_value), measure.is_hit) for measure in measures]
        lines.append(f"| {value} | {' | '.join(cells)} |")
    return lines
