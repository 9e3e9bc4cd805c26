"""The state of a conversation in the log: it is kept, and it ages as it should."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Finding, Level, Route, Status, assess
from service.conversations import record
from service.conversations.models import Conversation

pytestmark = pytest.mark.django_db(transaction=True)
ADVISORY = Assessment(Level.ADVISORY, (Finding("missed_doses", 0, 5, Status.CURRENT, Level.ADVISORY),))


def say(text: str, assessment: Assessment) -> None:
    number = Conversation.objects.count() and Conversation.objects.get().messages.count()
    record.record_inbound("rest", "anna", f"m-{number}", text, assessment)


def hours_pass(hours: float) -> None:
    """Everything that the conversation remembers was that long ago."""
    gap = timedelta(hours=hours)
    one = Conversation.objects.get()
    sessions = [(record.datetime.fromisoformat(begun) - gap).isoformat() for begun in one.advisory_sessions]
    Conversation.objects.update(
        last_at=one.last_at - gap, session_began_at=one.session_began_at - gap, advisory_sessions=sessions
    )


def context() -> record.Context:
    return record.context_of("rest", "anna")


def test_a_new_conversation_knows_nothing() -> None:
    assert context() == NOTHING_BEFORE


def test_messages_of_one_session_count_once() -> None:
    for _ in range(3):
        say("i missed three doses", ADVISORY)
    assert context().earlier_advisories == 0
    hours_pass(1)
    assert context().earlier_advisories == 1


def test_the_third_session_within_a_day_is_an_emergency() -> None:
    for _ in range(2):
        say("i missed three doses", ADVISORY)
        hours_pass(3)
    assert context().earlier_advisories == 2
    assert assess("I missed three doses of baclofen", context()).level is Level.EMERGENCY


def test_sessions_of_another_day_do_not_count() -> None:
    say("i missed three doses", ADVISORY)
    hours_pass(25)
    assert context().earlier_advisories == 0


def test_an_emergency_stays_open_for_twelve_hours() -> None:
    say("she is having a seizure", assess("she is having a seizure"))
    hours_pass(11)
    assert context().open_level is Level.EMERGENCY
    hours_pass(2)
    assert context().open_level is Level.NONE


def test_the_route_outlives_the_session_and_a_question_does_not() -> None:
    say("I have a pump since 2019", Assessment(Level.NONE, ()))
    Conversation.objects.update(is_asked=True, after_crisis=True)
    assert (context().route, context().is_asked, context().after_crisis) == (Route.PUMP, True, True)
    hours_pass(0.6)
    assert (context().route, context().is_asked, context().after_crisis) == (Route.PUMP, False, False)


def test_what_is_kept_is_no_words() -> None:
    say("I have a pump and my name is Anna", ADVISORY)
    one = Conversation.objects.get()
    kept = [one.route, *one.open_symptoms, *one.advisory_sessions, one.open_level]
    assert kept == ["pump", "missed_doses", one.session_began_at.isoformat(), "advisory"]
    assert timezone.now() - one.session_began_at < timedelta(minutes=1)
