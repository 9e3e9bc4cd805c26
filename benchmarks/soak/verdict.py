"""What must hold of a soak: every message answered, each once in the log, guidance first and in time, steady memory."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from benchmarks.soak.traffic import Turn, is_emergency
from benchmarks.soak.watch import Growth
from benchmarks.speed.floors import Floor
from tests.faults.postgres import rows

DRAIN_SECONDS = 120
EMERGENCY_SECONDS, MOST_GROWTH = 1.0, 0.05
IN_LOG = """
    SELECT m.id, m.direction, m.message_id, m.in_reply_to_id, m.text, m.answer_id
    FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
    WHERE c.channel = 'rest' AND c.key LIKE 'soak-%%' ORDER BY m.id
"""


@dataclass(frozen=True)
class Lost:
    """Message ids that the log lacks, holds twice, or holds with other replies than were heard."""

    missing: tuple[str, ...]
    twice: tuple[str, ...]
    other_replies: tuple[str, ...]

    @property
    def count(self) -> int:
        """All together."""
        return len(self.missing) + len(self.twice) + len(self.other_replies)


def lost(turns: Sequence[Turn], log: str) -> Lost:
    """What the log has wrong, once it had time to take what waits in the outbox."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while (found := _lost(turns, log)).count and time.monotonic() < deadline:
        time.sleep(1)
    return found


def _lost(turns: Sequence[Turn], log: str) -> Lost:
    logged = rows(log, IN_LOG)
    seen = Counter(message_id for _, direction, message_id, *_ in logged if direction == "in")
    numbers = {message_id: id for id, direction, message_id, *_ in logged if direction == "in"}
    replies: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for _, direction, _, reply_to, text, answer in logged:
        if direction == "out":
            replies[reply_to].append((text, answer))
    there = [turn for turn in turns if turn.message_id in numbers]
    return Lost(
        tuple(turn.message_id for turn in turns if turn.message_id not in numbers),
        tuple(id for id, count in seen.items() if count > 1),
        tuple(turn.message_id for turn in there if turn.replies and replies[numbers[turn.message_id]] != _heard(turn)),
    )


def _heard(turn: Turn) -> list[tuple[str, str]]:
    return [(reply["text"], reply["answer_id"]) for reply in turn.replies or []]


def unanswered(turns: Iterable[Turn]) -> list[Turn]:
    """Those without a 200 and a reply with words."""
    return [turn for turn in turns if not turn.replies or not all(reply.get("text") for reply in turn.replies)]


def not_first(turns: Iterable[Turn]) -> list[Turn]:
    """Emergencies whose first reply is not emergency guidance."""
    return [turn for turn in turns if is_emergency(turn) and (turn.replies or [{}])[0].get("level") != "emergency"]


def seconds_of(turns: Iterable[Turn], share: float) -> float:
    """What this share of the replies took at most; 0.99 of fewer than a hundred is the slowest."""
    took = sorted(turn.took for turn in turns)
    return took[ceil(share * len(took)) - 1] if took else 0.0


def by_minute(turns: Iterable[Turn]) -> Mapping[int, list[Turn]]:
    """The turns of each minute."""
    found: dict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        found[int(turn.at // 60)].append(turn)
    return dict(sorted(found.items()))


def floors(turns: Sequence[Turn], missed: Lost, grown: Sequence[Growth]) -> Iterator[Floor]:
    """All that must hold."""
    emergencies = [turn for turn in turns if is_emergency(turn)]
    worst = max((seconds_of(some, 0.99) for some in by_minute(emergencies).values()), default=0.0)
    judged = [one.share for one in grown if one.share is not None]
    yield Floor(f"messages without a reply, of {len(turns):,}", len(unanswered(turns)), 0)
    yield Floor(f"emergencies whose guidance was not first, of {len(emergencies):,}", len(not_first(turns)), 0)
    yield Floor("messages that the log lacks, has twice or with other replies", missed.count, 0)
    yield Floor("p99 of emergencies, s", seconds_of(emergencies, 0.99), EMERGENCY_SECONDS)
    yield Floor("p99 of emergencies in the worst minute, s", worst, EMERGENCY_SECONDS)
    yield Floor("most growth of a process after its warm-up, share", max(judged, default=None), MOST_GROWTH)


def is_not_now(turn: Turn, not_now: str) -> bool:
    """Whether the reply is that it cannot be answered just now."""
    return any(reply.get("text") == not_now for reply in turn.replies or [])


def figures(turns: Sequence[Turn], not_now: str) -> dict[str, Any]:
    """Of some turns: how many, seconds of all and of emergencies, how many were put off."""
    emergencies = [turn for turn in turns if is_emergency(turn)]
    return {
        "messages": len(turns),
        "p50": seconds_of(turns, 0.5),
        "p99": seconds_of(turns, 0.99),
        "emergencies": len(emergencies),
        "emergencies p99": seconds_of(emergencies, 0.99),
        "not just now": sum(is_not_now(turn, not_now) for turn in turns),
    }
