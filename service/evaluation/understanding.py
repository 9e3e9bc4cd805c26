"""Does the running bot understand: the right answer, follow-ups, several questions, what is not its business."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from baclofen_faq.answers import Replies, load_replies
from service.evaluation.measures import Measure, holdout, say
from service.place import Place

OFFERED = 2  # the right answer counts as offered among the first two
SMALL_TALK = ("greeting", "goodbye", "thanks", "bot_challenge")
OUT_OF_SCOPE = "out_of_scope"
BUTTON = "button:"


@dataclass(frozen=True)
class Asked:
    """One blind question and what the bot did with it.

    `topics` are asked for, `also` are as right; `expects` and `route` as in the blind files. `answered`: topics whose
    answers were sent, `offered`: those of the first two buttons; `is_right`: what was expected came.
    """

    id: str
    file: str
    text: str
    kind: str
    trick: str
    level: str
    expects: str
    topics: tuple[str, ...]
    also: tuple[str, ...]
    route: str
    replied_level: str
    replied_id: str
    answered: tuple[str, ...]
    offered: tuple[str, ...]
    is_right: bool
    is_route_kept: bool

    @property
    def right(self) -> set[str]:
        """The topics that are right."""
        return {*self.topics, *self.also}

    @property
    def is_offered(self) -> bool:
        """A right topic is among the first two that are offered."""
        return bool(self.right & set(self.offered))

    @property
    def is_calm(self) -> bool:
        """One calm question, with an answer."""
        return self.level == "information" and self.expects == "topic" and self.trick != "several"

    @property
    def is_wrong(self) -> bool:
        """An answer was sent, none right, and the right one is not offered."""
        return bool(self.answered) and not self.is_right and not self.is_offered


MEASURES = (
    Measure("right answer sent", lambda a: a.is_calm, lambda a: a.is_right),
    Measure(
        "... or among the first two offered",
        lambda a: a.is_calm,
        lambda a: a.is_right or a.is_offered,
        (0.88, 0.80, 0.80),
    ),
    Measure("wrong answer, not offered", lambda a: a.is_calm, lambda a: a.is_wrong, (0.05, 0.05, 0.05), True),
    Measure("wrong answer sent at all", lambda a: a.is_calm, lambda a: bool(a.answered) and not a.is_right),
    Measure("asked what is meant", lambda a: a.is_calm, lambda a: not a.answered and bool(a.offered)),
    Measure("escalated", lambda a: a.is_calm, lambda a: a.replied_level in ("advisory", "emergency")),
    Measure("advisory: answer sent as well", lambda a: a.level == "advisory", lambda a: a.is_right),
)
OTHERS = (
    Measure("out of scope refused", lambda a: a.trick == OUT_OF_SCOPE, lambda a: not a.answered, (0.90, None, None)),
    Measure("... with no topic offered", lambda a: a.trick == OUT_OF_SCOPE, lambda a: not (a.answered or a.offered)),
    Measure("small talk", lambda a: a.trick == "smalltalk", lambda a: a.is_right),
    Measure("several: all answered", lambda a: a.trick == "several", lambda a: {*a.topics} <= {*a.answered}),
    Measure("several: one at least", lambda a: a.trick == "several", lambda a: bool({*a.topics} & {*a.answered})),
    Measure("follow-ups resolved", lambda a: a.trick == "follow_up", lambda a: a.is_right),
    Measure("text for the route", lambda a: a.route and a.is_right, lambda a: a.is_route_kept),
)


def run(place: Place) -> list[Asked]:
    """Ask every blind question, and hold every blind dialogue, through the gateway's REST channel."""
    replies = load_replies()
    asked = []
    with httpx.Client(timeout=30) as client:
        for file, row in holdout("questions*.jsonl"):
            kind = "plain" if row["trick"] in ("plain", OUT_OF_SCOPE, "smalltalk", "several") else "adversarial"
            said = say(client, place, row["id"], row["text"])
            asked.append(_judged(replies, row["id"], file, {"expects": "topic", **row}, kind, row["trick"], said, []))
        for file, dialogue in holdout("follow_ups*.jsonl"):
            before: list[dict[str, Any]] = []
            for number, turn in enumerate(dialogue["turns"]):
                said = say(client, place, dialogue["id"], turn["text"])
                trick = "follow_up" if number and turn["expects"] != "anything" else "dialogue"
                asked.append(_judged(replies, dialogue["id"], file, turn, "dialogue", trick, said, before))
                before = said
    return asked


def _judged(
    replies: Replies,
    id: str,
    file: str,
    row: dict[str, Any],
    kind: str,
    trick: str,
    said: list[dict[str, Any]],
    before: list[dict[str, Any]],
) -> Asked:
    topics, also = tuple(row.get("topics") or ()), tuple(row.get("also") or ())
    answered = tuple(_answers(replies, said))
    route = row.get("route") or ""
    return Asked(
        id=id,
        file=file,
        text=row["text"],
        kind=kind,
        trick=trick,
        level=row["level"],
        expects=row["expects"],
        topics=topics,
        also=also,
        route=route,
        replied_level=said[0]["level"] if said else "none",
        replied_id=said[0]["answer_id"] if said else "",
        answered=answered,
        offered=tuple(_offered(said)[:OFFERED]),
        is_right=_is_right(replies, row["expects"], {*topics, *also}, said, before),
        is_route_kept=any(_is_for_route(replies, one, route) for one in said),
    )


def _answers(replies: Replies, said: Iterable[dict[str, Any]]) -> list[str]:
    """The topics whose answers were sent, whole or short; the question whether it helped is none."""
    return [one["answer_id"] for one in said if replies.is_topic(one["answer_id"]) and one["level"] == "information"]


def _offered(said: Iterable[dict[str, Any]]) -> list[str]:
    payloads = [button["payload"] for one in said for button in one.get("buttons", [])]
    return [payload.removeprefix("/ask_") for payload in payloads if payload.startswith("/ask_")]


def _is_right(
    replies: Replies, expects: str, right: set[str], said: list[dict[str, Any]], before: list[dict[str, Any]]
) -> bool:
    """Whether what was expected came."""
    answered, versions = _answers(replies, said), {one["answer_version"] for one in said}
    if expects == "topic":
        return bool(right & {*answered, *(one["answer_id"] for one in said if one["answer_id"] in SMALL_TALK)})
    if expects == "short":
        return any(replies.is_topic(id) and replies.simpler(id).version in versions for id in _ids(said, before))
    if expects == "sources":
        return any(one["text"].startswith("Sources:") for one in said)
    if expects == "offer":
        return bool(_offered(said)) and not answered
    if expects.startswith(BUTTON):
        place = int(expects.removeprefix(BUTTON)) - 1
        return _offered(before)[place : place + 1] == answered[:1] != []
    return bool(said) and (expects == "anything" or not answered)


def _ids(said: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> set[str]:
    return {one["answer_id"] for one in (*said, *before)}


def _is_for_route(replies: Replies, one: dict[str, Any], route: str) -> bool:
    """Whether the text is the one for the route; where an answer has no own one for it, its common text is."""
    id = str(one["answer_id"])
    return replies.is_topic(id) and one["answer_version"] == replies.answer(id, route=route).version


def confusion(asked: Sequence[Asked], most: int = 15) -> list[str]:
    """Markdown: which topics were answered in place of which, the most frequent first."""
    pairs = Counter(
        (sorted(one.right)[0], one.answered[0])
        for one in asked
        if one.is_calm and one.answered and not one.is_right and one.right
    )
    lines = ["| asked for | answered | how often |", "|---|---|---|"]
    return lines + [f"| {right} | {wrong} | {count} |" for (right, wrong), count in pairs.most_common(most)]
