"""Every mail through a real server to somebody who reads Spanish: none says a word of English."""

import re
from email.message import EmailMessage
from functools import cache

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.conftest import TODAY
from tests.markets.watched_figures import ADA, WEEK, Figures, run
from tests.pages.test_spanish import ENGLISH, PLACEHOLDER, Reader, texts
from tests.tools import messages
from tests.tools.mailbox import Mailbox, link_in, part
from trends.models import Follower

pytestmark = pytest.mark.django_db

SECRET = "caballo grapa correcta"
LINK = re.compile(r"https?://testserver([^\s\"<>]+)")
# Parts of a message shorter than this may be Spanish as well: "no", "a", a sign.
TELLING = 8


@pytest.fixture
def ana(mailbox: Mailbox) -> Client:
    """A visitor whose browser asks for Spanish."""
    return Client(headers={"Accept-Language": "es-ES,es;q=0.9"})


@cache
def english() -> list[str]:
    """What stands in English between the figures and names of every message of the site."""
    stored = [
        one
        for package in messages.PACKAGES
        for one in messages.read(messages.catalogue_path(package, "es"))
        if one.id
    ]
    said = {
        fragment.strip(" .,:;()\n")
        for one in stored
        for text in texts(one.id)
        for fragment in PLACEHOLDER.split(text)
        if text not in texts(one.string)
    }
    return [one for one in said if len(one) >= TELLING and " " in one]


def leftovers(mail: EmailMessage) -> list[str]:
    """What of a mail is English: sentences of the catalogue, and words that Spanish has not."""
    read = [mail["Subject"], *part(mail, "plain").splitlines()]
    if mail.is_multipart():
        reader = Reader()
        reader.feed(part(mail, "html"))
        read += reader.found
    # The names of skills and categories stay as they were given.
    said = [re.sub(r"Logo Design|Old Craft|Design|https?://\S+", "", text) for text in read]
    known = [text for text in said if ENGLISH.search(text)]
    return known + [one for one in english() if any(one in text for text in said)]


def watch(client: Client, mailbox: Mailbox, query: str) -> EmailMessage:
    """Ask for a watch and follow the link of its mail."""
    asked = client.post(f"/me/watch/?{query}", {"email": ADA})
    assert asked.status_code == 200
    mail = mailbox.mails[-1]
    done = client.post(link_in(mail))
    assert '<html lang="es">' in done.content.decode()
    return mail


def test_a_follower_who_reads_spanish_gets_every_mail_in_spanish(
    ana: Client, mailbox: Mailbox
) -> None:
    figures = Figures()
    figures.publish(TODAY)
    asked = [
        watch(ana, mailbox, "skill=logo-design"),
        watch(ana, mailbox, "category=design&label=rising"),
    ]
    assert asked[0]["Subject"] == "¿Quieres seguir Logo Design?"
    assert [leftovers(mail) for mail in asked] == [[], []]
    assert Follower.objects.get().language == "es"
    mailbox.mails.clear()
    figures.publish(TODAY + WEEK, logo=("rising", 2.3, 3.1), old=("rising", 1.4, 2.0))
    assert run() == 1
    (mail,) = mailbox.mails
    assert leftovers(mail) == []
    assert mail["Subject"] == "Logo Design y otra habilidad han cambiado"
    text, html = part(mail, "plain"), part(mail, "html")
    for said in ("al alza", "2\u00a0345 personas", "18 sep 2023", "17 mar 2024"):
        assert said in text
        assert said in html
    assert '<html lang="es">' in html


def test_the_links_of_the_spanish_mail_work_and_one_click_ends_it(
    ana: Client, mailbox: Mailbox
) -> None:
    figures = Figures()
    figures.publish(TODAY)
    watch(ana, mailbox, "skill=logo-design")
    watch(ana, mailbox, "show=all&category=design")
    figures.publish(TODAY + WEEK, logo=("rising", 2.3, 3.1))
    assert run() == 1
    mail = mailbox.mails[-1]
    links = {kind: set(LINK.findall(part(mail, kind))) for kind in ("plain", "html")}
    assert links["plain"] == links["html"]
    assert len(links["plain"]) >= 3
    for link in links["plain"]:
        page = ana.get(link)
        assert page.status_code == 200, link
        assert '<html lang="es">' in page.content.decode()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (one_click,) = LINK.findall(mail["List-Unsubscribe"])
    assert one_click in links["plain"]
    program = Client(enforce_csrf_checks=True)
    assert program.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()


def test_an_account_is_confirmed_and_its_password_chosen_again_in_spanish(
    ana: Client, mailbox: Mailbox
) -> None:
    chosen = {"new_password1": SECRET, "new_password2": SECRET}
    ana.post("/me/account/", {"email": ADA})
    invited = mailbox.mails[-1]
    assert ana.post(link_in(invited), chosen).status_code == 302
    assert Follower.objects.get().language == "es"
    # Whoever asks again is told that there is one; whoever forgot the password, where to go.
    ana.logout()
    ana.post("/me/account/", {"email": ADA})
    known = mailbox.mails[-1]
    assert ana.get(link_in(known)).status_code == 200
    ana.post("/me/password/", {"email": ADA})
    reset = mailbox.mails[-1]
    form = ana.get(link_in(reset), follow=True)
    assert "Elegir otra contraseña" in form.content.decode()
    address = form.redirect_chain[-1][0]
    assert ana.post(address, dict.fromkeys(chosen, f"{SECRET} 2")).status_code == 302
    assert User.objects.get().check_password(f"{SECRET} 2")
    assert len(mailbox.mails) == 3
    assert [leftovers(mail) for mail in (invited, known, reset)] == [[], [], []]
    assert "Upcurrent" in reset["Subject"]
