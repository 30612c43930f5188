"""What is missing, too much, broken or away is said in the look of the site, with a way on."""

import json
import logging
import os
import re
import subprocess
import sys
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import path
from pytest_django import Settings

from marketplace.error_pages import form_expired, refusal
from marketplace.problems import PROBLEM
from marketplace.skills.models import Skill
from marketplace.urls import handler400, handler403, handler404, handler500
from marketplace.urls import urlpatterns as real
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.django_db

NOBODY_LISTENS = "127.0.0.1:1"
WITHOUT_DATABASE = """
import json, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, SERVER_NAME="localhost")
row = '{"searches": []}'
answers = {
    "page": client.get("/"),
    "missing": client.get("/no/such/page/"),
    "search": client.get("/search/?q=python"),
    "read": client.get("/api/v1/trends/skills/"),
    "send": client.post("/api/v1/searches/", row, content_type="application/json",
        headers={"authorization": "Bearer some-key"}),
    "alive": client.get("/healthz"),
}
print(json.dumps({name: [one.status_code, one.get("Retry-After"), one.get("Content-Type"),
    one.content.decode()] for name, one in answers.items()}))
"""


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the pipe burst")


def refuses(request: HttpRequest, status: int) -> HttpResponse:
    """Every page that refuses, also where nobody can be made to meet it."""
    if status in (400, 403):
        raise BadRequest("cut off") if status == 400 else PermissionDenied
    return refusal(request, status, wait=30)


urlpatterns = [
    path("breaks/", breaks),
    path("api/v1/breaks/", breaks),
    path("refuses/<int:status>/", refuses),
    path("api/v1/refuses/<int:status>/", refuses),
    path("refuses/form/", form_expired),
    *real,
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@pytest.fixture
def limited() -> None:
    cache.clear()


def test_a_misspelt_skill_is_missed_with_those_that_are_like_it(skills: dict[str, Skill]) -> None:
    answer = Client().get("/skills/reakt-nativ/")
    assert answer.status_code == 404
    near = re.findall(r'<li><a href="(/skills/[^"]+)">', answer.content.decode())
    assert near[0] == "/skills/react-native/"
    assert len(near) < len(skills)


@pytest.mark.parametrize("address", ["/nothing/", "/skills/%00/", "/favicon.ico", "/%F0%9F%92%A5"])
def test_whatever_is_asked_for_the_missing_page_leads_back(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert 'href="/search/"' in answer.content.decode()


def test_a_missing_address_of_the_api_is_a_problem() -> None:
    for address in ("/api/v1/nothing/", "/api/v1/skills/nothing/"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
        assert json.loads(answer.content)["status"] == 404


@pytest.fixture
def logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the log of the site has, with the ids; the addresses that break are there."""
    settings.ROOT_URLCONF = __name__
    stderr = next(one for one in logging.getLogger().handlers if one.filters)
    caplog.handler.addFilter(stderr.filters[0])
    return caplog


@pytest.mark.parametrize("address", ["/breaks/", "/api/v1/breaks/"])
def test_an_error_has_the_id_on_its_page_that_it_has_in_the_log(
    logged: pytest.LogCaptureFixture, address: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert "the pipe burst" in logged.text
    assert "the pipe burst" not in answer.content.decode()
    assert id_in(logged) in answer.content.decode()


def id_in(logged: pytest.LogCaptureFixture) -> str:
    found = re.search(r"\(error (\w{8})\)", logged.text)
    assert found
    return found[1]


@pytest.mark.parametrize(("status", "said"), [(400, "cannot be read"), (403, "not open to you")])
def test_a_refusal_says_what_happened_and_has_an_id_that_the_log_has(
    logged: pytest.LogCaptureFixture, status: int, said: str
) -> None:
    client = Client()
    page = client.get(f"/refuses/{status}/")
    assert page.status_code == status
    assert said in page.content.decode()
    assert "Nothing was changed" in page.content.decode()
    assert ('href="/me/sign-in/"' in page.content.decode()) == (status == 403)
    assert id_in(logged) in page.content.decode()
    logged.clear()
    problem = client.get(f"/api/v1/refuses/{status}/")
    assert (problem.status_code, problem["Content-Type"]) == (status, PROBLEM)
    assert json.loads(problem.content)["id"] == id_in(logged)


def test_a_made_up_host_and_too_much_at_once_are_refused_in_words(
    logged: pytest.LogCaptureFixture, settings: Settings
) -> None:
    page = Client(SERVER_NAME="elsewhere.example").get("/")
    assert (page.status_code, "cannot be read" in page.content.decode()) == (400, True)
    logged.clear()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    page = Client().post("/me/sign-in/", {"username": "a" * 2_000})
    assert page.status_code == 413
    assert "Nothing of it was stored" in page.content.decode()
    assert id_in(logged) in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/?category=%00",
        "/search/?q=a&category=%00",
        "/me/?skills=a%00b",
        "/replacing.csv?category=%00",
    ],
)
def test_an_address_with_a_nul_in_it_is_refused_in_words(db: None, address: str) -> None:
    page = Client().get(address)
    assert (page.status_code, "cannot be read" in page.content.decode()) == (400, True)


def test_a_form_without_its_token_says_how_to_send_it_again(
    logged: pytest.LogCaptureFixture,
) -> None:
    page = Client(enforce_csrf_checks=True).post("/me/sign-in/", {"username": "ada"})
    assert page.status_code == 403
    assert "load the page with the form again" in page.content.decode()
    assert id_in(logged) in page.content.decode()


def test_who_opens_the_address_of_a_form_is_told_so_and_what_is_allowed() -> None:
    page = Client().get("/me/sign-out/")
    assert page.status_code == 405
    assert "POST" in page["Allow"]
    assert "not used this way" in page.content.decode()
    assert Client().post("/editions/").status_code == 405


@pytest.mark.parametrize("status", [400, 403, 405, 413, 429, 500, 503])
def test_every_refusal_is_said_in_the_language_of_the_reader(
    settings: Settings, status: int
) -> None:
    settings.ROOT_URLCONF = __name__
    spanish = Client(headers={"Accept-Language": "es"}).get(f"/refuses/{status}/")
    assert spanish.status_code == status
    assert '<html lang="es">' in spanish.content.decode()
    assert heading(spanish) != heading(Client().get(f"/refuses/{status}/"))


def heading(page: HttpResponseBase) -> str:
    assert isinstance(page, HttpResponse)
    return page.content.decode().partition("<h1>")[2].partition("</h1>")[0]


def test_who_guesses_at_the_sign_in_of_freelancers_is_told_there(
    limited: None, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_user("ada@example.org", password="right")
    wrong = {"username": "ada@example.org", "password": "wrong"}
    answers = [Client().post("/me/sign-in/", wrong) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    said = answers[-1].content.decode()
    assert "15 minutes after the last wrong one" in said
    assert "/admin/" not in said
    assert int(answers[-1]["Retry-After"]) == 15 * 60


def test_without_a_database_everything_says_so_and_when_to_come_again() -> None:
    env = os.environ | {
        "DATABASE_URL": f"postgresql://u:p@{NOBODY_LISTENS}/none",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_DATABASE],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        check=True,
        text=True,
    )
    answers = json.loads(ran.stdout.splitlines()[-1])
    assert answers.pop("alive")[0] == 200
    assert {(status, wait) for status, wait, *_ in answers.values()} == {(503, "30")}
    for name in ("read", "send"):
        assert answers[name][2] == PROBLEM
        assert json.loads(answers[name][3])["status"] == 503
    for name in ("page", "missing", "search"):
        assert "away for a moment" in answers[name][3]
        shown = re.search(r'id="error-id">(\w+)<', answers[name][3])
        assert shown
        assert f"(error {shown[1]})" in ran.stderr


class CutOff(BytesIO):
    """What a server reads from when whoever sends goes away."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("connection reset")


def test_a_body_that_stops_half_way_is_asked_for_again(api: Client) -> None:
    sent: dict[str, Any] = {
        "CONTENT_LENGTH": "100",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": CutOff(),
    }
    answer = api.generic("POST", "/api/v1/searches/", **sent)
    assert (answer.status_code, answer["Content-Type"]) == (408, PROBLEM)
