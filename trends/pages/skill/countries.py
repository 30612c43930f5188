"""Where people look for a skill more than elsewhere, and where more of them than sellers can serve.

Searchers of a quarter for each active seller of a country, beside the same of the whole world;
where the countries of sellers are not known, each country's reach beside the world's.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from marketplace.skills.models import Skill
from trends.arithmetic.digits import rounded
from trends.arithmetic.opportunity import FEWEST_TO_DIVIDE
from trends.counting.windows import periods
from trends.models import WORLD, CountrySupply, SkillTrend, Window
from trends.pages.skill.schema import CountrySupply as SupplyRow
from trends.published.rows import Reader
from trends.published.schema import SkillTrend as SkillTrendRow

# A "ten" may be fourteen sellers: from half as many searchers again for each of them on, demand is
# ahead however the sellers were rounded.
OUTRUNS = 1.5

Told = Mapping[str, int | None]


class Elsewhere(SkillTrendRow):
    """The trend of a country, with its reach over the world's."""

    more: float | None


def by_country(world: SkillTrendRow, measured: list[SkillTrendRow]) -> list[Elsewhere]:
    """Return the rows of the countries in order, each with its reach over the world's.

    `more` is None where either reach is not published.
    """
    reach = world["current"]["reach"]
    return [
        {**row, "more": _more(row["current"]["reach"], reach)}
        for row in measured
        if row["country"] != world["country"]
    ]


def supply_by_country(skill: Skill, reader: Reader) -> list[SupplyRow]:
    """Return searchers for each seller by country, as a reader of the API gets them."""
    of_skill = {"snapshot": reader.snapshot, "skill": skill}
    column = "sellers" if reader.exact else "public_sellers"
    quarter = SkillTrend.objects.filter(**of_skill, window=Window.QUARTER)
    searchers = searchers_told(quarter, exact=reader.exact)
    # Who is told exactly is told, too, that nobody works there.
    sellers: dict[str, int | None] = dict.fromkeys(searchers, 0 if reader.exact else None)
    sellers |= dict(CountrySupply.objects.filter(**of_skill).values_list("country", column))
    return searchers_for_each(searchers, sellers, reader.snapshot.as_of)


def searchers_told(quarter: Iterable[SkillTrend], *, exact: bool) -> dict[str, int | None]:
    """Return the searchers of each country that this reader may see, the most first."""
    by_code = {
        trend.country: trend.current if exact or not trend.current_hidden else None
        for trend in quarter
    }
    return dict(sorted(by_code.items(), key=lambda one: (-(one[1] or 0), one[0])))


def searchers_for_each(searchers: Told, sellers: Told, as_of: date) -> list[SupplyRow]:
    """Return the countries in which people search, the world first, then by searchers a seller.

    From published figures alone; empty where no seller's country is published.
    `searchers_per_seller` is None where either is hidden or fewer than FEWEST_TO_DIVIDE search,
    `ratio`, that over the world's, where either of these is.
    """
    if not sellers.get(WORLD):
        return []
    each = {country: _each(people, sellers.get(country)) for country, people in searchers.items()}
    days = periods(Window.QUARTER, as_of)["c"].days
    rows: list[SupplyRow] = [
        {
            "country": country,
            "searchers": searchers[country],
            "sellers": sellers.get(country),
            "searchers_per_seller": ratio and rounded(ratio),
            "ratio": _more(ratio, each.get(WORLD)),
            **days,
        }
        for country, ratio in each.items()
    ]
    return sorted(rows, key=lambda row: (row["country"] != WORLD, -(row["ratio"] or 0)))


def outrun(rows: Iterable[SupplyRow]) -> list[SupplyRow]:
    """Return the countries in which demand outruns supply, the widest gap first."""
    return [row for row in rows if row["country"] != WORLD and (row["ratio"] or 0) >= OUTRUNS]


def _each(searchers: int | None, sellers: int | None) -> float | None:
    if not searchers or not sellers or searchers < FEWEST_TO_DIVIDE:
        return None
    return searchers / sellers


def _more(here: float | None, everywhere: float | None) -> float | None:
    return rounded(here / everywhere) if here and everywhere else None
