"""Made-up turns, spread as in a clinic's log over 90 days: the same ones each time, but for today's date."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from baclofen_faq.answers import load_vetted
from benchmarks.console.words import texts

DAYS, DAY, MINUTE = 90, 86_400_000_000, 60_000_000  # microseconds
LONG, LONG_A_TURN = 3_000, 100_000  # one conversation of so many turns among so many turns
CHANNELS, CHANNEL_SHARES = ("web", "telegram", "whatsapp", "sms"), (0.8, 0.12, 0.07, 0.01)
RISK_SHARE, OPEN_SHARE = 0.03, 0.05
TURNS_PER_UNDELIVERED = 500
KINDS = ("self_harm", "emergency", "repeated", "advisory", "not_helpful", "unanswered", "low_confidence")
RISKS = {"self_harm": 5, "emergency": 4, "repeated": 3, "advisory": 2}
LEVELS = {"self_harm": "emergency", "emergency": "emergency", "repeated": "advisory", "advisory": "advisory"}
STAFF = ("a.ndiaye", "b.okafor", "c.lindqvist", "d.moreau", "e.tanaka", "f.rossi")
VERSIONS = 3  # of each answer, one after the other
Row = dict[str, Any]


@cache
def answers() -> list[tuple[str, str]]:
    """Id and text of every vetted answer, the one that is sent most often first."""
    found = [(one.id, one.text) for one in load_vetted().answers.values()]
    np.random.default_rng(7).shuffle(found)
    return found


def version(rank: int, number: int) -> str:
    """One of an answer's versions; `rank` is its place in `answers`."""
    return f"{rank:04d}{number:08d}"


@dataclass
class Talks:
    """So many turns; `conversations` and `messages` are rows for the log, in the order in which they began."""

    turns: int
    now: np.datetime64

    def __post_init__(self) -> None:
        """Who speaks when."""
        random = self.random = np.random.default_rng(7)
        lengths = self._lengths()
        owner = np.repeat(np.arange(len(lengths)), lengths)
        gaps = random.exponential(MINUTE, self.turns) + (random.random(self.turns) < 0.1) * random.exponential(
            DAY, self.turns
        )
        since = np.cumsum(gaps)
        first = np.cumsum(lengths) - lengths
        since -= since[first][owner]
        longest = since[first + lengths - 1]
        shrink = np.minimum(1, 0.9 * DAYS * DAY / np.maximum(longest, 1))
        start = random.random(len(lengths)) * (DAYS * DAY - longest * shrink)
        at = start[owner] + since * shrink[owner]
        number = np.argsort(np.argsort(start))  # conversations are numbered as they begin
        order = np.argsort(at, kind="stable")
        self.owner, self.at = (
            number[owner][order],
            self.now - np.timedelta64(DAYS, "D") + at[order].astype("timedelta64[us]"),
        )
        self.count, self.lengths = len(lengths), np.bincount(self.owner)

    def numbers_of_length(self, turns: int) -> list[int]:
        """The numbers of the conversations of so many turns."""
        return [int(place) + 1 for place in np.flatnonzero(self.lengths == turns)]

    def day_before(self, days: int) -> str:
        """A day, as 2026-11-26, so many days before the last."""
        return str((self.now - np.timedelta64(days, "D")).astype("datetime64[D]"))

    @cached_property
    def kinds(self) -> dict[int, str]:
        """The conversations that need staff, and why."""
        some = self.random.choice(self.count, int(RISK_SHARE * self.count), replace=False)
        chances = (0.02, 0.08, 0.1, 0.2, 0.25, 0.1, 0.25)
        return dict(zip(some.tolist(), self.random.choice(KINDS, len(some), p=chances).tolist()))

    def conversations(self) -> Iterator[Row]:
        """One row each, by number from 1 on."""
        random, count = self.random, self.count
        times = _as_text(self.at)
        first = np.unique(self.owner, return_index=True)[1]
        last = len(self.owner) - 1 - np.unique(self.owner[::-1], return_index=True)[1]
        channels = random.choice(CHANNELS, count, p=CHANNEL_SHARES)
        flagged, assigned, reviewed = random.random((3, count)) < [[0.005], [0.01], [0.01]]
        is_open = random.random(count) < OPEN_SHARE
        confidence = random.beta(12, 2, count) * 0.4 + 0.6
        helpful = random.random(count) < 0.15
        staff = random.choice(STAFF, (2, count))
        for one in range(count):
            kind = self.kinds.get(one)
            begun, is_done = times[first[one]], (not is_open[one] if kind else reviewed[one])
            yield {
                "id": one + 1,
                "channel": channels[one],
                "key": f"person-{one}",
                "started_at": begun,
                "last_at": times[last[one]],
                "session_began_at": begun,
                "turns": int(self.lengths[one]),
                "level": LEVELS.get(kind or "", "information"),
                "least_confidence": round(0.5 if kind == "low_confidence" else float(confidence[one]), 3),
                "feedback": "not_helpful" if kind == "not_helpful" else "helpful" if helpful[one] else "",
                "risk": RISKS.get(kind, 1) if kind else 0,
                "reasons": json.dumps([kind] if kind else []),
                "due_at": times[last[one]] if kind else None,
                "first_review_at": times[last[one]] if kind and is_done else None,
                "state": "done" if is_done else ("in_review", "new", "follow_up", "new")[one % 4] if kind else "new",
                "is_flagged": int(flagged[one]),
                "assignee": staff[0][one] if assigned[one] or kind and not is_done and one % 3 == 0 else "",
                "reviewer": staff[1][one] if is_done else "",
                "reviewed_at": times[last[one]] if is_done else None,
            }

    def messages(self) -> Iterator[Row]:
        """Each turn's message and reply, by number from 1 on."""
        random, said = self.random, texts(self.turns, self.random)
        chances = 1 / np.arange(2, len(answers()) + 2)
        topics = random.choice(len(chances), self.turns, p=chances / chances.sum())
        confidence, latency = random.beta(12, 2, self.turns) * 0.4 + 0.6, random.gamma(4, 20, self.turns)
        helpful = random.random(self.turns) < 0.03
        answered = _as_text(self.at + latency.astype("timedelta64[ms]"))
        starts = dict(zip(*np.unique(self.owner, return_index=True)))
        for turn, (owner, at, text) in enumerate(zip(self.owner.tolist(), _as_text(self.at), said)):
            kind = self.kinds.get(owner, "") if starts[owner] == turn else ""
            answer, answer_text = answers()[topics[turn]]
            judged = {
                "conversation_id": owner + 1,
                "level": LEVELS.get(kind, "information"),
                "triage_version": "t1",
                "model_version": "model-1",
            }
            yield {
                **judged,
                "id": 2 * turn + 1,
                "direction": "in",
                "message_id": f"m{turn}",
                "said_at": at,
                "text": text,
                "intent": f"ask_{answer}",
                "confidence": 0.5 if kind == "low_confidence" else round(float(confidence[turn]), 3),
                "latency_ms": int(latency[turn]),
                "stages": '{"rules": 1.2, "sound": 2.1, "recall": 0.8, "rasa": 55.0}',
                "findings": _findings(kind),
            }
            yield {
                **judged,
                "id": 2 * turn + 2,
                "direction": "out",
                "in_reply_to_id": 2 * turn + 1,
                "said_at": answered[turn],
                "text": answer_text,
                "answer_id": "cannot_answer" if kind == "unanswered" else answer,
                "answer_version": version(topics[turn], VERSIONS * turn // self.turns),
                "buttons": '[{"title": "Was this helpful?", "payload": "/affirm"}]',
                "delivery": "undelivered" if turn % TURNS_PER_UNDELIVERED == 0 else "sent",
                "feedback": "not_helpful" if kind == "not_helpful" else "helpful" if helpful[turn] else "",
            }

    def _lengths(self) -> Any:
        """Turns of each conversation: five on average, half of them three or fewer, some very long."""
        long = [LONG] * max(1, self.turns // LONG_A_TURN)
        drawn = np.maximum(1, self.random.lognormal(1.0, 1.05, self.turns).round().astype(int)).clip(max=400)
        short = drawn[: np.searchsorted(np.cumsum(drawn), self.turns - sum(long))]
        rest = self.turns - sum(long) - short.sum()
        return np.array([*long, *short, *([rest] if rest else [])])


def _findings(kind: str) -> str:
    symptoms = {"self_harm": "self_harm", "emergency": "seizure", "repeated": "repeated", "advisory": "ran_out"}
    if kind not in symptoms:
        return "[]"
    found = {"symptom": symptoms[kind], "status": "current", "level": LEVELS[kind], "phrase": "", "start": 0, "end": 9}
    return json.dumps([found])


def _as_text(times: Any) -> list[str]:
    """As SQLite keeps them: 2026-11-26 19:19:37.123456, UTC."""
    return [at.replace("T", " ") for at in np.datetime_as_string(times, unit="us").tolist()]
