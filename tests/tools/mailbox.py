"""A mail server of our own, on the loopback interface, that keeps what it is given."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from pytest_django import Settings

from marketplace.local.server import LOOPBACK


@dataclass
class Mailbox:
    """What was sent, oldest first; `refuses` are recipients it answers with a code."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if code := self.refuses.get(address):
            return f"{code} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: object, _session: object, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run one while the block does."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        box = Mailbox(port=probe.getsockname()[1])
    controller = Controller(box, hostname=LOOPBACK, port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def mail_through(settings: Settings) -> Iterator[Mailbox]:
    """A server that the site sends through while the block runs."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, box.port
        settings.SENDS_MAIL, settings.DEFAULT_FROM_EMAIL = True, "Upcurrent <skills@example.org>"
        yield box


def link_in(mail: EmailMessage) -> str:
    """The path of the one link of a mail."""
    (found,) = re.findall(r"^https?://[^/\s]+(/\S+)$", part(mail, "plain"), re.MULTILINE)
    return str(found)


def part(mail: EmailMessage, kind: str) -> str:
    """The text or the HTML of a mail as people read it."""
    found: Any = mail.get_body(preferencelist=(kind,))
    return str(found.get_content()).replace("\r\n", "\n")
