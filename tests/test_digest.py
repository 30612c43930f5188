"""The digest through a real mail server: evidence only, once, and no more after one click."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from marketplace.skills.matching import current_taxonomy, current_version
from marketplace.skills.models import Category, Skill
from tests.conftest import NOON, TODAY
from tests.mailbox import Mailbox, mail_through, part
from trends.digest import make_digests, send_digests
from trends.mail_limits import MAILS_AN_ADDRESS
from trends.mail_links import manage_token
from trends.models import WORLD, Digest, Follower, SkillTrend, ToldFact, TrendSnapshot, Watch
from trends.watches import FALLS, RISES, changes

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
ADA = "ada@example.org"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A server that the site sends through."""
    cache.clear()
    with mail_through(settings) as box:
        yield box


class Figures:
    """Publishes snapshots of a few skills, each with a label and its published bounds."""

    def __init__(self) -> None:
        category = Category.objects.at_path("Design")
        names = ["Logo Design", "Old Craft", "Steady Skill"]
        self.skills = {name: Skill.objects.add(name=name, category=category) for name in names}

    def publish(
        self, as_of: date, **measured: tuple[str, float | None, float | None]
    ) -> TrendSnapshot:
        """Of each skill (by the first word of its name): label, bound and upper end."""
        snapshot = TrendSnapshot.objects.create(
            as_of=as_of,
            taxonomy=current_version(current_taxonomy()),
            parameters={},
            inputs={"currency": "USD", "first_day": "2020-01-01"},
            published_at=timezone.now(),
        )
        for place, (name, skill) in enumerate(self.skills.items(), 1):
            label, bound, upper = measured.get(name.split()[0].lower(), ("steady", 0.9, 1.1))
            listed = label in {"rising", "surging", "breakout"}
            SkillTrend.objects.create(
                snapshot=snapshot,
                skill=skill,
                window="6m",
                country=WORLD,
                current=2_345,
                previous=1_200,
                platform_current=50_000,
                platform_previous=49_000,
                ratio=1.95,
                public_ratio=1.95,
                public_lower=1.4,
                public_upper=upper,
                public_bound=bound,
                measured=label,
                label=label,
                rank=place if listed else None,
                position=place,
            )
        return snapshot


@pytest.fixture
def figures(db: None) -> Figures:
    return Figures()


def follower(figures: Figures, *skills: str, query: str = "", email: str = ADA) -> Follower:
    """Somebody who watches since today."""
    made = Follower.objects.create(email=email, site="https://skills.example.org")
    for name in skills:
        made.watch(skill=figures.skills[name], as_of=TODAY)
    if query:
        made.watch(query=query, as_of=TODAY)
    return made


def run(*, after: timedelta = WEEK) -> int:
    """What the task does, so long after today; how many mails went out."""
    make_digests(NOON + after)
    return send_digests(lambda: NOON + after)


def test_the_mail_tells_what_changed_with_counts_and_dates_as_text_and_as_html(
    figures: Figures, mailbox: Mailbox
) -> None:
    figures.publish(TODAY)
    follower(figures, "Logo Design", "Old Craft", "Steady Skill", query="category=design")
    figures.publish(TODAY + WEEK, logo=("surging", 2.3, 3.1), old=("declining", 0.3, 0.6))
    assert run() == 1
    (mail,) = mailbox.mails
    assert (mail["To"], mail["From"]) == (ADA, "Upcurrent <skills@example.org>")
    assert mail["Subject"] == "Logo Design and 1 other skill changed"
    text, html = part(mail, "plain"), part(mail, "html")
    for said in (
        "Label: surging (before: steady).",
        "Now sure at least ×2.",
        "Label: declining (before: steady).",
        "Now sure at most ×0.8.",
        "New on your list “Rising, Design”.",
        "1,200 people searched 20 Mar to 17 Sep 2023, 2,345 people 18 Sep 2023 to 17 Mar 2024",
    ):
        assert said in text
        assert said in re.sub(r"\s+", " ", html)
    assert "https://skills.example.org/skills/logo-design/" in text
    assert 'href="https://skills.example.org/skills/logo-design/"' in html
    assert "Steady Skill" not in text + html
    assert "{" not in text + html


def test_nothing_to_say_is_no_mail_and_the_same_is_never_said_twice(
    figures: Figures, mailbox: Mailbox
) -> None:
    figures.publish(TODAY)
    follower(figures, "Logo Design")
    figures.publish(TODAY + WEEK)
    assert run() == 0
    figures.publish(TODAY + 2 * WEEK, logo=("rising", 1.4, 2.0))
    assert run(after=2 * WEEK) == 1
    assert run(after=2 * WEEK) == 0
    # It falls back and comes again: what was said stays said, the way back is new.
    figures.publish(TODAY + 3 * WEEK)
    assert run(after=3 * WEEK) == 1
    figures.publish(TODAY + 4 * WEEK, logo=("rising", 1.4, 2.0))
    assert run(after=4 * WEEK) == 0
    assert [mail["Subject"] for mail in mailbox.mails] == ["Logo Design"] * 2
    ToldFact.objects.forget_old(TODAY + 40 * WEEK)
    assert not ToldFact.objects.exists()


def test_one_person_gets_one_mail_a_week_whatever_happens(
    figures: Figures, mailbox: Mailbox
) -> None:
    figures.publish(TODAY)
    follower(figures, "Logo Design", "Old Craft")
    figures.publish(TODAY + timedelta(days=1), logo=("rising", 1.4, 2.0))
    assert run(after=timedelta(days=1)) == 1
    changed = {"logo": ("surging", 2.4, 4.0), "old": ("declining", 0.2, 0.4)}
    figures.publish(TODAY + timedelta(days=2), **changed)
    assert run(after=timedelta(days=2)) == run(after=timedelta(days=7, hours=23)) == 0
    assert run(after=timedelta(days=8)) == 1
    # Told against the figures of the last mail, not of the day nothing was said.
    text = part(mailbox.mails[1], "plain")
    assert "Label: surging (before: rising)." in text
    assert "Label: declining (before: steady)." in text


def test_a_bound_tells_the_highest_mark_it_passed_and_only_on_the_way(figures: Figures) -> None:
    then = figures.publish(TODAY, logo=("rising", RISES[0] - 0.01, 3.0))
    made = follower(figures, "Logo Design")
    now = figures.publish(TODAY + WEEK, logo=("rising", RISES[2], 9.0))
    (fact,) = changes(Watch.objects.of(made), now)
    assert (fact["kind"], fact["times"]) == ("rise", RISES[2])
    SkillTrend.objects.filter(snapshot=then).update(public_bound=RISES[2])
    assert changes(Watch.objects.of(made), now) == []
    SkillTrend.objects.filter(snapshot=then).update(public_upper=FALLS[0] + 0.01)
    SkillTrend.objects.filter(snapshot=now).update(public_upper=FALLS[0], public_bound=None)
    assert [one["kind"] for one in changes(Watch.objects.of(made), now)] == ["fall"]


def test_a_figure_that_is_not_published_is_told_by_no_mail(figures: Figures) -> None:
    figures.publish(TODAY, old=("steady", None, None))
    made = follower(figures, "Old Craft")
    now = figures.publish(TODAY + WEEK, old=("new", None, None))
    SkillTrend.objects.filter(snapshot=now).update(
        previous=4, hidden=["b"], bound=7.0, upper=40.0, public_ratio=None
    )
    (fact,) = changes(Watch.objects.of(made), now)
    assert fact["kind"] == "label"
    assert fact["counts"] == ["< 10", "2,345"]


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
