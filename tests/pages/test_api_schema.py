"""What the API answers is what its description says, for everybody and for a key."""

from typing import Annotated, Any, TypedDict

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from jsonschema import Draft202012Validator, FormatChecker

from tests.markets.whole_market import whole_market
from trends.models import Edition, TrendSnapshot
from trends.published.serializers import OneOf, serializer

# Queries by which an answer has something in each of its parts.
QUERIES = {
    "/api/v1/compare/": ["?skills=riser,kept"],
    "/api/v1/trends/skills/": ["", "?country=DE", "?limit=1", "?window=3m"],
}


@pytest.fixture(scope="module")
def fill() -> Any:
    return whole_market


@pytest.fixture
def description(snapshot: TrendSnapshot) -> Any:
    """The description as JSON Schema, in which an object has no keys that are not described."""
    with patched_settings({"OAS_VERSION": "3.1.0"}):
        described = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    for schema in described["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return described


class NotDescribed(TypedDict):
    """A row with a value the API has no field for."""

    value: complex


class LosesNone(TypedDict):
    """A row whose choice would no longer say that it may be null."""

    value: Annotated[str | None, OneOf(("a", "b"))]


@pytest.mark.parametrize("row", [NotDescribed, LosesNone])
def test_a_row_that_cannot_be_described_is_refused(row: type) -> None:
    with pytest.raises(TypeError):
        serializer(row)


@pytest.mark.parametrize("known", [False, True], ids=["for everybody", "for a key"])
def test_every_answer_is_as_described(
    description: Any, api: Client, snapshot: TrendSnapshot, *, known: bool
) -> None:
    client = api if known else Client()
    edition = Edition.objects.published().get()
    asked = 0
    for path, operations in description["paths"].items():
        if "get" not in operations:
            continue
        answer = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        checker = Draft202012Validator(
            answer | {"components": description["components"]}, format_checker=FormatChecker()
        )
        slug = edition.slug if "editions" in path else "riser"
        for query in QUERIES.get(path, [""]):
            response = client.get(path.replace("{slug}", slug) + query)
            wrong = [
                f"{path}{query}: {error.json_path} {error.message}"
                for error in checker.iter_errors(response.json())
            ]
            assert not wrong
            asked += 1
    assert asked > len(QUERIES)
