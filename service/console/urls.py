"""The console's pages."""

from django.urls import path

from service.console.views import (
    account,
    audit_log,
    changes,
    conversation,
    conversations,
    finder,
    inbox,
    notes,
    review,
    sign_in,
    staff,
    verdict,
)

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("inbox/changes", inbox.changes, name="inbox_changes"),
    path("inbox/unread", inbox.unread, name="inbox_unread"),
    path("inbox/next", inbox.next_conversation, name="inbox_next"),
    path("conversations", conversations.conversations, name="conversations"),
    path("conversations/export.csv", conversations.export_csv, name="export_csv"),
    path("conversations/export.jsonl", conversations.export_jsonl, name="export_jsonl"),
    path("conversations/<int:number>", conversation.conversation, name="conversation"),
    path("conversations/<int:number>/news", conversation.news, name="conversation_news"),
    path("conversations/<int:number>/state", review.state, name="conversation_state"),
    path("conversations/<int:number>/flag", review.flag, name="conversation_flag"),
    path("conversations/<int:number>/assign", review.assign, name="conversation_assign"),
    path("conversations/<int:number>/notes", notes.write, name="notes"),
    path("conversations/<int:number>/notes/<int:note>/delete", notes.delete, name="delete_note"),
    path("conversations/<int:number>/verdicts/<int:message>", verdict.verdict, name="verdict"),
    path("changes", changes.changes, name="changes"),
    path("changes/check", changes.check, name="check_changes"),
    path("changes/<int:number>/drop", changes.drop_change, name="drop_change"),
    path("changes/training.patch", changes.export_training, name="export_training"),
    path("missed-emergencies", finder.finder, name="finder"),
    path("missed-emergencies/look", finder.look_again, name="look_again"),
    path("staff", staff.staff, name="staff"),
    path("staff/<int:number>", staff.member, name="member"),
    path("staff/<int:number>/change", staff.change, name="change_member"),
    path("audit", audit_log.audit_log, name="audit_log"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/code", sign_in.SignInCode.as_view(), name="sign_in_code"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign_out"),
    path("set-password/<uidb64>/<token>", sign_in.SetPassword.as_view(), name="set_password"),
    path("account", account.Account.as_view(), name="account"),
    path("account/second-factor", account.SecondFactor.as_view(), name="second_factor"),
    path("account/second-factor/change", account.ChangeSecondFactor.as_view(), name="change_second_factor"),
]
handler403 = "service.console.views.refusals.may_not"
