"""SMS and WhatsApp: who may post, what a form means, and what is sent."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baclofen_faq.answers import Button, Reply, load_replies
from service.gateway.channels import twilio
from service.gateway.channels.twilio import api
from service.gateway.channels.twilio.keywords import KEYWORDS, keyword
from service.gateway.channels.twilio.plain import plain
from service.gateway.channels.twilio.render import ASK
from service.gateway.messaging.channel import (
    CannotDeliver,
    Channel,
    Forged,
    Kind,
    Malformed,
    Part,
    Receipt,
    TryLater,
    Update,
)
from tests.gateway.channels.platforms.platform import Answer, Post
from tests.gateway.channels.platforms.twilio import ACCOUNT, CLINIC, Twilio, WhatsApp
from tests.gateway.channels.platforms.twilio_requests import TOKEN, posted, signature

PERSON, PUBLIC_URL = "+12025550123", "https://chat.clinic.example"
SETTINGS = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "PUBLIC_URL": PUBLIC_URL}
ADDRESS = {"from": CLINIC, "to": PERSON}
REPLIES = load_replies()
Platforms = TypeVar("Platforms", bound=Twilio)
ANSWERS = sorted(REPLIES._vetted.answers)
GUIDANCE = [(level, symptom) for level in ("emergency", "advisory") for symptom in ("", *REPLIES._vetted.advice)]


@contextmanager
def running(app: type[Platforms], settings: Any) -> Iterator[Platforms]:
    platform = app()
    settings.CHANNEL_SETTINGS, settings.CHANNEL_URLS = SETTINGS, {"twilio": platform.url}
    yield platform
    platform.close()
    assert platform.violations == []


@pytest.fixture(params=[Twilio, WhatsApp])
def platform(request: pytest.FixtureRequest, settings: Any) -> Iterator[Twilio]:
    with running(request.param, settings) as platform:
        yield platform


@pytest.fixture
def sms(settings: Any) -> Iterator[Twilio]:
    with running(Twilio, settings) as platform:
        yield platform


@pytest.fixture
def whatsapp(settings: Any) -> Iterator[WhatsApp]:
    with running(WhatsApp, settings) as platform:
        yield platform


def request_of(post: Post) -> HttpRequest:
    headers = dict(post.headers)
    path = "/webhooks/twilio" + (f"?{post.query}" if post.query else "")
    return RequestFactory().generic(post.method, path, post.body, headers.pop("content-type"), headers=headers)


def told(post: Post) -> list[Update | Receipt]:
    request = request_of(post)
    twilio.verify(request)
    return list(twilio.parse(request))


def address(platform: Twilio) -> dict[str, str]:
    return {"from": platform.prefix + CLINIC, "to": platform.address_of(PERSON)}


def texts(*replies: Reply) -> list[str]:
    return [part["text"] for part in twilio.render(replies, REPLIES)]


def test_the_package_is_a_channel() -> None:
    channel: Channel = twilio
    assert all(callable(getattr(channel, name)) for name in ("verify", "parse", "acknowledge", "render", "send"))


# Who may post


def test_what_twilio_signed_passes(platform: Twilio) -> None:
    twilio.verify(request_of(platform.words(PERSON, "hello + & = % ’ \N{THUMBS UP SIGN}\r\n")))


def test_the_signature_may_be_of_the_address_with_its_port(sms: Twilio) -> None:
    pairs = list(sms.fields(PERSON, "hello").items())
    twilio.verify(request_of(posted(pairs, signature("https://chat.clinic.example:443/webhooks/twilio", pairs))))


def test_a_parameter_that_is_new_and_stands_twice_or_is_blank_does_not_break_the_signature(sms: Twilio) -> None:
    twilio.verify(request_of(sms.signed([*sms.fields(PERSON, "hello").items(), ("New", "b"), ("New", "a"), ("X", "")])))


def test_what_a_proxy_says_of_the_address_does_not_count(sms: Twilio) -> None:
    post = sms.words(PERSON, "hello")
    headers = {**post.headers, "host": "127.0.0.1:8080", "x-forwarded-proto": "http"}
    twilio.verify(request_of(replace(post, headers=headers)))


def test_no_forgery_passes(platform: Twilio) -> None:
    forgeries = platform.forgeries(PERSON)
    assert len(forgeries) >= 12
    for name, post in forgeries.items():
        with pytest.raises(Forged):
            twilio.verify(request_of(post))
            pytest.fail(f"passed: {name}")


@pytest.mark.parametrize("given", ["\xfc\xdf", "\u2028", "a" * 100_000, "=", "\t", "null"])
def test_a_signature_that_is_garbage_is_refused(sms: Twilio, given: str) -> None:
    request = request_of(sms.words(PERSON, "hello"))
    request.META["HTTP_X_TWILIO_SIGNATURE"] = given
    with pytest.raises(Forged):
        twilio.verify(request)


@pytest.mark.parametrize(
    ("body", "type"),
    [
        (b"\xff\xfe=\x00&&&==;", "application/x-www-form-urlencoded"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
        (b"a=" + b"1" * 2_000_000, "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", ""),
    ],
)
def test_a_body_that_is_garbage_is_refused(sms: Twilio, body: bytes, type: str) -> None:
    with pytest.raises(Forged):
        twilio.verify(request_of(Post(body, {"content-type": type, "X-Twilio-Signature": "x"})))


# What a form means


def test_words(platform: Twilio) -> None:
    (update,) = told(platform.words(PERSON, " I ran out\nof baclofen "))
    assert isinstance(update, Update)
    assert (update.channel, update.is_brief) == (platform.channel, platform.channel == "sms")
    assert (update.text, update.kind) == (" I ran out\nof baclofen ", Kind.WORDS)
    assert (update.person, update.address) == (platform.address_of(PERSON), address(platform))
    assert re.fullmatch("SM[0-9a-f]{32}", update.id)


def test_a_retry_has_the_same_id(platform: Twilio) -> None:
    assert told(platform.words(PERSON, "hello", id="1")) == told(platform.words(PERSON, "hello", id="1"))


def test_the_same_number_in_two_apps_is_two_persons(sms: Twilio, whatsapp: WhatsApp) -> None:
    of_sms, of_whatsapp = (told(app.words(PERSON, "hello"))[0] for app in (sms, whatsapp))
    assert isinstance(of_sms, Update) and isinstance(of_whatsapp, Update)
    assert (of_sms.channel, of_sms.person) != (of_whatsapp.channel, of_whatsapp.person)


def test_what_has_no_words_is_unreadable(platform: Twilio) -> None:
    posts = platform.without_words(PERSON)
    assert len(posts) >= 10
    for name, post in posts.items():
        (update,) = told(post)
        assert isinstance(update, Update)
        assert update.kind is Kind.UNREADABLE, name
        assert re.fullmatch(r"\[[a-z ]+\]", update.text), name


@pytest.mark.parametrize(
    ("type", "thing"),
    [
        ("image/jpeg", "photo"),
        ("IMAGE/PNG; name=a.png", "photo"),
        ("image/webp", "sticker"),
        ("audio/amr", "voice"),
        ("video/3gpp", "video"),
        ("text/vcard", "contact"),
        ("application/pdf", "file"),
        ("/", "file"),
    ],
)
def test_a_caption_comes_first_and_then_what_it_is_under(platform: Twilio, type: str, thing: str) -> None:
    words, unreadable = told(platform.media(PERSON, type, "is this rash from it?"))
    assert isinstance(words, Update) and isinstance(unreadable, Update)
    assert (words.text, words.kind) == ("is this rash from it?", Kind.WORDS)
    assert (unreadable.text, unreadable.kind) == (f"[{thing}]", Kind.UNREADABLE)
    assert unreadable.id == f"{words.id}:{thing}"


def test_what_needs_no_reply_gives_nothing(platform: Twilio) -> None:
    posts = platform.without_reply(PERSON)
    assert len(posts) >= 8
    assert {name: told(post) for name, post in posts.items()} == {name: [] for name in posts}


def test_what_is_malformed_says_so(platform: Twilio) -> None:
    posts = platform.malformed(PERSON)
    assert len(posts) >= 5
    for name, post in posts.items():
        with pytest.raises(Malformed):
            told(post)
            pytest.fail(f"passed: {name}")


def test_a_button_of_whatsapp_is_its_title(whatsapp: WhatsApp) -> None:
    fields = whatsapp.fields(PERSON, "", MessageType="button", ButtonText="Yes", ButtonPayload="/affirm")
    (update,) = told(whatsapp.signed(fields))
    assert isinstance(update, Update)
    assert (update.text, update.kind) == ("Yes", Kind.WORDS)


def test_who_hides_their_number_on_whatsapp_is_read_too(whatsapp: WhatsApp) -> None:
    (update,) = told(whatsapp.signed(whatsapp.fields(PERSON, "hello", From="whatsapp:US.13491208655302741918")))
    assert isinstance(update, Update)
    assert update.address["to"] == update.person == "whatsapp:US.13491208655302741918"


NAMES = ("MessageSid", "From", "To", "Body", "NumMedia", "MediaContentType0", "MessageStatus", "ErrorCode")
MORE_NAMES = ("OptOutType", "MessageType", "ButtonText", "Latitude", "Longitude")
VALUES = st.text() | st.sampled_from(["", "\0", "1", "STOP", "failed", CLINIC, f"whatsapp:{PERSON}", "SM" + "1" * 32])


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Twilio, WhatsApp]]:
    platforms = Twilio(), WhatsApp()
    yield platforms
    for platform in platforms:
        platform.close()


@given(
    fields=st.dictionaries(st.sampled_from(NAMES + MORE_NAMES) | st.text(), VALUES),
    query=st.sampled_from(["", "parcel=7", "parcel", "=&&", "parcel=%ED%A0%80%00"]),
    is_whatsapp=st.booleans(),
)
@hypothesis_settings(max_examples=300, deadline=None)
def test_any_signed_form_is_read_or_malformed(
    both: tuple[Twilio, WhatsApp], fields: dict[str, str], query: str, is_whatsapp: bool
) -> None:
    form = {**both[is_whatsapp].fields(PERSON, "hello"), **fields, "AccountSid": ACCOUNT}
    encodable = {as_sent(name): as_sent(value) for name, value in form.items()}
    with override_settings(CHANNEL_SETTINGS=SETTINGS):
        try:
            updates = told(both[is_whatsapp].signed(encodable, query))
        except Malformed as error:
            assert str(error)
            return
    for update in updates:
        assert isinstance(update, Receipt) or (update.text.strip() and update.id and update.person)


def as_sent(text: str) -> str:
    """What can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()


# STOP, START, HELP


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind, words in KEYWORDS.items() for word in words])
def test_a_keyword_is_known_in_any_case_and_with_a_mark(sms: Twilio, kind: Kind, word: str) -> None:
    for text in (word, word.lower(), f"  {word.title()} \n", f"{word}.", f"{word.lower()}!"):
        (update,) = told(sms.words(PERSON, text))
        assert isinstance(update, Update)
        assert (update.kind, update.text, update.address) == (kind, text, ADDRESS)


@pytest.mark.parametrize(
    "text", ["yes", "Yes.", "no", "please stop", "stop it now", "help me", "the end", "STOP STOP", "help?", "stop!!"]
)
def test_a_sentence_is_no_keyword(sms: Twilio, text: str) -> None:
    (update,) = told(sms.words(PERSON, text))
    assert isinstance(update, Update)
    assert update.kind is Kind.WORDS and keyword(text) is None


def test_whatsapp_has_no_keywords_of_carriers(whatsapp: WhatsApp) -> None:
    (update,) = told(whatsapp.words(PERSON, "stop"))
    assert isinstance(update, Update)
    assert update.kind is Kind.WORDS


@pytest.mark.parametrize(("text", "kind"), [("Stop", "STOP"), ("ARRET", "STOP"), ("unstop", "START"), ("help", "HELP")])
async def test_what_twilio_has_answered_is_not_answered_again(platform: Twilio, text: str, kind: str) -> None:
    (update,) = told(platform.keyword_answered_by_twilio(PERSON, text, kind))
    assert isinstance(update, Update)
    assert (update.text, update.kind) == (text, Kind[kind])
    await twilio.send(update.address, {"text": "You can write to us again."}, "7.0")
    assert platform.messages == []


@pytest.mark.parametrize(("text", "kind"), [("Yes", "START"), ("ayuda", "HELP")])
async def test_a_keyword_of_the_clinic_is_an_answer_too(platform: Twilio, text: str, kind: str) -> None:
    told_first, words = told(platform.keyword_answered_by_twilio(PERSON, text, kind))
    assert isinstance(told_first, Update) and isinstance(words, Update)
    assert (told_first.kind, told_first.id) == (Kind[kind], f"{words.id}:{kind.lower()}")
    assert (words.text, words.kind, words.address) == (text, Kind.WORDS, address(platform))


async def test_after_stop_nothing_can_be_delivered(sms: Twilio) -> None:
    sms.words(PERSON, "STOP")
    with pytest.raises(CannotDeliver) as caught:
        await twilio.send(ADDRESS, {"text": "You get no more messages."}, "7.0")
    assert caught.value.why == "21610"
    sms.words(PERSON, "START")
    await twilio.send(ADDRESS, {"text": "Hello."}, "8.0")


# What became of a message


@pytest.mark.parametrize(
    ("status", "code", "receipt"),
    [
        ("delivered", "", Receipt("7.0", True)),
        ("undelivered", "30003", Receipt("7.0", False, "30003")),
        ("failed", "63016", Receipt("7.0", False, "63016")),
        ("failed", "", Receipt("7.0", False, "undelivered")),
        ("failed", "he said <b>no</b>", Receipt("7.0", False, "undelivered")),
        ("sent", "", None),
        ("read", "", None),
    ],
)
async def test_a_status_is_told_of_the_part_it_is_of(
    platform: Twilio, status: str, code: str, receipt: Receipt | None
) -> None:
    platform.words(PERSON, "hello")
    await twilio.send(address(platform), {"text": "Hello."}, "7.0")
    assert told(platform.status(PERSON, status, code)) == ([receipt] if receipt else [])


def test_twilio_is_answered_without_messages(sms: Twilio) -> None:
    response = twilio.acknowledge(request_of(sms.words(PERSON, "hello")))
    assert (response.status_code, response["content-type"]) == (200, "text/xml")
    assert response.content == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


# What is sent


def test_emergency_guidance_is_first_with_its_number() -> None:
    guidance = REPLIES.guidance("emergency", ["seizure"])
    assert guidance.level == "emergency"
    first, *_ = texts(guidance, REPLIES.answer("why_taper"))
    assert first.startswith("Call 911") and "911" in first[:240]


@pytest.mark.parametrize("id", ANSWERS)
def test_every_answer_is_within_the_limits_and_shows_no_payload(id: str) -> None:
    for reply in (REPLIES.answer(id, True), REPLIES.simpler(id), REPLIES.sources(id), REPLIES.was_it_helpful(id)):
        check(texts(reply, REPLIES.is_it_now()))


@pytest.mark.parametrize(("level", "symptom"), GUIDANCE)
def test_all_guidance_is_within_the_limits(level: str, symptom: str) -> None:
    check(texts(REPLIES.guidance(level, [symptom])))


def check(parts: list[str]) -> None:
    assert parts
    for text in parts:
        assert text.strip() and len(plain(text)) <= 1600
        assert not re.search(r"/(ask_|affirm|deny|feedback_|delete_|show_)", text)
        assert "http" not in text


def test_sources_are_titles_under_the_words() -> None:
    (text,) = texts(replace(REPLIES.answer("why_taper"), buttons=()))
    words, sources, notice = REPLIES.apart(REPLIES.answer("why_taper"))
    titles = "\n".join(f"- {source.title}" for source in sources)
    assert text == f"{words}\n\nSources:\n{titles}\n\n{notice}"


def test_an_answer_about_sources_says_sources_once() -> None:
    assert "\n\n".join(texts(REPLIES.sources("why_taper"))).count("Sources:") == 1


def test_choices_are_numbered_over_the_whole_turn() -> None:
    answer, question = REPLIES.answer("why_taper"), REPLIES.is_it_now()
    first, second = texts(answer, question)
    titles = [button.title for button in answer.buttons]
    assert first.endswith("\n\n" + "\n".join([ASK, *(f"{n} {title}" for n, title in enumerate(titles, 1))]))
    assert second == f"{question.text}\n\n{ASK}\n{len(titles) + 1} Yes\n{len(titles) + 2} No"


def test_there_are_at_most_nine_choices() -> None:
    reply = Reply("Which one?", "none", "x", "1", tuple(Button(f"Question {n}", f"/ask_{n}") for n in range(6)))
    first, second, third = texts(reply, reply, reply)
    assert "6 Question 5" in first and second.endswith("9 Question 2") and third == "Which one?"


def test_a_long_text_is_cut_at_sentences_with_the_choices_last() -> None:
    sentence = "Call your prescriber… today – don’t wait. "
    buttons = (Button("Yes", "/affirm"), Button("No", "/deny"))
    parts = texts(Reply((sentence * 100)[:4000].strip(), "none", "x", "1", buttons))
    check(parts)
    assert len(parts) >= 3 and parts[-1].endswith(f"{ASK}\n1 Yes\n2 No")
    assert all(part.endswith("wait.") for part in parts[:-1])


def test_choices_that_do_not_fit_are_a_text_of_their_own() -> None:
    parts = texts(Reply("a" * 1595, "none", "x", "1", (Button("Yes", "/affirm"),)))
    assert parts == ["a" * 1595, f"{ASK}\n1 Yes"]


@given(st.text(max_size=5000))
@hypothesis_settings(max_examples=50, deadline=None)
def test_any_text_is_within_the_limit(text: str) -> None:
    for part in texts(Reply(text, "none", "x", "1")):
        assert len(plain(part).encode("utf-16-le", "surrogatepass")) // 2 <= 1600


async def test_a_message_goes_out_as_twilio_documents_it(platform: Twilio) -> None:
    platform.words(PERSON, "hello")
    await twilio.send(address(platform), {"text": "Hello.\n\nReply with a number:\n1 Yes\n2 No"}, "7.0 &")
    (shown,) = platform.shown_to(PERSON)
    assert shown.choices == ("Yes", "No")
    (pressed,) = told(platform.press(PERSON, shown, 1))
    assert isinstance(pressed, Update)
    assert pressed.text == "2"
    assert told(platform.status(PERSON, "delivered")) == [Receipt("7.0 &", True)]


async def test_typographic_characters_are_plain_on_sms_only(platform: Twilio) -> None:
    platform.words(PERSON, "hello")
    text = "Don’t stop – call “now”…\u00a0Señor, 你"
    await twilio.send(address(platform), {"text": text}, "7.0")
    sent = platform.messages[0].text
    assert sent == ('Don\'t stop - call "now"... Señor, 你' if platform.channel == "sms" else text)


async def test_too_many_messages_are_tried_when_twilio_says(platform: Twilio) -> None:
    platform.troubles.append(lambda asked: platform.too_many(17))
    with pytest.raises(TryLater) as caught:
        await twilio.send(ADDRESS, {"text": "Hello."}, "7.0")
    assert (caught.value.why, caught.value.after_seconds) == ("429", 17)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(500), "500"),
        (Answer(503, "down"), "503"),
        (Answer(503, {"code": 20503}), "20503"),
        (Answer(401, {"code": 20003}), "20003"),
        (Answer(400, {"code": 21611}), "21611"),
        (Answer(400, {"code": 63018}), "63018"),
        (Answer(302, None, {"Location": "https://elsewhere.example"}), "302"),
        (Answer(429, None, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), "429"),
        (Answer(429, None, {"Retry-After": "nan"}), "429"),
    ],
)
async def test_what_passes_is_tried_later(sms: Twilio, answer: Answer, why: str) -> None:
    sms.troubles.append(lambda asked: answer)
    with pytest.raises(TryLater) as caught:
        await twilio.send(ADDRESS, {"text": "Hello."}, "7.0")
    assert (caught.value.why, caught.value.after_seconds) == (why, None)


@pytest.mark.parametrize("code", [21211, 21408, 21610, 21614, 30003, 30004, 30005, 30006, 30007, 30008, 63016, 63024])
async def test_what_never_will_work_is_given_up(sms: Twilio, code: int) -> None:
    sms.troubles.append(lambda asked: sms.error(400, code, "words of Twilio about +12025550123"))
    with pytest.raises(CannotDeliver) as caught:
        await twilio.send(ADDRESS, {"text": "Hello."}, "7.0")
    assert str(caught.value) == caught.value.why == str(code)


async def test_a_person_who_blocked_the_clinic_is_not_reached(platform: Twilio) -> None:
    platform.words(PERSON, "hello")
    platform.refuse(PERSON)
    with pytest.raises(CannotDeliver):
        await twilio.send(address(platform), {"text": "Hello."}, "7.0")


async def test_whatsapp_takes_no_reply_after_a_day(whatsapp: WhatsApp) -> None:
    whatsapp.words(PERSON, "hello")
    whatsapp.let_a_day_pass()
    with pytest.raises(CannotDeliver) as caught:
        await twilio.send(address(whatsapp), {"text": "Hello."}, "7.0")
    assert caught.value.why == "63016"


async def test_twilio_that_is_gone_is_tried_later(settings: Any) -> None:
    settings.CHANNEL_SETTINGS, settings.CHANNEL_URLS = SETTINGS, {"twilio": "http://127.0.0.1:9"}
    with pytest.raises(TryLater) as caught:
        await twilio.send(ADDRESS, {"text": "Hello."}, "7.0")
    assert caught.value.why == "unreachable"


async def test_twilio_that_is_slow_is_tried_later(sms: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "TIMEOUT_SECONDS", 0.2)
    sms.troubles.append(lambda asked: time.sleep(1))
    with pytest.raises(TryLater) as caught:
        await twilio.send(ADDRESS, {"text": "Hello."}, "7.0")
    assert caught.value.why == "timeout"


async def test_nothing_private_is_logged(sms: Twilio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="httpx")
    await twilio.send(ADDRESS, {"text": "secret words"}, "7.0")
    sms.troubles.append(lambda asked: Answer(500, {"message": "secret words to +12025550123"}))
    with pytest.raises(TryLater) as caught:
        await twilio.send(ADDRESS, {"text": "secret words"}, "7.0")
    assert caplog.messages  # httpx says that it asked
    for private in ("secret", TOKEN, PERSON, PERSON[1:], CLINIC):
        assert private not in caplog.text and private not in repr(caught.value)


def test_parts_are_plain_json() -> None:
    parts: list[Part] = twilio.render([REPLIES.answer("why_taper")], REPLIES)
    assert all(list(part) == ["text"] and isinstance(part["text"], str) for part in parts)


# The webhook's address


async def test_the_webhook_is_set_at_the_only_number(sms: Twilio) -> None:
    said = await twilio.set_webhook(f"{PUBLIC_URL}/webhooks/twilio")
    assert sms.numbers[0]["SmsUrl"] == sms.numbers[0]["SmsFallbackUrl"] == f"{PUBLIC_URL}/webhooks/twilio"
    assert sms.numbers[0]["SmsMethod"] == sms.numbers[0]["SmsFallbackMethod"] == "POST"
    assert CLINIC in said and "WhatsApp senders" in said


@pytest.mark.parametrize("count", [0, 2])
async def test_with_no_number_or_several_it_is_said_what_to_enter(sms: Twilio, count: int) -> None:
    sms.numbers = [{**sms.numbers[0], "sid": f"PN{n}"} for n in range(count)]
    said = await twilio.set_webhook(f"{PUBLIC_URL}/webhooks/twilio")
    assert "nothing was set" in said and said.count(f"{PUBLIC_URL}/webhooks/twilio") == 2
    assert not any("SmsUrl" in number for number in sms.numbers)
