"""Signing in and out: password, code, and the link for a new password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import views
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.generic import FormView
from django_otp import login

from service.console import audit
from service.console.lock_out import unlock
from service.console.models import Staff
from service.console.roles import open_before_the_code
from service.console.second_factor import device_of, why_not


class PlainLabels:
    """A form whose labels stand above their fields, without a colon."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Without it."""
        return {**super().get_form_kwargs(), "label_suffix": ""}  # type: ignore[misc]


class SignIn(PlainLabels, views.LoginView):
    """User name and password."""

    template_name = "console/sign_in.html"
    redirect_authenticated_user = True

    def get_form(self, form_class: Any = None) -> Any:
        """In the words of the other pages."""
        form = super().get_form(form_class)
        form.fields["username"].label = "User name"
        return form


@method_decorator(open_before_the_code, name="dispatch")
class SignOut(views.LogoutView):
    """Ends the session (POST)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End it, and say so on the sign-in page."""
        response = super().post(request, *args, **kwargs)
        messages.info(request, "You are signed out.")
        return response


class CodeForm(forms.Form):
    """What an authenticator app shows; they show it in two groups, so spaces are no mistake."""

    code = forms.RegexField(
        r"^\s*\d{3}\s*\d{3}\s*$",
        label="Code of your authenticator app",
        error_messages={"invalid": "Type the six digits that the app shows."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """The digits alone."""
        return "".join(self.cleaned_data["code"].split())


class AskForCode(PlainLabels, views.RedirectURLMixin, FormView):
    """A page that goes on to where somebody was going (`next`, on this host only) once a code was right."""

    form_class = CodeForm
    next_page = "inbox"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where to go on to."""
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)

    def accept(self, device: Any, action: str) -> HttpResponse:
        """Let them in; the session gets a new key, as it may do more from now on."""
        self.request.session.cycle_key()
        login(self.request, device)
        audit.record(self.request.user.get_username(), action)
        return redirect(self.get_success_url())

    def refuse(self, form: CodeForm, why: str) -> HttpResponse:
        """The same page again, with the reason."""
        form.add_error("code", why)
        return self.form_invalid(form)


@method_decorator(open_before_the_code, name="dispatch")
class SignInCode(AskForCode):
    """The code, after the password."""

    template_name = "console/sign_in_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for who has an app and has not given its code; the others go on."""
        user: Any = request.user
        self.device = device_of(user)
        if user.is_verified() or not user.needs_code:
            return redirect(self.get_success_url())
        if self.device is None:
            return redirect(f"{reverse('second_factor')}?{request.GET.urlencode()}")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Check it."""
        assert self.device
        why = why_not(self.request.user, self.device, form.cleaned_data["code"])
        return self.refuse(form, why) if why else self.accept(self.device, "signed in")


class SetPassword(PlainLabels, views.PasswordResetConfirmView):
    """The link that an admin gives: works once, for a day, without a sign-in, and ends a lock after wrong passwords."""

    template_name = "console/set_password.html"
    success_url = reverse_lazy("sign_in")

    def get_user(self, uidb64: str) -> Staff | None:
        """Whose link it is; nobody's where the account was deactivated meanwhile."""
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, record it, and send them to sign in."""
        with transaction.atomic():
            response = super().form_valid(form)
            audit.record(self.user.get_username(), "password set by link")
        unlock(self.user.get_username())
        messages.success(self.request, "Your password is set. Sign in with it now.")
        return response
