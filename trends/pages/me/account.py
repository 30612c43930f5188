"""Accounts: an address that its owner confirmed, a password, and the skills they keep with it."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, PasswordResetView
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from trends.models import Follower
from trends.pages.me.mail_links import confirm_token, confirmed, manage_token
from trends.pages.me.my_skills import mine
from trends.pages.me.page import address, follower_of
from trends.pages.me.watch_page import EmailForm, asked_mail, read_or_post, site_of, watched, write

BACKEND = "django.contrib.auth.backends.ModelBackend"


@read_or_post
def account(request: HttpRequest) -> HttpResponse:
    """Show what is stored of who is signed in; for anybody else the way to an account."""
    if follower := follower_of(request):
        manage = reverse("watches", args=[manage_token(follower)])
        return render(request, "trends/me/account.html", {**watched(follower), "manage": manage})
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST" and settings.SENDS_MAIL and form.is_valid():
        status = _invite(request, form.cleaned_data["email"])
        if status == 200:
            return render(request, "trends/me/account_form.html", {"sent": True})
    context = {"form": form, "no_mail": not settings.SENDS_MAIL, "status": status}
    return render(request, "trends/me/account_new.html", context, status=status)


@sensitive_post_parameters()
@read_or_post
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form behind the link in the mail: only a password makes the account."""
    asked = confirmed(token)
    email = asked["email"] if asked and asked.get("account") else ""
    if not email or User.objects.filter(username=email).exists():
        return render(request, "trends/me/me_confirm.html", {"expired": True}, status=410)
    form = SetPasswordForm(User(username=email, email=email), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _make(request, form)
        except IntegrityError:
            # Followed twice at once: the other made it.
            return redirect("sign-in")
        login(request, user, backend=BACKEND)
        return redirect("account")
    context = {"form": form, "title": gettext("Choose a password"), "email": email}
    return render(request, "trends/me/account_form.html", context)


class SignInForm(AuthenticationForm):
    """A name is an e-mail address here, however it is spelled."""

    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(*given, **how)
        self.fields["username"].label = _("Your e-mail address")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class SignIn(LoginView):
    """The sign-in of freelancers; closed while wrong passwords cannot be counted."""

    template_name = "trends/me/account_form.html"
    authentication_form = SignInForm
    extra_context = {"title": _("Sign in"), "sign_in": True}

    def get_default_redirect_url(self) -> str:
        return reverse("me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except RedisError:
            return render(request, "trends/me/account_form.html", {"closed": True}, status=503)


class ResetForm(PasswordResetForm):
    """Sends a link to who has an account of this kind: the staff's passwords are not reset here."""

    def get_users(self, email: str) -> Any:
        users = User.objects.filter(username=email.strip().lower(), is_active=True)
        return users.filter(follower__isnull=False, is_staff=False)


class Reset(PasswordResetView):
    """Ask for a link that lets one choose another password; answers the same for any address."""

    template_name = "trends/me/account_form.html"
    email_template_name = "trends/me/mail_reset.txt"
    subject_template_name = "trends/me/mail_reset_subject.txt"
    form_class = ResetForm
    success_url = reverse_lazy("password-reset-sent")
    extra_context = {"title": _("Choose another password")}

    def form_valid(self, form: Any) -> HttpResponse:
        email = str(form.cleaned_data["email"]).strip().lower()
        status = write(self.request, email, send=lambda: super(Reset, self).form_valid(form))
        if status == 200:
            return redirect(str(self.success_url))
        context = self.get_context_data(form=form, status=status)
        return render(self.request, self.template_name, context, status=status)


def reset_sent(request: HttpRequest) -> HttpResponse:
    """Show the same whether or not there is such an account."""
    return render(request, "trends/me/account_form.html", {"sent": True})


class ResetConfirm(PasswordResetConfirmView):
    """Where that link leads."""

    template_name = "trends/me/account_form.html"
    success_url = reverse_lazy("me")
    post_reset_login = True
    post_reset_login_backend = BACKEND
    extra_context = {"title": _("Choose another password")}


@require_POST
@login_required(login_url="sign-in")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the skills of an address with the account."""
    chosen = mine(request.POST.get("skills", ""))
    if follower := follower_of(request):
        follower.skills = chosen.slugs
        follower.save(update_fields=["skills"])
    return redirect(address(chosen.slugs))


@require_POST
@login_required(login_url="sign-in")
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account and everything that is stored with it."""
    follower = follower_of(request)
    if follower:
        request.session.flush()
        follower.forget()
    return redirect("account")


def _invite(request: HttpRequest, email: str) -> int:
    """Send the link that makes an account, or word that there is one: nobody else learns which."""
    if User.objects.filter(username=email).exists():
        link, known = reverse("password-reset"), True
    else:
        asked = {"email": email, "account": True}
        link, known = reverse("choose-password", args=[confirm_token(asked)]), False
    mail = asked_mail(
        email,
        subject=gettext("Your account at Upcurrent"),
        template="trends/me/mail_account.txt",
        context={"link": request.build_absolute_uri(link), "known": known},
    )
    return write(request, email, send=mail.send)


def _make(request: HttpRequest, form: Form) -> User:
    """Return the account of a confirmed address, joined with what it watches already."""
    with transaction.atomic():
        assert isinstance(form, SetPasswordForm)
        user: User = form.save()
        Follower.objects.update_or_create(
            email=user.username,
            defaults={"user": user},
            create_defaults={
                "user": user,
                "site": site_of(request),
                "language": get_language() or "en",
            },
        )
    return user
