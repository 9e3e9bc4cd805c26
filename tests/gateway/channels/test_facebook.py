"""Messenger without a running bot: what is taken for Meta's, what it tells, what is shown, what Meta's answers mean."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baclofen_faq.answers import Button, Replies, Reply, load_replies
from service.gateway.channels import facebook as channel
from service.gateway.messaging.channel import CannotDeliver, Forged, Kind, Malformed, Part, TryLater, Update
from tests.gateway.channels.platforms.facebook import APP, EMERGENCY, PAGE, Facebook, page_of
from tests.gateway.channels.platforms.platform import Answer, Post

PERSON = "4901888111111111"
PARTS = {"text": "Call 911 now."}


@pytest.fixture
def meta(settings: Any) -> Iterator[Facebook]:
    """Meta, and the settings of a gateway that is joined to it."""
    platform = Facebook()
    settings.CHANNEL_SETTINGS = {"PUBLIC_URL": "https://chat.clinic.example", **platform.environment()}
    settings.CHANNEL_URLS = {"facebook": platform.url}
    yield platform
    platform.close()


@pytest.fixture(scope="module")
def texts() -> Replies:
    return load_replies()


def request_of(post: Post) -> HttpRequest:
    headers = {name: value for name, value in post.headers.items() if name != "Content-Type"}
    type = post.headers.get("Content-Type", "")
    factory = RequestFactory()
    return factory.generic(post.method, "/webhooks/facebook", post.body, type, headers=headers, QUERY_STRING=post.query)


def told(post: Post) -> list[Update]:
    request = request_of(post)
    channel.verify(request)
    return list(channel.parse(request))


# --- verify


def test_what_meta_signed_passes(meta: Facebook) -> None:
    channel.verify(request_of(meta.words(PERSON, "h\u00e9llo \U0001f600 </b>")))


def test_no_forgery_passes(meta: Facebook) -> None:
    forgeries = meta.forgeries(PERSON)
    assert len(forgeries) >= 12
    for name, post in forgeries.items():
        with pytest.raises(Forged):
            channel.verify(request_of(post))
            pytest.fail(f"{name} passed")


@pytest.mark.parametrize(
    "signature", ["sha256=\u00e9", "\u0130" * 64, "sha256=\x00", "\udcff", "sha256=" + "0" * 100_000]
)
def test_a_signature_of_any_letters_is_forged(meta: Facebook, signature: str) -> None:
    request = request_of(meta.words(PERSON, EMERGENCY))
    request.META["HTTP_X_HUB_SIGNATURE_256"] = signature
    with pytest.raises(Forged):
        channel.verify(request)


@pytest.mark.parametrize("method", ["PUT", "HEAD", "DELETE", "PATCH"])
def test_other_methods_are_forged(meta: Facebook, method: str) -> None:
    post = meta.words(PERSON, EMERGENCY)
    with pytest.raises(Forged):
        channel.verify(request_of(Post(post.body, post.headers, method)))


def test_a_body_that_is_too_large_is_forged(meta: Facebook, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    with pytest.raises(Forged):
        channel.verify(request_of(meta.words(PERSON, EMERGENCY)))


def test_the_test_of_the_webhook_gets_its_challenge_as_plain_text(meta: Facebook) -> None:
    request = request_of(meta.challenge(meta.verify_token, "1158201444"))
    channel.verify(request)
    assert channel.parse(request) == ()
    response = channel.acknowledge(request)
    assert (response.content, response["Content-Type"]) == (b"1158201444", "text/plain")


@pytest.mark.parametrize("query", ["", "hub.mode=subscribe", "hub.mode=subscribe&hub.verify_token=", "%ff=%ff"])
def test_a_test_without_the_token_is_forged(meta: Facebook, query: str) -> None:
    with pytest.raises(Forged):
        channel.verify(request_of(Post(method="GET", query=query)))


def test_a_test_with_another_token_or_mode_or_two_tokens_is_forged(meta: Facebook) -> None:
    good = meta.challenge(meta.verify_token, "1")
    twice = Post(method="GET", query=f"{good.query}&hub.verify_token=x")
    for post in (meta.challenge("\u00e9", "1"), meta.challenge(meta.verify_token, "1", "unsubscribe"), twice):
        with pytest.raises(Forged):
            channel.verify(request_of(post))


@pytest.mark.parametrize("challenge", ["", "<script>alert(1)</script>", "1" * 129, "1\n", "\u0661"])
def test_a_challenge_of_other_characters_is_not_said_back(meta: Facebook, challenge: str) -> None:
    request = request_of(meta.challenge(meta.verify_token, challenge))
    channel.verify(request)
    with pytest.raises(Malformed):
        channel.parse(request)


# --- parse


def test_words_are_told_with_who_where_and_their_id(meta: Facebook) -> None:
    (update,) = told(meta.words(PERSON, "what is baclofen?", "abc"))
    assert update.id.startswith("m_abc")
    assert (update.channel, update.person) == ("facebook", f"{PAGE}:{PERSON}")
    assert (update.address, update.text, update.kind) == ({"recipient": PERSON}, "what is baclofen?", Kind.WORDS)


def test_a_retry_has_the_same_id(meta: Facebook) -> None:
    assert told(meta.words(PERSON, "hello", "1")) == told(meta.words(PERSON, "hello", "1"))


def test_a_batch_is_told_in_its_order(meta: Facebook) -> None:
    posts = [meta.words(f"{10 + number}", f"{number}") for number in range(20)]
    assert [update.text for update in told(meta.batch(*posts))] == [str(number) for number in range(20)]


def test_a_broken_event_does_not_take_an_emergency_with_it(meta: Facebook, caplog: pytest.LogCaptureFixture) -> None:
    broken = meta.malformed(PERSON)["no_sender"]
    (update,) = told(meta.batch(broken, meta.words(PERSON, EMERGENCY)))
    assert update.text == EMERGENCY
    assert [record.count for record in caplog.records] == [1] and "seizure" not in caplog.text


def test_a_quick_reply_is_its_payload(meta: Facebook) -> None:
    message = {"mid": "m_1", "text": "1", "quick_reply": {"payload": "/ask_overdose"}}
    (update,) = told(meta.message(PERSON, message))
    assert (update.text, update.kind) == ("/ask_overdose", Kind.BUTTON)


def test_a_payload_that_was_typed_is_words(meta: Facebook) -> None:
    (update,) = told(meta.words(PERSON, "/ask_overdose"))
    assert (update.text, update.kind) == ("/ask_overdose", Kind.WORDS)


def test_get_started_is_the_start(meta: Facebook) -> None:
    (update,) = told(meta.start(PERSON))
    assert update.kind is Kind.STARTED


def test_a_postback_without_an_id_gets_one_that_its_retry_has_too(meta: Facebook) -> None:
    post = meta.event(PERSON, postback={"title": "Overdose", "payload": "/ask_overdose"})
    other = meta.event(PERSON, postback={"title": "Start", "payload": "/ask_prevention"})
    (first,), (retry,), (second,) = told(post), told(post), told(other)
    assert first == retry and first.id != second.id
    assert (first.text, first.kind) == ("/ask_overdose", Kind.BUTTON)


def test_a_button_of_another_app_counts_as_its_title(meta: Facebook) -> None:
    (update,) = told(meta.event(PERSON, postback={"mid": "m_1", "title": "I had too much"}))
    assert (update.text, update.kind) == ("I had too much", Kind.WORDS)


def test_what_has_no_words_is_named(meta: Facebook) -> None:
    names = {}
    for name, post in meta.without_words(PERSON).items():
        (update,) = told(post)
        assert update.kind is Kind.UNREADABLE
        names[name] = update.text
    assert names["photo"] == "[photo]" and names["voice"] == "[voice]" and names["place"] == "[place]"
    assert names["sticker"] == names["old_sticker"] == "[sticker]"


def test_a_photo_with_words_is_both(meta: Facebook) -> None:
    photo = {"type": "image", "payload": {"url": "https://x"}}
    words, unreadable = told(meta.message(PERSON, {"mid": "m_1", "text": EMERGENCY, "attachments": [photo, photo]}))
    assert (words.id, words.text, words.kind) == ("m_1", EMERGENCY, Kind.WORDS)
    assert (unreadable.id, unreadable.text, unreadable.kind) == ("m_1:photo", "[photo]", Kind.UNREADABLE)


def test_a_link_among_words_is_words_only(meta: Facebook) -> None:
    link = {"type": "fallback", "payload": {"url": "https://x", "title": "x"}}
    (update,) = told(meta.message(PERSON, {"mid": "m_1", "text": "see https://x", "attachments": [link]}))
    assert update.kind is Kind.WORDS


def test_an_edit_has_an_id_of_its_own(meta: Facebook) -> None:
    (edited,) = told(meta.edited(PERSON, EMERGENCY))
    again = meta.event(PERSON, message_edit={"mid": "m_1", "text": "x", "num_edit": "2"})
    assert (edited.text, edited.kind) == (EMERGENCY, Kind.EDITED)
    assert edited.id.endswith(":edit:1") and told(again)[0].id == "m_1:edit:2"


def test_what_needs_no_reply_gives_nothing(meta: Facebook) -> None:
    for name, post in meta.without_reply(PERSON).items():
        assert told(post) == [], name


def test_what_is_signed_and_of_another_form_is_malformed(meta: Facebook) -> None:
    for name, post in meta.malformed(PERSON).items():
        with pytest.raises(Malformed):
            told(post)
            pytest.fail(f"{name} was parsed")


def test_halves_of_characters_and_nuls_are_taken_out(meta: Facebook) -> None:
    (update,) = told(meta.message(PERSON, {"mid": "m_\ud800\0", "text": "a\0b\udc00"}))
    assert (update.id + update.text).encode() and "\0" not in update.id + update.text


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
some_text = st.text(st.characters(), min_size=1, max_size=8)
INNER = ("payload", "title", "num_edit", "attachments", "quick_reply", "type", "sticker_id")
told_of = st.fixed_dictionaries(
    {"mid": some_text, "text": some_text},
    optional={key: anything | st.lists(st.dictionaries(st.sampled_from(INNER), anything)) for key in INNER},
)
events = st.one_of(
    st.fixed_dictionaries({"sender": st.just({"id": PERSON}), key: told_of})
    for key in ("message", "postback", "message_edit")
)
KEYS = ("sender", "recipient", "timestamp", "message", "postback", "message_edit")
broken_events = st.dictionaries(st.sampled_from(KEYS), told_of | anything) | anything


@hypothesis_settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    content=anything
    | events.map(page_of)
    | st.lists(events, max_size=3).map(lambda some: page_of(some[0]) if some else {})
)
def test_any_signed_json_gives_updates_or_is_malformed(meta: Facebook, content: Any) -> None:
    try:
        updates = told(meta.signed(content))
    except Malformed:
        return
    for update in updates:
        assert update.text.strip() and update.id and update.person
        assert f"{update.id}{update.text}{update.person}".encode() and json.dumps(update.address)


# --- render


def spoken(texts: Replies) -> list[Reply]:
    """Each answer and each guidance that can be sent."""
    vetted = texts._vetted
    answers = [texts.answer(id, True, route) for id in vetted.answers for route in ("unknown", "pump", "oral")]
    guidance = [
        texts.guidance(level, (symptom,)) for level in ("emergency", "advisory") for symptom in (*vetted.advice, "")
    ]
    simpler = [texts.simpler(id) for id in vetted.answers] + [texts.sources(id) for id in vetted.answers]
    assert answers and guidance and simpler
    return [*answers, *guidance, *simpler, texts.is_it_now(), texts.was_it_helpful("why_taper"), texts.contact()]


def sizes(parts: list[Part]) -> None:
    """Fails where Messenger would refuse one of the parts."""
    for part in parts:
        assert part["text"].strip() and len(part["text"].encode("utf-16-le")) <= 4000
        assert all(0 < len(one["title"]) <= 20 for one in part.get("quick_replies", ()))
    assert all("quick_replies" not in part for part in parts[:-1]), "they vanish when another message follows"


def test_every_reply_is_within_the_limits_and_shows_no_payload(texts: Replies) -> None:
    payloads = texts.payloads()
    for reply in spoken(texts):
        parts = channel.render([reply], texts)
        assert parts
        sizes(parts)
        assert not any(payload in part["text"] for part in parts for payload in payloads)


def test_an_emergency_comes_first_with_its_number(texts: Replies) -> None:
    guidance = texts.guidance("emergency", ())
    parts = channel.render([guidance, texts.answer("why_taper")], texts)
    assert parts[0]["text"] == guidance.text
    assert "911" in parts[0]["text"][:240]
    sizes(parts)


def test_short_titles_are_quick_replies(texts: Replies) -> None:
    (part,) = channel.render([texts.is_it_now()], texts)
    assert part["quick_replies"] == [
        {"content_type": "text", "title": "Yes", "payload": "/affirm"},
        {"content_type": "text", "title": "No", "payload": "/deny"},
    ]
    assert "1 Yes" not in part["text"]


def test_long_titles_stand_in_the_text_numbered_over_the_turn(texts: Replies) -> None:
    answer, helpful = texts.answer("why_taper"), texts.was_it_helpful("why_taper")
    first, last = channel.render([answer, helpful], texts)
    lines = [f"{number} {button.title}" for number, button in enumerate((*answer.buttons, *helpful.buttons), 1)]
    assert first["text"].endswith("\n".join(lines[:3])) and last["text"].endswith("\n".join(lines[3:]))
    assert [one["title"] for one in last["quick_replies"]] == ["1", "2", "3", "4", "5", "6"]
    assert [one["payload"] for one in last["quick_replies"]][2:4] == [answer.buttons[2].payload, "/feedback_helpful"]


def test_more_than_nine_buttons_are_cut(texts: Replies) -> None:
    buttons = tuple(Button(f"A question that is long, {n}", f"/ask_{n}") for n in range(12))
    (part,) = channel.render([Reply("Which one?", "none", "cannot_answer", "x", buttons)], texts)
    assert len(part["quick_replies"]) == 9 and "\n9 A question" in part["text"] and "10 A" not in part["text"]


def test_sources_are_short_lines_after_the_words(texts: Replies) -> None:
    reply = texts.answer("why_taper")
    text = channel.render([reply], texts)[0]["text"]
    words, sources, notice = texts.apart(reply)
    assert text.index(words) < text.index(f"Sources:\n- {sources[0].title}\n") < text.index(notice)
    assert "https://" not in text


def test_asked_for_sources_it_says_so_once(texts: Replies) -> None:
    (part,) = channel.render([texts.sources("why_taper")], texts)
    assert part["text"].count("Sources:") == 1


@pytest.mark.parametrize("sentence", ["This is one sentence. ", "\U0001f600", "x"])
def test_a_long_text_is_split_and_nothing_is_lost(texts: Replies, sentence: str) -> None:
    text = (sentence * 4000)[:4000].strip()
    buttons = (Button("Yes", "/affirm"),)
    parts = channel.render([Reply(text, "none", "no_answer", "x", buttons)], texts)
    sizes(parts)
    assert "".join("".join(part["text"] for part in parts).split()) == "".join(text.split())
    assert parts[-1]["quick_replies"] and len(parts) > 1


def test_no_reply_is_no_part(texts: Replies) -> None:
    assert channel.render([], texts) == []


# --- send


def reachable(meta: Facebook) -> dict[str, str]:
    return {"recipient": meta.psid(PERSON)}


async def refused(meta: Facebook, *answers: Answer) -> TryLater | CannotDeliver:
    """What `send` makes of an answer of Meta's."""
    left = list(answers)
    meta.troubles = [lambda asked: left.pop(0)]
    with pytest.raises((TryLater, CannotDeliver)) as caught:
        await channel.send(reachable(meta), PARTS, "1")
    return caught.value


async def test_a_rendered_turn_is_taken_and_can_be_pressed(meta: Facebook, texts: Replies) -> None:
    for part in channel.render([texts.guidance("emergency", ()), texts.answer("why_taper")], texts):
        await channel.send(reachable(meta), part, "1")
    shown = meta.shown_to(PERSON)
    assert meta.violations == [] and len(shown) == 2
    (update,) = told(meta.press(PERSON, shown[-1], 0))
    assert (update.kind, update.text) == (Kind.BUTTON, shown[-1].payloads[0])


async def test_neither_token_nor_words_nor_person_are_logged(meta: Facebook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await channel.send(reachable(meta), PARTS, "1")
    assert "HTTP Request" in caplog.text, "httpx logs addresses; this test must see it"
    assert not any(secret in caplog.text for secret in (meta.token, PARTS["text"], PERSON))


@pytest.mark.parametrize("seconds", [2, 300])
async def test_too_many_is_tried_again_when_meta_says(meta: Facebook, seconds: int) -> None:
    error = await refused(meta, meta.too_many(seconds))
    assert isinstance(error, TryLater) and (error.why, error.after_seconds) == ("613", seconds)


def error_of(code: Any, subcode: Any = None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": "Mrs Smith has left", "code": code, "error_subcode": subcode, **more}}


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (400, error_of(4), "4"),
        (400, error_of(17), "17"),
        (400, error_of(32), "32"),
        (400, error_of(80006), "80006"),
        (429, None, "429"),
        (400, error_of(1), "1"),
        (400, error_of(2, 2018344), "2/2018344"),
        (400, error_of(1200), "1200"),
        (400, error_of(368, is_transient=True), "368"),
        (500, error_of(100), "100"),
        (502, "<html>", "502"),
        (403, "a proxy refuses", "403"),
        (302, None, "302"),
        (400, error_of([]), "400"),
        (400, {"error": "x"}, "400"),
        (400, [], "400"),
        (401, error_of(190), "190"),
    ],
)
async def test_what_passes_is_tried_again(meta: Facebook, status: int, body: Any, why: str) -> None:
    error = await refused(meta, Answer(status, body))
    assert isinstance(error, TryLater) and error.why == why


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, error_of(10, 2018278), "10/2018278"),
        (400, error_of(551, 1545041), "551/1545041"),
        (400, error_of(100, 2018001), "100/2018001"),
        (403, error_of(200), "200"),
        (400, error_of(100, {}), "100"),
    ],
)
async def test_what_never_works_is_given_up(meta: Facebook, status: int, body: Any, why: str) -> None:
    error = await refused(meta, Answer(status, body))
    assert isinstance(error, CannotDeliver) and error.why == why


@pytest.mark.parametrize("usage", ["", "x", "[" * 5000, "5", '{"1": [{"estimated_time_to_regain_access": NaN}]}'])
async def test_a_usage_header_of_any_form_names_no_wait(meta: Facebook, usage: str) -> None:
    error = await refused(meta, Answer(429, error_of(613), {"X-Business-Use-Case-Usage": usage, "Retry-After": "soon"}))
    assert isinstance(error, TryLater) and error.after_seconds is None


async def test_who_blocked_the_page_is_given_up(meta: Facebook) -> None:
    address = reachable(meta)
    meta.refuse(PERSON)
    with pytest.raises(CannotDeliver, match="551"):
        await channel.send(address, PARTS, "1")


async def test_a_platform_that_is_down_is_tried_again(meta: Facebook, settings: Any) -> None:
    settings.CHANNEL_URLS = {"facebook": "http://127.0.0.1:9"}
    with pytest.raises(TryLater, match="ConnectError"):
        await channel.send(reachable(meta), PARTS, "1")


async def test_a_slow_platform_is_tried_again(meta: Facebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["service.gateway.channels.facebook.send"], "SECONDS", 0.2)
    meta.troubles = [lambda asked: time.sleep(0.6)]
    with pytest.raises(TryLater, match="ReadTimeout"):
        await channel.send(reachable(meta), PARTS, "1")


# --- set_webhook


async def test_without_the_apps_id_it_says_what_to_enter(meta: Facebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACEBOOK_APP_ID", raising=False)
    said = await channel.set_webhook(meta.public_url)
    assert meta.public_url in said and "FACEBOOK_VERIFY_TOKEN" in said and meta.verify_token not in said
    assert set(meta.settings) == {"/me/subscribed_apps", "/me/messenger_profile"}
    assert meta.violations == []


async def test_with_the_apps_id_the_webhook_is_set_too(
    meta: Facebook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("FACEBOOK_APP_ID", APP)
    said = await channel.set_webhook(meta.public_url)
    assert said.startswith(f"The webhook is {meta.public_url}.")
    assert meta.settings["/subscriptions"]["callback_url"] == meta.public_url
    assert meta.settings["/me/messenger_profile"] == {"get_started": {"payload": "GET_STARTED"}}
    assert meta.violations == [] and meta.secret not in caplog.text
