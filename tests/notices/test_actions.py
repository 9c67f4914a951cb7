from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.notices.actions import send_notice
from hallway.notices.letters import Attachment, write
from hallway.notices.models import OutboxMail
from hallway.notices.receivers import mail_of
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

HALLWAY = SystemPerson("tests")


def test_send_notice_writes_in_the_readers_language(at: datetime) -> None:
    person = PersonFactory(page_language="fr", name="Éloïse <b>")
    mail = send_notice(to_person=person, template="notices/test_mail", context={}, by=HALLWAY, at=at)
    assert mail is not None
    assert (mail.to_address, mail.language, mail.kind) == (person.email, "fr", "notice")
    assert "Éloïse <b>" in mail.text
    assert FactRow.objects.get(kind="notices.mail_written").payload == {"mail_id": mail.pk}


def test_send_notice_once_for_the_same_reason(at: datetime) -> None:
    person = PersonFactory()
    mails = [
        send_notice(to_person=person, template="notices/test_mail", context={}, dedupe_key="hello:1", by=HALLWAY, at=at)
        for _ in range(2)
    ]
    assert mails[0] == mails[1]
    assert OutboxMail.objects.count() == 1


def test_send_notice_nothing_without_an_address(at: datetime) -> None:
    for person in (PersonFactory(email=None), PersonFactory(left_at=at)):
        assert send_notice(to_person=person, template="notices/test_mail", context={}, by=HALLWAY, at=at) is None
    assert not OutboxMail.objects.exists()


def test_send_notice_is_gone_when_its_cause_is(at: datetime) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send_notice(to_address="a@example.org", template="notices/test_mail", context={}, by=HALLWAY, at=at)
        raise RuntimeError
    assert not OutboxMail.objects.exists()


def test_send_notice_keeps_its_files_and_gives_them_back(at: datetime) -> None:
    person = PersonFactory()
    file = Attachment("seat.ics", "text/calendar; charset=utf-8; method=PUBLISH", "BEGIN:VCALENDAR")
    mail = send_notice(
        to_person=person, template="notices/test_mail", context={}, attachments=[file], by=HALLWAY, at=at
    )
    assert mail is not None
    mail.refresh_from_db()
    assert [Attachment(**kept) for kept in mail.attachments] == [file]
    assert (file.media_type, file.parameters) == ("text/calendar", {"method": "PUBLISH"})
    assert mail_of(person)[0]["attachments"][0]["text"] == "BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("../seat.ics", "text/calendar"),
        ("seat.ics\r\nBcc: x@example.org", "text/calendar"),
        ('a"b.ics', "text/calendar"),
        (".hidden", "text/calendar"),
        ("", "text/calendar"),
        ("seat.exe", "application/octet-stream"),
        ("seat.ics", "text/calendar\r\nBcc: x@example.org"),
        ("seat.ics", "text/calendar; method=PUBLISH; x"),
    ],
)
def test_attachment_refuses_what_could_break_a_mail(filename: str, content_type: str) -> None:
    with pytest.raises(ValueError, match="no attachment"):
        Attachment(filename, content_type, "")


def test_send_notice_written_by_another_process_in_the_same_instant(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other mail appears between our look and our row: while the letter is written."""
    given = {"template": "notices/test_mail", "context": {}, "dedupe_key": "hello:1", "by": HALLWAY, "at": at}
    reader = PersonFactory()

    def slowly(*arguments: Any, **named: Any) -> Any:
        monkeypatch.undo()
        send_notice(to_person=reader, **given)
        return write(*arguments, **named)

    monkeypatch.setattr("hallway.notices.actions.write", slowly)
    mail = send_notice(to_person=reader, **given)
    assert mail == OutboxMail.objects.get()
    assert FactRow.objects.filter(kind="notices.mail_written").count() == 1
