"""Whatever a platform does, nobody's reply is lost, an emergency waits for nobody, and nothing is said twice."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from baclofen_faq.answers import Replies, Reply, load_replies
from baclofen_faq.triage import assess
from service.conversations.models import Entry, OptOut, Parcel
from service.conversations.outbox import Writer
from service.gateway import rate_limits
from service.gateway.messaging import courier as couriers
from service.gateway.messaging import people, sending
from service.gateway.messaging.channel import Address, CannotDeliver, Kind, Part, Receipt, TryLater, Update
from service.gateway.messaging.courier import Courier, Full
from service.gateway.messaging.queue import Queue

pytestmark = pytest.mark.django_db(databases=["default", "outbox"], transaction=True)
EMERGENCY = "my wife is having a seizure"
numbers = itertools.count()


class Pigeons:
    """A channel whose platform does what a test says: `outcomes` by the number of the sending; else it takes it."""

    def __init__(self) -> None:
        self.took: list[tuple[str, str]] = []
        self.asked = 0
        self.trouble: Callable[[Address, str], Exception | None] = lambda address, text: None
        self.gate = asyncio.Event()
        self.gate.set()

    def verify(self, request: HttpRequest) -> None: ...

    def parse(self, request: HttpRequest) -> Sequence[Update | Receipt]:
        return ()

    def acknowledge(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def render(self, replies: Sequence[Reply], texts: Replies) -> list[Part]:
        return [{"text": reply.text} for reply in replies]

    async def send(self, address: Address, part: Part, reference: str) -> None:
        self.asked += 1
        if not address.get("is_fast"):
            await self.gate.wait()
        if error := self.trouble(address, part["text"]):
            raise error
        self.took.append((address["to"], part["text"]))

    async def set_webhook(self, url: str) -> str:
        return ""


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Triage is loaded, as the gateway does before it listens."""
    assess("hello")


@pytest.fixture(autouse=True)
def outbox_writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The outbox without its mover, which would go on in the tests that come after."""
    writer = Writer()
    writer.start()
    monkeypatch.setattr("service.gateway.memory.shared_outbox", lambda: writer)
    yield
    writer.stop()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(sending, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(couriers, "LOOK_EVERY_SECONDS", 0.05)
    settings.CHANNEL_SETTINGS = {"PERSON_KEY": "k" * 40, "ADDRESS_KEYS": Fernet.generate_key().decode()}
    people._keys.cache_clear()
    rate_limits._storage.reset()


@pytest.fixture
def pigeons() -> Pigeons:
    return Pigeons()


@pytest.fixture
def process(pigeons: Pigeons, tmp_path: Path) -> Callable[[], Courier]:
    """The courier of one more process of the same machine."""
    return lambda: Courier({"pigeons": pigeons}, Queue(tmp_path / "couriers"))


@pytest.fixture
async def courier(process: Callable[[], Courier]) -> AsyncIterator[Courier]:
    one = process()
    yield one
    await one.stop()


def update(text: str = EMERGENCY, to: str = "anna", kind: Kind = Kind.WORDS, id: str = "", **more: Any) -> Update:
    address = {"to": to, **more}
    return Update("pigeon", id or f"u{next(numbers)}", to, address, text, kind, is_brief=to.startswith("sms"))


async def until(is_so: Callable[[], bool], seconds: float = 5) -> None:
    for _ in range(int(seconds / 0.02)):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to pass")


async def rows() -> list[Parcel]:
    return [one async for one in Parcel.objects.order_by("id")]


async def ended(count: int = 1) -> list[Parcel]:
    """The parcels, once so many of them have ended."""
    for _ in range(250):
        parcels = [one for one in await rows() if one.ended_at]
        if len(parcels) >= count:
            return parcels
        await asyncio.sleep(0.02)
    raise AssertionError(f"{len(parcels)} of {count} ended")


async def test_an_emergency_is_answered_and_what_was_sealed_is_gone(courier: Courier, pigeons: Pigeons) -> None:
    await courier.take("pigeons", [update()])
    (parcel,) = await ended()
    assert [(to, text[:12]) for to, text in pigeons.took] == [("anna", "Call 911 now")]
    assert (parcel.status, parcel.is_urgent, bytes(parcel.sealed)) == ("delivered", True, b"")
    assert "anna" not in parcel.conversation


async def test_an_update_that_comes_again_is_answered_once(
    courier: Courier, pigeons: Pigeons, process: Callable[[], Courier]
) -> None:
    same = update(id="same")
    await asyncio.gather(*(courier.take("pigeons", [same]) for _ in range(5)))
    await ended()
    another = process()
    await another.take("pigeons", [same])
    await asyncio.sleep(0.2)
    await another.stop()
    assert len(pigeons.took) == len(await rows()) == 1


async def test_a_platform_that_hangs_holds_up_no_other_persons_emergency(courier: Courier, pigeons: Pigeons) -> None:
    pigeons.gate.clear()
    await courier.take("pigeons", [update("[photo]", f"p{n}", Kind.UNREADABLE) for n in range(30)])
    await courier.take("pigeons", [update(to="ben", is_fast=True)])
    await until(lambda: [to for to, _ in pigeons.took] == ["ben"])
    pigeons.gate.set()
    assert len(await ended(31)) == 31


async def test_an_emergency_passes_what_waits_in_its_own_conversation(courier: Courier, pigeons: Pigeons) -> None:
    pigeons.trouble = lambda _, text: None if text.startswith("Call") else TryLater("503")
    await courier.take("pigeons", [update("[photo]", kind=Kind.UNREADABLE)])
    await courier.take("pigeons", [update()])
    await until(lambda: len(pigeons.took) == 1)
    pigeons.trouble = lambda _, text: None
    await ended(2)
    assert [text[:4] for _, text in pigeons.took] == ["Call", "I ca"]


@pytest.mark.parametrize("between", ["a repeat", "an edit without a reply", "an emergency"])
async def test_nothing_between_lets_a_later_reply_pass_an_earlier_one(
    courier: Courier, pigeons: Pigeons, between: str
) -> None:
    first = update("[photo]", kind=Kind.UNREADABLE)
    other = {
        "a repeat": first,
        "an edit without a reply": update("what is baclofen?", kind=Kind.EDITED),
        "an emergency": update(),
    }[between]
    left = iter([TryLater("429", 0.8)])
    pigeons.trouble = lambda _, text: next(left, None) if text.startswith("I can only") else None
    await courier.take("pigeons", [first])
    await until(lambda: pigeons.asked == 1)
    courier._jobs._lately.clear()  # as after a restart
    await courier.take("pigeons", [other])
    await asyncio.sleep(0.2)
    await courier.take("pigeons", [update("/start", kind=Kind.STARTED)])
    await ended(2 if between == "a repeat" else 3)
    calm = [text for _, text in pigeons.took if not text.startswith("Call")]
    assert [text.startswith("I can only") for text in calm] == [True, False]


async def test_a_late_reply_that_a_restart_takes_over_holds_up_nobody(
    pigeons: Pigeons, process: Callable[[], Courier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sending.LATE_AFTER, False, timedelta(seconds=0.1))
    pigeons.trouble = lambda _, text: TryLater("429", 60.0) if text.startswith("I can only") else None
    first = process()
    first.start()
    await first.take("pigeons", [update("[photo]", kind=Kind.UNREADABLE)])
    await asyncio.sleep(0.5)
    await first.stop()
    second = process()
    second.start()
    await asyncio.sleep(0.5)
    await second.take("pigeons", [update("/start", kind=Kind.STARTED)])
    await ended()
    await second.stop()
    assert len(pigeons.took) == 1


async def test_a_parcel_that_a_fault_dropped_is_carried_on(
    courier: Courier, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(couriers, "seal", lambda _: 1 / 0)
        await courier.take("pigeons", [update()])
        await asyncio.sleep(0.3)
    assert not pigeons.took
    courier.start()
    await ended()
    assert [text[:12] for _, text in pigeons.took] == ["Call 911 now"]


async def test_two_processes_whose_lock_files_are_deleted_take_nothing_from_each_other(
    pigeons: Pigeons, process: Callable[[], Courier], tmp_path: Path
) -> None:
    pigeons.trouble = lambda *_: TryLater("503", 0.3)
    couple = [process(), process()]
    for one in couple:
        one.start()
    await couple[0].take("pigeons", [update()])
    await until(lambda: pigeons.asked >= 1)
    for file in (tmp_path / "couriers").iterdir():
        file.unlink()
    await asyncio.sleep(1)
    pigeons.trouble = lambda *_: None
    await ended()
    for one in couple:
        await one.stop()
    assert len(pigeons.took) == 1


async def test_replies_of_a_conversation_keep_their_order_over_failures(courier: Courier, pigeons: Pigeons) -> None:
    left = iter([TryLater("503"), TryLater("429", 0.1), OSError("bug")])
    pigeons.trouble = lambda *_: next(left, None)
    await courier.take("pigeons", [update("[photo]", kind=Kind.UNREADABLE), update("/start", kind=Kind.STARTED)])
    parcels = await ended(2)
    assert [text.startswith("I can only read") for _, text in pigeons.took] == [True, False]
    assert {one.status for one in parcels} == {"delivered"}


async def test_a_wait_that_the_platform_asks_for_is_kept(courier: Courier, pigeons: Pigeons) -> None:
    left = iter([TryLater("429", 0.5)])
    pigeons.trouble = lambda *_: next(left, None)
    await courier.take("pigeons", [update()])
    await asyncio.sleep(0.35)
    assert pigeons.asked == 1
    await ended()
    assert pigeons.asked == 2


async def test_what_never_arrives_is_undelivered_with_its_cause(courier: Courier, pigeons: Pigeons) -> None:
    pigeons.trouble = lambda *_: CannotDeliver("blocked")
    await courier.take("pigeons", [update()])
    (parcel,) = await ended()
    assert (parcel.status, parcel.why, parcel.is_urgent, pigeons.asked) == ("undelivered", "blocked", True, 1)


async def test_an_emergency_that_takes_long_is_late_and_still_tried(
    courier: Courier, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sending.LATE_AFTER, True, timedelta(seconds=0.2))
    left = iter([TryLater("613", 1.0)])
    pigeons.trouble = lambda *_: next(left, None)
    courier.start()
    await courier.take("pigeons", [update()])
    await asyncio.sleep(0.6)
    (parcel,) = await rows()
    assert (parcel.status, parcel.why) == ("late", "613")
    (parcel,) = await ended()
    assert (parcel.status, pigeons.asked) == ("delivered", 2)


async def test_who_writes_behind_a_late_reply_is_not_held_up_by_it(
    courier: Courier, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sending.LATE_AFTER, False, timedelta(seconds=0.2))
    left = iter([TryLater("429", 30.0)])
    pigeons.trouble = lambda *_: next(left, None)
    courier.start()
    await courier.take("pigeons", [update("[photo]", kind=Kind.UNREADABLE), update("/start", kind=Kind.STARTED)])
    await ended()
    assert [text[:5] for _, text in pigeons.took] == [load_replies().welcome().text[:5]]


async def test_what_a_process_leaves_is_carried_on_by_the_next(
    pigeons: Pigeons, process: Callable[[], Courier]
) -> None:
    pigeons.trouble = lambda *_: TryLater("down")
    first = process()
    await first.take("pigeons", [update("[photo]", kind=Kind.UNREADABLE), update(to="ben")])
    await until(lambda: pigeons.asked >= 2)
    await first.stop()
    assert await Entry.objects.acount() == 2
    pigeons.trouble = lambda *_: None
    second = process()
    second.start()
    parcels = await ended(2)
    await second.stop()
    assert {one.status for one in parcels} == {"delivered"}
    assert sorted(to for to, _ in pigeons.took) == ["anna", "ben"]
    assert await Entry.objects.acount() == 2, "it was answered once"


async def test_a_process_that_is_slow_keeps_its_parcels(pigeons: Pigeons, process: Callable[[], Courier]) -> None:
    pigeons.gate.clear()
    slow, another = process(), process()
    await slow.take("pigeons", [update(to=f"p{n}") for n in range(5)])
    another.start()
    await asyncio.sleep(0.3)
    time.sleep(1)  # as a process that does not come to look
    await asyncio.sleep(0.3)
    pigeons.gate.set()
    await ended(5)
    await slow.stop()
    await another.stop()
    assert sorted(to for to, _ in pigeons.took) == [f"p{n}" for n in range(5)]


async def test_a_stop_ends_what_is_being_sent_and_nothing_is_sent_twice(
    pigeons: Pigeons, process: Callable[[], Courier]
) -> None:
    pigeons.gate.clear()
    first = process()
    await first.take("pigeons", [update("/start", kind=Kind.STARTED)])
    await until(lambda: pigeons.asked == 1)
    stopping = asyncio.ensure_future(first.stop())
    await asyncio.sleep(0.1)
    pigeons.gate.set()
    await stopping
    second = process()
    second.start()
    await ended()
    await asyncio.sleep(0.2)
    await second.stop()
    assert len(pigeons.took) == pigeons.asked == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"platform": "gone"}, "channel_off"),
        ({"sealed": b"spoiled"}, "key"),
        ({"is_answered": True}, "unreadable"),
    ],
)
async def test_one_that_cannot_be_carried_on_holds_up_no_other(
    courier: Courier, pigeons: Pigeons, change: dict[str, Any], why: str
) -> None:
    content = {"address": {"to": "ben"}, "kind": "words", "text": EMERGENCY, "is_brief": False, "is_private": True}
    left = {"platform": "pigeons", "channel": "pigeon", "received_at": timezone.now(), "held_by": "gone"}
    for number, more in enumerate((change, {})):
        fields = {**left, "sealed": people.seal(content), "conversation": f"c{number}", "message_id": "m", **more}
        await Parcel.objects.acreate(**fields)
    courier.start()
    parcels = await ended(2)
    assert [(one.status, one.why) for one in parcels] == [("undelivered", why), ("delivered", "")]
    assert [to for to, _ in pigeons.took] == ["ben"]


async def test_what_was_sealed_with_a_key_that_is_gone_is_undelivered(courier: Courier, settings: Any) -> None:
    old = {**settings.CHANNEL_SETTINGS}
    await Parcel.objects.acreate(
        platform="pigeons", channel="pigeon", conversation="c", message_id="m", received_at=timezone.now(),
        held_by="gone", sealed=people.seal({"address": {"to": "anna"}}),
    )  # fmt: skip
    settings.CHANNEL_SETTINGS = {**old, "ADDRESS_KEYS": Fernet.generate_key().decode()}
    people._keys.cache_clear()
    courier.start()
    (parcel,) = await ended()
    assert (parcel.status, parcel.why) == ("undelivered", "key")


async def test_of_a_batch_that_is_too_much_the_emergency_is_taken(
    courier: Courier, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "MOST_AT_WORK", 0)
    with pytest.raises(Full):
        await courier.take("pigeons", [update("what is baclofen?"), update(to="ben")])
    await ended()
    assert [to for to, _ in pigeons.took] == ["ben"]


async def test_a_hundred_questions_hold_up_no_emergency(courier: Courier, pigeons: Pigeons) -> None:
    await courier.take("pigeons", [update(f"what is baclofen number {n}?", f"p{n}") for n in range(100)])
    began = time.monotonic()
    await courier.take("pigeons", [update(to="ben")])
    await until(lambda: any(to == "ben" and text.startswith("Call 911") for to, text in pigeons.took), 20)
    assert time.monotonic() - began < 10


async def test_beyond_the_bound_only_emergencies_are_taken(
    courier: Courier, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "MOST_AT_WORK", 0)
    with pytest.raises(Full):
        await courier.take("pigeons", [update("what is baclofen?", id="later")])
    await courier.take("pigeons", [update()])
    await ended()
    monkeypatch.setattr(couriers, "MOST_AT_WORK", 10)
    await courier.take("pigeons", [update("[photo]", kind=Kind.UNREADABLE, id="later")])
    assert len(await ended(2)) == 2, "what was refused is taken when it comes again"


async def test_a_receipt_tells_that_a_part_did_not_arrive(courier: Courier) -> None:
    await courier.take("pigeons", [update()])
    (parcel,) = await ended()
    await courier.take("pigeons", [Receipt(str(parcel.pk), True), Receipt("none", False), Receipt("9" * 30, False)])
    await courier.take("pigeons", [Receipt(str(parcel.pk), False, "30003")])
    (parcel,) = await rows()
    assert (parcel.status, parcel.why) == ("undelivered", "30003")


async def test_a_receipt_counts_that_comes_while_other_parts_are_on_their_way(
    courier: Courier, pigeons: Pigeons
) -> None:
    left = iter([TryLater("429", 0.5)])
    pigeons.trouble = lambda *_: next(left, None)
    await courier.take("pigeons", [update()])
    await asyncio.sleep(0.2)
    (parcel,) = await rows()
    await courier.take("pigeons", [Receipt(str(parcel.pk), False, "30003")])
    (parcel,) = await ended()
    assert (parcel.status, parcel.why) == ("undelivered", "30003")


async def test_after_stop_only_emergency_guidance_is_sent(courier: Courier, pigeons: Pigeons) -> None:
    steps = [
        ("STOP", Kind.STOP, "You get no more"),
        ("[photo]", Kind.UNREADABLE, ""),
        (EMERGENCY, Kind.WORDS, "Call 911 now"),
        ("HELP", Kind.HELP, "If someone may be in danger, call 911"),
        ("START", Kind.START, "You get messages"),
        ("[photo]", Kind.UNREADABLE, "I can only read"),
    ]
    for count, (text, kind, _) in enumerate(steps, start=1):
        await courier.take("pigeons", [update(text, "sms1", kind)])
        await ended(count)
    said = [start for _, _, start in steps if start]
    assert [text[: len(start)] for (_, text), start in zip(pigeons.took, said)] == said
    assert len(pigeons.took) == len(said)
    assert [(one.status, one.why) for one in await rows()][1] == ("undelivered", "stopped")
    assert not await OptOut.objects.aexists()


async def test_an_edit_is_answered_only_where_it_is_an_emergency_now(courier: Courier, pigeons: Pigeons) -> None:
    await courier.take("pigeons", [update("what is baclofen?", kind=Kind.EDITED), update(kind=Kind.EDITED)])
    await ended(2)
    assert [text[:12] for _, text in pigeons.took] == ["Call 911 now"]


async def test_who_writes_too_often_is_told_so_once(courier: Courier, pigeons: Pigeons, settings: Any) -> None:
    settings.WEB_LIMITS = {**settings.WEB_LIMITS, "session_messages": "1/minute"}
    photos = [update("[photo]", "carl", Kind.UNREADABLE) for _ in range(4)]
    await courier.take("pigeons", photos)
    await ended(4)
    assert len(pigeons.took) == 2
    await courier.take("pigeons", [update(to="carl")])
    await ended(5)
    assert pigeons.took[-1][1].startswith("Call 911 now")
