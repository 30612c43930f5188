"""Where people look for a skill more than elsewhere: each country's reach beside the world's."""

from typing import Any

from trends import wording

Row = dict[str, Any]


def by_country(world: Row, measured: list[Row]) -> list[Row]:
    """The rows of the countries as they stand, each with its reach as a multiple of the world's.

    Where sellers live is not known, so demand is held against all searchers of the country.
    `more` is None where either reach is not published.
    """
    reach = world["current"]["reach"]
    return [
        {**row, "more": _more(row["current"]["reach"], reach)}
        for row in measured
        if row["country"] != world["country"]
    ]


def _more(here: float | None, everywhere: float | None) -> float | None:
    return wording.rounded(here / everywhere) if here and everywhere else None
