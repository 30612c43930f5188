"""The answers about editions, typed once, as `published.schema` does for rows of lists."""

from typing import Annotated, TypedDict

from trends.published.serializers import Address, Day, Moment, Slug


class Correction(TypedDict):
    made_at: Moment
    text: str


class Edition(TypedDict):
    """Figures that never change, to be cited; what was wrong in them is said beside them."""

    edition: Slug
    as_of: Annotated[Day, "first day not counted"]
    headline: str
    notes: str
    published_at: Moment
    checksum: Annotated[str, "SHA-256 of the CSV file"]
    corrections: list[Correction]
    page: Address
    csv: Annotated[Address, "its published figures, of the world and each country"]
    trends: Annotated[Address, "the same by this API"]


class EditionList(TypedDict):
    results: list[Edition]
