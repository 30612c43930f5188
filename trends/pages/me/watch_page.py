"""Watching a skill or a list by mail: asked for, confirmed by a link, and ended by one click."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from marketplace.skills.models import Skill
from trends.models import Follower, TrendSnapshot, Watch
from trends.pages.me.mail_limits import may_mail
from trends.pages.me.mail_links import confirm_token, confirmed, manager
from trends.pages.me.news import about, address, filters_of
from trends.pages.me.page import follower_of
from trends.pages.rising.filters import exact_filters

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


class EmailForm(forms.Form):
    """Where a mail is to go."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """Return one person, however they spell it."""
        return str(self.cleaned_data["email"]).strip().lower()


@read_or_post
def watch(request: HttpRequest) -> HttpResponse:
    """Ask for mail about `skill=a`, or about the list that the address narrows down."""
    wanted = _asked_for(request)
    if request.method == "POST" and (follower := follower_of(request)):
        _start(follower, wanted)
        return redirect("account")
    form = EmailForm(request.POST or None)
    context = {
        "wanted": wanted,
        "about": about(wanted),
        "address": address(wanted),
        "form": form,
        "follower": follower_of(request),
    }
    if not settings.SENDS_MAIL:
        return render(request, "trends/me/me_watch.html", {**context, "no_mail": True})
    if request.method != "POST" or not form.is_valid():
        return render(request, "trends/me/me_watch.html", context)
    email = form.cleaned_data["email"]
    asked = {
        "email": email,
        "skill": wanted.skill and wanted.skill.slug,
        "query": wanted.query,
        "language": get_language() or "en",
    }
    link = request.build_absolute_uri(reverse("watch-confirm", args=[confirm_token(asked)]))
    mail = asked_mail(
        email,
        subject=gettext("Do you want to watch %(what)s?") % {"what": about(wanted)},
        template="trends/me/mail_confirm.txt",
        context={"about": about(wanted), "link": link},
    )
    status = write(request, email, send=mail.send)
    return render(request, "trends/me/me_watch.html", {**context, "status": status}, status=status)


@read_or_post
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show where the link in that mail leads: a button, for programs open links, too."""
    asked = confirmed(token)
    if asked is None or asked.get("account"):
        return render(request, "trends/me/me_confirm.html", {"expired": True}, status=410)
    wanted = _watch_of(asked)
    context = {"about": about(wanted), "email": asked["email"]}
    if request.method == "POST":
        follower, _new = Follower.objects.get_or_create(
            email=asked["email"],
            defaults={"site": site_of(request), "language": asked["language"]},
        )
        _start(follower, wanted)
        context |= {"done": True, **watched(follower)}
    return render(request, "trends/me/me_confirm.html", context)


@read_or_post
def watches(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the owner of an address watches, each with its end; and everything's."""
    follower = manager(token)
    if follower and request.method == "POST":
        if request.POST.get("forget"):
            follower.forget()
            follower = None
        else:
            number = request.POST.get("watch", "")
            follower.watches.filter(pk=int(number) if number.isdecimal() else 0).delete()
    return render(request, "trends/me/me_watches.html", watched(follower))


# Mail programs post here without having asked for a page first (RFC 8058): the link is the proof.
@csrf_exempt
@read_or_post
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End all mail: a page with one button, or the one click of a mail program."""
    follower = manager(token)
    if follower and request.method == "POST":
        follower.unsubscribe()
    done = follower is None or request.method == "POST"
    return render(request, "trends/me/me_unsubscribe.html", {"done": done})


def write(request: HttpRequest, email: str, *, send: Callable[[], object]) -> int:
    """Send one mail somebody asked for now; the status of the answer to who asked."""
    try:
        if not may_mail(request, email):
            return 429
        send()
    except (OSError, RedisError):
        return 503
    return 200


def asked_mail(email: str, *, subject: str, template: str, context: dict[str, Any]) -> EmailMessage:
    """Return a mail with a link, to be sent at once."""
    return EmailMessage(
        subject=subject,
        body=render_to_string(template, context),
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _start(follower: Follower, wanted: Watch) -> None:
    """Watch from today's figures on."""
    snapshot = TrendSnapshot.objects.current()
    as_of = snapshot.as_of if snapshot else None
    follower.watch(skill=wanted.skill, query=wanted.query, as_of=as_of)


def _asked_for(request: HttpRequest) -> Watch:
    if slug := request.GET.get("skill"):
        skill = get_object_or_404(Skill.objects.active(), slug=slug)
        return Watch(skill=skill)
    filters = exact_filters(request.GET)
    return Watch(query=filters.without("order").query.removeprefix("?"))


def _watch_of(asked: dict[str, Any]) -> Watch:
    if asked["skill"]:
        return Watch(skill=get_object_or_404(Skill.objects.active(), slug=asked["skill"]))
    return Watch(query=filters_of(asked["query"]).query.removeprefix("?"))


def watched(follower: Follower | None) -> dict[str, Any]:
    watches = Watch.objects.of(follower) if follower else []
    return {
        "follower": follower,
        "watches": [
            {"number": watch.pk, "about": about(watch), "address": address(watch)}
            for watch in watches
        ],
    }


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
