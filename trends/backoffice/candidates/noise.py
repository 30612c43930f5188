"""Why a phrase is kept out of the queue: campaigns, templates, and the talk of a few days."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from trends.arithmetic.two_windows import WHOLE_MARKET
from trends.backoffice.candidates.words import COURSE_SYLLABLES, COURSE_WORDS

# Eight tenths of all searches within one week are an event, not a demand that lasts.
BURST_DAYS = 7
BURST_SHARE = 0.8
# Nobody words six words the same way as others do: a page, a form or an exercise words them.
TEMPLATE_WORDS = 6
TEMPLATE_QUERIES = 2
TEMPLATE_SHARE = 0.8
# Two digits glued to two letters are a course, a batch or a challenge ("ds101", "upskill90days").
GLUED = 2

# Shorter ones are words: "skills", "courses", "learning".
SHORTEST_TAG = 10


class Noise(StrEnum):
    """Why a phrase is kept out of the queue, in the words people read."""

    TEMPLATE = "template"
    ONE_COUNTRY = "one country"
    BURST = "burst"


def is_template(demand: Mapping[str, int]) -> bool:
    """Return whether a phrase hardly occurs outside two long queries; `demand` is by query."""
    most = sorted(demand, key=lambda query: -demand[query])[:TEMPLATE_QUERIES]
    long = sum(demand[query] for query in most if len(query.split()) >= TEMPLATE_WORDS)
    return long >= TEMPLATE_SHARE * sum(demand.values()) > 0


def is_burst(days: Mapping[date, int]) -> bool:
    """Return whether most searches fall into one week; `days` are the searches of each day."""
    most = max(
        (
            sum(days.get(first + timedelta(days=more), 0) for more in range(BURST_DAYS))
            for first in days
        ),
        default=0,
    )
    return most >= BURST_SHARE * sum(days.values()) > 0


def is_local(share: float, market: float, *, one_country: float) -> bool:
    """Return whether one country has nearly all searchers of a phrase, but not of the market.

    `share` is its part of the phrase's searchers, `market` its part of everybody.
    """
    return share >= one_country and market < WHOLE_MARKET


def of_a_course(text: str) -> bool:
    """Return whether a phrase has a word of courses, batches or challenges in it.

    A skill may well be local: what makes a campaign of it is what it is called.
    """
    return any(_of_a_course(word) for word in text.split())


def _of_a_course(word: str) -> bool:
    digits, letters = (sum(map(test, word)) for test in (str.isdigit, str.isalpha))
    if word in COURSE_WORDS or (digits >= GLUED and letters >= GLUED):
        return True
    return len(word) >= SHORTEST_TAG and any(part in word for part in COURSE_SYLLABLES)
