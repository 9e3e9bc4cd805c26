"""Who gets in, how far, for how long, and what is recorded of it."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console.models import AuditEntry, Staff
from service.console.roles import Role
from tests.console.conftest import PASSWORD, code_of, code_of_key, member, signed_in, talk, turn

pytestmark = pytest.mark.django_db
BY_HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/conversations?level=emergency"}


def give_password(client: Client, staff: Staff, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"username": staff.get_username(), "password": password, **more})


def give_code(client: Client, code: str, **more: str) -> Any:
    return client.post("/sign-in/code", {"code": code, **more})


def recorded() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.values_list("who", "action"))


def change_session(client: Client, **changes: float) -> None:
    session = client.session
    session.update(changes)
    session.save()


# Password and code


def test_a_password_lets_a_viewer_in_and_is_recorded() -> None:
    client, viewer = Client(), member(Role.VIEWER, "vera")
    assert give_password(client, viewer)["Location"] == "/"
    assert client.get("/account").status_code == 200
    assert recorded() == [("vera", "signed in")]
    assert viewer.password.startswith("argon2$argon2id$")


def test_a_wrong_password_and_an_unknown_name_look_the_same() -> None:
    viewer = member(Role.VIEWER, "vera")
    pages = [
        give_password(Client(), viewer, "not her password").content.decode(),
        Client().post("/sign-in", {"username": "nobody", "password": "not a password"}).content.decode(),
    ]
    alike = [re.sub(r"[A-Za-z0-9]{64}|vera|nobody", "", page) for page in pages]
    assert alike[0] == alike[1]
    assert "correct username and password" in pages[0]


def test_after_the_password_a_clinician_sees_only_the_page_for_the_code() -> None:
    client, clinician = Client(), member(Role.CLINICIAN, "clara")
    give_password(client, clinician)
    for page in ("/", "/conversations", "/account", "/account/second-factor/change"):
        assert client.get(page)["Location"].startswith("/sign-in/code"), page
    page = client.get("/sign-in/code").content.decode()
    assert "Conversations" not in page and "clinician" not in page, "no menu yet"
    assert client.get("/no-such-page").content.decode().count("<nav") == 0
    assert recorded() == [("clara", "password accepted")]


def test_the_code_lets_them_go_where_they_were_going() -> None:
    client, clinician = Client(), member(Role.CLINICIAN, "clara")
    asked_for = client.get("/conversations?level=emergency")["Location"]
    assert asked_for == "/sign-in?next=%2Fconversations%3Flevel%3Demergency"
    on = give_password(client, clinician, next="/conversations?level=emergency")["Location"]
    code_page = client.get(on)["Location"]
    assert code_page == "/sign-in/code?next=%2Fconversations%3Flevel%3Demergency"
    assert "level=emergency" in client.get(code_page).content.decode()
    code = code_of(clinician)
    assert give_code(client, f"{code[:3]} {code[3:]}", next="/conversations?level=emergency")["Location"] == on
    assert client.get("/account").status_code == 200
    assert recorded() == [("clara", "password accepted"), ("clara", "signed in")]


@pytest.mark.parametrize(
    "asked", ["/conversations?words=Smith&level=urgent", "/conversations?level=urgent&words=Smith"]
)
def test_what_was_searched_for_does_not_go_through_the_sign_in(asked: str) -> None:
    goes_on_to = "?next=%2Fconversations%3Flevel%3Durgent"
    assert Client().get(asked)["Location"] == f"/sign-in{goes_on_to}"
    part = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{asked}"}
    assert Client().get("/account", headers=part)["HX-Redirect"] == f"/sign-in{goes_on_to}"
    client, clinician = Client(), member(Role.CLINICIAN)
    assert (
        client.get(give_password(client, clinician, next=asked)["Location"])["Location"] == f"/sign-in/code{goes_on_to}"
    )


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x()"])
def test_nobody_is_sent_to_another_host(elsewhere: str) -> None:
    client, clinician = Client(), member(Role.CLINICIAN)
    assert give_password(client, clinician, next=elsewhere)["Location"] == "/"
    assert give_code(client, code_of(clinician), next=elsewhere)["Location"] == "/"
    assert elsewhere not in Client().get("/sign-in", {"next": elsewhere}).content.decode()


def test_a_form_sent_by_whoever_is_signed_out_leads_back_to_its_page() -> None:
    came_from = {"Referer": "http://testserver/staff/7"}
    assert Client().post("/staff/7/change", headers=came_from)["Location"] == "/sign-in?next=%2Fstaff%2F7"
    assert Client().post("/staff/7/change", headers={"Referer": "https://evil.example/x"})["Location"] == "/sign-in"


def test_a_wrong_code_is_recorded_and_slows_the_next_ones_down() -> None:
    client, clinician = Client(), member(Role.CLINICIAN, "clara")
    give_password(client, clinician)
    wrong = f"{(int(code_of(clinician)) + 500_000) % 1_000_000:06}"
    assert "That code is not right" in give_code(client, wrong).content.decode()
    assert "Too many wrong codes. Try again in 1 seconds." in give_code(client, code_of(clinician)).content.decode()
    assert recorded()[1:] == [("clara", "wrong code")], "what was not looked at is no wrong code"
    assert TOTPDevice.objects.get(user=clinician).throttling_failure_count == 1
    long_ago = timezone.now() - timedelta(seconds=2)
    TOTPDevice.objects.filter(user=clinician).update(throttling_failure_timestamp=long_ago)
    assert give_code(client, code_of(clinician)).status_code == 302


@pytest.mark.parametrize("not_a_code", ["", "12345", "1234567", "abcdef", "-12345"])
def test_what_is_no_code_is_not_tried(not_a_code: str) -> None:
    client, clinician = Client(), member(Role.CLINICIAN)
    give_password(client, clinician)
    assert give_code(client, not_a_code).status_code == 200
    assert TOTPDevice.objects.get(user=clinician).throttling_failure_count == 0


def test_a_code_works_once() -> None:
    clinician = member(Role.CLINICIAN)
    code = code_of(clinician)
    for is_first in (True, False):
        client = Client()
        give_password(client, clinician)
        assert (give_code(client, code).status_code == 302) == is_first


def test_nobody_elses_code_is_taken() -> None:
    client, clinician, other = Client(), member(Role.CLINICIAN), member(Role.CLINICIAN)
    give_password(client, clinician)
    assert give_code(client, code_of(other)).status_code == 200


def test_the_session_is_new_after_the_password_and_after_the_code() -> None:
    client, clinician = Client(), member(Role.CLINICIAN)
    change_session(client, planted=1)
    keys = [client.session.session_key]
    give_password(client, clinician)
    keys.append(client.session.session_key)
    give_code(client, code_of(clinician))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


# The second factor is set up


def test_a_clinician_without_an_app_sets_one_up_before_anything_else() -> None:
    client, clinician = Client(), Staff.objects.create_user("clara", password=PASSWORD, role=Role.CLINICIAN)
    give_password(client, clinician)
    page = client.get("/conversations", follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/second-factor")
    html = page.content.decode()
    key = "".join(re.findall(r'class="key">([A-Z2-7 ]+)<', html)[0].split())
    assert len(key) == 32 and "<svg" in html and "style=" not in html
    assert client.get("/account/second-factor").content.decode().count(" ".join(re.findall("....", key))) == 1
    assert client.post("/account/second-factor", {"code": code_of(clinician)})["Location"] == "/"
    assert client.get("/account").status_code == 200
    assert recorded() == [("clara", "password accepted"), ("clara", "second factor set up")]


def test_a_device_that_was_never_confirmed_counts_for_nothing() -> None:
    client, clinician = Client(), Staff.objects.create_user("clara", password=PASSWORD, role=Role.CLINICIAN)
    give_password(client, clinician)
    client.get("/account/second-factor")
    assert not TOTPDevice.objects.get(user=clinician).confirmed
    assert give_code(client, code_of(clinician))["Location"].startswith("/account/second-factor")
    assert client.get("/").status_code == 302


def test_nobody_sets_up_a_second_app_instead_of_giving_the_code() -> None:
    client, clinician = Client(), member(Role.CLINICIAN)
    give_password(client, clinician)
    assert client.get("/account/second-factor")["Location"] == "/sign-in/code"
    assert client.post("/account/second-factor", {"code": "123456"})["Location"] == "/sign-in/code"
    assert TOTPDevice.objects.filter(user=clinician).count() == 1


def test_nobody_else_who_knows_the_password_sees_the_key_that_is_being_set_up() -> None:
    clinician = Staff.objects.create_user("clara", password=PASSWORD, role=Role.CLINICIAN)
    owner, intruder = Client(), Client()
    keys = []
    for browser in (intruder, owner):
        give_password(browser, clinician)
        page = browser.get("/account/second-factor").content.decode()
        keys += re.findall(r'class="key">([A-Z2-7 ]+)<', page)
    assert len(set(keys)) == 2
    theirs = code_of_key(TOTPDevice.objects.earliest("pk"))
    assert owner.post("/account/second-factor", {"code": theirs}).status_code == 200, "only in the session that saw it"
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    assert owner.post("/account/second-factor", {"code": code_of(clinician)})["Location"] == "/"
    assert intruder.post("/account/second-factor", {"code": theirs})["Location"] == "/sign-in/code"
    assert TOTPDevice.objects.get(user=clinician).confirmed, "what the other began is forgotten"
    assert intruder.get("/account").status_code == 302 and give_code(intruder, theirs).status_code == 200


def test_of_two_who_set_one_up_at_once_the_first_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clinician = Staff.objects.create_user("clara", password=PASSWORD, role=Role.CLINICIAN)
    browsers = [Client(), Client()]
    for browser in browsers:
        give_password(browser, clinician)
        browser.get("/account/second-factor")
    first, second = TOTPDevice.objects.order_by("pk")

    def quicker(*given: Any) -> str:
        monkeypatch.undo()
        browsers[0].post("/account/second-factor", {"code": code_of_key(first)})
        return ""

    monkeypatch.setattr("service.console.views.account.why_not", quicker)
    again = browsers[1].post("/account/second-factor", {"code": code_of_key(second)})
    assert browsers[1].get(again["Location"])["Location"] == "/sign-in/code"
    assert TOTPDevice.objects.get(user=clinician).key == first.key


def test_a_viewer_who_set_up_an_app_is_asked_for_its_code_too() -> None:
    viewer = member(Role.VIEWER)
    at_work, at_home = signed_in(viewer), signed_in(viewer)
    at_work.get("/account/second-factor")
    at_work.post("/account/second-factor", {"code": code_of(viewer)})
    assert at_work.get("/account").status_code == 200
    assert at_home.get("/account")["Location"].startswith("/sign-in/code"), "what was signed in before, too"
    assert give_code(at_home, code_of(viewer, later=1))["Location"] == "/"


def test_a_role_raised_meanwhile_asks_for_the_app_at_the_next_click() -> None:
    viewer = member(Role.VIEWER)
    client = signed_in(viewer)
    Staff.objects.filter(pk=viewer.pk).update(role=Role.CLINICIAN)
    assert client.get("/account", follow=True).redirect_chain[-1][0].startswith("/account/second-factor")


# The lock after wrong passwords


def test_five_wrong_passwords_lock_the_name_for_a_quarter_of_an_hour() -> None:
    client, viewer = Client(), member(Role.VIEWER, "vera")
    for _ in range(4):
        assert give_password(client, viewer, "wrong").status_code == 200
    locked = give_password(client, viewer, "wrong")
    assert (locked.status_code, "15 minutes" in locked.content.decode()) == (429, True)
    assert 890 <= int(locked["Retry-After"]) <= 900
    assert give_password(client, viewer).status_code == 429, "the right one neither, from wherever"
    assert give_password(Client(REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="x"), viewer).status_code == 429
    assert give_password(Client(), member(Role.VIEWER)).status_code == 302, "nobody else is locked"
    assert recorded()[:6] == [("", "sign-in failed")] * 5 + [("", "locked out")]
    assert [entry.detail for entry in AuditEntry.objects.all()[:6]] == [{"user": "vera"}] * 6
    assert AuditEntry.objects.count() == 7, "tries while locked do not flood the log"


def test_the_lock_ends_when_it_said_so_whatever_is_tried_meanwhile() -> None:
    client, viewer = Client(), member(Role.VIEWER)
    for _ in range(5):
        give_password(client, viewer, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=30))
    assert "<strong>1 minute</strong>" in give_password(client, viewer, "wrong").content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert give_password(client, viewer).status_code == 302


def test_the_page_names_the_time_after_which_four_are_left() -> None:
    viewer = member(Role.VIEWER)
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.2", "10.0.0.2"):
        locked = give_password(Client(REMOTE_ADDR=address), viewer, "wrong")
    assert locked.status_code == 429
    AccessAttempt.objects.filter(ip_address="10.0.0.1").update(attempt_time=timezone.now() - timedelta(minutes=10))
    assert "<strong>5 minutes</strong>" in give_password(Client(), viewer).content.decode()


def test_what_is_no_user_name_is_not_kept() -> None:
    Client().post("/sign-in", {"username": "my secret password", "password": "x"})
    assert "secret" not in str([entry.detail for entry in AuditEntry.objects.all()])
    assert "secret" not in str(AccessAttempt.objects.values().get())


def test_a_wrong_password_keeps_nothing_of_the_address_or_the_form() -> None:
    viewer = member(Role.VIEWER, "vera")
    address = "/sign-in?next=/conversations?words=JohnSmithOverdose&words=JohnSmithOverdose"
    typed = {"username": "vera", "password": "JohnSmithOverdose", "next": "/?words=JohnSmithOverdose"}
    for _ in range(2):  # the second is added to the first
        Client().post(address, typed)
    kept = AccessAttempt.objects.values().get()
    assert kept["failures_since_start"] == 2
    assert "JohnSmith" not in str(kept) and viewer.username not in str(kept)


def test_a_name_that_does_not_exist_is_locked_in_the_same_way() -> None:
    member(Role.VIEWER, "vera")
    pages = []
    for name in ("vera", "nobody"):
        for _ in range(5):
            locked = Client().post("/sign-in", {"username": name, "password": "wrong"})
        again = Client().post("/sign-in", {"username": name, "password": PASSWORD})
        texts = [re.sub(r"[A-Za-z0-9]{64}|vera|nobody", "", page.content.decode()) for page in (locked, again)]
        pages.append((locked.status_code, again.status_code, *texts))
    assert pages[0] == pages[1] and pages[0][:2] == (429, 429)


def test_a_sign_in_forgets_the_wrong_passwords_before_it() -> None:
    viewer, client = member(Role.VIEWER), Client()
    for _ in range(4):
        give_password(client, viewer, "wrong")
    assert give_password(client, viewer).status_code == 302
    assert not AccessAttempt.objects.exists()


# How long it lasts


def test_half_an_hour_without_a_click_ends_it() -> None:
    client = signed_in(member(Role.VIEWER, "vera"))
    change_session(client, seen_at=time.time() - 30 * 60 - 1)
    response = client.get("/conversations?level=emergency")
    assert response["Location"] == "/sign-in?next=%2Fconversations%3Flevel%3Demergency"
    assert "30 minutes without a click" in client.get(response["Location"]).content.decode()
    assert recorded()[-1] == ("vera", "signed out")


def test_a_click_keeps_it_alive_and_what_a_page_asks_by_itself_does_not() -> None:
    client = signed_in(member(Role.VIEWER))
    a_while_ago = time.time() - 10 * 60
    change_session(client, seen_at=a_while_ago)
    client.get("/account", headers={"X-Polling": "1"})
    client.get("/no-such-page", headers={"X-Polling": "1"})
    assert client.session["seen_at"] == a_while_ago
    client.get("/account")
    assert client.session["seen_at"] > time.time() - 60


def test_a_page_that_asks_by_itself_learns_that_it_is_over_and_goes_to_the_sign_in() -> None:
    client = signed_in(member(Role.VIEWER))
    change_session(client, seen_at=time.time() - 30 * 60 - 1)
    for _ in range(2):  # as it ends, and when it has ended
        response = client.get("/account", headers={**BY_HTMX, "X-Polling": "1"})
        assert response.status_code == 204
        assert response["HX-Redirect"] == "/sign-in?next=%2Fconversations%3Flevel%3Demergency"


def test_a_part_of_a_page_asked_for_without_a_code_leads_to_the_code() -> None:
    client, clinician = Client(), member(Role.CLINICIAN)
    give_password(client, clinician)
    response = client.get("/account", headers=BY_HTMX)
    assert (response.status_code, response["HX-Redirect"].split("?")[0]) == (204, "/sign-in/code")


def test_twelve_hours_end_it_whatever_is_clicked() -> None:
    client = signed_in(member(Role.VIEWER))
    change_session(client, signed_in_at=time.time() - 12 * 3600 - 1)
    assert client.get("/account")["Location"].startswith("/sign-in")


def test_a_deactivated_account_is_out_at_once() -> None:
    viewer = member(Role.VIEWER)
    client = signed_in(viewer)
    Staff.objects.filter(pk=viewer.pk).update(is_active=False)
    assert client.get("/account")["Location"].startswith("/sign-in")
    assert give_password(Client(), viewer).status_code == 200


def test_a_password_changed_elsewhere_ends_it() -> None:
    viewer = member(Role.VIEWER)
    client = signed_in(viewer)
    viewer.set_password("another long password 8")
    viewer.save()
    assert client.get("/account")["Location"].startswith("/sign-in")


def test_signing_out_says_so_and_is_recorded() -> None:
    client = signed_in(member(Role.VIEWER, "vera"))
    assert client.get("/sign-out").status_code == 405, "no link of another page signs anybody out"
    page = client.post("/sign-out", follow=True)
    assert page.redirect_chain == [("/sign-in", 302)] and "You are signed out." in page.content.decode()
    assert client.get("/account").status_code == 302
    assert recorded() == [("vera", "signed in"), ("vera", "signed out")]


# Links of elsewhere


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_of_another_site_opens_nothing_before_it_is_clicked_here(site: str) -> None:
    client, conversation = signed_in(member(Role.REVIEWER)), talk(turn("my dad is having a seizure", "emergency"))
    address = f"/conversations/{conversation.pk}"
    page = client.get(address, headers={"Sec-Fetch-Site": site})
    assert f'href="{address}"' in page.content.decode() and "my dad" not in page.content.decode()
    assert not AuditEntry.objects.filter(conversation=conversation.pk).exists()
    assert "my dad" in client.get(address, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()


def test_a_link_in_a_mail_program_opens_at_once() -> None:
    assert b"Your account" in signed_in(member(Role.VIEWER)).get("/account", headers={"Sec-Fetch-Site": "none"}).content


def test_a_link_of_another_site_leads_to_the_sign_in_first() -> None:
    page = Client().get("/conversations/7", headers={"Sec-Fetch-Site": "cross-site"})
    assert page["Location"] == "/sign-in?next=%2Fconversations%2F7"
    assert Client().get(page["Location"], headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# Instead of a page


def test_a_form_of_another_site_is_refused_in_the_consoles_look() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/sign-in", {"username": "x", "password": "y"})
    assert page.status_code == 403 and "This page was too old" in page.content.decode()
    assert "console.css" in page.content.decode()


def test_what_is_not_there_is_said_so_with_the_menu_of_who_is_signed_in() -> None:
    page = signed_in(member(Role.VIEWER)).get("/no-such-page")
    assert page.status_code == 404
    assert "There is no such page" in page.content.decode() and "Conversations" in page.content.decode()
    assert "<nav" not in Client().get("/no-such-page").content.decode()


def test_a_request_to_another_host_is_not_understood() -> None:
    page = Client().get("/sign-in", headers={"Host": "evil.example"})
    assert page.status_code == 400 and "That was not understood" in page.content.decode()


def test_a_fault_shows_a_page_that_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a fault")

    client = signed_in(member(Role.VIEWER))
    client.raise_request_exception = False
    monkeypatch.setattr("service.console.views.account.Account.get_context_data", broken)
    page = client.get("/account")
    assert page.status_code == 500
    assert "Something went wrong" in page.content.decode() and "a fault" not in page.content.decode()
    assert "console.css" in page.content.decode()
