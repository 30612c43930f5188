"""Mail that begins with a confirmed address, goes out once, and ends with one click."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.conftest import NOON, TODAY
from tests.markets.watched_figures import ADA, WEEK, Figures, follower, run, unpublished
from tests.tools.mailbox import Mailbox, part
from trends.models import Digest, Follower, ToldFact, Watch
from trends.pages.me.digest import make_digests
from trends.pages.me.mail_limits import MAILS_AN_ADDRESS
from trends.pages.me.mail_links import manage_token

pytestmark = pytest.mark.django_db

figures = pytest.fixture(unpublished)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(figures: Figures, mailbox: Mailbox) -> None:
    figures.publish(TODAY)
    for number in range(5):
        follower(figures, "Logo Design", email=f"p{number}@example.org")
    figures.publish(TODAY + WEEK, logo=("rising", 1.4, 2.0))
    together = Barrier(4)

    def work(_number: int) -> int:
        together.wait()
        try:
            return run()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(work, range(4)))
    assert sum(sent) == 5
    assert sorted(mail["To"] for mail in mailbox.mails) == [f"p{n}@example.org" for n in range(5)]
    assert not Digest.objects.filter(sent_at=None).exists()


def test_a_mail_that_was_begun_is_not_begun_again(figures: Figures, mailbox: Mailbox) -> None:
    figures.publish(TODAY)
    follower(figures, "Logo Design")
    figures.publish(TODAY + WEEK, logo=("rising", 1.4, 2.0))
    make_digests(NOON + WEEK)
    # As a worker leaves it that is killed while it talks to the server.
    assert Digest.objects.claim(Digest.objects.get().pk, NOON + WEEK)
    assert run() == 0
    assert mailbox.mails == []


def test_without_a_server_mails_wait_and_one_for_good_refused_is_given_up(
    figures: Figures, mailbox: Mailbox, settings: Settings
) -> None:
    figures.publish(TODAY)
    for email in (ADA, "full@example.org", "gone@example.org"):
        follower(figures, "Logo Design", email=email)
    figures.publish(TODAY + WEEK, logo=("rising", 1.4, 2.0))
    settings.EMAIL_PORT = 1
    with pytest.raises(OSError, match="refused"):
        run()
    settings.EMAIL_PORT = mailbox.port
    mailbox.refuses = {"full@example.org": "452", "gone@example.org": "550"}
    assert run() == 1
    waiting = Digest.objects.waiting().values_list("follower__email", flat=True)
    assert list(waiting) == ["full@example.org"]
    mailbox.refuses = {}
    assert run() == 1
    assert [mail["To"] for mail in mailbox.mails] == [ADA, "full@example.org"]
    # The same mail has the same name, should a server get it twice.
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 2


def test_one_click_of_a_mail_program_ends_all_mail_and_forgets_the_address(
    figures: Figures, mailbox: Mailbox
) -> None:
    figures.publish(TODAY)
    follower(figures, "Logo Design")
    figures.publish(TODAY + WEEK, logo=("rising", 1.4, 2.0))
    run()
    (mail,) = mailbox.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://skills\.example\.org(/\S+)>", mail["List-Unsubscribe"].strip())
    assert link
    strict = Client(enforce_csrf_checks=True)
    # A program that looks at every link in a mail ends nothing.
    assert "End everything" in strict.get(link[1]).content.decode()
    assert Follower.objects.exists()
    done = strict.post(link[1], {"List-Unsubscribe": "One-Click"})
    assert "you get no more mail" in done.content.decode()
    assert not Follower.objects.exists()
    assert not Digest.objects.exists()
    assert not ToldFact.objects.exists()
    assert strict.post(link[1]).status_code == 200
    assert strict.get("/me/unsubscribe/made-up/").status_code == 200


def test_a_watch_begins_with_the_link_in_a_mail_and_until_then_nothing_is_stored(
    figures: Figures, mailbox: Mailbox
) -> None:
    figures.publish(TODAY)
    client = Client()
    asked = client.post("/me/watch/?skill=logo-design", {"email": " Ada@Example.org "})
    assert "Look into your mailbox" in asked.content.decode()
    assert not Follower.objects.exists()
    link = re.search(r"http://testserver(/me/watch/\S+)", part(mailbox.mails[0], "plain"))
    assert link
    assert "Yes, watch it" in client.get(link[1]).content.decode()
    assert not Follower.objects.exists()
    client.post(link[1])
    client.post(link[1])
    (watch,) = Watch.objects.all()
    assert (watch.follower.email, watch.skill, watch.compared) == (
        ADA,
        figures.skills["Logo Design"],
        TODAY,
    )
    assert client.get(f"{link[1][:-3]}x/").status_code == 410
    page = f"/me/watches/{manage_token(watch.follower)}/"
    assert "Logo Design" in client.get(page).content.decode()
    client.post(page, {"watch": watch.pk})
    assert not Watch.objects.exists()
    client.post(page, {"forget": "1"})
    assert not Follower.objects.exists()


def test_nobody_fills_a_mailbox_and_a_lost_server_is_said(
    figures: Figures, mailbox: Mailbox, settings: Settings
) -> None:
    figures.publish(TODAY)
    client, page = Client(), "/me/watch/?category=design&label=rising"
    asked = [client.post(page, {"email": ADA}).status_code for _ in range(MAILS_AN_ADDRESS + 1)]
    assert asked == [200] * MAILS_AN_ADDRESS + [429]
    assert len(mailbox.mails) == MAILS_AN_ADDRESS
    settings.EMAIL_PORT = 1
    assert client.post(page, {"email": "eve@example.org"}).status_code == 503
    settings.SENDS_MAIL = False
    said = client.get(page).content.decode()
    assert "This site cannot send mail" in said
    assert 'href="/skills.atom?category=design&amp;label=rising"' in said
    assert client.get("/me/watch/?skill=nothing").status_code == 404
    assert client.get("/me/watch/?label=nothing").status_code == 404
