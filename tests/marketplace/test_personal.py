"""What looks like somebody's address or number is never stored; what people search for is."""

import pytest

from marketplace.searches.personal import personal

PERSONAL = {
    "jo@example.org": "an e-mail address",
    "mail jo.doe@mail.example.org now": "an e-mail address",
    "jo (at) example.org": "an e-mail address",
    "jo [AT] example dot org": "an e-mail address",
    "https://example/jo": "a link",
    "https://localhost": "a link",
    "www.example": "a link",
    "t.me/jo": "a link",
    "example.com/jo": "a link",
    "+49 170 1234567": "a phone number",
    "(0170) 123-45-67": "a phone number",
    "call 12345678": "a phone number",
}
WANTED = [
    "python",
    "what is at the door",
    "@angular/core",
    "jo @ work",
    "node.js and/or express.js",
    "c/c++",
    "figma.com",
    "ui/ux",
    "python 3.12.1",
    "1234567 lines",
    "",
]


@pytest.mark.parametrize("query", PERSONAL)
def test_an_address_a_link_and_a_number_are_told_by_their_kind(query: str) -> None:
    assert personal(query) == PERSONAL[query]


@pytest.mark.parametrize("query", WANTED)
def test_what_people_search_for_is_nobodys_address_or_number(query: str) -> None:
    assert personal(query) is None
