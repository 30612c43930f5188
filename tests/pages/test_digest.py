"""The digest through a real mail server: evidence only, with its counts and dates, and once."""

import re
from datetime import timedelta

import pytest

from tests.conftest import TODAY
from tests.markets.watched_figures import ADA, WEEK, Figures, follower, run, unpublished
from tests.tools.mailbox import Mailbox, part
from trends.models import SkillTrend, ToldFact, Watch
from trends.pages.me.news import FALLS, RISES, changes

pytestmark = pytest.mark.django_db

figures = pytest.fixture(unpublished)


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
    assert [mail["Subject"] for mail in mailbox.mails] == ["Logo Design changed"] * 2
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
