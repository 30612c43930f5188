"""One spelling for one text, whatever people type."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marketplace.skills.normalise import DROPPED, normalise


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("  Node.JS   Developer! ", "node.js developer"),
        ("C++", "c++"),
        ("C#", "c#"),
        (".NET", ".net"),
        ("ASP.NET Core 8.0", "asp.net core 8.0"),
        ("hire me...", "hire me"),
        ("#logo +design", "logo design"),
        ("e-mail/marketing", "e mail marketing"),
        ("men's t-shirt", "mens t shirt"),
        ("ＰＹＴＨＯＮ", "python"),
        ("Straße", "strasse"),
        ("İstanbul", "i̇stanbul"),
        ("cafe\u0301", "café"),
        ("soft\u00adware\u200b", "software"),
        ("ночной дизайн", "ночной дизайн"),
        ("ロゴ\u3000デザイン", "ロゴ デザイン"),
        ("... ## + .", ""),
        ("🔥", ""),
        ("", ""),
    ],
)
def test_a_text_is_spelled_as_the_method_says(typed: str, term: str) -> None:
    assert normalise(typed) == unicodedata.normalize("NFKC", term)


@given(st.text())
@example("ẞ.")
@example("ﷺ#.+")
@example("\ud800 lone")
@example("ͅ")
@example("#\u0301")
def test_any_text_has_one_spelling_which_is_its_own(text: str) -> None:
    term = normalise(text)
    assert normalise(term) == term
    assert term == " ".join(term.split())
    assert not any(unicodedata.category(character)[0] in "CP" for character in term.translate(KEPT))


# The two kept signs that Unicode calls punctuation; + is a symbol.
KEPT = {ord(sign): None for sign in ".#"}


@given(st.text(alphabet=st.characters(codec="utf-8")), st.sampled_from([" ", "\t", "\n", "  "]))
def test_case_and_space_never_tell_texts_apart(text: str, space: str) -> None:
    assert normalise(space + text.replace(" ", space) + space) == normalise(text)
    assert normalise(normalise(text).upper()) == normalise(normalise(text).upper().lower())


@given(st.text(alphabet="abc" + DROPPED))
def test_an_apostrophe_joins(text: str) -> None:
    assert " " not in normalise(text)
