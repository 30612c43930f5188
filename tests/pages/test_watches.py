"""Accounts: made by who owns the address, with skills and watches, and gone when asked."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.skills.models import Skill
from tests.conftest import TODAY
from tests.tools.mailbox import Mailbox, link_in, part
from trends.models import Follower, Watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("skills")]

ADA, SECRET = "ada@example.org", "correct horse battery"


def choose(client: Client, path: str, password: str = SECRET) -> int:
    """Choose a password where a link leads to."""
    typed = {"new_password1": password, "new_password2": password}
    return client.post(path, typed).status_code


@pytest.fixture
def ada(mailbox: Mailbox) -> Client:
    """Somebody who has just made an account."""
    client = Client()
    client.post("/me/account/", {"email": " Ada@example.org"})
    assert choose(client, link_in(mailbox.mails.pop())) == 302
    return client


def test_nothing_is_stored_before_the_owner_of_the_address_chose_a_password(
    mailbox: Mailbox,
) -> None:
    client = Client()
    asked = client.post("/me/account/", {"email": ADA})
    assert "Look into your mailbox" in asked.content.decode()
    assert not User.objects.exists()
    link = link_in(mailbox.mails[0])
    assert "For ada@example.org." in client.get(link).content.decode()
    assert choose(client, link, "password") == 200
    assert not User.objects.exists()
    assert choose(client, link) == 302
    user = User.objects.get()
    assert (user.username, user.is_staff, user.follower.email) == (ADA, False, ADA)
    assert ADA in client.get("/me/account/").content.decode()
    # The link has done what it was for.
    assert choose(Client(), link, "another secret of hers") == 410
    assert User.objects.get().check_password(SECRET)


def test_who_asks_for_an_account_twice_learns_nothing_and_the_owner_everything(
    ada: Client, mailbox: Mailbox
) -> None:
    answers = [
        Client().post("/me/account/", {"email": email}) for email in (ADA, "eve@example.org")
    ]
    assert answers[0].content == answers[1].content
    assert "It has one" in part(mailbox.mails[0], "plain")
    assert link_in(mailbox.mails[0]) == "/me/password/"


def test_one_signs_in_out_and_resets_a_password_by_mail(ada: Client, mailbox: Mailbox) -> None:
    ada.post("/me/sign-out/")
    assert "Sign in" in ada.get("/me/account/").content.decode()
    form = {"username": " ADA@example.org", "password": SECRET}
    assert ada.post("/me/sign-in/", form | {"password": "wrong"}).status_code == 200
    assert ada.post("/me/sign-in/", form)["Location"] == "/me/"
    for email in (ADA, "eve@example.org"):
        assert Client().post("/me/password/", {"email": email}).status_code == 302
    (mail,) = mailbox.mails
    stranger = Client()
    page = stranger.get(link_in(mail), follow=True)
    assert choose(stranger, page.request["PATH_INFO"], "quite another secret") == 302
    assert User.objects.get().check_password("quite another secret")
    assert "too old" in Client().get(link_in(mail), follow=True).content.decode()


def test_a_password_of_the_staff_is_not_reset_here(mailbox: Mailbox) -> None:
    User.objects.create_user("boss@example.org", "boss@example.org", "secret", is_staff=True)
    Client().post("/me/password/", {"email": "boss@example.org"})
    assert mailbox.mails == []


def test_six_wrong_passwords_lock_the_name_out_here_too(ada: Client) -> None:
    form = {"username": ADA, "password": "wrong"}
    tries = [Client().post("/me/sign-in/", form).status_code for _ in range(6)]
    assert tries == [200] * 5 + [429]


def test_skills_are_kept_and_come_back_on_another_device(ada: Client) -> None:
    assert ada.post("/me/account/keep/", {"skills": "react,python,nothing"}).status_code == 302
    elsewhere = Client()
    elsewhere.post("/me/sign-in/", {"username": ADA, "password": SECRET})
    assert elsewhere.get("/me/")["Location"] == "/me/?skills=react,python"
    assert elsewhere.get("/me/?skills=react").status_code == 200
    assert elsewhere.get("/me/?skills=react&add=python")["Location"] == "/me/?skills=react,python"
    ada.post("/me/account/keep/", {"skills": "react"})
    assert elsewhere.get("/me/?add=python")["Location"] == "/me/?skills=react,python"
    assert Client().get("/me/").status_code == 200
    assert (
        Client()
        .post("/me/account/keep/", {"skills": "react"})["Location"]
        .startswith("/me/sign-in/")
    )


def test_with_an_account_a_watch_needs_no_mail_and_joins_what_was_watched_before(
    mailbox: Mailbox,
) -> None:
    before = Follower.objects.create(email=ADA, site="http://testserver")
    before.watch(query="label=new", as_of=TODAY)
    client = Client()
    client.post("/me/account/", {"email": ADA})
    choose(client, link_in(mailbox.mails.pop()))
    assert client.post("/me/watch/?skill=react").status_code == 302
    assert mailbox.mails == []
    assert [str(one.skill or one.query) for one in Watch.objects.of(before)] == [
        "label=new",
        "React",
    ]
    page = client.get("/me/account/").content.decode()
    assert "React" in page
    assert "Rising, labelled new" in page


def test_a_deleted_account_leaves_nothing_and_nobody_elses_goes_with_it(ada: Client) -> None:
    eve = Follower.objects.create(email="eve@example.org", site="http://testserver")
    eve.watch(skill=Skill.objects.get(slug="react"), as_of=TODAY)
    ada.post("/me/watch/?skill=react")
    assert ada.post("/me/account/delete/").status_code == 302
    assert not User.objects.exists()
    assert list(Follower.objects.all()) == [eve]
    assert Watch.objects.count() == 1
    assert "Send me the link" in ada.get("/me/account/").content.decode()


def test_unsubscribing_keeps_the_account_and_ends_the_mail(ada: Client) -> None:
    ada.post("/me/watch/?skill=react")
    Follower.objects.get().unsubscribe()
    assert User.objects.exists()
    assert not Watch.objects.exists()


def test_who_is_signed_in_costs_few_queries(ada: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        ada.get("/me/?skills=react,python")
    assert len(queries) <= 10
