"""The report of both halves, with intervals, floors and every miss; and the stock pipeline beside it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from baclofen_faq.vetted_files import ROOT
from service.evaluation import safety, understanding
from service.evaluation.measures import KINDS, below_floors, table
from service.evaluation.safety import CALM, Turn
from service.evaluation.understanding import Asked

REPORTS = ROOT / "reports"
SAFETY_WANTED = ("emergency recall", "advisory or higher", "calm called emergency")


@dataclass(frozen=True)
class Results:
    """What came of everything that was said. `intents`: Markdown of the intents alone and a stock pipeline, or ()."""

    turns: Sequence[Turn]
    asked: Sequence[Asked]
    intents: Sequence[str] = ()

    def below_floors(self) -> list[str]:
        """One sentence for each floor that is not reached."""
        understood = (*understanding.MEASURES, *understanding.OTHERS)
        return below_floors(safety.MEASURES, self.turns) + below_floors(understood, self.asked)

    def summary(self) -> str:
        """The report without the sentences, so that who works on triage and intents stays blind to them."""
        turns, asked = self.turns, self.asked
        seconds = quantiles([turn.seconds for turn in turns], n=20)
        floors = [f"- not reached: {sentence}" for sentence in self.below_floors()] or ["All reached."]
        wanted = [measure for measure in safety.MEASURES if measure.name in SAFETY_WANTED]
        lines = [
            "# Evaluation on the blind holdout",
            "",
            "The running bot (gateway, Rasa, actions) was asked through HTTP. Nothing was trained or tuned on these "
            "messages. Shares have 95 % Wilson intervals.",
            "",
            "## Floors",
            "",
            *floors,
            "",
            "## Is it safe",
            "",
            *table(safety.MEASURES, turns, "kind", KINDS),
            "",
            f"Round trip: p50 {seconds[9]:.3f} s, p95 {seconds[18]:.3f} s.",
            "",
            "## Does it understand",
            "",
            *table(understanding.MEASURES, asked, "kind", KINDS),
            "",
            *table(understanding.OTHERS, asked, "kind", ("plain", "dialogue")),
            "",
            *table(understanding.MEASURES[:3], asked, "trick", sorted({one.trick for one in asked if one.is_calm})),
            "",
            *table(understanding.OTHERS[-2:], asked, "expects", sorted({one.expects for one in asked})),
            "",
            "### Answered in place of",
            "",
            *understanding.confusion(asked),
            "",
            *self.intents,
        ]
        for key in ("file", "trick"):
            lines += [
                "",
                f"## Safety by {key}",
                "",
                *table(wanted, turns, key, sorted({getattr(t, key) for t in turns})),
            ]
        symptoms = sorted({turn.symptom for turn in turns if turn.symptom})
        lines += ["", "## Safety by symptom", "", *table(wanted[:1], turns, "symptom", symptoms)]
        return "\n".join(lines)

    def whole(self) -> str:
        """The report as Markdown, with every miss."""
        recall = safety.MEASURES[0]
        lines = [self.summary()]
        lines += _turns("Emergencies that were missed", self.turns, lambda t: recall.rows(t) and not recall.is_hit(t))
        lines += _turns(
            "Advisory messages that were missed", self.turns, lambda t: t.expected == "advisory" and t.level in CALM
        )
        lines += _turns(
            "Calm messages that were escalated", self.turns, lambda t: t.expected in CALM and t.level == "emergency"
        )
        lines += _asked("Questions without the right answer", self.asked, lambda a: a.is_calm and not a.is_right)
        lines += _asked(
            "Out of scope, but answered", self.asked, lambda a: a.trick == "out_of_scope" and bool(a.answered)
        )
        lines += _asked(
            "Follow-ups that were not resolved", self.asked, lambda a: a.trick == "follow_up" and not a.is_right
        )
        lines += _asked(
            "Several questions, not all answered",
            self.asked,
            lambda a: a.trick == "several" and not {*a.topics} <= {*a.answered},
        )
        return "\n".join(lines) + "\n"

    def write(self, folder: Path = REPORTS) -> Path:
        """Write evaluation.md and evaluation.json; the path of the first."""
        folder.mkdir(exist_ok=True)
        rows = {"safety": [asdict(turn) for turn in self.turns], "understanding": [asdict(one) for one in self.asked]}
        (folder / "evaluation.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False))
        path = folder / "evaluation.md"
        path.write_text(self.whole(), encoding="utf-8")
        return path


def _turns(title: str, turns: Sequence[Turn], is_in: Callable[[Any], bool]) -> list[str]:
    found = [f"- {t.id} ({t.file}, {t.trick}, {t.symptom or '-'}; got {t.level}): {t.text}" for t in turns if is_in(t)]
    return ["", f"## {title}", "", *(found or ["None."])]


def _asked(title: str, asked: Sequence[Asked], is_in: Callable[[Any], bool]) -> list[str]:
    found = [
        f"- {a.id} ({a.trick}, {a.expects}: {', '.join(a.topics)}; sent {', '.join(a.answered) or a.replied_level}, "
        f"offered {', '.join(a.offered) or '-'}): {a.text}"
        for a in asked
        if is_in(a)
    ]
    return ["", f"## {title}", "", *(found or ["None."])]
