"""One's own account: the password and the second factor."""

import time
from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console.models import AuditEntry, Staff
from service.console.roles import Role
from tests.console.conftest import PASSWORD, code_of, member, signed_in

pytestmark = pytest.mark.django_db
NEW = "another long password 8"


def change_password(client: Client, old: str = PASSWORD, new: str = NEW, again: str = "") -> Any:
    return client.post("/account", {"old_password": old, "new_password1": new, "new_password2": again or new})


def test_someone_who_may_not_sees_nothing() -> None:
    for page in ("/account", "/account/second-factor", "/account/second-factor/change"):
        for response in (Client().get(page), Client().post(page)):
            assert (response.status_code, response.content) == (302, b""), page
            assert response["Location"].startswith("/sign-in"), page


@pytest.mark.parametrize("role", Role.values)
def test_everybody_sees_their_own(role: str) -> None:
    page = signed_in(member(role, "somebody")).get("/account").content.decode()
    assert "somebody" in page and f"<dd>{role}</dd>" in page


def test_a_changed_password_keeps_this_browser_in_and_no_other() -> None:
    staff = member(Role.REVIEWER, "rita")
    here, elsewhere = signed_in(staff), signed_in(staff)
    page = change_password(here)
    assert page["Location"] == "/account"
    assert "Your password is changed." in here.get("/account").content.decode()
    assert elsewhere.get("/account").status_code == 302
    assert Staff.objects.get(pk=staff.pk).check_password(NEW)
    assert AuditEntry.objects.filter(who="rita", action="password changed").count() == 1


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"old": "not the password"}, "old password was entered incorrectly"),
        ({"again": "something else 99"}, "password fields didn’t match"),
        ({"new": "short 1"}, "at least 12 characters"),
        ({"new": "password1234"}, "too common"),
        ({"new": "rita-the-reviewer"}, "too similar to the username"),
    ],
)
def test_a_password_is_refused_with_the_reason(asked: dict[str, str], why: str) -> None:
    staff = member(Role.REVIEWER, "rita-the-reviewer")
    page = change_password(signed_in(staff), **asked)
    assert page.status_code == 200 and why in page.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert Staff.objects.get(pk=staff.pk).check_password(PASSWORD)
    assert not AuditEntry.objects.filter(action="password changed").exists()


def test_whoever_has_no_app_can_set_one_up_and_see_it() -> None:
    staff = member(Role.REVIEWER)
    client = signed_in(staff)
    assert "Set up an authenticator app" in client.get("/account").content.decode()
    client.get("/account/second-factor")
    on = client.post("/account/second-factor?next=/account", {"code": code_of(staff), "next": "/account"})
    page = client.get(on["Location"])
    assert page.status_code == 200 and "<dd>set up" in page.content.decode()


def test_a_wrong_code_sets_nothing_up() -> None:
    staff = member(Role.REVIEWER)
    client = signed_in(staff)
    client.get("/account/second-factor")
    wrong = f"{(int(code_of(staff)) + 500_000) % 1_000_000:06}"
    assert "That code is not right" in client.post("/account/second-factor", {"code": wrong}).content.decode()
    assert not TOTPDevice.objects.get(user=staff).confirmed


def test_moving_to_another_phone_takes_a_code_of_the_old_one() -> None:
    staff = member(Role.CLINICIAN, "clara")
    client, elsewhere = signed_in(staff), signed_in(staff)
    old = TOTPDevice.objects.get(user=staff).key
    wrong = f"{(int(code_of(staff)) + 500_000) % 1_000_000:06}"
    assert client.post("/account/second-factor/change", {"code": wrong}).status_code == 200
    assert TOTPDevice.objects.get(user=staff).key == old
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    on = client.post("/account/second-factor/change", {"code": code_of(staff)})["Location"]
    assert on == "/account/second-factor?next=/account"
    client.get(on)
    assert TOTPDevice.objects.get(user=staff, confirmed=True).key == old, (
        "the old one stays until the new one is set up"
    )
    assert elsewhere.get("/account").status_code == 200
    assert client.post(on, {"code": code_of(staff), "next": "/account"})["Location"] == "/account"
    assert TOTPDevice.objects.get(user=staff).key != old
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302, "a role that needs one owes it again, everywhere else"
    done = list(AuditEntry.objects.filter(who="clara").values_list("action", flat=True))
    assert done[-2:] == ["wrong code", "second factor replaced"]


@pytest.mark.parametrize("change", ["no code", "too late", "replaced elsewhere"])
def test_a_new_phone_takes_a_code_of_the_one_that_counts_just_now(change: str) -> None:
    staff = member(Role.CLINICIAN)
    client, elsewhere = signed_in(staff), signed_in(staff)
    for browser in [elsewhere, client][: 1 if change == "no code" else 2]:
        assert browser.post("/account/second-factor/change", {"code": code_of(staff)}).status_code == 302
        TOTPDevice.objects.update(last_t=-1)
    client.get("/account/second-factor")
    if change == "too late":
        session = client.session
        session["device_moves_until"] = time.time() - 1
        session.save()
    if change == "replaced elsewhere":
        elsewhere.get("/account/second-factor")
        elsewhere.post("/account/second-factor", {"code": code_of(staff)})
    counts = TOTPDevice.objects.get(user=staff, confirmed=True)
    client.post("/account/second-factor", {"code": code_of(staff)})
    assert TOTPDevice.objects.get(user=staff, confirmed=True).key == counts.key
