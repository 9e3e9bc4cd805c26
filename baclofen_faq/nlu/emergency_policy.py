"""Rasa's own escalation: triage on the words as typed, before any intent, rule or form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from baclofen_faq.triage import Level, Route, assess, told_route

ESCALATE = "action_escalate"
ANSWER, OWN_WORDS = "action_answer_question", "action_own_words"
QUESTION_INTENT, OWN_WORDS_INTENTS = "ask_", ("delete_conversation", "show_conversation")
ASSESSMENT, ROUTE = "assessment", "route"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class EmergencyPolicy(Policy):
    """At level advisory or emergency it takes the whole turn; below it only notes assessment and route in their slots.

    It predicts with `is_no_user_prediction`, since every other kind of prediction loses against an active form.
    The gateway's assessment in the message's metadata is used where there is one, else the words are assessed here.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The highest priority of all policies."""
        return {"priority": 100}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmergencyPolicy:
        """Make the policy; nothing is trained or stored."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmergencyPolicy:
        """The same as create: the policy has no trained state."""
        return cls.create(config, model_storage, resource, execution_context)

    def _create_featurizer(self) -> TrackerFeaturizer | None:
        return None

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to train."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The next action of an urgent turn, or no prediction at all."""
        message = tracker.latest_message
        if message is None or not message.text:
            return self._prediction(self._default_predictions(domain))
        assessment = assessment_of(message, domain)
        is_new = tracker.latest_action_name == ACTION_LISTEN_NAME
        route = SlotSet(ROUTE, route_of(message, tracker.get_slot(ROUTE)))
        events = [SlotSet(ASSESSMENT, assessment), route] if is_new else []
        probabilities = self._default_predictions(domain)
        is_urgent = Level(assessment["level"]).urgency >= Level.ADVISORY.urgency
        if is_urgent:
            probabilities[domain.index_for_action(_next_action(tracker, assessment))] = 1.0
        return self._prediction(probabilities, events=events, is_no_user_prediction=is_urgent)


def assessment_of(message: UserUttered, domain: Domain) -> dict[str, Any]:
    """The gateway's assessment, else our own of the words as typed; a button's payload is no words."""
    given = (message.metadata or {}).get(ASSESSMENT)
    is_payload = message.text.startswith("/") and message.text[1:] in domain.intents
    return given or assess("" if is_payload else message.text).as_json()


def route_of(message: UserUttered, known: str | None) -> str:
    """How the person gets baclofen: as the gateway knows it, else by these words, else as known before."""
    given = (message.metadata or {}).get(ROUTE)
    if given:
        return str(given)
    route, is_guessed = told_route(message.text)
    is_told = route is not Route.UNKNOWN and not (is_guessed and known)
    return route.value if is_told else known or Route.UNKNOWN.value


def _next_action(tracker: DialogueStateTracker, assessment: Mapping[str, Any]) -> str:
    """The guidance; then what was asked for."""
    done = _actions_since_message(tracker)
    if ESCALATE not in done:
        return ESCALATE
    then = _after_guidance(tracker.latest_message.intent_name or "", assessment)
    return then if then not in done else ACTION_LISTEN_NAME


def _after_guidance(intent: str, assessment: Mapping[str, Any]) -> str:
    """A wish about one's own words is done; a question is answered, unless the message itself is an emergency."""
    if intent in OWN_WORDS_INTENTS:
        return OWN_WORDS
    is_answered = assessment["level"] == Level.ADVISORY.value or assessment.get("is_only_kept_open")
    return ANSWER if is_answered and intent.startswith(QUESTION_INTENT) else ACTION_LISTEN_NAME


def _actions_since_message(tracker: DialogueStateTracker) -> list[str]:
    actions: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            actions.append(event.action_name)
    return actions
