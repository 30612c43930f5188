"""One thing, one phrase: spellings, word order and misspellings fold, longer names win.

Never across a different digit, + or #: gpt 4 is not gpt 5, and c is not c++.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from trends.backoffice.candidates.phrases import MEANT_BY

# One letter wrong in a word of six, two in one of nine: in shorter words it is another word.
TYPO_LETTERS = ((9, 2), (6, 1))
# A misspelling is rare beside the word itself; two common words are two words.
TYPO_SHARE = 0.1

_STEMMER = snowballstemmer.stemmer("english")
_SIGNS = re.compile(r"[\d+#]")
# The dot of node.js may be left out; those of .net and of 3.5 may not.
_INNER_DOT = re.compile(r"(?<=[^\W\d])\.(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Folded:
    """Each text to the one it is counted with; `alike` are pairs that a person should look at."""

    head: Mapping[str, str]
    alike: list[tuple[str, str]]

    def members(self) -> dict[str, list[str]]:
        """Return all texts of each head, itself first."""
        spellings: dict[str, list[str]] = {head: [head] for head in self.head.values()}
        for text, head in self.head.items():
            if text != head:
                spellings[head].append(text)
        return spellings


def fold(demand: Mapping[str, int]) -> Folded:
    """Find the texts that are one term; the most searched of them is its head.

    A word that is mostly part of a longer name is not by itself what it is spelt like: beside
    "convolutional network", "convolutional" is no "convolution".
    """
    apart = superseded(demand)
    head = {text: text for text in apart}
    by_key: dict[str, str] = {}
    for text in sorted(demand.keys() - apart, key=lambda spelling: (-demand[spelling], spelling)):
        keys = (_stems(text), _joined(text))
        head[text] = next((by_key[key] for key in keys if key in by_key), text)
        for key in keys:
            by_key.setdefault(key, head[text])
    heads = [text for text in head if head[text] == text and text not in apart]
    typo_of, alike = _typos(heads, demand)
    return Folded({text: typo_of.get(spelling, spelling) for text, spelling in head.items()}, alike)


def superseded(
    searchers: Mapping[str, int], spellings: Mapping[str, Iterable[str]] | None = None
) -> set[str]:
    """Return the texts mostly meant by a longer one, which has any of its `spellings` in it."""
    gone: set[str] = set()
    # The longest first: a text that is gone itself takes no other with it.
    for text in sorted(searchers, key=lambda one: (-len(one.split()), one)):
        if text not in gone:
            gone |= {
                part
                for spelling in (spellings[text] if spellings else [text])
                for part in _inside(spelling)
                if part in searchers and searchers[text] >= MEANT_BY * searchers[part]
            }
    return gone


def is_typo(rarer: str, common: str) -> bool:
    """Return whether the two differ in one word by as little as a slip of the finger."""
    if _signs(rarer) != _signs(common):
        return False
    ours, theirs = rarer.split(), common.split()
    differ = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    if len(ours) != len(theirs) or len(differ) != 1:
        return False
    word, other = differ[0]
    letters = min(len(word), len(other))
    allowed = next((most for least, most in TYPO_LETTERS if letters >= least), 0)
    if word[0] != other[0] or not allowed:
        return False
    return Levenshtein.distance(word, other, score_cutoff=allowed) <= allowed


def _typos(
    heads: Iterable[str], demand: Mapping[str, int]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the heads that misspell a more searched one, and pairs too common to be certain."""
    typo_of: dict[str, str] = {}
    alike: list[tuple[str, str]] = []
    # All but one word is the same, and that one begins alike.
    near: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for text in sorted(heads, key=lambda one: (-demand[one], one)):
        for around, word in _neighbourhoods(text):
            for common in _within_reach(word, near[around]):
                if text in typo_of or common in typo_of or not is_typo(text, common):
                    continue
                if demand[text] <= TYPO_SHARE * demand[common]:
                    typo_of[text] = common
                else:
                    alike.append((text, common))
            near[around][word] = text
    return typo_of, [pair for pair in alike if not typo_of.keys() & set(pair)]


def _neighbourhoods(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each word long enough to be misspelt, and before it what stands around it."""
    words = text.split()
    for place, word in enumerate(words):
        if len(word) >= TYPO_LETTERS[-1][0]:
            yield (*words[:place], word[0] + "…", *words[place + 1 :]), word


def _within_reach(word: str, texts: Mapping[str, str]) -> list[str]:
    """Return the texts whose word differs from this one by no more letters than allowed."""
    most = TYPO_LETTERS[0][1]
    words = extract(word, list(texts), scorer=Levenshtein.distance, score_cutoff=most, limit=None)
    return [texts[other] for other, *_ in words]


def _inside(text: str) -> set[str]:
    words = text.split()
    spans = {
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    }
    return spans - {text}


def _signs(text: str) -> list[str]:
    return sorted(_SIGNS.findall(text))


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem


def _stems(text: str) -> str:
    """Return the stems of its words in any order, with every sign, as a set would lose repeats."""
    return " ".join([*sorted({_stem(word) for word in text.split()}), "|", *_signs(text)])


def _joined(text: str) -> str:
    """Return its words without space or dot between them, except where a number ends."""
    return _stem(_INNER_DOT.sub("", text.replace(" ", ""))) + "".join(["|", *_signs(text)])
