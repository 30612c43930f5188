"""Pushed skills are found by their searches and orders, held, and released by a person."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from marketplace.skills.models import Category, Skill
from tests.conftest import Fields, signed_in
from tests.markets.pushed_market import AS_OF, FLAT, HONEST, PUSHED, history, search, sell
from tests.tools.copies import filled
from tests.tools.sending import send_searches
from trends.arithmetic.labels import UPWARD
from trends.counting import window_counts
from trends.counting.daily_rollup import roll_up
from trends.measuring.demand.review_flags import evidence
from trends.measuring.snapshot import compute
from trends.models import WORLD, ReviewFlag, SkillTrend, TrendSnapshot, Window
from trends.published.rows import Reader, skill_rows

Decision = ReviewFlag.Decision
LONG_AGO = AS_OF - timedelta(weeks=30)


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None]) -> None:
    filled(pushed_market)


def pushed_market() -> None:
    work = Category.objects.at_path("Work")
    for name in [*HONEST, *PUSHED, *FLAT]:
        Skill.objects.add(name=name, category=work)
    send_searches(history())
    sell("g1", "Unbought", [(f"buyer {n}", 190 + n, {}) for n in range(40)])
    sell("g2", "Flat a", [(f"buyer {n}", 1 + n % 180, {}) for n in range(200)])
    sell("g3", "Unsold", [])
    sell("g4", "Ahead", [], since=3)
    roll_up()


@pytest.fixture
def snapshot(market: None) -> TrendSnapshot:
    """Measured anew, with nothing decided yet."""
    ReviewFlag.objects.all().delete()
    return compute(AS_OF)


def flags_of(snapshot: TrendSnapshot) -> dict[str, list[str]]:
    rows = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    return {row.skill.name: row.flags for row in rows if row.flags}


def listed(snapshot: TrendSnapshot) -> set[str]:
    return {row.skill.name for row in SkillTrend.objects.filter(snapshot=snapshot).listed()}


def decided(skill: str, decision: Decision, *, weeks_ago: int = 0) -> None:
    user, _ = User.objects.get_or_create(username="editor")
    when = datetime.combine(AS_OF - timedelta(weeks=weeks_ago), time(9), UTC)
    for flag in ReviewFlag.objects.filter(skill__name=skill):
        flag.decide(decision, by=user, now=when)


def test_each_reason_is_raised_by_the_searches_or_orders_that_show_it(
    snapshot: TrendSnapshot,
) -> None:
    assert flags_of(snapshot) == PUSHED
    assert listed(snapshot) == set(HONEST)
    asked = ReviewFlag.objects.values_list("skill__name", "reason", "decision", "first_raised")
    assert set(asked) == {
        (skill, reason, "pending", AS_OF) for skill, reasons in PUSHED.items() for reason in reasons
    }
    loud = ReviewFlag.objects.get(skill__name="Loud", reason="largest_searcher")
    assert "One person made 24.7 % of the searches" in loud.in_words()
    assert (loud.value, loud.threshold) == (170 / 689, 0.1)


def test_a_held_skill_is_on_no_list_but_keeps_every_figure(snapshot: TrendSnapshot) -> None:
    rows = SkillTrend.objects.filter(snapshot=snapshot, skill__name="Fresh")
    assert {row.window for row in rows} == set(Window.values)
    assert {row.country for row in rows} == {WORLD, "DE", "FR"}
    assert {(row.rank, row.label in UPWARD, tuple(row.flags)) for row in rows} == {
        (None, False, ("new_accounts",))
    }
    row = rows.select_related("skill__category").get(window=Window.HALF_YEAR, country=WORLD)
    assert (row.current, row.previous) == (26 * 20 + 170 * 4, 26 * 4)
    assert row.measured in UPWARD
    assert all(passed for _, _, passed in row.gates.values())
    for exact, told in [(True, ["new_accounts"]), (False, ["under review"])]:
        assert skill_rows([row], Reader(snapshot, exact=exact))[0]["flags"] == told


def test_a_second_run_finds_and_publishes_the_same(snapshot: TrendSnapshot) -> None:
    def everything(snapshot: TrendSnapshot) -> list[Any]:
        trends = SkillTrend.objects.filter(snapshot=snapshot).order_by("window", "country", "skill")
        flags = ReviewFlag.objects.order_by("pk").values()
        unlike = {"id", "snapshot_id"}
        rows = [{k: v for k, v in row.items() if k not in unlike} for row in trends.values()]
        return [rows, list(flags)]

    before = everything(snapshot)
    assert everything(compute(AS_OF)) == before


def test_a_cleared_skill_is_listed_again_and_an_upheld_one_is_not(snapshot: TrendSnapshot) -> None:
    decided("Fresh", Decision.CLEARED)
    decided("Loud", Decision.UPHELD)
    again = compute(AS_OF)
    assert listed(again) == {*HONEST, "Fresh"}
    assert set(flags_of(again)) == PUSHED.keys() - {"Fresh"}
    assert ReviewFlag.objects.count() == sum(map(len, PUSHED.values()))


@pytest.mark.parametrize(("weeks_ago", "asked"), [(25, False), (26, True)])
def test_what_was_cleared_is_asked_again_after_half_a_year(
    snapshot: TrendSnapshot, weeks_ago: int, asked: bool
) -> None:
    ReviewFlag.objects.update(first_raised=LONG_AGO, last_raised=LONG_AGO)
    decided("Fresh", Decision.CLEARED, weeks_ago=weeks_ago)
    assert ("Fresh" in flags_of(compute(AS_OF))) == asked
    flags = ReviewFlag.objects.filter(skill__name="Fresh").order_by("first_raised")
    # What was decided then stays on record beside the new question.
    assert [flag.decision for flag in flags] == ["cleared", "pending"][: 1 + asked]
    assert [flag.asked_anew() for flag in flags] == [True, False] if asked else [False]


def test_a_question_nobody_answered_holds_only_while_its_reason_is_found(
    snapshot: TrendSnapshot,
) -> None:
    honest = Skill.objects.get(name="Honest")
    flag = {"reason": "largest_searcher", "value": 0.2, "threshold": 0.1}
    days = {name: AS_OF - timedelta(weeks=3) for name in ("first_raised", "last_raised")}
    ReviewFlag.objects.create(skill=honest, **flag, **days)
    assert "Honest" not in flags_of(compute(AS_OF))
    decided("Honest", Decision.UPHELD, weeks_ago=2)
    again = compute(AS_OF)
    assert flags_of(again)["Honest"] == ["largest_searcher"]
    assert listed(again) == {"Ahead"}


def test_the_past_is_measured_with_what_was_decided_then(snapshot: TrendSnapshot) -> None:
    decided("Fresh", Decision.CLEARED)
    earlier = compute(AS_OF - timedelta(weeks=1))
    assert "Fresh" in flags_of(earlier)
    flag = ReviewFlag.objects.get(skill__name="Fresh")
    assert (flag.first_raised, flag.last_raised) == (earlier.as_of, AS_OF)
    assert flag.decision == Decision.CLEARED
    earlier.delete()


def test_evidence_is_what_a_plain_count_of_searches_and_orders_says(skills: Any) -> None:
    send_searches(
        [
            # Two searches: a page turned within the half-hour is none.
            *(search("python", "a", 5, second=second) for second in (0, 60, 1_800)),
            search("gardening", "a", 6),
            # Known: from the half-year before, from another skill, from before all that.
            *(search("python", "b", days_ago) for days_ago in (10, 190)),
            *(search(query, "c", 10) for query in ("python", "logo")),
            *(search(query, "d", days) for query, days in [("python", 10), ("gardening", 545)]),
            # Not known: one query for two skills, the same skill again, three windows ago.
            search("python logo", "e", 10),
            *(search("python", "f", days_ago) for days_ago in (10, 20)),
            *(search(query, "g", days) for query, days in [("python", 10), ("gardening", 547)]),
            # Before and after somebody offered it; one person both.
            *(search("react", who, days) for who, days in [("i", 6), ("j", 6), ("j", 5)]),
            # Not counted at all.
            search("python", "h", 10, role="staff"),
            search("python", "seller of both", 10),
        ]
    )
    none = {"status": "cancelled"}
    orders: list[tuple[str, int, Fields]] = [("x", 182, {}), ("x", 183, {}), ("y", 10, none)]
    sell("both", "python|logo", [*orders, ("seller of both", 10, {})])
    sell("late", "react", [], since=5)
    sell("one", "python", [("x", 1, {}), ("x", 364, {}), ("x", 365, {}), ("x", 0, {})])
    roll_up()
    seen = window_counts.count(
        window_counts.SKILLS, as_of=AS_OF, countries=window_counts.countries_seen(AS_OF)
    )
    found = evidence(AS_OF, seen)
    python = seen.subjects.index(skills["Python"].pk)
    assert found.n_c[python] == found.n_offered[python] == 7
    react = seen.subjects.index(skills["React"].pk)
    assert (found.n_c[react], found.n_offered[react]) == (2, 1)
    assert found.top_share[python] == pytest.approx(2 / 9)
    assert found.effective[python] == pytest.approx(9**2 / (4 + 1 + 1 + 1 + 1 + 4 + 1))
    assert found.established_share[python] == pytest.approx(4 / 7)
    assert (found.orders_c[python], found.orders_b[python]) == (1.5, 1.5)


def client_of(*permissions: str) -> Client:
    user, _ = User.objects.get_or_create(username=" ".join(permissions), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return signed_in(user)


QUEUE = "admin:trends_reviewflag_changelist"


def decide(client: Client, action: str, *flags: ReviewFlag) -> Any:
    chosen = {"action": action, "_selected_action": [flag.pk for flag in flags]}
    return client.post(reverse(QUEUE), chosen, follow=True)


def test_an_editor_decides_in_the_admin_and_is_on_record(snapshot: TrendSnapshot) -> None:
    client = client_of("change_reviewflag", "view_skilltrend")
    fresh, crowded = (ReviewFlag.objects.get(skill__name=name) for name in ("Fresh", "Crowded"))
    assert "2 cleared" in decide(client, "clear", fresh, crowded).content.decode()
    assert "1 upheld" in decide(client, "uphold", crowded).content.decode()
    for flag in (fresh, crowded):
        flag.refresh_from_db()
    assert (fresh.decision, crowded.decision) == (Decision.CLEARED, Decision.UPHELD)
    assert (
        fresh.decided_by
        == crowded.decided_by
        == User.objects.get(username="change_reviewflag view_skilltrend")
    )
    assert fresh.decided_at is not None
    said = LogEntry.objects.filter(object_id=str(crowded.pk)).values_list("change_message")
    assert ["upheld" in message for (message,) in said] == [True, False]
    page = client.get(reverse(QUEUE)).content.decode()
    assert page.index("Unbought") < page.index("Crowded")
    trends = f"{reverse('admin:trends_skilltrend_changelist')}?skill={fresh.skill_id}"
    assert (trends in page, client.get(trends).context["cl"].result_count) == (True, 12)


def test_an_answer_is_history_once_its_question_is_asked_anew(snapshot: TrendSnapshot) -> None:
    ReviewFlag.objects.update(first_raised=LONG_AGO, last_raised=LONG_AGO)
    decided("Fresh", Decision.CLEARED, weeks_ago=27)
    compute(AS_OF)
    old = ReviewFlag.objects.get(skill__name="Fresh", decision=Decision.CLEARED)
    assert "0 upheld" in decide(client_of("change_reviewflag"), "uphold", old).content.decode()
    old.refresh_from_db()
    assert old.decision == Decision.CLEARED


def test_only_who_may_decide_sees_the_evidence(snapshot: TrendSnapshot) -> None:
    flag = ReviewFlag.objects.get(skill__name="Fresh")
    for client in (client_of("view_reviewflag", "view_skilltrend"), client_of()):
        assert client.get(reverse(QUEUE)).status_code == 403
        assert decide(client, "clear", flag).status_code == 403
    flag.refresh_from_db()
    assert flag.decision == Decision.PENDING
