"""Rasa alone escalates too: in a real agent, with a form active, and behind a slash."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.model_training import train
from rasa.utils.endpoints import EndpointConfig

from baclofen_faq.nlu.rest_channel import WholeMessages
from service.place import Place

DOMAIN = {
    "version": "3.1",
    "intents": ["order"],
    "entities": [],
    "slots": {
        "name": {"type": "text", "mappings": [{"type": "from_text", "not_intent": "order"}]},
        "assessment": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
    },
    "forms": {"order_form": {"required_slots": ["name"]}},
    "responses": {"utter_ask_name": [{"text": "Your name?"}]},
    "actions": ["action_escalate", "action_answer_question", "action_cannot_answer"],
}
RULES = {
    "version": "3.1",
    "rules": [
        {"rule": "order", "steps": [{"intent": "order"}, {"action": "order_form"}, {"active_loop": "order_form"}]}
    ],
}
NLU = {"version": "3.1", "nlu": [{"intent": "order", "examples": "- I want to order\n- an order please\n"}]}
CONFIG = {
    "recipe": "default.v1",
    "language": "en",
    "assistant_id": "form",
    "pipeline": [{"name": "KeywordIntentClassifier"}],
    "policies": [{"name": "baclofen_faq.nlu.emergency_policy.EmergencyPolicy"}, {"name": "RulePolicy"}],
}


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory, bot: Place) -> Agent:
    """A small Rasa bot with a form and the emergency policy, on the real action server."""
    folder = tmp_path_factory.mktemp("form")
    files = {"domain": DOMAIN, "rules": RULES, "nlu": NLU, "config": CONFIG}
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump(content))
    model = train(
        str(folder / "domain.yml"),
        str(folder / "config.yml"),
        [str(folder / "nlu.yml"), str(folder / "rules.yml")],
        output=str(folder),
    ).model
    return Agent.load(str(Path(model)), action_endpoint=EndpointConfig(f"http://127.0.0.1:{bot.actions}/webhook"))


async def say(agent: Agent, sender: str, text: str, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    channel: CollectingOutputChannel = WholeMessages(messages)
    await agent.handle_message(UserMessage(text, channel, sender, metadata=metadata))
    return messages


async def test_a_form_does_not_swallow_an_emergency(agent: Agent) -> None:
    (asked,) = await say(agent, "form", "I want to order")
    assert asked["text"] == "Your name?"
    (guidance,) = await say(agent, "form", "she is having a seizure")
    assert (guidance["level"], guidance["answer_id"]) == ("emergency", "emergency_report")


async def test_a_slash_does_not_hide_an_emergency(agent: Agent) -> None:
    (guidance,) = await say(agent, "slash", "/order she is having a seizure")
    assert guidance["level"] == "emergency"


async def test_the_gateways_assessment_is_used_where_it_is_given(agent: Agent) -> None:
    given = {"assessment": {"level": "emergency", "symptoms": ["overdose"], "is_severe_symptom_mentioned": False}}
    (guidance,) = await say(agent, "given", "[redacted]", given)
    assert "too much baclofen" in guidance["text"]
