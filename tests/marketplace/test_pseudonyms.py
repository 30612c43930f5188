"""People are counted under a pseudonym that only the key for pseudonyms leads to."""

import hashlib
import hmac

import pytest
from pytest_django import Settings

from marketplace.searches.pseudonyms import pseudonym


@pytest.fixture(autouse=True)
def _not_remembered() -> None:
    pseudonym.cache_clear()


def test_a_pseudonym_is_a_keyed_hash_of_64_bits_with_a_sign(settings: Settings) -> None:
    settings.PSEUDONYM_KEY = "of the tests"
    digest = hmac.new(b"of the tests", b"jane", hashlib.sha256).digest()
    expected = int.from_bytes(digest[:8], "big")
    assert pseudonym("jane") == (expected if expected < 2**63 else expected - 2**64)


def test_its_key_is_its_own_and_not_that_of_the_site(settings: Settings) -> None:
    jane = pseudonym("jane")
    pseudonym.cache_clear()
    settings.SECRET_KEY = "another"
    assert pseudonym("jane") == jane
    pseudonym.cache_clear()
    settings.PSEUDONYM_KEY = "another"
    assert pseudonym("jane") != jane
