"""Which phrases a query holds beside the skills it names, and which of them are one."""

import pytest

from marketplace.skills.matching import Matcher
from trends.backoffice.candidates.phrases import (
    Parts,
    count_phrases,
    count_words,
    is_private,
    phrases,
)

MATCHER = Matcher({"react": 1, "python": 2, "go": 3, "logo design": 4, "word": 5, "embedding": 6})


def found(query: str) -> set[str]:
    return {" ".join(phrase) for phrase in phrases(MATCHER.read(query))}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("python", set()),
        ("hire python expert", set()),
        ("mcp server", {"mcp", "server", "mcp server"}),
        ("need mcp server", {"mcp", "server", "mcp server"}),
        (
            "mcp python server",
            {"mcp", "server", "mcp python", "python server", "mcp python server"},
        ),
        ("react native", {"native", "react native"}),
        ("word embedding", {"word embedding"}),
        ("help for my business", set()),
        ("i need a c developer", set()),
        ("c++", {"c++"}),
        ("3d", {"3d"}),
        ("2024", set()),
        ("3.5", set()),
        ("go to market", {"go", "market", "go to market"}),
        ("bag of words", {"bag", "words", "bag of words"}),
    ],
)
def test_phrases_are_of_words_that_name_something_and_hang_on_none_that_does_not(
    query: str, told: set[str]
) -> None:
    assert found(query) == told


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("write to anna gmail.com", True),
        ("https example.com", True),
        ("call 555 123 4567", True),
        ("5551234", True),
        ("make.com", False),
        ("react 18 2024", False),
        ("gpt 4", False),
    ],
)
def test_what_is_left_of_an_address_or_a_number_is_private(text: str, private: bool) -> None:
    assert is_private(text) is private


def parts(**demand: int) -> Parts:
    """Demand by query, `_` for a space."""
    terms = [(MATCHER.read(text.replace("_", " ")), n) for text, n in demand.items()]
    words = count_words(terms)
    longer = count_phrases(terms, words, fewest=1)
    named = frozenset(MATCHER.phrases)
    return Parts(words | longer, named, sum(n for _, n in terms))


def test_a_phrase_with_a_word_that_stands_beside_anything_is_none() -> None:
    of = parts(mcp_server=100, mcp_server_expert=8, chef_expert=400, cook_expert=400, else_=5_000)
    assert of.is_one(("mcp", "server"))
    assert not of.is_one(("mcp", "server", "expert"))
    assert not of.is_one(("server", "expert"))


def test_two_common_words_are_a_phrase_when_they_meet_more_often_than_by_chance() -> None:
    of = parts(ai_agents=100, ai_ads=300, ai_voice=300, estate_agents=200, gardening=9_000)
    assert of.is_one(("ai", "agents"))
    of = parts(ai_agents=100, ai_ads=300, ai_voice=300, estate_agents=200, gardening=100)
    assert not of.is_one(("ai", "agents"))


def test_beside_a_skill_a_word_must_mostly_stand_there_to_be_its_qualifier() -> None:
    of = parts(react_native=60, native_plants=40, react_course=60, chef_course=60, react=900)
    assert of.is_one(("react", "native"))
    assert not of.is_one(("react", "course"))
    of = parts(react_native=59, native_plants=41, gardening=5_000)
    assert not of.is_one(("react", "native"))


def test_no_phrase_is_counted_of_a_word_that_is_too_rare() -> None:
    terms = [(MATCHER.read("mcp server"), 9), (MATCHER.read("server rack"), 20)]
    words = count_words(terms)
    assert (words[("server",)], words[("mcp",)]) == (29, 9)
    assert dict(count_phrases(terms, words, fewest=10)) == {("server", "rack"): 20}
