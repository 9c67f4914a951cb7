from __future__ import annotations

import socket
import ssl
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused

import pytest

from hallway.notices.post import MailServer, said_by_server

SERVER = MailServer("mail.example.org", 587, "us", "secret", "starttls", "us@example.org")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            SMTPAuthenticationError(535, b"no"),
            "did not accept the user name and password. Check both.",
        ),
        (SMTPRecipientsRefused({"a@b": (550, b"no such\nmailbox")}), "550 no such mailbox"),
        (SMTPDataError(552, "too large"), "mail.example.org answered: 552 too large"),
        (ssl.SSLError(1, "wrong version"), "this kind of encryption on port 587"),
        (socket.gaierror(-2, "unknown"), "There is no server called mail.example.org."),
        (TimeoutError(), "did not answer on port 587 in time"),
        (ConnectionRefusedError(), "Nothing listens at mail.example.org, port 587."),
        (OSError("network is down"), "network is down"),
    ],
)
def test_said_by_server_says_what_to_look_at(error: Exception, said: str) -> None:
    sentence = said_by_server(error, SERVER)
    assert said in sentence
    assert "secret" not in sentence
