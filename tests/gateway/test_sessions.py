"""What a conversation remembers: it is kept, it ages as it should; the outbox adds what the log does not have yet."""

from datetime import datetime, timedelta, timezone

from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Context, Finding, Level, Route, Status, assess, told_by
from service.conversations.models import Conversation, Entry
from service.conversations.record import context_after

ADVISORY = Assessment(Level.ADVISORY, (Finding("missed_doses", 0, 5, Status.CURRENT, Level.ADVISORY),))
NONE = Assessment(Level.NONE, ())
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


class Talk:
    """A conversation whose clock the test moves."""

    def __init__(self) -> None:
        self.now = NOON
        self.conversation = Conversation.begun("rest", "anna", NOON)

    def say(self, text: str, assessment: Assessment) -> None:
        self.conversation.hear(told_by(assessment, text, self.context()), self.now)

    def context(self) -> Context:
        return self.conversation.context(self.now)

    def hours_pass(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


def test_a_new_conversation_knows_nothing() -> None:
    assert Talk().context() == NOTHING_BEFORE


def test_messages_of_one_session_count_once() -> None:
    talk = Talk()
    for _ in range(3):
        talk.say("i missed three doses", ADVISORY)
    assert talk.context().earlier_advisories == 0
    talk.hours_pass(1)
    assert talk.context().earlier_advisories == 1


def test_the_third_session_within_a_day_is_an_emergency() -> None:
    talk = Talk()
    for _ in range(2):
        talk.say("i missed three doses", ADVISORY)
        talk.hours_pass(3)
    assert talk.context().earlier_advisories == 2
    assert assess("I missed three doses of baclofen", talk.context()).level is Level.EMERGENCY


def test_sessions_of_another_day_do_not_count() -> None:
    talk = Talk()
    talk.say("i missed three doses", ADVISORY)
    talk.hours_pass(25)
    assert talk.context().earlier_advisories == 0


def test_an_emergency_stays_open_for_twelve_hours() -> None:
    talk = Talk()
    talk.say("she is having a seizure", assess("she is having a seizure"))
    talk.hours_pass(11)
    assert talk.context().open_level is Level.EMERGENCY
    talk.hours_pass(2)
    assert talk.context().open_level is Level.NONE


def test_the_route_outlives_the_session_and_a_question_does_not() -> None:
    talk = Talk()
    talk.say("I have a pump since 2019", NONE)
    talk.conversation.is_asked = talk.conversation.after_crisis = True
    assert (talk.context().route, talk.context().is_asked, talk.context().after_crisis) == (Route.PUMP, True, True)
    talk.hours_pass(0.6)
    assert (talk.context().route, talk.context().is_asked, talk.context().after_crisis) == (Route.PUMP, False, False)


def test_what_is_kept_is_no_words() -> None:
    talk = Talk()
    talk.say("I have a pump and my name is Anna", ADVISORY)
    one = talk.conversation
    kept = [one.route, *one.open_symptoms, *one.advisory_sessions, one.open_level, one.turns]
    assert kept == ["pump", "missed_doses", NOON.isoformat(), "advisory", 1]


def entry(text: str, at: datetime) -> Entry:
    return Entry(channel="rest", conversation="anna", received_at=at, told=told_by(assess(text), text).as_json())


def test_turns_of_the_outbox_add_to_what_the_log_knows() -> None:
    talk = Talk()
    talk.say("I have a pump since 2019", NONE)
    later = [entry("she is having a seizure", NOON + timedelta(minutes=1))]
    context, turns = context_after(talk.conversation, later, NOON + timedelta(minutes=2))
    assert (context.open_level, context.route, turns) == (Level.EMERGENCY, Route.PUMP, 2)


def test_a_turn_that_the_log_has_already_is_not_taken_twice() -> None:
    talk = Talk()
    talk.say("I have a pump since 2019", NONE)
    moved = entry("I have a pump since 2019", NOON)
    moved.moved_at = NOON
    _, turns = context_after(talk.conversation, [moved], NOON)
    assert turns == 1


def test_a_turn_that_overtook_another_hides_nothing_of_it() -> None:
    talk = Talk()
    talk.now += timedelta(seconds=1)
    talk.say("she is having a seizure", assess("she is having a seizure"))
    slower = entry("I have a pump since 2019", NOON)
    context, _ = context_after(talk.conversation, [slower], talk.now)
    assert (context.open_level, context.route) == (Level.EMERGENCY, Route.PUMP)


def test_without_the_log_the_turns_of_the_outbox_are_what_is_known() -> None:
    context, turns = context_after(None, [entry("she is having a seizure", NOON)], NOON + timedelta(minutes=1))
    assert (context.open_level, turns) == (Level.EMERGENCY, 1)
    assert context_after(None, [], NOON) == (NOTHING_BEFORE, 0)
