"""Where the sellers of a skill work: how many offer it in each country, and what of it is told.

How many offer a skill at all is published, so its countries could be taken from it. They are told
in tens, and only so far that who adds them up still cannot tell nine others from none.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from trends.arithmetic.disclosure import FEWEST_PEOPLE, TENS, in_tens
from trends.counting import sql
from trends.models import WORLD, CountrySupply, TrendSnapshot

# The same gigs as of opportunity.supply, whose sellers these are a part of. "" is not known.
_SELLERS = """
SELECT o.skill_id, s.country, count(DISTINCT o.seller_id)
FROM trends_offer o JOIN gigs_gig g ON g.id = o.gig_id JOIN gigs_seller s ON s.id = o.seller_id
WHERE g.status = 'active' AND o.created_on < %(as_of)s GROUP BY 1, 2
"""


def store_country_supply(snapshot: TrendSnapshot) -> None:
    """Store the sellers of each country for every skill of whose sellers a country is known."""
    CountrySupply.objects.bulk_create(
        (
            CountrySupply(
                snapshot=snapshot,
                skill_id=skill,
                country=country,
                sellers=people,
                public_sellers=published.get(country),
            )
            for skill, known, unknown in _known_of_each(snapshot.as_of)
            for published in [sellers_told(known, unknown=unknown)]
            for country, people in [*sorted(known.items()), (WORLD, sum(known.values()))]
        ),
        batch_size=1_000,
    )


def sellers_told(sellers: Mapping[str, int], *, unknown: int) -> dict[str, int]:
    """Return what is published of each country's sellers, and under WORLD of them together.

    Of all, only how many tens more are of no known country; nothing where they may be fewer than
    ten. Nothing of a country with fewer than ten. Where nearly all work in one, fewer than ten do
    not, and no more is published. Of several the smallest is left out where fewer than ten could
    be left beside it.
    """
    # The most there may be, to who knows how many sellers there are, and of the unknown the tens.
    most = sum(sellers.values()) + unknown % TENS
    if most - (TENS - 1) < FEWEST_PEOPLE:
        return {}
    # Whether none or nine are missing, it is the same figure.
    nearly_all = in_tens(most - TENS // 2)
    published, left = {WORLD: nearly_all}, most
    for country in sorted(sellers, key=lambda one: (-sellers[one], one)):
        alone = sellers[country] > most - TENS
        about = nearly_all if alone else in_tens(sellers[country])
        left -= max(about - TENS // 2, FEWEST_PEOPLE)
        if sellers[country] < FEWEST_PEOPLE or (left < FEWEST_PEOPLE and not alone):
            break
        published[country] = about
    return published


def _known_of_each(as_of: date) -> list[tuple[int, dict[str, int], int]]:
    """Return each skill with its sellers by country, and how many have no known country."""
    known: dict[int, dict[str, int]] = defaultdict(dict)
    unknown: dict[int, int] = defaultdict(int)
    for skill, country, people in sql.rows(_SELLERS, {"as_of": as_of}):
        if country:
            known[skill][country] = people
        else:
            unknown[skill] = people
    return [(skill, known[skill], unknown[skill]) for skill in sorted(known)]
