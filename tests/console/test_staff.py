"""The staff page: an admin lets people in and shuts them out, and the console is never left without an admin."""

import re
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from baclofen_faq.vetted_files import ROOT
from service.console import members
from service.console.models import AuditEntry, Staff
from service.console.roles import Role
from tests.console.conftest import PASSWORD, code_of, member, signed_in
from tests.console.own_database import OwnDatabase, own_database  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
NEW = "another long password 8"
DEMOTE = """
import sys, time, django
django.setup()
from service.console import members
from service.console.models import Staff
by, other = (Staff.objects.get(username=name) for name in sys.argv[1:])
time.sleep(2 - time.time() % 2)
try:
    members.change_role(by, other.pk, "viewer")
    print("demoted")
except Exception as refused:
    print(type(refused).__name__)
"""


def do(client: Client, staff: Staff, what: str, **more: str) -> Any:
    return client.post(f"/staff/{staff.pk}/change", {"do": what, **more}, follow=True)


def link_in(page: Any) -> str:
    return re.findall(r"http://testserver(/set-password/[^<]+)<", page.content.decode())[0]


def open_link(path: str) -> tuple[Client, Any]:
    """A browser that nobody is signed in with, on the page of a link."""
    client = Client()
    return client, client.get(path, follow=True)


def set_password(path: str, password: str = NEW) -> Any:
    client, page = open_link(path)
    return client.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("number")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.CLINICIAN])
def test_someone_who_may_not_sees_nothing(role: str) -> None:
    somebody = member(Role.VIEWER, "a-name-of-staff")
    page_of = f"/staff/{somebody.pk}"
    pages = [("get", "/staff"), ("post", "/staff"), ("get", page_of), ("post", f"{page_of}/change")]
    client = signed_in(member(role))
    for method, page in pages:
        refused = getattr(client, method)(page, {"do": "deactivate", "name": "new", "role": "admin"})
        assert refused.status_code == 403 and "a-name-of-staff" not in refused.content.decode()
        unknown = getattr(Client(), method)(page, {"do": "deactivate", "name": "new", "role": "admin"})
        assert unknown["Location"].startswith("/sign-in") and unknown.content == b""
    assert Staff.objects.get(pk=somebody.pk).is_active and not Staff.objects.filter(username="new").exists()


def test_the_list_says_who_may_what_and_who_comes_in_how() -> None:
    admin = member(Role.ADMIN, "ada")
    Staff.objects.create_user("clara", role=Role.CLINICIAN)
    Staff.objects.create_user("vera", role=Role.VIEWER, is_active=False)
    html = signed_in(admin).get("/staff").content.decode()
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", html, re.DOTALL)
    said = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in rows]
    assert said[0][:3] == ["ada", "admin", "yes"] and said[0][-1] == "active"
    assert said[1] == ["clara", "clinician", "at", "the", "next", "sign-in", "never", "active"]
    assert said[2] == ["vera", "viewer", "no", "never", "shut", "out"]


def test_it_says_what_each_role_may_do(admin: Client) -> None:
    said = dict(re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", admin.get("/staff").content.decode()))
    assert said["viewer"] == "read conversations and figures."
    assert "withdraw an answer" in said["clinician"] and "Signs in with a code" in said["clinician"]
    assert set(said) == set(Role.values)


def test_somebody_is_added_and_sets_a_password_by_a_link_that_is_shown_once(admin: Client) -> None:
    page = admin.post("/staff", {"name": "nora", "role": "reviewer"}, follow=True)
    new = Staff.objects.get(username="nora")
    assert page.redirect_chain == [(f"/staff/{new.pk}", 302)]
    link = link_in(page)
    assert "set-password" not in admin.get(f"/staff/{new.pk}").content.decode()
    assert set_password(link)["Location"] == "/sign-in"
    client = Client()
    assert client.post("/sign-in", {"username": "nora", "password": NEW})["Location"] == "/"
    assert client.get("/account").status_code == 200
    done = AuditEntry.objects.filter(action__in=["staff added", "password link made", "password set by link"])
    assert [(entry.action, entry.who == "nora", entry.detail.get("user")) for entry in done] == [
        ("staff added", False, "nora"), ("password link made", False, "nora"), ("password set by link", True, None),
    ]  # fmt: skip
    assert link.split("/")[-1] not in str([entry.detail for entry in AuditEntry.objects.all()])


def test_a_new_admin_sets_up_the_app_after_the_link(admin: Client) -> None:
    link = link_in(admin.post("/staff", {"name": "nora", "role": "admin"}, follow=True))
    set_password(link)
    client = Client()
    page = client.post("/sign-in", {"username": "nora", "password": NEW}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/second-factor")
    client.post("/account/second-factor", {"code": code_of(Staff.objects.get(username="nora"))})
    assert client.get("/staff").status_code == 200


@pytest.mark.parametrize(
    ("name", "role", "why"),
    [
        ("VERA", "viewer", "Somebody has that user name already."),
        ("", "viewer", "This field is required."),
        ("two words", "viewer", "Enter a valid username."),
        ("x" * 151, "viewer", "at most 150 characters"),
        ("nora", "owner", "is not one of the available choices"),
    ],
)
def test_who_cannot_be_added_is_said_with_the_reason(admin: Client, name: str, role: str, why: str) -> None:
    member(Role.VIEWER, "vera")
    before = Staff.objects.count()
    page = admin.post("/staff", {"name": name, "role": role})
    assert page.status_code == 200 and why in page.content.decode()
    assert Staff.objects.count() == before


def test_a_link_works_once_for_a_day_and_not_for_whoever_was_shut_out(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = member(Role.VIEWER)
    link = link_in(do(admin, staff, "link"))
    assert staff.check_password(PASSWORD), "the old one works until then"
    do(admin, staff, "deactivate")
    assert "This link does not work" in open_link(link)[1].content.decode()
    do(admin, staff, "activate")
    assert set_password(link).status_code == 302
    assert "This link does not work" in open_link(link)[1].content.decode()
    link = link_in(do(admin, staff, "link"))
    tomorrow = default_token_generator._now() + timedelta(hours=24, seconds=5)
    monkeypatch.setattr(default_token_generator, "_now", lambda: tomorrow)
    assert "This link does not work" in open_link(link)[1].content.decode()


@pytest.mark.parametrize("broken", ["/set-password/x/y", "/set-password/MQ/set-password", "/set-password/OTk5/abc-def"])
def test_a_broken_link_is_said_so(broken: str) -> None:
    assert "This link does not work" in Client().get(broken).content.decode()


def test_a_link_takes_a_good_password_only(admin: Client) -> None:
    staff = member(Role.VIEWER)
    page = set_password(link_in(do(admin, staff, "link")), "short")
    assert page.status_code == 200 and "at least 12 characters" in page.content.decode()


def test_a_link_can_be_used_where_somebody_owes_a_code_or_is_signed_in(admin: Client) -> None:
    staff, clinician = member(Role.VIEWER), member(Role.CLINICIAN)
    owes = Client()
    owes.post("/sign-in", {"username": clinician.get_username(), "password": PASSWORD})
    for client in (owes, admin):
        link = link_in(do(admin, staff, "link"))
        page = client.get(link, follow=True)
        assert "Set your password" in page.content.decode()
        assert client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW}).status_code == 302


def test_a_link_ends_what_was_signed_in_and_the_lock_after_wrong_passwords(admin: Client) -> None:
    staff = member(Role.VIEWER)
    stolen = signed_in(staff)
    for _ in range(5):
        Client().post("/sign-in", {"username": staff.get_username(), "password": "wrong"})
    set_password(link_in(do(admin, staff, "link")))
    assert stolen.get("/account").status_code == 302
    assert Client().post("/sign-in", {"username": staff.get_username(), "password": NEW}).status_code == 302


def test_a_role_is_changed_and_counts_at_the_next_click(admin: Client) -> None:
    staff = member(Role.VIEWER, "vera")
    client = signed_in(staff)
    do(admin, staff, "role", role="clinician")
    assert last_entry().detail == {"user": "vera", "before": "viewer", "after": "clinician"}
    assert client.get("/account")["Location"].startswith("/sign-in/code")
    do(admin, staff, "role", role="viewer")
    assert client.get("/account").status_code == 200


def test_who_is_shut_out_is_out_at_once_and_signs_in_anew_when_let_in_again(admin: Client) -> None:
    staff = member(Role.VIEWER, "vera")
    client = signed_in(staff)
    do(admin, staff, "deactivate")
    assert (last_entry().action, last_entry().detail) == ("staff deactivated", {"user": "vera"})
    assert client.get("/account").status_code == 302
    assert "vera may sign in again." in do(admin, staff, "activate").content.decode()
    assert (last_entry().action, last_entry().detail) == ("staff activated", {"user": "vera"})
    assert client.get("/account").status_code == 302, "the old session stays over"
    assert Client().post("/sign-in", {"username": "vera", "password": PASSWORD})["Location"] == "/"


def test_a_second_factor_is_reset_after_a_lost_phone(admin: Client) -> None:
    staff = member(Role.CLINICIAN, "clara")
    client = signed_in(staff)
    do(admin, staff, "reset")
    assert not TOTPDevice.objects.filter(user=staff).exists()
    page = client.get("/account", follow=True)
    assert page.redirect_chain[-1][0].startswith("/sign-in?"), "whoever has the phone sets up no new app with it"
    assert "An admin changed your account" in page.content.decode()
    assert AuditEntry.objects.filter(action="second factor reset", detail__user="clara").count() == 1


@pytest.mark.parametrize("what", ["role", "deactivate", "activate", "reset", "link"])
def test_nobody_changes_themselves(what: str) -> None:
    admin = member(Role.ADMIN)
    client = signed_in(admin)
    assert "<form" not in client.get(f"/staff/{admin.pk}").content.decode().partition("<main")[2]
    page = do(client, admin, what, role="viewer")
    assert "Nobody changes their own account here" in page.content.decode()
    now = Staff.objects.get(pk=admin.pk)
    assert (now.role, now.is_active, TOTPDevice.objects.filter(user=now).count()) == (Role.ADMIN, True, 1)


def test_an_admin_who_was_demoted_meanwhile_changes_nobody() -> None:
    """Two admins who demote each other at once: the rows are locked, and the second finds that they are no admin."""
    first, second = member(Role.ADMIN), member(Role.ADMIN)
    members.change_role(first, second.pk, Role.VIEWER)
    assert second.role == Role.ADMIN, "as its own request still has it"
    with pytest.raises(PermissionDenied):
        members.change_role(second, first.pk, Role.VIEWER)
    assert Staff.objects.get(pk=first.pk).role == Role.ADMIN


def test_two_admins_who_demote_each_other_at_once_leave_one(own_database: OwnDatabase) -> None:  # noqa: F811
    for name in ("ada", "bea"):
        own_database.run("console_admin", "--username", name, given=f"{PASSWORD}\n")
    python = [own_database.command()[0], "-W", "ignore", "-c", DEMOTE]
    both = [
        subprocess.Popen([*python, *names], cwd=ROOT, env=own_database.environment, stdout=subprocess.PIPE, text=True)
        for names in (("ada", "bea"), ("bea", "ada"))
    ]
    assert sorted(one.communicate()[0].strip() for one in both) == ["PermissionDenied", "demoted"]


def test_what_is_no_change_and_who_is_nobody_is_not_found(admin: Client) -> None:
    staff = member(Role.VIEWER)
    assert do(admin, staff, "promote").status_code == 404
    assert do(admin, staff, "role", role="owner").status_code == 404
    assert admin.get("/staff/999999").status_code == 404
    assert admin.post("/staff/999999/change", {"do": "link"}).status_code == 404
    assert Staff.objects.get(pk=staff.pk).role == Role.VIEWER


def test_what_cannot_be_recorded_is_not_done(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = member(Role.VIEWER)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("service.console.audit.record", broken)
    with pytest.raises(OSError, match="disk"):
        do(admin, staff, "deactivate")
    assert Staff.objects.get(pk=staff.pk).is_active


def test_a_link_of_long_ago_is_no_way_in_for_an_account_used_since(admin: Client) -> None:
    staff = member(Role.VIEWER)
    link = link_in(do(admin, staff, "link"))
    Staff.objects.filter(pk=staff.pk).update(last_login=timezone.now() + timedelta(seconds=2))
    assert "This link does not work" in open_link(link)[1].content.decode()
