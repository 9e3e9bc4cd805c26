"""The console's pages."""

from django.urls import path

from service.console.views import account, conversation, conversations, inbox

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("conversations", conversations.conversations, name="conversations"),
    path("conversations/<int:number>", conversation.conversation, name="conversation"),
    path("sign-in", account.SignIn.as_view(), name="sign_in"),
    path("sign-in/code", account.sign_in_code, name="sign_in_code"),
    path("sign-out", account.SignOut.as_view(), name="sign_out"),
    path("account/second-factor", account.second_factor, name="second_factor"),
]
handler403 = "service.console.views.account.may_not"
