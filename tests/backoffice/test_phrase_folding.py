"""Spellings of one thing fold, names of two things never do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trends.backoffice.candidates.folding import fold, is_typo, superseded


def heads(**demand: int) -> dict[str, str]:
    """Which text each is counted with; `_` for a space."""
    return dict(fold({text.replace("_", " "): n for text, n in demand.items()}).head)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("chat bot", "chatbot"),
        ("chat bots", "chatbot"),
        ("logo designs", "logo design"),
        ("design logo", "logo design"),
        ("node.js", "nodejs"),
        ("gpt 4", "gpt4"),
        ("voice cloning ads", "voice clone ad"),
    ],
)
def test_stems_in_any_order_and_words_joined_are_one_term(one: str, other: str) -> None:
    # Under ten letters' slip or not, and whatever their numbers: these are spellings, not typos.
    for demand in ({one: 50, other: 40}, {one: 40, other: 50}):
        most = max(demand, key=lambda text: demand[text])
        assert set(fold(demand).head.values()) == {most}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt 4", "gpt 5"),
        ("gpt4", "gpt5"),
        ("chatgpt4 prompts", "chatgpt5 prompts"),
        ("c", "c++"),
        ("c", "c#"),
        ("c++", "c#"),
        (".net", "net"),
        ("python 3.5", "python 35"),
        ("web 3", "web"),
        ("java lessons", "jazz lessons"),
        ("zapper", "apper"),
        ("framer", "farmer"),
        ("seo audit", "geo audit"),
    ],
)
@pytest.mark.parametrize("rare", [1, 90])
def test_a_different_digit_sign_or_word_is_another_term_however_rare(
    one: str, other: str, rare: int
) -> None:
    demand = {one: 100, other: rare}
    assert fold(demand).head == {text: text for text in demand}


@pytest.mark.parametrize(
    ("typo", "word", "is_one"),
    [
        ("zapper", "zapier", True),
        ("wordprss site", "wordpress site", True),
        ("receptionst", "receptionist", True),
        ("recepionst", "receptionist", True),
        ("rceptoinist", "receptionist", False),
        ("figam", "figma", False),
        ("kubernetis", "kubernetes", True),
        ("xubernetes", "kubernetes", False),
    ],
)
def test_a_typo_is_one_letter_from_six_two_from_nine_and_begins_alike(
    typo: str, word: str, is_one: bool
) -> None:
    assert is_typo(typo, word) is is_one


@pytest.mark.parametrize(("rare", "folds"), [(10, True), (11, False)])
def test_a_typo_folds_when_rare_beside_the_word_and_is_pointed_out_when_not(
    rare: int, folds: bool
) -> None:
    found = fold({"zapier": 100, "zapper": rare})
    assert (found.head["zapper"] == "zapier") is folds
    assert found.alike == ([] if folds else [("zapper", "zapier")])


def test_a_word_that_is_part_of_a_longer_name_does_not_fold_with_what_it_is_spelt_like() -> None:
    found = heads(convolutional=50, convolutional_network=49, convolution=20)
    assert found["convolution"] == "convolution"


def test_the_longer_name_wins_where_it_is_most_of_what_the_shorter_means() -> None:
    assert superseded({"ai receptionist": 60, "receptionist": 100, "ai": 1_000}) == {"receptionist"}
    assert superseded({"ai receptionist": 59, "receptionist": 100}) == set()
    # What is gone itself takes nothing with it: 36 of 100 is not most.
    chain = {"web": 100, "web agent": 60, "web agent ads": 36}
    assert superseded(chain) == {"web agent"}
    assert superseded({"ai receptionist": 60, "receptionists": 60}) == set()
    spelt = {"ai receptionist": ["ai receptionist", "ai receptionists"], "receptionists": []}
    assert superseded({"ai receptionist": 60, "receptionists": 60}, spelt) == {"receptionists"}


WORDS = st.sampled_from(
    ["gpt", "4", "5", "c", "c++", "c#", "bot", "bots", "chat", "chatbot", "zapier", "zapper"]
)
DEMAND = st.dictionaries(
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join), st.integers(1, 500), max_size=12
)


@given(DEMAND)
def test_every_text_has_one_head_searched_more_with_the_same_digits_and_signs(
    demand: dict[str, int],
) -> None:
    found = fold(demand)
    assert found.head.keys() == demand.keys()
    for text, head in found.head.items():
        assert found.head[head] == head
        assert demand[head] >= demand[text]
        assert sorted(re.findall(r"[\d+#]", head)) == sorted(re.findall(r"[\d+#]", text))
    assert sorted(text for texts in found.members().values() for text in texts) == sorted(demand)
    assert fold(dict(reversed(demand.items()))).head == found.head


@given(DEMAND)
def test_something_of_every_text_is_left(demand: dict[str, int]) -> None:
    gone = superseded(demand)
    for text in gone:
        assert any(text in longer and longer not in gone for longer in demand.keys() - {text})
