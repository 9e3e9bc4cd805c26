"""Slack without a running bot: what is taken for Slack's, what it tells, what is shown, what Slack's answers mean."""

import importlib
import json
import logging
import re
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baclofen_faq.answers import Button, Reply, load_replies
from baclofen_faq.answers.texts import Source
from service.gateway.channels import slack
from service.gateway.messaging.channel import CannotDeliver, Channel, Forged, Kind, Malformed, Part, TryLater, Update
from tests.gateway.channels.platforms.platform import Answer, Post
from tests.gateway.channels.platforms.slack import BOT, CHANNEL, EMERGENCY, TEAM, Slack
from tests.gateway.channels.platforms.slack_rules import check, choices_of, words_of

PERSON = "U0PATIENT1"
CALL = Reply("Call 911 now. Say: ...", "emergency", "emergency_report", "v1")
REPLIES = load_replies()
ANSWERS = sorted(payload.removeprefix("/ask_") for payload in REPLIES.payloads() if payload.startswith("/ask_"))
FIT = hypothesis_settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def platform(settings: Any) -> Iterator[Slack]:
    """Slack, and the settings of a gateway that is joined to it."""
    simulator = Slack()
    settings.CHANNEL_SETTINGS = {"PUBLIC_URL": "https://chat.clinic.example", **simulator.environment()}
    settings.CHANNEL_URLS = {"slack": f"{simulator.url}/api/"}
    yield simulator
    simulator.close()


def request_of(post: Post) -> HttpRequest:
    headers = {name: value for name, value in post.headers.items() if name != "Content-Type"}
    kind = post.headers.get("Content-Type", "")
    return RequestFactory().generic(post.method, "/webhooks/slack", post.body, content_type=kind, headers=headers)


def updates_of(post: Post) -> list[Update]:
    request = request_of(post)
    slack.verify(request)
    updates = [one for one in slack.parse(request) if isinstance(one, Update)]
    assert all(one.text.strip() and one.channel == "slack" for one in updates)
    return updates


def test_the_package_is_a_channel() -> None:
    channel: Channel = slack
    assert callable(channel.set_webhook)


# Forged requests


def test_what_slack_signed_passes(platform: Slack) -> None:
    for post in (platform.words(PERSON, EMERGENCY), platform.pressed(platform.direct(PERSON), PERSON, "/deny")):
        slack.verify(request_of(post))


def test_no_forgery_passes(platform: Slack) -> None:
    forgeries = platform.forgeries(PERSON)
    assert len(forgeries) >= 12
    for name, post in forgeries.items():
        with pytest.raises(Forged):
            slack.verify(request_of(post))
            pytest.fail(f"{name} passed")


@pytest.mark.parametrize("header", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
@given(value=st.text(max_size=80))
@FIT
def test_whatever_a_header_holds_is_forged_and_no_other_error(platform: Slack, header: str, value: str) -> None:
    post = platform.words(PERSON, EMERGENCY)
    with pytest.raises(Forged):
        slack.verify(request_of(Post(post.body, {**post.headers, header: value})))


@pytest.mark.parametrize(("seconds", "is_taken"), [(-290, True), (-310, False), (290, True), (310, False)])
def test_a_signature_holds_for_five_minutes(
    platform: Slack, monkeypatch: pytest.MonkeyPatch, seconds: int, is_taken: bool
) -> None:
    now = time.time()
    with monkeypatch.context() as then:
        then.setattr("tests.gateway.channels.platforms.slack.time.time", lambda: now + seconds)
        post = platform.words(PERSON, EMERGENCY)
    if is_taken:
        slack.verify(request_of(post))
    else:
        with pytest.raises(Forged):
            slack.verify(request_of(post))


def test_a_body_that_is_too_large_is_forged(platform: Slack, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    with pytest.raises(Forged):
        slack.verify(request_of(platform.words(PERSON, "a" * 2000)))


# What is told


def test_a_direct_message_is_words(platform: Slack) -> None:
    (update,) = updates_of(platform.words(PERSON, "can I stop <baclofen> & go?"))
    address = {"channel": platform.direct(PERSON)}
    assert update == Update("slack", update.id, f"{TEAM}:{PERSON}", address, "can I stop <baclofen> & go?")


def test_a_retry_has_the_same_id(platform: Slack) -> None:
    first, again, other = (platform.words(PERSON, EMERGENCY, id) for id in ("1", "1", "2"))
    assert updates_of(first)[0].id == updates_of(again)[0].id != updates_of(other)[0].id


def test_the_same_request_again_has_the_same_id(platform: Slack) -> None:
    for post in (platform.words(PERSON, EMERGENCY), platform.pressed(platform.direct(PERSON), PERSON, "/deny")):
        assert updates_of(post) == updates_of(post)


def test_a_direct_message_in_a_thread_is_answered_there(platform: Slack) -> None:
    (update,) = updates_of(platform.event(platform.message(PERSON, "hello", thread_ts="1355517523.000005")))
    assert update.address == {"channel": platform.direct(PERSON), "thread": "1355517523.000005"}


def test_a_mention_is_answered_in_its_thread_and_is_a_conversation_of_its_own(platform: Slack) -> None:
    post = platform.mention(PERSON, f"<@{BOT}> what is baclofen?", ts="1355517523.000005")
    (update,) = updates_of(post)
    assert (update.text, update.person) == ("what is baclofen?", f"{TEAM}:{CHANNEL}:{PERSON}")
    assert update.address == {"channel": CHANNEL, "thread": "1355517523.000005"}
    deeper = platform.mention(PERSON, f"<@{BOT}> and now?", thread_ts="1355517000.000001")
    assert updates_of(deeper)[0].address["thread"] == "1355517000.000001"


def test_a_mention_alone_is_a_greeting(platform: Slack) -> None:
    (update,) = updates_of(platform.mention(PERSON, f" <@{BOT}> "))
    assert update.kind is Kind.STARTED


def test_a_mention_that_is_told_again_once_it_is_changed_is_an_edit(platform: Slack) -> None:
    edited = {"user": PERSON, "ts": "1355517530.000000"}
    (update,) = updates_of(platform.mention(PERSON, f"<@{BOT}> {EMERGENCY}", edited=edited, ts="1355517523.000005"))
    assert (update.kind, update.id) == (Kind.EDITED, "1355517523.000005:edited:1355517530.000000")


def test_a_mention_in_a_direct_message_is_answered_once(platform: Slack) -> None:
    message = platform.message(PERSON, "")
    message["text"] = f"<@{BOT}> hello"
    told = [updates_of(platform.event({**message, "type": kind})) for kind in ("message", "app_mention")]
    assert [len(updates) for updates in told] == [1, 0]
    assert told[0][0].text == "hello"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (f"<@{BOT}> hi", "hi"),
        ("my son <@U0OTHER01> fits", "my son @someone fits"),
        ("<@U0OTHER01|anna> fits", "@someone fits"),
        ("see <#C0GENERAL1|general> and <#C0GENERAL1>", "see #general and #channel"),
        ("<!here> help <!subteam^S1|@nurses>", "@here help @nurses"),
        ("<http://x.example|this> and <https://y.example?a=1&amp;b=2>", "this and https://y.example?a=1&b=2"),
        ("call <tel:+12025550142|202-555-0142> or <tel:911>", "call 202-555-0142 or 911"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("&lt;3 &amp;lt; 5 &gt; 4", "<3 &lt; 5 > 4"),
        ("half \ud800 a sign", "half ? a sign"),
    ],
)
def test_markup_is_read_as_people_see_it(platform: Slack, markup: str, words: str) -> None:
    event = {**platform.message(PERSON, ""), "text": markup}
    assert [update.text for update in updates_of(platform.event(event))] == [words]


@pytest.mark.parametrize("name", ["photo", "voice", "video", "file", "message passed on"])
def test_what_has_no_words_is_unreadable(platform: Slack, name: str) -> None:
    (update,) = updates_of(platform.without_words(PERSON)[name])
    assert update.kind is Kind.UNREADABLE and re.fullmatch(r"\[\w+\]", update.text)


def test_a_photo_with_words_is_words_and_then_unreadable(platform: Slack) -> None:
    files = [{"id": "F1", "mimetype": "image/png"}, {"id": "F2"}]
    event = platform.message(PERSON, "his pump", subtype="file_share", files=files)
    words, photo = updates_of(platform.event(event))
    assert (words.text, words.kind) == ("his pump", Kind.WORDS)
    assert (photo.text, photo.kind, photo.id) == ("[photo]", Kind.UNREADABLE, f"{words.id}:photo")


def test_what_needs_no_reply_is_nothing(platform: Slack) -> None:
    posts = platform.without_reply(PERSON)
    assert posts
    assert {name: updates_of(post) for name, post in posts.items() if updates_of(post)} == {}


def test_changed_words_are_an_edit_with_the_time_in_its_id(platform: Slack) -> None:
    first, second = (updates_of(platform.edited(PERSON, EMERGENCY))[0] for _ in range(2))
    assert first.kind is Kind.EDITED and first.text == EMERGENCY and ":edited:" in first.id
    assert first.id != second.id


def test_a_press_is_its_payload_and_goes_where_the_button_is(platform: Slack) -> None:
    (update,) = updates_of(platform.pressed(platform.direct(PERSON), PERSON, "/ask_why_taper"))
    assert (update.text, update.kind, update.person) == ("/ask_why_taper", Kind.BUTTON, f"{TEAM}:{PERSON}")
    assert update.address == {"channel": platform.direct(PERSON)}
    (there,) = updates_of(platform.pressed(CHANNEL, PERSON, "/deny", thread_ts="1355517523.000005"))
    assert (there.person, there.address["thread"]) == (f"{TEAM}:{CHANNEL}:{PERSON}", "1355517523.000005")


def test_slack_gets_its_challenge_back(platform: Slack) -> None:
    body = {
        "token": "x",
        "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
        "type": "url_verification",
    }
    request = request_of(platform.signed(json.dumps(body).encode()))
    assert list(slack.parse(request)) == []
    answer = slack.acknowledge(request)
    assert (answer.status_code, answer.content.decode()) == (200, body["challenge"])


def test_all_else_is_answered_without_words(platform: Slack) -> None:
    for post in (platform.words(PERSON, "hi"), platform.pressed(platform.direct(PERSON), PERSON, "/deny")):
        answer = slack.acknowledge(request_of(post))
        assert (answer.status_code, answer.content) == (200, b"")


def test_what_is_malformed_says_so(platform: Slack) -> None:
    posts = platform.malformed(PERSON)
    assert posts
    for name, post in posts.items():
        with pytest.raises(Malformed):
            updates_of(post)
            pytest.fail(f"{name} was taken")


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("\ud800\0")
KNOWN = [None, "message", "app_mention", "button", "message_changed", "file_share", "D0PATIENT1", CHANNEL, PERSON]
FIELDS = ["type", "channel", "user", "text", "ts", "thread_ts", "subtype", "files", "attachments", "edited", "message"]
ANY = st.recursive(
    st.sampled_from(KNOWN) | SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FIELDS, "id", "value", "mimetype", "user_id", "is_bot"]), inner, max_size=6)
    ),
    max_leaves=15,
)
OUTER = ["event", "event_id", "team_id", "authorizations", "actions", "container", "user", "channel", "team"]


@given(
    type=st.sampled_from(["event_callback", "block_actions", "url_verification", "else"]) | SIMPLE,
    more=st.dictionaries(st.sampled_from([*OUTER, "challenge"]), ANY, max_size=8),
    is_form=st.booleans(),
)
@FIT
def test_any_json_gives_updates_or_malformed(platform: Slack, type: Any, more: dict[str, Any], is_form: bool) -> None:
    content = {"type": type, **more}
    post = platform.interaction(content) if is_form else platform.signed(json.dumps(content).encode())
    try:
        updates_of(post)
        slack.acknowledge(request_of(post))
    except Malformed as malformed:
        assert str(malformed)


@given(changes=st.dictionaries(st.sampled_from([*FIELDS, "previous_message", "bot_id"]), ANY, min_size=1, max_size=4))
@FIT
def test_anything_in_a_field_gives_updates_or_malformed(platform: Slack, changes: dict[str, Any]) -> None:
    try:
        updates_of(platform.event({**platform.message(PERSON, EMERGENCY), **changes}))
    except Malformed as malformed:
        assert str(malformed)


# What is shown


def shown(replies: Sequence[Reply]) -> list[Part]:
    """The parts, each of which keeps Slack's rules and shows no payload."""
    parts = slack.render(replies, REPLIES)
    for part in parts:
        check({"channel": "D1", **part})
        words = f"{part['text']} {words_of(part)} {[title for title, _ in choices_of(part)]}"
        assert not [payload for payload in REPLIES.payloads() if payload in words]
        assert json.loads(json.dumps(part)) == part
    return parts


def test_an_emergency_is_the_first_part_and_leads_with_the_number(platform: Slack) -> None:
    guidance = REPLIES.guidance("emergency", ())
    first = shown([guidance, REPLIES.answer("overdose")])[0]
    assert first["text"].startswith("Call 911 now.") and words_of(first).startswith("Call 911 now.")
    assert first["blocks"][0]["text"]["text"].startswith("Call <tel:911|911> now.")


@pytest.mark.parametrize("topic", ANSWERS)
def test_every_answer_keeps_the_rules_and_is_whole(topic: str) -> None:
    reply = REPLIES.answer(topic)
    words, sources, notice = REPLIES.apart(reply)
    parts = shown([reply])
    seen, fallback = (" ".join(all.split()) for all in ("\n".join(map(words_of, parts)), parts[-1]["text"]))
    for piece in (words, notice, *(source.title for source in sources)):
        assert " ".join(piece.split()) in seen
    assert sources[-1].title.replace("&", "&amp;") in fallback if sources else True
    assert [value for part in parts for _, value in choices_of(part)] == [one.payload for one in reply.buttons]


def test_all_that_is_urgent_keeps_the_rules() -> None:
    urgent = [REPLIES.guidance("emergency", ()), REPLIES.guidance("advisory", ()), REPLIES.is_it_now()]
    fixed = [REPLIES.reminder(), REPLIES.closed(), REPLIES.cannot_answer_now(), REPLIES.too_many()]
    assert len(shown([*urgent, *fixed])) == len(urgent) + len(fixed)


def test_the_sources_alone_have_one_heading() -> None:
    (part,) = shown([REPLIES.sources("why_taper")])
    assert words_of(part).count("Sources:") == 1
    assert re.search(r"<https?://[^|]+\|[^>]+>", part["blocks"][1]["text"]["text"])


@pytest.mark.parametrize(
    "text",
    ["We fed the ducks & fish. " * 160, "&" * 4000, "911 " * 1000, "\U0001f600" * 4000],
    ids=["words", "escaped", "dialled", "emoji"],
)
def test_4000_characters_are_cut_within_the_limits(text: str) -> None:
    parts = shown([Reply(text, "none", "privacy", "v1", (Button("Yes", "/affirm"),))])
    assert len(parts) > 1 and "".join(words_of(part) for part in parts).replace("\n", "").split()
    assert [len(choices_of(part)) for part in parts] == [0] * (len(parts) - 1) + [1]
    assert re.sub(r"\s", "", "".join(map(words_of, parts))) == re.sub(r"\s", "", text)


def test_many_long_sources_stay_within_a_section(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(Source(f"Title {n} <&>", f"https://x.example/{'a' * 200}?b|c&{n}", None) for n in range(40))
    monkeypatch.setattr(REPLIES, "apart", lambda reply: ("Words.", many, "Not approved."))
    assert len(shown([CALL])) >= 1


def test_short_titles_are_a_row_and_long_ones_are_lines_shown_whole() -> None:
    (row,) = shown([REPLIES.is_it_now()])
    assert row["blocks"][-1]["type"] == "actions" and [title for title, _ in choices_of(row)] == ["Yes", "No"]
    long = Button("When does it start and how long does it last?", "/ask_timeline")
    (lines,) = shown([replace(CALL, buttons=(long, Button("Yes", "/affirm")))])
    assert [title for title, _ in choices_of(lines)] == [long.title, "Yes"]
    assert lines["blocks"][1]["accessory"]["accessibility_label"] == long.title


def test_only_whole_numbers_of_the_clinic_are_dialled() -> None:
    text = "Call 202-555-0142 or 911, not 9112 or 202-911-0000 or 1911."
    (part,) = shown([replace(CALL, text=text)])
    assert re.findall(r"<tel:(\d+)", part["blocks"][0]["text"]["text"]) == ["2025550142", "911"]


def test_words_of_a_person_are_no_markup() -> None:
    (part,) = shown([REPLIES.shown(["<!channel> <@U1> <https://x.example|y> & <tel:1|2>"])])
    assert "&lt;!channel&gt;" in part["blocks"][0]["text"]["text"] and part["blocks"][0]["text"]["verbatim"] is True


# Sending


async def sent(platform: Slack, **more: str) -> None:
    await slack.send({"channel": platform.direct(PERSON), **more}, slack.render([CALL], REPLIES)[0], "7.0")


async def test_a_message_arrives_without_previews(platform: Slack) -> None:
    await sent(platform)
    assert [one.text for one in platform.shown_to(PERSON)] == [CALL.text] and platform.violations == []
    assert platform.posted[0]["unfurl_links"] is platform.posted[0]["unfurl_media"] is False
    assert "thread_ts" not in platform.posted[0]


async def test_a_reply_in_a_channel_is_in_the_thread(platform: Slack) -> None:
    await sent(platform, thread="1355517523.000005")
    assert platform.posted[0]["thread_ts"] == "1355517523.000005" and platform.violations == []


async def test_too_many_waits_as_long_as_slack_says_and_is_not_tried_again_here(platform: Slack) -> None:
    asked: list[str] = []
    platform.troubles.append(lambda one: asked.append(one.path) or platform.too_many(7))
    with pytest.raises(TryLater) as error:
        await sent(platform)
    assert (error.value.why, error.value.after_seconds, len(asked)) == ("ratelimited", 7.0, 1)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(500, {"ok": False, "error": "internal_error"}), "internal_error"),
        (Answer(503), "503"),
        (Answer(502, "down", {"content-type": "text/plain"}), "502"),
        (Answer(200, {"ok": False, "error": "internal_error"}), "internal_error"),
        (Answer(200, {"ok": False, "error": "service_unavailable"}), "service_unavailable"),
        (Answer(200, {"ok": False, "error": "fatal_error"}), "fatal_error"),
        (Answer(200, {"ok": False, "error": "request_timeout"}), "request_timeout"),
        (Answer(200, {"ok": False, "error": "ratelimited"}), "ratelimited"),
        (Answer(200, {"ok": False, "error": "team_added_to_org"}), "team_added_to_org"),
        (Answer(200, {"ok": False, "error": "invalid_auth"}), "invalid_auth"),
        (Answer(200, {"ok": False, "error": "token_revoked"}), "token_revoked"),
        (Answer(200), "no_json"),
        (Answer(200, ["ok"]), "no_json"),
        (Answer(200, "fine", {"content-type": "text/plain"}), "no_json"),
        (Answer(200, "fine", {"content-type": "text/html"}), "no_json"),
        (Answer(429, None, {"Retry-After": "soon"}), "429"),
    ],
)
async def test_what_passes_is_tried_later(platform: Slack, answer: Answer, why: str) -> None:
    platform.troubles.append(lambda _: answer)
    with pytest.raises(TryLater) as error:
        await sent(platform)
    assert (error.value.why, error.value.after_seconds) == (why, None)


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "msg_too_long",
        "invalid_blocks",
        "restricted_action",
        "missing_scope",
    ],
)
async def test_what_never_works_cannot_be_delivered(platform: Slack, code: str) -> None:
    platform.troubles.append(lambda _: Answer(200, {"ok": False, "error": code}))
    with pytest.raises(CannotDeliver) as error:
        await sent(platform)
    assert error.value.why == code


async def test_a_code_that_is_no_code_is_not_passed_on(platform: Slack) -> None:
    platform.troubles.append(lambda _: Answer(403, {"ok": False, "error": "Anna said: help"}))
    with pytest.raises(CannotDeliver) as error:
        await sent(platform)
    assert error.value.why == "403"


async def test_somebody_who_has_left_cannot_be_reached(platform: Slack) -> None:
    platform.refuse(PERSON)
    with pytest.raises(CannotDeliver):
        await sent(platform)
    assert platform.shown_to(PERSON) == []


async def test_a_slack_that_is_away_is_tried_later(platform: Slack, settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CHANNEL_URLS = {"slack": f"http://127.0.0.1:{free.getsockname()[1]}/"}
        with pytest.raises(TryLater) as error:
            await sent(platform)
    assert error.value.why == "unreachable"


async def test_a_slack_that_hangs_is_tried_later(
    platform: Slack, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("service.gateway.channels.slack.send")  # its name in the package is the function's
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CHANNEL_URLS = {"slack": f"http://127.0.0.1:{silent.getsockname()[1]}/"}
        with pytest.raises(TryLater) as error:
            await sent(platform)
    assert error.value.why == "timeout"


async def test_nothing_is_logged_of_words_or_token(platform: Slack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await sent(platform)
    platform.troubles.append(lambda _: Answer(500, {"ok": False, "error": "internal_error"}))
    with pytest.raises(TryLater) as error:
        await sent(platform)
    assert error.value.__suppress_context__
    private = ("Call 911", "xoxb-", platform.direct(PERSON))
    assert [one for one in private if one in caplog.text] == []


async def test_set_webhook_says_what_to_enter_where(platform: Slack) -> None:
    text = await slack.set_webhook(platform.public_url)
    for part in ("Event Subscriptions", "Interactivity", "chat:write", "im:history", "app_mentions:read"):
        assert part in text
    assert text.count(platform.public_url) == 2 and platform.posted == []
