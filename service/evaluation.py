"""How the running bot does on the blind holdout: recall, over-escalation, every miss, with intervals."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from baclofen_faq.answers.never_say import broken_rules
from baclofen_faq.vetted_files import ROOT
from service.stack import Place

HOLDOUT = ROOT / "tests" / "holdout"
REPORTS = ROOT / "reports"
URGENCY = {"none": 0, "information": 1, "advisory": 2, "emergency": 3}
CALM = ("information", "none")


@dataclass(frozen=True)
class Turn:
    """One message of the holdout and what the bot did with it."""

    id: str
    text: str
    expected: str
    symptom: str
    trick: str
    kind: str
    level: str
    answer_id: str
    seconds: float
    is_silent: bool
    broken: list[str]


def run(place: Place) -> list[Turn]:
    """Say every message, and every dialogue turn by turn, to the bot through the gateway's REST channel."""
    turns = []
    with httpx.Client(timeout=30) as client:
        for row in _rows("messages.jsonl"):
            kind = "plain" if row["trick"] == "plain" else "adversarial"
            turns.append(_say(client, place, row["id"], row, kind, row["trick"]))
        for dialogue in _rows("dialogues.jsonl"):
            for row in dialogue["turns"]:
                turns.append(_say(client, place, dialogue["id"], row, "dialogue", dialogue["trick"]))
    return turns


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (HOLDOUT / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _say(client: httpx.Client, place: Place, sender: str, row: dict[str, Any], kind: str, trick: str) -> Turn:
    begun = time.perf_counter()
    body = {"sender": f"evaluate-{sender}-{id(client)}", "message": row["text"]}
    replies = client.post(f"{place.gateway_url}/webhooks/rest/webhook", json=body).json()
    first = max(replies, key=lambda reply: URGENCY[reply["level"]], default={"level": "none", "answer_id": ""})
    return Turn(
        id=sender,
        text=row["text"],
        expected=row["level"],
        symptom=row.get("symptom") or "",
        trick=trick,
        kind=kind,
        level=first["level"],
        answer_id=replies[-1]["answer_id"] if replies else "",
        seconds=time.perf_counter() - begun,
        is_silent=not any(reply["text"].strip() for reply in replies),
        broken=[rule for reply in replies for rule in broken_rules(reply["text"].split("Sources:")[0])],
    )


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


def share(turns: Iterable[Turn], is_hit: Callable[[Turn], bool]) -> str:
    """`0.970 (97 of 100; 0.915 to 0.990)`."""
    rows = list(turns)
    hits = sum(map(is_hit, rows))
    low, high = wilson(hits, len(rows))
    return f"{hits / max(len(rows), 1):.3f} ({hits} of {len(rows)}; {low:.3f} to {high:.3f})"


def report(turns: list[Turn]) -> str:
    """The report as Markdown."""
    lines = ["# Evaluation on the blind holdout", "", "Nothing was trained or tuned on these messages.", ""]
    lines += ["| what | plain | adversarial | dialogues |", "|---|---|---|---|"]
    for name, rows, is_hit in _measures():
        cells = [
            share((t for t in turns if t.kind == kind and rows(t)), is_hit)
            for kind in ("plain", "adversarial", "dialogue")
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    seconds = [turn.seconds for turn in turns]
    lines += [
        "",
        f"Silent: {sum(t.is_silent for t in turns)}. Never-say rules broken: {sum(bool(t.broken) for t in turns)}.",
    ]
    lines += [f"Round trip: p50 {quantiles(seconds, n=20)[9]:.3f} s, p95 {quantiles(seconds, n=20)[18]:.3f} s."]
    lines += _table("symptom", turns, lambda t: t.expected == "emergency" and bool(t.symptom))
    lines += _table("trick", turns, lambda t: t.expected == "emergency")
    lines += ["", "## Emergencies that were missed", ""]
    lines += [
        f"- {t.id} ({t.kind}, {t.trick}, {t.symptom or '-'}; got {t.level}): {t.text}" for t in turns if _is_missed(t)
    ]
    lines += ["", "## Calm messages that were escalated", ""]
    lines += [
        f"- {t.id} ({t.kind}, {t.trick}): {t.text}" for t in turns if t.expected in CALM and t.level == "emergency"
    ]
    return "\n".join(lines) + "\n"


def _measures() -> list[tuple[str, Callable[[Turn], bool], Callable[[Turn], bool]]]:
    return [
        ("emergency recall", lambda t: t.expected == "emergency", lambda t: t.level == "emergency"),
        ("emergency at least advisory", lambda t: t.expected == "emergency", lambda t: URGENCY[t.level] >= 2),
        ("advisory or higher", lambda t: t.expected == "advisory", lambda t: URGENCY[t.level] >= 2),
        ("advisory called emergency", lambda t: t.expected == "advisory", lambda t: t.level == "emergency"),
        ("over-escalation of calm messages", lambda t: t.expected in CALM, lambda t: t.level == "emergency"),
        ("calm messages called advisory", lambda t: t.expected in CALM, lambda t: t.level == "advisory"),
    ]


def _table(key: str, turns: list[Turn], rows: Callable[[Turn], bool]) -> list[str]:
    lines = ["", f"## Emergency recall by {key}", "", f"| {key} | recall |", "|---|---|"]
    chosen = [turn for turn in turns if rows(turn)]
    for value in sorted({getattr(turn, key) for turn in chosen}):
        lines.append(
            f"| {value} | {share((t for t in chosen if getattr(t, key) == value), lambda t: t.level == 'emergency')} |"
        )
    return lines


def _is_missed(turn: Turn) -> bool:
    return turn.expected == "emergency" and turn.level != "emergency"


def write(turns: list[Turn], folder: Path = REPORTS) -> Path:
    """Write evaluation.md and evaluation.json; the path of the first."""
    folder.mkdir(exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps([asdict(turn) for turn in turns], indent=1, ensure_ascii=False))
    path = folder / "evaluation.md"
    path.write_text(report(turns), encoding="utf-8")
    return path
