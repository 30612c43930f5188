"""The digest: one mail a week at most, with what is news in what somebody watches, sent once.

A mail is made, begun and sent in three commits. Who is killed after beginning may have handed it
to the mail server, so nobody sends it again: a person gets a fact once or, if a worker dies in
that moment, not at all. What is certain not to have gone out is tried again.
"""

import smtplib
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, ngettext

from trends.models import Digest, Follower, ToldFact, TrendSnapshot, Watch
from trends.pages.me.mail_links import manage_address, unsubscribe_address
from trends.pages.me.news import changes, sentence

# The server said no before it took the mail: it did not go out.
REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPHeloError,
)
# A server's "not now"; from here on it is "never".
FIRST_PERMANENT = 500


def make_digests(now: datetime) -> int:
    """Write down what there is to tell to everybody who is due; how many mails that makes."""
    if (snapshot := TrendSnapshot.objects.current()) is None:
        return 0
    due = Follower.objects.due(now, as_of=snapshot.as_of)
    return sum(_make(number, snapshot, now) for number in due.values_list("pk", flat=True))


def send_digests(now: Callable[[], datetime]) -> int:
    """Send what waits; how many went out. With several at work each mail is sent by one."""
    numbers = list(Digest.objects.waiting().values_list("pk", flat=True))
    if not numbers or not settings.SENDS_MAIL:
        return 0
    server = get_connection()
    # Nothing is begun before there is somebody to send it.
    server.open()
    try:
        return sum(_send(number, server, now) for number in numbers)
    finally:
        server.close()


def _make(number: int, snapshot: TrendSnapshot, now: datetime) -> bool:
    """Make the mail of one person, unless there is nothing to say or another worker is at it."""
    with transaction.atomic():
        due = Follower.objects.due(now, as_of=snapshot.as_of).filter(pk=number)
        follower = due.select_for_update(skip_locked=True, of=("self",)).first()
        if follower is None:
            return False
        follower.looked = snapshot.as_of
        watches = Watch.objects.of(follower)
        # Figures and days are kept in words: those of the reader.
        with translation.override(follower.language):
            facts = ToldFact.objects.news(follower, changes(watches, snapshot))
        if facts:
            Digest.objects.create(follower=follower, as_of=snapshot.as_of, facts=facts)
            ToldFact.objects.bulk_create(
                ToldFact(follower=follower, fact=name, told_on=snapshot.as_of)
                for name in {fact["fact"] for fact in facts}
            )
            watches.update(compared=snapshot.as_of)
            follower.mailed_at = now
        # Watched before there were any figures: from these on.
        watches.filter(compared=None).update(compared=snapshot.as_of)
        follower.save(update_fields=["looked", "mailed_at"])
    return bool(facts)


def _send(number: int, server: BaseEmailBackend, now: Callable[[], datetime]) -> bool:
    """Send one mail, unless somebody else does."""
    digest = Digest.objects.claim(number, now())
    if digest is None:
        return False
    try:
        server.send_messages([message(digest)])
    except REFUSED as problem:
        if not _permanent(problem):
            digest.put_back()
        return False
    digest.mark_sent(now())
    return True


def message(digest: Digest) -> EmailMultiAlternatives:
    """Return the mail, as text and as HTML, in the language of its reader."""
    follower = digest.follower
    sender = settings.DEFAULT_FROM_EMAIL
    with translation.override(follower.language):
        context = _context(digest)
        mail = EmailMultiAlternatives(
            subject=_subject(context),
            body=render_to_string("trends/me/mail_digest.txt", context),
            from_email=sender,
            to=[follower.email],
            headers={
                # The same every time, so that a mail server can tell a second copy.
                "Message-ID": f"<digest-{digest.pk}@{parseaddr(sender)[1].partition('@')[2]}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{context['unsubscribe']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        mail.attach_alternative(
            render_to_string("trends/me/mail_digest.html", context), "text/html"
        )
    return mail


def _context(digest: Digest) -> dict[str, Any]:
    follower = digest.follower
    facts = sorted(digest.facts, key=lambda fact: str(fact["skill"]))
    skills = [list(some) for _, some in groupby(facts, key=lambda fact: str(fact["skill"]))]
    lists = {fact["list"]: fact for fact in facts if fact["kind"] == "list" and fact["more"]}
    return {
        "site": follower.site,
        "as_of": digest.as_of,
        "skills": [{**some[0], "said": [sentence(fact) for fact in some]} for some in skills],
        "lists": list(lists.values()),
        "manage": manage_address(follower),
        "unsubscribe": unsubscribe_address(follower),
    }


def _subject(context: dict[str, Any]) -> str:
    first, *others = [skill["skill"] for skill in context["skills"]]
    if not others:
        return gettext("%(skill)s changed") % {"skill": first}
    rest = len(others)
    return ngettext(
        "%(skill)s and %(rest)s other skill changed",
        "%(skill)s and %(rest)s other skills changed",
        rest,
    ) % {"skill": first, "rest": rest}


def _permanent(problem: smtplib.SMTPException) -> bool:
    """Return whether it will be refused the next time, too."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in problem.recipients.values()]
    else:
        codes = [getattr(problem, "smtp_code", 0)]
    return all(code >= FIRST_PERMANENT for code in codes)
