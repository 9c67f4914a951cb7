"""The mail server: its settings, and handing a mail to it. Network happens here and never inside a transaction."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from email.mime.text import MIMEText
from email.utils import make_msgid, parseaddr
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from hallway.kit import instance

from .letters import Attachment
from .models import OutboxMail

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out. ``tls`` is ``""``, ``starttls`` or ``tls``."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str


def mail_server() -> MailServer:
    """The server of the settings page; what is empty there comes from the environment."""
    names = ("smtp_host", "smtp_port", "smtp_user", "smtp_password", "smtp_tls", "mail_from")
    found = instance.values(*(f"notices.{name}" for name in names))
    sender = found["notices.mail_from"] or settings.DEFAULT_FROM_EMAIL
    if not found["notices.smtp_host"]:
        tls = "starttls" if settings.EMAIL_USE_TLS else "tls" if settings.EMAIL_USE_SSL else ""
        return MailServer(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            settings.EMAIL_HOST_USER,
            settings.EMAIL_HOST_PASSWORD,
            tls,
            sender,
        )
    return MailServer(
        host=found["notices.smtp_host"],
        port=int(found["notices.smtp_port"] or 25),
        user=found["notices.smtp_user"],
        password=found["notices.smtp_password"],
        tls=found["notices.smtp_tls"],
        sender=sender,
    )


def stays_in_the_house() -> bool:
    """A demonstration has no mail server: its mail is read in the demonstration's own inbox."""
    return settings.HALLWAY_DEMO and not instance.value("notices.smtp_host")


def connect(server: MailServer) -> BaseEmailBackend:
    """A connection, not yet opened, to the mail server (or to whatever other backend the settings name)."""
    if settings.EMAIL_BACKEND != SMTP:
        return get_connection()
    return get_connection(
        backend=SMTP,
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls == "starttls",
        use_ssl=server.tls == "tls",
        timeout=settings.EMAIL_TIMEOUT,
    )


def post(mail: OutboxMail, server: MailServer, connection: BaseEmailBackend) -> None:
    """Hand one mail over. Raises ``OSError`` or ``smtplib.SMTPException`` when the server cannot or will not.

    Raises ``ValueError`` for a mail whose head would have lines of somebody else's: such a one never goes out.
    """
    if any(len(words.splitlines()) > 1 for words in (mail.to_address, *mail.headers.values())):
        raise ValueError("An address or a header of this mail is of several lines.")
    headers: dict[str, Any] = {
        # The same row sent twice after a crash is recognised by its id and shown once.
        "Message-ID": f"<outbox.{mail.pk}.{int(mail.created_at.timestamp())}@{_domain(server.sender)}>",
        "Content-Language": mail.language,
        "Auto-Submitted": "auto-generated",
        **mail.headers,
    }
    message = EmailMultiAlternatives(mail.subject, mail.text, server.sender, [mail.to_address], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for given in mail.attachments:
        message.attach(_part(Attachment(**given)))
    connection.send_messages([message])


def _part(attachment: Attachment) -> MIMEText:
    """A file as a part of a mail, in base64, so that its line ends arrive as they are.

    A calendar's ``method`` stands among the parameters of its type: phones offer to add the date only then (RFC 6047).
    """
    part = MIMEText(attachment.text, attachment.media_type.partition("/")[2], "utf-8")
    for name, value in attachment.parameters.items():
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    return part


def _domain(sender: str) -> str:
    address = parseaddr(sender)[1]
    return address.rpartition("@")[2] or make_msgid().rpartition("@")[2].rstrip(">")


def said_by_server(error: Exception, server: MailServer) -> str:
    """What went wrong with a mail server, in a sentence that says what to look at."""
    place = {"host": server.host, "port": server.port}
    if isinstance(error, SMTPAuthenticationError):
        return _("%(host)s did not accept the user name and password. Check both.") % place
    if isinstance(error, SMTPRecipientsRefused):
        answers = "; ".join(f"{code} {_plain(answer)}" for code, answer in error.recipients.values())
        return _("%(host)s refused the address: %(answer)s") % {**place, "answer": answers}
    if isinstance(error, SMTPResponseException):
        answer = f"{error.smtp_code} {_plain(error.smtp_error)}"
        return _("%(host)s answered: %(answer)s") % {**place, "answer": answer}
    if isinstance(error, ssl.SSLError):
        return _("%(host)s does not speak this kind of encryption on port %(port)s. Try the other one.") % place
    if isinstance(error, socket.gaierror):
        return _("There is no server called %(host)s. Check the name.") % place
    if isinstance(error, TimeoutError):
        return _("%(host)s did not answer on port %(port)s in time. Check both, and any firewall between.") % place
    if isinstance(error, ConnectionError):
        return _("Nothing listens at %(host)s, port %(port)s. Check both.") % place
    return _("%(host)s could not accept the mail: %(answer)s") % {**place, "answer": str(error)[:300]}


def _plain(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]
