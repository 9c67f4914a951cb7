from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from hallway.kit import instance
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import Refusal
from hallway.notices import post, sweeps
from hallway.notices.actions import send_notice, send_test_mail
from hallway.notices.letters import Attachment
from hallway.notices.models import OutboxMail
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

HALLWAY = SystemPerson("tests")


class Letterbox:
    """A real mail server's inside: takes what it is given, or answers as told."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.answer = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        assert not connection.in_atomic_block
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
        return self.answer


@pytest.fixture
def letterbox(settings: Any) -> Iterator[Letterbox]:
    settings.EMAIL_BACKEND = post.SMTP
    box = Letterbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


def written(at: datetime, address: str = "a@example.org", **details: Any) -> OutboxMail:
    mail = send_notice(to_address=address, template="notices/test_mail", context={}, by=HALLWAY, at=at, **details)
    assert mail is not None
    return mail


def test_send_due_mail_by_the_instances_own_server(letterbox: Letterbox, settings: Any, at: datetime) -> None:
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    with transaction.atomic():
        instance.change(
            {
                "notices.smtp_host": "127.0.0.1",
                "notices.smtp_port": port,
                "notices.smtp_tls": "none",
                "notices.mail_from": "Highveld <hello@example.org>",
            }
        )
    mail = written(at)
    with time_machine.travel(at, tick=False):
        assert sweeps.send_due_mail() == 1
        assert sweeps.send_due_mail() == 0
    mail.refresh_from_db()
    assert mail.sent_at == at
    [taken] = letterbox.taken
    assert (taken["From"], taken["To"]) == ("Highveld <hello@example.org>", "a@example.org")
    assert taken["Message-ID"].endswith("@example.org>")
    assert taken["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("method", ["PUBLISH", "CANCEL"])
def test_send_due_mail_with_a_calendar_that_phones_offer(letterbox: Letterbox, at: datetime, method: str) -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Soirée à Mbabane\r\nEND:VCALENDAR\r\n"
    written(at, attachments=[Attachment("seat.ics", f"text/calendar; method={method}; charset=utf-8", calendar)])
    with time_machine.travel(at, tick=False):
        assert sweeps.send_due_mail() == 1
    [taken] = letterbox.taken
    assert taken.get_content_type() == "multipart/mixed"
    words, file = taken.get_payload()
    assert words.get_content_type() == "text/plain"
    assert file["Content-Type"] == f'text/calendar; charset="utf-8"; method="{method}"'
    assert (file.get_content_disposition(), file.get_filename()) == ("attachment", "seat.ics")
    assert file.get_payload(decode=True) == calendar.encode()


def test_send_due_mail_not_before_it_is_due(letterbox: Letterbox, at: datetime) -> None:
    written(at, due_at=at + timedelta(hours=1))
    with time_machine.travel(at, tick=False):
        assert sweeps.send_due_mail() == 0
    with time_machine.travel(at + timedelta(hours=2), tick=False):
        assert sweeps.send_due_mail() == 1


def test_send_due_mail_tries_again_later_and_then_gives_up(letterbox: Letterbox, at: datetime) -> None:
    letterbox.answer = "451 try later"
    mail, moment = written(at), at
    for attempt in range(1, sweeps.MOST_ATTEMPTS + 1):
        with time_machine.travel(moment, tick=False):
            assert sweeps.send_due_mail() == 1
            assert sweeps.send_due_mail() == 0
        mail.refresh_from_db()
        assert mail.attempts == attempt
        moment = mail.due_at
    assert mail.failed_at is not None
    assert "451" in mail.error
    letterbox.answer = "250 OK"
    with time_machine.travel(moment + timedelta(days=1), tick=False):
        assert sweeps.send_due_mail() == 0


def test_send_due_mail_one_bad_address_stops_no_other(letterbox: Letterbox, at: datetime) -> None:
    bad, good = written(at, "nobody@example.org"), written(at)
    with time_machine.travel(at, tick=False):
        assert sweeps.send_due_mail() == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.failed_at == at, "the server said for good that there is no such mailbox"
    assert good.sent_at == at


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ('"a\x0bX:y\x0b"@example.org', {}),
        ("b@example.org", {"Reply-To": '"a\x0bX:y\x0b"@example.org'}),
        ("b@example.org", {"Reply-To": '"a\x1cWords\x1c"@example.org'}),
    ],
)
def test_send_due_mail_that_cannot_be_written_stops_no_other(
    letterbox: Letterbox, at: datetime, address: str, headers: dict[str, str]
) -> None:
    bad, good = written(at, address, headers=headers), written(at)
    with time_machine.travel(at, tick=False):
        assert sweeps.send_due_mail() == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.sent_at, bad.claimed_until, good.sent_at) == (None, None, at)
    assert bad.error
    assert [taken["To"] for taken in letterbox.taken] == ["a@example.org"], "none goes out whose head has no shape"


def test_send_due_mail_after_a_killed_process_lets_the_lease_run_out(letterbox: Letterbox, at: datetime) -> None:
    written(at)
    OutboxMail.objects.update(claimed_until=at + timedelta(minutes=2), attempts=1)
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        assert sweeps.send_due_mail() == 0
    with time_machine.travel(at + timedelta(minutes=3), tick=False):
        assert sweeps.send_due_mail() == 1


def test_send_due_mail_of_a_demonstration_stays_in_the_house(letterbox: Letterbox, settings: Any, at: datetime) -> None:
    settings.HALLWAY_DEMO = True
    mail = written(at)
    with time_machine.travel(at, tick=False):
        sweeps.send_due_mail()
    mail.refresh_from_db()
    assert mail.sent_at == at
    assert not letterbox.taken


def test_forget_old_mail_codes_after_a_day_and_the_rest_after_thirty(at: datetime) -> None:
    code, notice, failed = written(at, kind="sign_in"), written(at), written(at)
    OutboxMail.objects.filter(pk__in=[code.pk, notice.pk]).update(sent_at=at)
    OutboxMail.objects.filter(pk=failed.pk).update(failed_at=at)
    with time_machine.travel(at + timedelta(days=2), tick=False):
        assert sweeps.forget_old_mail() == 1
    assert set(OutboxMail.objects.values_list("pk", flat=True)) == {notice.pk, failed.pk}
    with time_machine.travel(at + timedelta(days=31), tick=False):
        assert sweeps.forget_old_mail() == 2


def test_send_test_mail_says_what_the_server_said(letterbox: Letterbox, settings: Any, at: datetime) -> None:
    by = PersonFactory()
    send_test_mail(to_address="a@example.org", by=by, at=at)
    assert [taken["To"] for taken in letterbox.taken] == ["a@example.org"]
    letterbox.answer = "554 5.7.1 we do not like you"
    with pytest.raises(Refusal, match="we do not like you"):
        send_test_mail(to_address="a@example.org", by=by, at=at)
    with pytest.raises(Refusal, match="no such mailbox"):
        send_test_mail(to_address="nobody@example.org", by=by, at=at)
    with pytest.raises(Refusal, match="no e-mail address"):
        send_test_mail(to_address="", by=by, at=at)
    settings.EMAIL_PORT = 1
    with pytest.raises(Refusal, match="Nothing listens"):
        send_test_mail(to_address="a@example.org", by=by, at=at)
