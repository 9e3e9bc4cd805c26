"""Telegram without a running bot: who is believed, what is understood, what is shown, what is tried again."""

import json
import logging
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baclofen_faq.answers import Button, Reply, load_replies
from service.gateway.channels import telegram as channel
from service.gateway.channels.telegram.message import WITHOUT_WORDS
from service.gateway.channels.telegram.render import LONGEST, units
from service.gateway.messaging.channel import CannotDeliver, Forged, Kind, Malformed, Part, TryLater, Update
from tests.gateway.channels.platforms.platform import Answer, Asked, Post
from tests.gateway.channels.platforms.telegram import BOT, HEADER, SECRET, TOKEN, Telegram
from tests.gateway.channels.platforms.telegram_rules import Refused, buttons, check_text
from tests.gateway.channels.platforms.telegram_updates import BOT_NAME, GROUP, group

ANN, WORDS = "5210000017", "my dad is having a seizure"
PRIVATE = {"chat_id": int(ANN)}
REPLIES = load_replies()
WHOLE = [REPLIES.answer(payload.removeprefix("/ask_")) for payload in sorted(REPLIES.payloads()) if "/ask_" in payload]
GUIDANCE = [REPLIES.guidance(level, ()) for level in ("emergency", "advisory")]
LINES = [REPLIES.is_it_now(), REPLIES.cannot_answer_now(), REPLIES.was_it_helpful("why_taper"), REPLIES.contact()]


@pytest.fixture
def telegram(settings: Any) -> Iterator[Telegram]:
    platform = Telegram()
    settings.CHANNEL_SETTINGS = {"PUBLIC_URL": "https://chat.clinic.example", **platform.environment()}
    settings.CHANNEL_URLS = {"telegram": platform.url}
    yield platform
    platform.close()


def request_of(post: Post) -> HttpRequest:
    headers = {name: value for name, value in post.headers.items() if name != "content-type"}
    return RequestFactory().generic(
        post.method,
        "/webhooks/telegram",
        post.body,
        "application/json",
        headers=headers,
        QUERY_STRING=post.query,
    )


def parsed(post: Post) -> tuple[Update, ...]:
    request = request_of(post)
    channel.verify(request)
    return channel.parse(request)


def only(post: Post) -> Update:
    (update,) = parsed(post)
    return update


def signed(body: Any) -> Post:
    return Post(json.dumps(body).encode(), {HEADER: SECRET})


# Who is believed


def test_what_carries_the_secret_is_telegrams(telegram: Telegram) -> None:
    channel.verify(request_of(telegram.words(ANN, WORDS)))


def test_no_forgery_is_believed(telegram: Telegram) -> None:
    forgeries = telegram.forgeries(ANN)
    assert len(forgeries) >= 12
    for name, post in forgeries.items():
        with pytest.raises(Forged):
            channel.verify(request_of(post))
            pytest.fail(name)


@pytest.mark.parametrize("token", ["Hq3v_pT9-kxW2mZr7LbN4dY\xe9", "\udce9", "\0", "ｋ"])
def test_a_secret_in_a_wrong_encoding_is_a_forgery(telegram: Telegram, token: str) -> None:
    request = request_of(Post(b"{}"))
    request.META["HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN"] = token
    with pytest.raises(Forged):
        channel.verify(request)


def test_without_a_secret_of_ours_nobody_is_believed(telegram: Telegram, settings: Any) -> None:
    settings.CHANNEL_SETTINGS = {**settings.CHANNEL_SETTINGS, "TELEGRAM_WEBHOOK_SECRET": ""}
    for headers in ({}, {HEADER: ""}):
        with pytest.raises(Forged):
            channel.verify(request_of(Post(b"{}", headers)))


# What is understood


def test_words_go_to_the_conversation_of_their_writer(telegram: Telegram) -> None:
    update = only(telegram.words(ANN, WORDS))
    assert (update.channel, update.kind, update.text, update.person) == ("telegram", Kind.WORDS, WORDS, ANN)
    assert update.address == PRIVATE
    assert ANN not in update.id


def test_a_retry_has_the_same_id(telegram: Telegram) -> None:
    first, again, other = (only(telegram.words(ANN, WORDS, id)) for id in ("1", "1", "2"))
    assert first == again and first.id != other.id


@pytest.mark.parametrize("text", ["/start", "/START", f"/start@{BOT_NAME}", "/help", "/ask", f"@{BOT_NAME}", "\u200b"])
def test_what_opens_the_chat_is_greeted(telegram: Telegram, text: str) -> None:
    update = only(telegram.words(ANN, text))
    assert (update.kind, update.text) == (Kind.STARTED, "[start]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"/start {WORDS}", WORDS),
        (f"/ask@{BOT_NAME} {WORDS}", WORDS),
        (f"/seizure_now {WORDS}", f"/seizure_now {WORDS}"),
        ("/starting it hurts", "/starting it hurts"),
        (f"see /start, {WORDS}", f"see /start, {WORDS}"),
        ("/ask_why_taper", "/ask_why_taper"),
        (f"@{BOT_NAME} {WORDS}", WORDS),
    ],
)
def test_what_is_written_beside_a_command_is_kept(telegram: Telegram, text: str, said: str) -> None:
    update = only(telegram.words(ANN, text))
    assert (update.kind, update.text) == (Kind.WORDS, said)


@pytest.mark.parametrize("text", ["/start", "\u200b", "/", " \n"])
def test_what_is_blank_is_never_words(telegram: Telegram, text: str) -> None:
    assert all(update.kind is Kind.STARTED and update.text for update in parsed(telegram.words(ANN, text)))


def test_what_has_no_words_says_what_it_was(telegram: Telegram) -> None:
    posts = telegram.without_words(ANN)
    updates = {name: only(post) for name, post in posts.items()}
    assert {update.kind for update in updates.values()} == {Kind.UNREADABLE}
    named = {name: updates[name].text for name in ("photo", "video_note", "animation", "file", "venue", "place")}
    assert list(named.values()) == ["[photo]", "[video note]", "[animation]", "[document]", "[venue]", "[location]"]


def test_the_library_knows_every_kind_that_has_no_words(telegram: Telegram) -> None:
    from telegram import Message

    assert not [name for name in WITHOUT_WORDS if not hasattr(Message, name)]


def test_the_words_under_a_photo_come_before_it(telegram: Telegram) -> None:
    words, photo = parsed(telegram.captioned(ANN, WORDS))
    assert (words.kind, words.text, photo.kind, photo.text) == (Kind.WORDS, WORDS, Kind.UNREADABLE, "[photo]")
    assert photo.id == f"{words.id}:photo"


def test_the_photos_of_an_album_are_one_thing(telegram: Telegram) -> None:
    make, photo = telegram.updates, [{"file_id": "A", "file_unique_id": "B", "width": 1, "height": 1}]
    album = [make.update(message=make.message(ANN, photo=photo, media_group_id="13")) for _ in range(3)]
    assert len({only(telegram.told(update)).id for update in album}) == 1


def test_what_needs_no_reply_tells_nothing(telegram: Telegram) -> None:
    posts = telegram.without_reply(ANN)
    assert len(posts) > 20
    assert {name: parsed(post) for name, post in posts.items() if parsed(post)} == {}


def test_an_edit_has_an_id_of_its_own(telegram: Telegram) -> None:
    update = only(telegram.edited(ANN, WORDS))
    assert (update.kind, update.text, update.person) == (Kind.EDITED, WORDS, ANN)
    assert ":edited:" in update.id


async def test_a_button_tells_its_payload_and_stops_waiting(telegram: Telegram) -> None:
    telegram.words(ANN, WORDS)
    (part,) = channel.render([REPLIES.is_it_now()], REPLIES)
    await channel.send(PRIVATE, part, "1")
    post = telegram.press(ANN, telegram.messages[0], 0)
    update = only(post)
    assert (update.kind, update.text, update.person, update.address) == (Kind.BUTTON, "/affirm", ANN, PRIVATE)
    query = json.loads(post.body)["callback_query"]["id"]
    answer = json.loads(channel.acknowledge(request_of(post)).content)
    assert answer == {"method": "answerCallbackQuery", "callback_query_id": query}


def test_a_message_is_acknowledged_with_nothing(telegram: Telegram) -> None:
    response = channel.acknowledge(request_of(telegram.words(ANN, WORDS)))
    assert (response.status_code, response.content) == (200, b"")


# Groups


@pytest.mark.parametrize(
    "text",
    [f"@{BOT_NAME} {WORDS}", f"{WORDS} @{BOT_NAME.upper()}", f"/ask@{BOT_NAME.lower()} {WORDS}", f"😀@{BOT_NAME}"],
)
def test_in_a_group_the_name_calls_the_bot_and_is_taken_out(telegram: Telegram, text: str) -> None:
    update = only(telegram.in_group(ANN, text))
    assert update.text in (WORDS, "😀")
    assert update.person == f"{GROUP}:{ANN}"


def test_in_a_group_the_reply_quotes_the_message(telegram: Telegram) -> None:
    update = only(telegram.in_group(ANN, f"@{BOT_NAME} {WORDS}"))
    quoted = update.address["reply_parameters"]
    assert update.address["chat_id"] == GROUP
    assert isinstance(quoted["message_id"], int) and quoted["allow_sending_without_reply"] is True


def test_a_reply_to_the_bot_is_for_it_and_one_to_somebody_else_is_not(telegram: Telegram) -> None:
    ours = {"message_id": 5, "from": BOT, "chat": group(), "date": 1, "text": "Is this happening now?"}
    theirs = {**ours, "from": {**BOT, "id": 99, "username": "AnotherBot"}}
    assert only(telegram.in_group(ANN, "yes", reply_to_message=ours)).text == "yes"
    assert parsed(telegram.in_group(ANN, "yes", reply_to_message=theirs)) == ()


def test_a_topic_of_a_group_belongs_to_the_address_and_a_thread_of_replies_does_not(telegram: Telegram) -> None:
    text = f"@{BOT_NAME} {WORDS}"
    topic = only(telegram.in_group(ANN, text, message_thread_id=77, is_topic_message=True))
    thread = only(telegram.in_group(ANN, text, message_thread_id=77))
    assert topic.address["message_thread_id"] == 77 and "message_thread_id" not in thread.address


def test_an_admin_who_hides_behind_the_group_is_answered_and_a_forwarded_post_is_not(telegram: Telegram) -> None:
    hidden = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": group()}
    update = only(telegram.in_group(ANN, f"@{BOT_NAME} {WORDS}", **hidden))
    assert (update.person, update.text) == (f"{GROUP}:{GROUP}", WORDS)
    assert parsed(telegram.in_group(ANN, f"@{BOT_NAME} {WORDS}", is_automatic_forward=True)) == ()


def test_a_button_in_a_group_stays_in_the_group(telegram: Telegram) -> None:
    message = telegram.updates.of_the_bot(group(), "Is this happening now?")
    update = only(telegram.told(telegram.updates.pressed(ANN, message, data="/affirm")))
    assert (update.person, update.address) == (f"{GROUP}:{ANN}", {"chat_id": GROUP})


# What is not of the documented form


def test_what_is_malformed_is_told_apart(telegram: Telegram) -> None:
    posts = telegram.malformed(ANN)
    assert len(posts) > 15
    for name, post in posts.items():
        with pytest.raises(Malformed):
            pytest.fail(f"{name}: {parsed(post)}")


def test_no_message_is_lost_because_of_what_is_not_looked_at(telegram: Telegram) -> None:
    nested: dict[str, Any] = {}
    for _ in range(100):
        nested = {"message_id": 1, "date": 1, "chat": group(), "reply_to_message": nested}
    odd = {"forward_origin": {"type": 5}, "reply_to_message": nested, "of_next_year": [{}], "quote": 7, "via_bot": "?"}
    for more in (odd, {"photo": "?", "caption": WORDS, "text": None}, {"from": {**BOT, "is_bot": False, "new": {}}}):
        update = telegram.updates.update(message={**telegram.updates.written(ANN, WORDS), **more})
        assert parsed(telegram.told(update))[0].text == WORDS


def test_half_of_a_surrogate_pair_and_a_nul_do_no_harm(telegram: Telegram) -> None:
    update = only(telegram.words(ANN, "my dad \0\ud83d fell"))
    update.text.encode()
    assert update.text.endswith("fell")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
MESSAGES = {
    "message_id": 4,
    "from": {"id": 5, "is_bot": False, "first_name": "Ann"},
    "chat": {"id": 5, "type": "private"},
    "date": 1,
    "text": f"@{BOT_NAME} hello",
    "entities": [{"type": "mention", "offset": 0, "length": 15}],
    "photo": [{"file_id": "A", "file_unique_id": "B", "width": 1, "height": 1}],
    "reply_to_message": {"message_id": 3, "date": 1, "chat": {"id": 5, "type": "private"}},
    "edit_date": 2,
    "is_topic_message": True,
    "message_thread_id": 8,
    "media_group_id": "9",
    "sender_chat": {"id": -5, "type": "channel"},
}
QUERY = {"id": "1", "from": MESSAGES["from"], "chat_instance": "2", "data": "/affirm", "message": MESSAGES}
UPDATE: dict[str, Any] = {"update_id": 1, "message": MESSAGES, "edited_message": MESSAGES, "callback_query": QUERY}


@st.composite
def updates_with_anything_somewhere(draw: st.DrawFn) -> Any:
    """An update of one kind, of which some values, at any depth, are anything or missing."""

    def changed(value: Any) -> Any:
        if draw(st.integers(0, 9)) == 0:
            return draw(JSON)
        if isinstance(value, dict):
            return {name: changed(inner) for name, inner in value.items() if draw(st.integers(0, 9))}
        return [changed(inner) for inner in value] if isinstance(value, list) else value

    kind = draw(st.sampled_from(["message", "edited_message", "callback_query"]))
    return changed({"update_id": 1, kind: UPDATE[kind]})


@given(body=JSON | updates_with_anything_somewhere())
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_json_tells_something_or_is_malformed(telegram: Telegram, body: Any) -> None:
    request = request_of(signed(body))
    try:
        updates = channel.parse(request)
    except Malformed:
        return
    assert channel.acknowledge(request).status_code == 200
    for update in updates:
        assert update.text.strip() and update.person and update.id
        json.dumps(update.address)
        update.text.encode()


# What is shown


def test_an_emergency_is_the_first_part_and_names_its_number_at_once() -> None:
    for symptoms in ((), ("seizure",), ("overdose",)):
        parts = channel.render([REPLIES.guidance("emergency", symptoms), *WHOLE[:2]], REPLIES)
        assert "911" in parts[0]["text"][:240]


@pytest.mark.parametrize("reply", [*WHOLE, *GUIDANCE, *LINES], ids=lambda reply: reply.answer_id)
def test_everything_that_is_said_keeps_to_telegrams_rules(reply: Reply) -> None:
    parts = channel.render([reply], REPLIES)
    assert parts
    checked(parts)
    words, sources, notice = REPLIES.apart(reply)
    shown = "\n".join(part["text"] for part in parts)
    assert words in shown and notice in shown
    assert not any(source.url in shown for source in sources)
    links = [link for part in parts for link in linked(part)]
    assert links == [(source.title, source.url) for source in sources]


def test_buttons_stand_one_a_row_under_the_last_part_of_their_reply() -> None:
    long, short = Reply("a word " * 1200, "none", "x", "", (Button("Why?", "/ask_why_taper"),)), REPLIES.is_it_now()
    parts = channel.render([long, short], REPLIES)
    checked(parts)
    assert ["reply_markup" in part for part in parts] == [False, False, True, True]
    assert parts[-1]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "/affirm"}],
        [{"text": "No", "callback_data": "/deny"}],
    ]


@pytest.mark.parametrize("letter", ["a", "é", "😀", "<b>&*_[", "\n"])
def test_a_long_text_is_sent_whole_whatever_it_is_made_of(letter: str) -> None:
    text = f"begin {letter * 4000} end"
    parts = channel.render([Reply(text, "none", "x", "")], REPLIES)
    checked(parts)
    assert "".join("".join(part["text"] for part in parts).split()) == "".join(text.split())


def test_links_are_right_behind_emoji_and_in_a_second_part() -> None:
    answer = next(reply for reply in WHOLE if REPLIES.apart(reply)[1])
    for before in ("😀 " * 20, "a word. " * 600, "😀 " * 1360):
        reply = Reply(f"{before}\n\n{answer.text}", answer.level, answer.answer_id, answer.version)
        parts = channel.render([reply], REPLIES)
        checked(parts)
        sources = REPLIES.apart(reply)[1]
        assert [link for part in parts for link in linked(part)] == [(one.title, one.url) for one in sources]


def test_every_payload_fits_a_button_and_none_can_be_seen() -> None:
    assert max(len(payload.encode()) for payload in REPLIES.payloads()) <= 64
    shown = " ".join(part["text"] for part in channel.render([*WHOLE, *GUIDANCE, *LINES], REPLIES))
    assert not [payload for payload in REPLIES.payloads() if payload in shown]


def checked(parts: list[Part]) -> None:
    for part in parts:
        check_text(part)
        buttons(part.get("reply_markup"))
        assert units(part["text"]) <= LONGEST
        assert json.loads(json.dumps(part)) == part


def linked(part: Part) -> list[tuple[str, str]]:
    text = part["text"].encode("utf-16-le")
    return [
        (text[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"), one["url"])
        for one in part.get("entities", [])
    ]


# What is sent


async def test_a_whole_turn_arrives_as_it_was_rendered(telegram: Telegram) -> None:
    telegram.words(ANN, WORDS)
    parts = channel.render([*GUIDANCE, *WHOLE], REPLIES)
    for part in parts:
        await channel.send(PRIVATE, part, "1")
    assert telegram.violations == []
    assert [shown.text for shown in telegram.shown_to(ANN)] == [part["text"] for part in parts]
    assert {method for method, _ in telegram.asked} == {"sendMessage"}
    assert all(given["link_preview_options"] == {"is_disabled": True} for _, given in telegram.asked)
    assert [given.get("entities") for _, given in telegram.asked] == [part.get("entities") for part in parts]


async def test_a_reply_in_a_group_goes_into_its_topic(telegram: Telegram) -> None:
    post = telegram.in_group(ANN, f"@{BOT_NAME} {WORDS}", message_thread_id=77, is_topic_message=True)
    await channel.send(only(post).address, {"text": "Call 911 now."}, "1")
    assert telegram.violations == []
    assert telegram.asked[0][1]["message_thread_id"] == 77
    assert telegram.shown_to(str(GROUP))


async def test_a_group_that_moved_is_followed(telegram: Telegram) -> None:
    address = only(telegram.in_group(ANN, f"@{BOT_NAME} {WORDS}")).address
    telegram.move(GROUP, GROUP - 7)
    await channel.send(address, {"text": "Call 911 now."}, "1")
    assert telegram.shown_to(str(GROUP - 7)) and telegram.violations == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Refused(401, "Unauthorized").answer(), "token"),
        (Refused(404, "Not Found").answer(), "token"),
        (Refused(500, "Internal Server Error: restart").answer(), "server"),
        (Answer(502, "<html>"), "answer"),
        (Answer(503), "server"),
        (Answer(429, {"ok": False}), "server"),
        (Answer(200, []), "answer"),
        (Answer(200), "answer"),
        (Answer(200, {"ok": True, "result": "?"}), "answer"),
        (Answer(500, ["?"]), "answer"),
    ],
)
async def test_what_may_pass_is_tried_later(telegram: Telegram, answer: Answer, why: str) -> None:
    telegram.troubles.append(lambda _: answer)
    with pytest.raises(TryLater) as error:
        await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    assert (error.value.why, error.value.after_seconds) == (why, None)


async def test_a_wait_that_telegram_names_is_told(telegram: Telegram) -> None:
    telegram.troubles.append(lambda _: telegram.too_many(17))
    with pytest.raises(TryLater) as error:
        await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    assert (error.value.why, error.value.after_seconds) == ("429", 17)


async def test_nobody_at_the_other_end_is_tried_later(telegram: Telegram, settings: Any) -> None:
    settings.CHANNEL_URLS = {"telegram": "http://127.0.0.1:9"}
    with pytest.raises(TryLater) as error:
        await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    assert error.value.why == "unreachable"


async def test_no_answer_in_time_is_tried_later(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("service.gateway.channels.telegram.send"), "ANSWER_SECONDS", 0.2)
    telegram.troubles.append(lambda _: time.sleep(1))  # type: ignore[arg-type,func-returns-value]
    with pytest.raises(TryLater) as error:
        await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    assert error.value.why == "timeout"


async def test_who_blocked_the_bot_cannot_be_reached(telegram: Telegram) -> None:
    telegram.words(ANN, WORDS)
    telegram.refuse(ANN)
    with pytest.raises(CannotDeliver) as error:
        await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    assert error.value.why == "blocked" and telegram.violations == []


async def test_a_chat_that_does_not_exist_cannot_be_reached(telegram: Telegram) -> None:
    with pytest.raises(CannotDeliver) as error:
        await channel.send({"chat_id": 4}, {"text": "Call 911 now."}, "1")
    assert error.value.why == "400"


async def test_no_log_holds_the_token_or_what_is_said(telegram: Telegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.words(ANN, WORDS)

    def odd(_: Asked) -> Answer:
        return Answer(500, f"words of {ANN}")

    await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    telegram.troubles.append(odd)
    with pytest.raises(TryLater) as error:
        await channel.send(PRIVATE, {"text": "Call 911 now."}, "1")
    assert error.value.__suppress_context__
    for secret in (TOKEN, ANN, "Call 911", "words of"):
        assert secret not in caplog.text


# The webhook


async def test_telegram_is_told_where_the_bot_is(telegram: Telegram) -> None:
    said = await channel.set_webhook(telegram.public_url)
    assert said == f"Telegram sends updates to {telegram.public_url} (0 are waiting)."
    given = dict(telegram.asked)["setWebhook"]
    assert given["secret_token"] == SECRET and given["url"] == telegram.public_url
    assert SECRET not in said and TOKEN not in said and telegram.violations == []


async def test_trouble_with_the_webhook_is_said_in_words(telegram: Telegram) -> None:
    telegram.hook["last_error_message"] = "Wrong response from the webhook: 403 Forbidden"
    telegram.bot_name = "OtherBot"
    said = await channel.set_webhook(telegram.public_url)
    assert "403 Forbidden" in said and f"TELEGRAM_BOT_NAME is {BOT_NAME}" in said


async def test_an_address_that_telegram_refuses_is_said_in_its_words(telegram: Telegram) -> None:
    with pytest.raises(CannotDeliver, match="https url must be provided"):
        await channel.set_webhook("http://chat.clinic.example/webhooks/telegram")


async def test_a_wrong_token_sets_no_webhook(telegram: Telegram, settings: Any) -> None:
    settings.CHANNEL_SETTINGS = {**settings.CHANNEL_SETTINGS, "TELEGRAM_TOKEN": "1:wrong"}
    with pytest.raises(TryLater, match="token"):
        await channel.set_webhook(telegram.public_url)
