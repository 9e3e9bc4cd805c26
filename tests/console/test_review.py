"""What staff who may review do with a conversation: state, flag, assignment, notes, verdicts; each is recorded."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from service.console.models import AuditEntry, Staff
from service.conversations.models import Conversation, Message, Note, State, Verdict
from tests.console.conftest import member, signed_in, talk, turn

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CODES = {code.value for code in Verdict.Code}


def emergency(text="he is having a seizure", symptoms=("seizure",)):
    return turn(text, "emergency", symptoms, "emergency_report")


@pytest.fixture
def anna(db):
    return signed_in(member("reviewer", "anna"))


def heard_of(conversation):
    return Message.objects.filter(conversation=conversation, direction="in").latest("id")


def address(conversation, *parts):
    return "/".join([f"/conversations/{conversation.pk}", *map(str, parts)])


def seen_by(browser, conversation):
    page = browser.get(address(conversation)).content.decode()
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def say(browser, conversation, code, **right):
    message = heard_of(conversation)
    return browser.post(address(conversation, "verdicts", message.pk), {"code": code, **right}, headers=HTMX)


def recorded(action):
    return list(AuditEntry.objects.filter(action=action).values_list("who", "conversation", "detail"))


def everything_that_changes(conversation, note):
    message = heard_of(conversation)
    yield address(conversation, "state"), {"state": "done", "seen": "x"}
    yield address(conversation, "flag"), {"flag": "on"}
    yield address(conversation, "assign"), {"assignee": ""}
    yield address(conversation, "notes"), {"text": "seen"}
    yield address(conversation, "notes", note.pk, "delete"), {}
    yield address(conversation, "verdicts", message.pk), {"code": "right_answer"}


def test_someone_who_may_not_sees_nothing(client, viewer):
    conversation = talk(emergency())
    note = Note.objects.create(conversation=conversation, author="anna", text="Called her back.")
    before = Conversation.objects.values().get(pk=conversation.pk)
    tried = list(everything_that_changes(conversation, note))
    assert tried
    for where, what in tried:
        anonymous, reader = client.post(where, what), viewer.post(where, what)
        assert anonymous.status_code == 302 and anonymous.url.startswith("/sign-in"), where
        assert reader.status_code == 403, where
        assert b"seizure" not in reader.content and b"Called her back" not in reader.content
    assert Conversation.objects.values().get(pk=conversation.pk) == before
    assert Note.objects.count() == 1 and not Verdict.objects.exists()


def test_nothing_changes_by_a_link(anna):
    conversation = talk(emergency())
    note = Note.objects.create(conversation=conversation, author="anna", text="x")
    for where, _ in everything_that_changes(conversation, note):
        assert anna.get(where).status_code == 405


def test_what_does_not_exist_is_not_found(anna):
    conversation = talk(emergency())
    note = Note.objects.create(conversation=conversation, author="anna", text="x")
    tried = list(everything_that_changes(conversation, note))
    Conversation.objects.all().delete()
    for where, what in tried:
        assert anna.post(where, what).status_code == 404


def test_reviewed_goes_on_to_the_next_conversation(anna):
    first, second = talk(emergency(symptoms=["self_harm"])), talk(emergency())
    sent = {"state": "done", "seen": seen_by(anna, first)}
    answer = anna.post(address(first, "state"), sent, follow=True)
    assert [where for where, _ in answer.redirect_chain] == ["/inbox/next", address(second)]
    assert f'<a href="{address(first)}">Conversation {first.pk}</a> is now: done.' in answer.content.decode()
    first.refresh_from_db()
    assert (first.state, first.reviewer) == (State.DONE, "anna") and first.reviewed_at
    done = [entry for entry in recorded("state changed") if entry[2]["after"] == "done"]
    assert done == [("anna", first.pk, {"before": "in_review", "after": "done"})]


def test_the_last_one_leads_to_an_inbox_that_says_it_is_empty(anna):
    only = talk(emergency())
    answer = anna.post(address(only, "state"), {"state": "done", "seen": seen_by(anna, only)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/" and b"Nothing else waits for you" in answer.content


def test_what_was_said_since_must_be_read_first(anna):
    conversation = talk(emergency(), key="more")
    seen = seen_by(anna, conversation)
    talk(turn("and now she does not breathe"), key="more")
    answer = anna.post(address(conversation, "state"), {"state": "done", "seen": seen}, follow=True)
    assert b"a new message came in" in answer.content and b"does not breathe" in answer.content
    conversation.refresh_from_db()
    assert conversation.state == State.IN_REVIEW and conversation.reviewer == ""
    again = {"state": "done", "seen": seen_by(anna, conversation)}
    anna.post(address(conversation, "state"), again)
    conversation.refresh_from_db()
    assert conversation.state == State.DONE


@pytest.mark.parametrize("query", ["turn", "before"])
def test_what_was_never_on_the_screen_is_not_said_to_be_reviewed(anna, query):
    begun = timezone.now() - timedelta(minutes=9)
    conversation = talk(turn("why", at=begun), turn("how", at=begun + timedelta(minutes=1)), emergency())
    earlier = conversation.messages.get(text={"turn": "why", "before": "how"}[query])
    page = anna.get(address(conversation), {query: earlier.pk}).content.decode()
    flagged = anna.post(address(conversation, "flag"), {"flag": "on", "seen": ""}, headers=HTMX).content.decode()
    assert "having a seizure" not in page
    for part in (page, flagged):
        assert "To its latest turns" in part and 'id="skip"' in part and 'id="assign"' in part
        assert 'data-key="r"' not in part and 'name="state"' not in part
        assert set(re.findall(r'name="seen" value="([^"]*)"', part)) == {""}
    assert 'id="reviewed"' in anna.get(address(conversation), {"turn": heard_of(conversation).pk}).content.decode()


def form_of(browser, conversation):
    page = browser.get(address(conversation)).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("seen", "known")}


def test_what_a_colleague_said_meanwhile_is_not_overwritten(anna):
    ben = signed_in(member("reviewer", "ben"))
    conversation = talk(emergency())
    first, second = form_of(anna, conversation), form_of(ben, conversation)
    ben.post(address(conversation, "state"), {"state": "follow_up", **second})
    flagged = anna.post(address(conversation, "flag"), {"flag": "on", **first}, headers=HTMX).content.decode()
    assert f'name="known" value="{first["known"]}"' in flagged, "a change beside it tells nobody of the state"
    told = anna.post(address(conversation, "state"), {"state": "done", **first}, follow=True).content.decode()
    assert "Nothing was changed: ben set it to “follow up” meanwhile." in told
    conversation.refresh_from_db()
    assert (conversation.state, conversation.reviewer) == (State.FOLLOW_UP, "")
    anna.post(address(conversation, "state"), {"state": "done", **form_of(anna, conversation)})
    conversation.refresh_from_db()
    assert conversation.state == State.DONE


def test_a_colleague_who_opens_it_too_and_a_second_press_are_in_nobodys_way(anna):
    ben = signed_in(member("reviewer", "ben"))
    conversation = talk(emergency(), key="twice")
    talk(emergency("again"), key="twice")
    sent = {"state": "done", **form_of(anna, conversation)}
    Conversation.objects.update(state=State.NEW, first_review_at=None)  # as an emergency makes it, live on the page
    ben.get(address(conversation))
    for _ in range(2):
        assert anna.post(address(conversation, "state"), sent).url == "/inbox/next"


@pytest.mark.parametrize("known", ["", "x", "9" * 30, "-1"])
def test_a_state_without_what_was_known_overwrites_no_colleagues(anna, known):
    conversation = talk(emergency())
    signed_in(member("reviewer", "ben")).post(
        address(conversation, "state"), {"state": "follow_up", "seen": seen_by(anna, conversation)}
    )
    anna.post(address(conversation, "state"), {"state": "done", "seen": seen_by(anna, conversation), "known": known})
    conversation.refresh_from_db()
    assert conversation.state == State.FOLLOW_UP


def test_a_state_without_what_was_seen_is_refused(anna):
    conversation = talk(emergency())
    answer = anna.post(address(conversation, "state"), {"state": "done", "seen": ""}, follow=True)
    assert b"Nothing was changed" in answer.content
    conversation.refresh_from_db()
    assert conversation.state != State.DONE


def test_a_change_beside_it_does_not_make_the_new_message_seen(anna):
    conversation = talk(emergency(), key="more")
    seen = seen_by(anna, conversation)
    talk(turn("something new"), key="more")
    part = anna.post(address(conversation, "flag"), {"flag": "on", "seen": seen}, headers=HTMX).content.decode()
    assert f'name="seen" value="{seen}"' in part


def test_done_is_new_again_when_the_person_writes_something_urgent(anna):
    conversation = talk(emergency(), key="back")
    anna.post(address(conversation, "state"), {"state": "done", "seen": seen_by(anna, conversation)})
    talk(emergency("he has another seizure"), key="back")
    conversation.refresh_from_db()
    assert conversation.state == State.NEW and conversation.first_review_at is None


def test_following_up_keeps_it_in_the_inbox_and_new_puts_it_back_unread(anna):
    conversation = talk(emergency())
    seen = seen_by(anna, conversation)
    anna.post(address(conversation, "state"), {"state": "follow_up", "seen": seen})
    assert f"row-{conversation.pk}" in anna.get("/").content.decode()
    answer = anna.post(address(conversation, "state"), {"state": "new", "seen": seen}, follow=True)
    assert answer.redirect_chain[-1][0] == "/" and "(1) Inbox" in answer.content.decode()
    assert anna.post(address(conversation, "state"), {"state": "lost", "seen": seen}).status_code == 400


def test_the_log_goes_on_writing_while_it_is_reviewed(anna):
    conversation = talk(emergency(), key="both")
    anna.post(address(conversation, "flag"), {"flag": "on"})
    anna.post(address(conversation, "assign"), {"assignee": "anna"})
    talk(turn("still shaking", "emergency", ["seizure"]), key="both")
    conversation.refresh_from_db()
    assert conversation.is_flagged and conversation.assignee == "anna" and conversation.turns == 2


def test_a_flag_goes_on_and_off(anna):
    conversation = talk(turn("why"))
    on = anna.post(address(conversation, "flag"), {"flag": "on"}, headers=HTMX)
    assert b"Remove the flag" in on.content and b"<html" not in on.content
    anna.post(address(conversation, "flag"), {"flag": "on"})
    conversation.refresh_from_db()
    assert conversation.is_flagged and len(recorded("flagged")) == 1
    assert anna.post(address(conversation, "flag"), {"flag": "off"}).url == address(conversation)
    conversation.refresh_from_db()
    assert not conversation.is_flagged and len(recorded("flag removed")) == 1
    assert anna.post(address(conversation, "flag"), {"flag": "?"}).status_code == 400


def test_only_active_staff_who_may_review_are_assigned(anna):
    conversation = talk(emergency())
    Staff.objects.create_user("gone", role="reviewer", is_active=False)
    Staff.objects.create_user("reader", role="viewer")
    for nobody in ("gone", "reader", "unheard of"):
        assert anna.post(address(conversation, "assign"), {"assignee": nobody}).status_code == 400
    part = anna.post(address(conversation, "assign"), {"assignee": "anna"}, headers=HTMX)
    assert b'<option value="anna" selected>anna (you)' in part.content and b"reader" not in part.content
    assert recorded("assigned") == [("anna", conversation.pk, {"to": "anna"})]
    anna.post(address(conversation, "assign"), {"assignee": ""})
    conversation.refresh_from_db()
    assert conversation.assignee == ""


def test_notes_make_one_thread_and_their_words_stay_out_of_the_audit_log(anna):
    conversation = talk(emergency())
    answer = anna.post(address(conversation, "notes"), {"text": "Called <him>.\r\nNo reply."}, headers=HTMX)
    assert "Called &lt;him&gt;.\nNo reply." in answer.content.decode() and b"anna" in answer.content
    assert anna.post(address(conversation, "notes"), {"text": "Second."}).url == address(conversation) + "#notes"
    notes = list(Note.objects.values_list("author", "text"))
    assert notes == [("anna", "Called <him>.\nNo reply."), ("anna", "Second.")]
    assert "Called" not in str(list(AuditEntry.objects.values())) and len(recorded("note written")) == 2
    for wrong in ("", "  ", "x" * 4001):
        assert b"Not saved" in anna.post(address(conversation, "notes"), {"text": wrong}, headers=HTMX).content
    assert Note.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "a\0b"])
def test_a_note_that_is_not_saved_shows_no_other_and_stays_in_its_field(anna, text):
    conversation = talk(emergency())
    Note.objects.create(conversation=conversation, author="ben", text="He lives with his sister.")
    answer = anna.post(address(conversation, "notes"), {"text": text}, headers=HTMX)
    assert b"Not saved" in answer.content and b"sister" not in answer.content and b"<textarea" not in answer.content
    assert answer["HX-Retarget"] == "#note-error" and answer["HX-Reswap"] == "innerHTML"
    assert 'id="note-error"' in anna.get(address(conversation)).content.decode()
    plain = anna.post(address(conversation, "notes"), {"text": text}, follow=True)
    assert b"Not saved" in plain.content and plain.redirect_chain
    assert Note.objects.count() == 1 and not recorded("note written")


def test_only_the_author_deletes_a_note(anna, reviewer):
    conversation, other = talk(emergency()), talk(emergency())
    note = Note.objects.create(conversation=conversation, author="anna", text="Mine.")
    assert reviewer.post(address(conversation, "notes", note.pk, "delete")).status_code == 404
    assert anna.post(address(other, "notes", note.pk, "delete")).status_code == 404
    assert b"this note" not in reviewer.get(address(conversation)).content
    assert anna.post(address(conversation, "notes", note.pk, "delete"), headers=HTMX).status_code == 200
    assert not Note.objects.exists()
    assert recorded("note deleted") == [("anna", conversation.pk, {"note": note.pk})]


def test_each_code_can_be_said_and_the_last_counts(anna, reviewer):
    conversation = talk(turn("why taper"))
    for code in CODES - {"escalated_for_nothing"}:
        assert say(anna, conversation, code).status_code == 200
        assert Verdict.objects.get().code == code
    assert say(reviewer, conversation, "right_answer").status_code == 200
    verdict = Verdict.objects.get()
    assert (verdict.code, verdict.right_topic, verdict.right_level) == ("right_answer", "", "")
    assert verdict.by != "anna" and len(recorded("verdict given")) == len(CODES)


def test_a_wrong_answer_can_be_given_its_right_topic(anna):
    conversation = talk(turn("is it like booze", intent="ask_why_taper"))
    part = say(anna, conversation, "wrong_answer").content.decode()
    assert '<option value="ask_like_alcohol_withdrawal">' in part and '<option value="greeting">' in part
    say(anna, conversation, "wrong_answer", right_topic="ask_like_alcohol_withdrawal")
    assert Verdict.objects.get().right_topic == "ask_like_alcohol_withdrawal"
    part = say(anna, conversation, "wrong_answer", right_topic="ask_nothing_there").content.decode()
    assert "Select a valid choice" in part
    assert Verdict.objects.get().right_topic == "ask_like_alcohol_withdrawal"
    shown = anna.get(address(conversation)).content.decode()
    assert '<option value="ask_like_alcohol_withdrawal" selected>' in shown


def test_out_of_scope_proposes_just_that(anna):
    answered, refused = talk(turn("football")), talk(turn("football", intent="out_of_scope"))
    say(anna, answered, "out_of_scope")
    say(anna, refused, "out_of_scope")
    assert [one.right_topic for one in Verdict.objects.order_by("id")] == ["out_of_scope", ""]


def test_a_missed_escalation_is_an_emergency_unless_another_level_is_said(anna):
    conversation = talk(turn("he cannot be woken"))
    part = say(anna, conversation, "should_have_escalated").content.decode()
    assert Verdict.objects.get().right_level == "emergency"
    assert '<option value="emergency" selected>' in part
    assert "<strong>should have escalated, to emergency</strong>" in part
    say(anna, conversation, "should_have_escalated", right_level="advisory")
    assert Verdict.objects.get().right_level == "advisory"
    assert (
        "choose advisory or emergency"
        in say(anna, conversation, "should_have_escalated", right_level="none").content.decode()
    )
    assert Verdict.objects.get().right_level == "advisory"
    assert b"its level was emergency" in say(anna, talk(emergency()), "should_have_escalated").content


def test_an_escalation_for_nothing_needs_the_level_it_should_have_had(anna):
    conversation = talk(emergency())
    part = say(anna, conversation, "escalated_for_nothing").content.decode()
    assert "choose the level that it should have had" in part and not Verdict.objects.exists()
    assert re.search(r'value="escalated_for_nothing"[^>]* checked', part)
    say(anna, conversation, "escalated_for_nothing", right_level="information")
    assert Verdict.objects.get().right_level == "information"
    assert b"its level was none" in say(anna, talk(turn("hi", "none")), "escalated_for_nothing").content


def test_what_does_not_go_with_the_code_is_left_out(anna):
    conversation = talk(turn("why"))
    say(anna, conversation, "right_answer", right_topic="ask_timeline", right_level="emergency")
    assert (Verdict.objects.get().right_topic, Verdict.objects.get().right_level) == ("", "")


def test_a_verdict_can_be_taken_back(anna):
    conversation = talk(turn("why"))
    say(anna, conversation, "wrong_answer")
    assert b"Taken back" in say(anna, conversation, "").content
    assert not Verdict.objects.exists() and len(recorded("verdict taken back")) == 1


def test_a_changed_verdict_is_to_be_exported_again_and_the_same_is_not(anna):
    conversation = talk(turn("why"))
    say(anna, conversation, "wrong_answer", right_topic="ask_timeline")
    Verdict.objects.update(exported_at=timezone.now())
    say(anna, conversation, "wrong_answer", right_topic="ask_timeline")
    assert Verdict.objects.get().exported_at
    say(anna, conversation, "wrong_answer", right_topic="ask_treatment")
    assert Verdict.objects.get().exported_at is None


def test_a_verdict_is_of_a_message_of_the_person_in_this_conversation(anna):
    conversation, other = talk(turn("why")), talk(turn("why"))
    reply = Message.objects.get(conversation=conversation, direction="out")
    for message in (heard_of(other), reply):
        where = address(conversation, "verdicts", message.pk)
        assert anna.post(where, {"code": "right_answer"}).status_code == 404
    where = address(conversation, "verdicts", heard_of(conversation).pk)
    assert anna.post(where, {"code": "very_wrong"}).status_code == 400
    assert not Verdict.objects.exists()


def test_a_verdict_works_by_a_plain_form_too(anna):
    conversation = talk(emergency())
    message = heard_of(conversation)
    where = address(conversation, "verdicts", message.pk)
    answer = anna.post(where, {"code": "right_answer"})
    assert answer.status_code == 302 and answer.url.endswith(f"?turn={message.pk}#turn-{message.pk}")
    told = anna.post(where, {"code": "escalated_for_nothing"}, follow=True)
    assert b"choose the level" in told.content and Verdict.objects.get().code == "right_answer"


def test_a_verdict_is_recorded_without_words(anna):
    conversation = talk(turn("my secret words"))
    say(anna, conversation, "wrong_answer", right_topic="ask_timeline")
    ((who, about, detail),) = recorded("verdict given")
    assert (who, about) == ("anna", conversation.pk)
    assert detail == {
        "message": heard_of(conversation).pk,
        "code": "wrong_answer",
        "right_topic": "ask_timeline",
        "right_level": "",
    }


def test_hundreds_of_radio_buttons_hold_no_list_of_topics(anna):
    conversation = talk(*[turn(f"question {number}") for number in range(100)])
    page = anna.get(address(conversation)).content.decode()
    assert page.count('type="radio"') == 300 and "ask_like_alcohol_withdrawal" not in page
