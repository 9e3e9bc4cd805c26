"""What every channel must do, whichever app a patient writes in; on Telegram, Slack, SMS and the others alike."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from baclofen_faq.answers import load_replies
from baclofen_faq.vetted_files import ROOT
from service.place import Place
from tests.conftest import unsure_text
from tests.faults.processes import until
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.people import Person, choices, made, numbered
from tests.gateway.channels.platforms.platform import Answer, Asked, Platform, Post, Shown

Someone = Callable[[Platform], Person]
QUESTION, TOPIC = "could you tell me what baclofen withdrawal is?", "what_is_withdrawal"
ANOTHER, ANOTHER_TOPIC = "why must baclofen be tapered?", "why_taper"
EMERGENCY = "my husband is having a seizure right now."
CALL, IF_NOW, CANNOT = "Call 911 now.", "If this is happening now, call 911 now.", "I cannot answer just now"
BRIEF = ("sms",)  # gets the short texts
HARMLESS = "We walked to the lake and fed the ducks. "
AT_ONCE_SECONDS, BACK_SECONDS = 1.0, 60
REPLIES = load_replies()
DELIVERY = """
    SELECT reply.delivery, reply.level FROM conversations_message reply
    JOIN conversations_message said ON said.id = reply.in_reply_to_id WHERE said.text LIKE ? ORDER BY reply.position
"""
WHOSE = "SELECT conversation_id FROM conversations_message WHERE text LIKE ?"


def squeezed(*texts: str) -> str:
    """Letters and digits alone: what stays the same in every channel's form."""
    return "".join(letter for text in texts for letter in text.lower() if letter.isalnum())


def said(messages: Sequence[Shown]) -> str:
    return squeezed(*(shown.text for shown in messages))


def words_of(platform: Platform, topic: str) -> str:
    """An answer's words as that channel sends them, without what stands around them."""
    whole, short = REPLIES.answer(topic), REPLIES.simpler(topic)
    return squeezed(REPLIES.apart(short if platform.channel in BRIEF else whole)[0])


def is_emergency(messages: Sequence[Shown]) -> bool:
    return bool(messages) and squeezed(messages[0].text).startswith(squeezed(CALL)) and "911" in messages[0].text[:240]


def word() -> str:
    """A word that nobody else says, to find a message in the log by."""
    return "".join(random.choices("bcdfghjkmpqvwxz", k=12))


# What is said


def test_an_emergency_gets_the_number_first(platform: Platform, someone: Someone) -> None:
    messages = someone(platform).says(EMERGENCY)
    assert is_emergency(messages), messages


def test_a_question_gets_its_vetted_answer_with_a_source(platform: Platform, someone: Someone) -> None:
    messages = someone(platform).says(QUESTION)
    sources = REPLIES.apart(REPLIES.answer(TOPIC))[1]
    assert words_of(platform, TOPIC) in said(messages)
    assert any(squeezed(source.title) in said(messages) for source in sources)


def test_the_longest_answer_arrives_whole_and_in_order(platform: Platform, someone: Someone) -> None:
    topics = [payload.removeprefix("/ask_") for payload in REPLIES.payloads() if payload.startswith("/ask_")]
    longest = max(filter(REPLIES.is_topic, topics), key=lambda topic: len(words_of(platform, topic)))
    messages = someone(platform).says(REPLIES.title_of(f"/ask_{longest}"))
    assert words_of(platform, longest) in said(messages)


def test_more_than_a_message_holds_arrives_whole_and_in_order(platform: Platform, someone: Someone) -> None:
    person = someone(platform)
    stories = [f"{HARMLESS * 35}Then the {animal} came." for animal in ("dog", "cat", "horse")]
    for story in stories:
        person.says(story)
    assert squeezed(*stories) in said(person.says("show me what I wrote"))


def test_a_button_works_pressed(platform: Platform, someone: Someone) -> None:
    person = someone(platform)
    choice = choices(person.says(QUESTION))[0]
    assert words_of(platform, topic_of(choice.payload or choice.title)) in said(person.chooses(choice))


def test_a_number_and_a_title_work_typed_where_they_are_shown(platform: Platform, someone: Someone) -> None:
    for typed in (0, 1):  # the number, the title
        person = someone(platform)
        shown = numbered(person.says(QUESTION))
        if not shown:
            assert all(choice.shown.payloads for choice in choices(person.seen)), "neither buttons nor numbers"
            continue
        last = list(shown.items())[-1]
        assert words_of(platform, topic_of(last[1])) in said(person.says(last[typed])), last[typed]


def topic_of(offered: str) -> str:
    """The topic that a payload, or a title, asks for."""
    payloads = REPLIES.payloads()
    return next(one for one in payloads if offered in (one, REPLIES.title_of(one))).removeprefix("/ask_")


def test_an_unsure_text_asks_whether_it_is_now_and_yes_is_an_emergency(platform: Platform, someone: Someone) -> None:
    for answers in (lambda person, yes: person.says("yes"), lambda person, yes: person.chooses(yes)):
        person = someone(platform)
        messages = person.says(unsure_text())
        assert said(messages).startswith(squeezed(IF_NOW)) and squeezed("Is this happening now") in said(messages)
        yes = next(choice for choice in choices(messages) if choice.title == "Yes")
        assert is_emergency(answers(person, yes))


def test_slash_text_is_words(platform: Platform, someone: Someone) -> None:
    assert is_emergency(someone(platform).says("/restart I think my dad is having a seizure"))


@pytest.mark.parametrize("text", ["/ask_why_taper", "/affirm", "/ask_nothing", "/ask_why_taper my dad has a seizure"])
def test_a_payload_typed_as_text_is_answered(platform: Platform, someone: Someone, text: str) -> None:
    messages = someone(platform).says(text)
    assert messages and is_emergency(messages) == ("seizure" in text)


@pytest.mark.parametrize("before", [0.5, 1.0], ids=["in the middle", "at the end"])
def test_in_4000_characters_an_emergency_is_found(platform: Platform, someone: Someone, before: float) -> None:
    around = 4000 - len(EMERGENCY) - 2
    filler = (HARMLESS * 100)[:around]
    cut = filler.rfind(". ", 0, int(around * before)) + 2
    text = f"{filler[:cut]}{EMERGENCY} {filler[cut:]}".strip()
    assert 3900 < len(text) <= 4000
    assert is_emergency(someone(platform).says(text))


def test_blank_text_never_reaches_rasa(platform: Platform, someone: Someone, bot: Place, gateway: Gateway) -> None:
    person = someone(platform)
    for blank in (" ", "\n\t ", "\u200b", "/"):
        assert platform.post(platform.words(person.id, blank)).status_code < 500
    person.waits()
    assert is_emergency(person.says(EMERGENCY)[-1:])
    heard = gateway.rows("outbox", "SELECT inbound FROM conversations_entry WHERE channel = ?", platform.channel)
    assert heard and not [one for one in heard if '"text": ""' in one[0]]


# What is no message


def test_what_has_no_words_is_asked_to_be_written(messenger: Platform, someone: Someone) -> None:
    names = messenger.without_words(someone(messenger).id)
    assert names
    for name in names:
        person = someone(messenger)
        messages = person.does(messenger.without_words(person.id)[name])
        assert "write" in said(messages) and "911" in said(messages), f"{name}: {messages}"


def test_what_needs_no_reply_gets_none(messenger: Platform, someone: Someone) -> None:
    person = someone(messenger)
    assert messenger.without_reply(person.id)
    for name, post in messenger.without_reply(person.id).items():
        assert person.does(post) == [], name
    assert words_of(messenger, TOPIC) in said(person.says(QUESTION))


def test_a_message_edited_into_an_emergency_gets_guidance(messenger: Platform, someone: Someone) -> None:
    person = someone(messenger)
    if messenger.edited(person.id, EMERGENCY) is None:
        pytest.skip("nothing can be edited there")
    person.says(QUESTION)
    calm, urgent = (messenger.edited(person.id, text) for text in (ANOTHER, EMERGENCY))
    assert calm and person.does(calm) == []
    assert urgent and is_emergency(person.does(urgent))


# What is not as it should be


def test_no_forgery_is_taken(platform: Platform, someone: Someone, gateway: Gateway) -> None:
    person = someone(platform)
    forgeries = platform.forgeries(person.id)
    assert len(forgeries) >= 12 if platform.is_signed else not forgeries
    kept, counted = gateway.kept(), gateway.metric("messaging_forged_total", channel=platform.name)
    statuses = {name: platform.post(post).status_code for name, post in forgeries.items()}
    refusals = {403} if platform.has_servers else {401, 403}
    assert {name: status for name, status in statuses.items() if status not in refusals} == {}
    time.sleep(0.3)
    assert (person.seen, gateway.kept()) == ([], kept)
    if platform.has_servers:
        rise = gateway.metric("messaging_forged_total", channel=platform.name) - counted
        assert rise == len(forgeries)


def test_the_channel_that_takes_anybodys_word_is_not_in_production() -> None:
    code = "import service.settings.gateway as g; print(g.IS_REST_CHANNEL_ON)"
    command = [sys.executable, "-W", "ignore", "-c", f"import os; os.environ['PRODUCTION'] = 'true'; {code}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() != "True"


def test_the_same_post_again_is_answered_once(platform: Platform, someone: Someone) -> None:
    once, person = someone(platform).says(QUESTION), someone(platform)
    post = platform.words(person.id, QUESTION)
    with ThreadPoolExecutor(3) as pool:
        at_once = list(pool.map(lambda _: platform.post(post).status_code, range(3)))
    person.waits()
    later = [platform.post(post).status_code for _ in range(3)]
    person.waits()
    assert 200 in at_once and {*at_once, *later} <= {200, 204, 403}
    assert [shown.text for shown in person.seen] == [shown.text for shown in once]


def test_a_retry_of_the_platform_is_answered_once(platform: Platform, someone: Someone) -> None:
    once, person = someone(platform).says(QUESTION), someone(platform)
    id = f"{random.randrange(10**9)}"
    for _ in range(3):
        person.does(platform.words(person.id, QUESTION, id))
    assert [shown.text for shown in person.seen] == [shown.text for shown in once]


def test_what_is_malformed_is_refused_and_the_next_message_works(platform: Platform, someone: Someone) -> None:
    person = someone(platform)
    malformed = platform.malformed(person.id)
    assert malformed
    statuses = {name: platform.post(post).status_code for name, post in malformed.items()}
    assert {name: status for name, status in statuses.items() if status not in (200, 400)} == {}
    person.waits()
    assert person.seen == []
    assert is_emergency(person.says(EMERGENCY))


# What fails


def test_a_platform_that_is_down_delays_its_own_people_only_and_they_hear_once(
    messenger: Platform, someone: Someone, gateway: Gateway
) -> None:
    waiting = someone(messenger)
    others = [one for one in gateway.platforms.values() if one.has_servers and one.name != messenger.name]
    with messenger.failing(lambda asked: Answer(503, {"error": "down"})):
        waiting.sends(messenger.words(waiting.id, EMERGENCY))
        for other in others[:2]:
            hears_at_once(someone(other))
    with messenger.away():
        hears_at_once(someone(others[-1]))
    messenger.wait_for(waiting.id, 1, BACK_SECONDS)
    waiting.waits()
    assert is_emergency(waiting.seen) and len(waiting.seen) == 1


def hears_at_once(person: Person) -> None:
    person.sends(person.platform.words(person.id, EMERGENCY))
    person.platform.wait_for(person.id, 1, AT_ONCE_SECONDS)
    assert is_emergency(person.seen)


def test_a_platform_that_asks_to_wait_is_not_asked_before(messenger: Platform, someone: Someone) -> None:
    asked: list[float] = []

    def once(_: Asked) -> Answer | None:
        asked.append(time.monotonic())
        return messenger.too_many(2) if len(asked) == 1 else None

    person = someone(messenger)
    with messenger.failing(once):
        messages = person.says(EMERGENCY)
    assert is_emergency(messages) and len(messages) == 1
    assert asked[1] - asked[0] >= 2


def test_an_emergency_that_reaches_nobody_is_undelivered_in_the_log(
    messenger: Platform, someone: Someone, gateway: Gateway
) -> None:
    person, mark = someone(messenger), word()
    messenger.refuse(person.id)
    person.sends(messenger.words(person.id, f"{EMERGENCY} {mark}"))
    until(
        lambda: gateway.rows("conversations", DELIVERY, f"%{mark}%") == [("undelivered", "emergency")],
        20,
        lambda: f"the log says {gateway.rows('conversations', DELIVERY, f'%{mark}%')}",
    )
    assert person.seen == []


@pytest.mark.usefixtures("without_actions")
class TestWithoutTheActionServer:
    def test_an_emergency_gets_its_guidance_at_once(self, platform: Platform, someone: Someone) -> None:
        hears_at_once(someone(platform))

    def test_a_question_is_told_so(self, platform: Platform, someone: Someone) -> None:
        assert squeezed(CANNOT) in said(someone(platform).says(QUESTION))


def test_a_gateway_that_is_killed_delivers_once_it_runs_again(gateway: Gateway, someone: Someone) -> None:
    messengers = [one for one in gateway.platforms.values() if one.has_servers]
    people = [(someone(one), text) for one in messengers for text in (EMERGENCY, QUESTION)]

    def down(_: Asked) -> Answer:
        return Answer(503, {"error": "down"})

    for messenger in messengers:
        messenger.troubles.append(down)
    for person, text in people:
        person.sends(person.platform.words(person.id, text))
    gateway.kill()
    for messenger in messengers:
        messenger.troubles.remove(down)
    gateway.start()
    for person, text in people:
        person.platform.wait_for(person.id, 1, BACK_SECONDS)
        person.waits()
        texts = [shown.text for shown in person.seen]
        assert len(texts) == len(set(texts)), f"{person.platform.channel}: said twice"
        assert is_emergency(person.seen) if text is EMERGENCY else words_of(person.platform, TOPIC) in said(person.seen)


# Who is who


def test_two_messages_of_one_person_are_answered_in_order(platform: Platform, someone: Someone) -> None:
    person = someone(platform)
    for text in (QUESTION, ANOTHER):
        person.sends(platform.words(person.id, text))
    person.waits()
    first, second = (said(person.seen).find(words_of(platform, topic)) for topic in (TOPIC, ANOTHER_TOPIC))
    assert 0 <= first < second


def test_the_same_person_is_the_same_conversation(platform: Platform, someone: Someone, gateway: Gateway) -> None:
    mark = word()
    anna, ben = someone(platform), someone(platform)
    for person in (anna, anna, ben):
        person.says(f"{QUESTION} {mark}")
    gateway.kept()
    rows = gateway.rows("conversations", WHOSE, f"%{mark}%")
    assert len(rows) == 3 and len(set(rows)) == 2


def test_nothing_that_is_kept_tells_who_anybody_is(gateway: Gateway, bot: Place, someone: Someone) -> None:
    for platform in gateway.platforms.values():
        someone(platform).says(ANOTHER)
    gateway.kept()
    ids = {id[1:] for id in made("telegram", "slack", "sms", "whatsapp", "facebook")}  # U12 and D12, +12 and 12
    folders = (gateway.place.var, bot.var)
    kept = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert {"outbox.db", "conversations.db", "gateway.txt", "rasa.db"} <= {path.name for path in kept}
    assert any(id.encode() in content for content in kept.values() for id in made("rest"))  # so it would look
    private = ids | gateway.secrets
    leaks = {(path.name, one) for path, content in kept.items() for one in private if one.encode() in content}
    assert leaks == set()


# STOP, START and HELP, as carriers require


@pytest.mark.parametrize("text", ["HELP", "help", "START", "Stop"])
def test_the_replies_to_the_carriers_keywords_name_the_emergency_number(
    sms: Platform, someone: Someone, text: str
) -> None:
    person = someone(sms)
    messages = person.does(left_to_the_clinic(sms, person, text))
    assert len(messages) == 1 and "911" in messages[0].text


def test_after_stop_only_emergency_guidance_is_sent(sms: Platform, someone: Someone) -> None:
    person = someone(sms)
    assert person.does(left_to_the_clinic(sms, person, "STOP"))
    assert person.says(QUESTION) == []
    assert is_emergency(person.says(EMERGENCY))
    assert person.says("START")
    assert words_of(sms, ANOTHER_TOPIC) in said(person.says(ANOTHER))


def left_to_the_clinic(sms: Any, person: Person, text: str) -> Post:
    """A keyword to a number whose opt-outs are kept by the clinic, as Twilio does it on request: nothing is blocked."""
    post: Post = sms.words(person.id, text)
    sms.opted_out.clear()
    return post


def test_where_the_carrier_blocks_after_stop_nothing_is_tried_again(sms: Platform, someone: Someone) -> None:
    person = someone(sms)
    assert person.says("STOP") == []
    assert person.says(EMERGENCY) == []
    assert person.says("START")
    assert is_emergency(person.says(EMERGENCY))
