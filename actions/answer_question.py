"""The vetted answer to each question that was understood."""

from dataclasses import replace

from rasa_sdk import Tracker

from actions.base import HELPFUL, NEXT, Turn, VettedAction, assessment_of, intent_of, topic_of
from actions.nearest import goes_on_about
from baclofen_faq.answers import Reply

URGENT = ("advisory", "emergency")
MOST_ANSWERS = 3
URGENT_FIRST = (
    "overdose", "emergency_report", "self_harm", "pump_problem", "stopped_suddenly", "missed_dose_or_ran_out",
    "oral_for_pump_failure", "restarting", "what_to_tell_er", "contact_clinic",
)  # fmt: skip
IN_THREE = 3  # one answer in three is followed by "Was this helpful?"
RUNNER_UP_CONFIDENCE = 0.3
SURE = 0.75


class ActionAnswerQuestion(VettedAction):
    """Sends the answer that the intent names; where a message asks several questions, at most three, urgent first."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_answer_question"

    def turn(self, tracker: Tracker) -> Turn:
        """The answers, for the person's route; now and then the question whether they helped."""
        topics = self._topics(tracker)
        runner_up = self._runner_up(tracker) if len(topics) == 1 else []
        replies = [self.answer(tracker, id, runner_up) for id in topics]
        replies = [replace(reply, buttons=()) for reply in replies[:-1]] + [self._last(replies[-1], topics)]
        if not self.replies.is_topic(topics[-1]):
            return Turn(tuple(replies))
        answers = int(tracker.get_slot("answers") or 0) + 1
        is_urgent = assessment_of(tracker)["level"] in URGENT  # who has a call to make is not asked what they think
        is_asked = answers % IN_THREE == IN_THREE - 1 and not is_urgent
        if is_asked:
            replies.append(self.replies.was_it_helpful(topics[-1]))
        return Turn(tuple(replies), topic=topics[-1], asked=HELPFUL if is_asked else NEXT, answers=answers)

    def _topics(self, tracker: Tracker) -> list[str]:
        asked = [topic_of(intent) for intent in tracker.latest_message.get("questions") or []]
        urgent_first = sorted(asked, key=lambda id: URGENT_FIRST.index(id) if id in URGENT_FIRST else len(URGENT_FIRST))
        return urgent_first[:MOST_ANSWERS] or [topic_of(intent_of(tracker))]

    def _runner_up(self, tracker: Tracker) -> list[str]:
        """What may have been meant instead, offered first: the second intent; what a short message may go on about."""
        ranking = tracker.latest_message.get("intent_ranking") or []
        near = [topic_of(entry["name"]) for entry in ranking[1:2] if entry["confidence"] >= RUNNER_UP_CONFIDENCE]
        is_sure = bool(ranking) and ranking[0]["confidence"] >= SURE
        goes_on = [] if is_sure else goes_on_about(tracker)
        return [id for id in (*near, *goes_on) if self.replies.is_topic(id)]

    def _last(self, reply: Reply, topics: list[str]) -> Reply:
        """The last answer offers no question that was just answered."""
        answered = {f"/ask_{id}" for id in topics}
        return replace(reply, buttons=tuple(button for button in reply.buttons if button.payload not in answered))
