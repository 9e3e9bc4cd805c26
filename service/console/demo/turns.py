"""The turns of a made-up conversation, judged by the real triage, as the gateway would put them into the outbox."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from baclofen_faq.answers import Reply
from baclofen_faq.triage import Assessment, assess, in_context, told_by
from service.console.demo.answers import intent_of, said_to, vetted
from service.console.demo.library import Line
from service.console.demo.talks import Talk
from service.conversations import record
from service.conversations.models import Conversation, Entry

MODEL = "demo"
PHONE_COUNTRY = "US"
SURE, UNSURE, UNSURE_SHARE = (0.74, 0.99), (0.34, 0.6), 0.04  # confidence


@cache
def _judged(text: str) -> Assessment:
    return assess(text)


@dataclass
class Teller:
    """Tells one conversation; `random` is where confidences and latencies come from."""

    talk: Talk
    random: Random

    def turns(self) -> Iterator[Entry]:
        """Its turns, oldest first; not saved."""
        heard = Conversation.begun(self.talk.channel, self.talk.key, self.talk.began_at)
        at, answered = self.talk.began_at, ""
        for number, line in enumerate(self.talk.lines):
            at += timedelta(minutes=line.minutes if number else 0, seconds=self.random.randint(0, 40) if number else 0)
            context = heard.context(at)
            assessment = in_context(_judged(line.says), line.says, context)
            told = told_by(assessment, line.says, context)
            heard.hear(told, at)
            confidence = self._confidence(line)
            said, is_of_rasa = said_to(line, assessment, context, heard.route, confidence, answered)
            answered = next((one.answer_id for one in said if vetted().is_topic(one.answer_id)), answered)
            entry = self._entry(number, at, said)
            entry.inbound = record.message_as_json(line.says, assessment, PHONE_COUNTRY)
            entry.told = told.as_json()
            entry.measured = self._measured(line, confidence, is_of_rasa)
            entry.answered_at = at + timedelta(milliseconds=entry.measured["latency_ms"])
            yield entry

    def _entry(self, number: int, at: datetime, said: Sequence[Reply]) -> Entry:
        return Entry(
            channel=self.talk.channel,
            conversation=self.talk.key,
            message_id=f"{self.talk.key}-{number}",
            received_at=at,
            replies=[record.reply_as_json(reply) for reply in said],
            feedback=record.feedback_of(said),
            model_version=MODEL,
        )

    def _confidence(self, line: Line) -> float:
        is_question = intent_of(line).startswith("ask_")
        low, high = UNSURE if is_question and self.random.random() < UNSURE_SHARE else SURE
        by_chance = round(self.random.uniform(low, high), 4)
        return by_chance if line.confidence is None else line.confidence

    def _measured(self, line: Line, confidence: float, is_of_rasa: bool) -> dict[str, Any]:
        stages = {
            "rules": self.random.randint(1, 4),
            "sound": self.random.randint(7, 19),
            "recall": self.random.randint(1, 6),
        }
        if is_of_rasa:
            stages["rasa"] = round(self.random.lognormvariate(3.9, 0.45))
        intent = intent_of(line) if is_of_rasa else ""
        return {
            "intent": intent,
            "confidence": confidence if intent else None,
            "latency_ms": sum(stages.values()) + self.random.randint(2, 9),
            "stages": stages,
        }
