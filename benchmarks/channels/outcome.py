"""What came of the updates of one channel: what was lost, said twice, or wrong, and how long it took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from baclofen_faq.answers import load_replies
from benchmarks.channels.mix import Step
from tests.gateway.channels.platforms.platform import Platform, Shown

PAYLOADS = ("/ask_", "/affirm", "/deny", "/feedback", "/delete_conversation", "/show_conversation")
CALL, IN_FIRST = "call 911 now", 240
REFUSALS = (401, 403)
FLOORS = ("lost", "twice", "not_first", "forged", "visible", "uncalled", "broken_rules", "failed")


@dataclass
class Outcome:
    """Counts that must be zero, and milliseconds."""

    channel: str
    updates: int = 0
    lost: int = 0  # no reply, or one without what it must hold
    twice: int = 0
    not_first: int = 0  # emergencies whose first message was not the guidance
    forged: int = 0  # forgeries that were taken
    visible: int = 0  # messages with a payload in them
    uncalled: int = 0  # replies to what needs none
    broken_rules: int = 0  # of the platform
    failed: int = 0  # posts that the webhook did not take
    cannot_answer: int = 0  # questions that Rasa did not answer in time, and that were told so; no floor
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def missed(self) -> list[str]:
        """The floors that were missed."""
        return [f"{self.channel}: {name} {count}" for name in FLOORS if (count := getattr(self, name))]

    def percentiles(self, what: str) -> str:
        """p50, p95 and p99 of the webhook, of questions, or of emergencies."""
        took = self.milliseconds[what]
        return " / ".join(f"{value:.0f}" for value in np.percentile(took, (50, 95, 99))) if took else "-"


def judged(platform: Platform, steps: Sequence[Step]) -> Outcome:
    """Compare what the people of a channel did with what they saw."""
    outcome = Outcome(platform.channel, len(steps), broken_rules=len(platform.violations))
    seen: dict[str, list[Shown]] = defaultdict(list)
    for shown in platform.messages:
        seen[shown.to].append(shown)
    by_person: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        outcome.milliseconds["webhook"].append(1000 * step.took)
        outcome.forged += step.kind == "forgery" and step.status not in REFUSALS
        outcome.failed += step.kind not in ("forgery", "retry") and not 200 <= step.status < 300
        if step.kind != "retry":
            by_person[step.person.id].append(step)
    for person, did in by_person.items():
        _judge(outcome, did, seen[person])
    return outcome


def _judge(outcome: Outcome, did: Sequence[Step], seen: Sequence[Shown]) -> None:
    """What one person saw, turn by turn; a turn ends when they do something else."""
    texts = [shown.text for shown in seen]
    outcome.twice += len(texts) - len(set(texts))
    outcome.visible += sum(any(payload in _all_of(shown) for payload in PAYLOADS) for shown in seen)
    ends = [later.begun for later in did[1:]] + [float("inf")]
    for step, end in zip(did, ends):
        _judge_turn(outcome, step, [shown for shown in seen if step.begun <= shown.at < end])


def _judge_turn(outcome: Outcome, step: Step, turn: Sequence[Shown]) -> None:
    if not step.needs_reply:
        outcome.uncalled += bool(turn)
    elif not turn or (step.is_asked_to_write and "write" not in turn[0].text):
        outcome.lost += 1
    elif step.is_emergency:
        outcome.not_first += CALL not in turn[0].text[:IN_FIRST].lower()
        outcome.milliseconds["emergencies"].append(1000 * (turn[0].at - step.begun))
    elif step.is_question:
        outcome.cannot_answer += _cannot_answer() in turn[0].text
        outcome.milliseconds["questions"].append(1000 * (turn[0].at - step.begun))


def _all_of(shown: Shown) -> str:
    return " ".join((shown.text, *shown.choices))


@cache
def _cannot_answer() -> str:
    """How that text begins."""
    return load_replies().cannot_answer_now().text.partition(".")[0]
