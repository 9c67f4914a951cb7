from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.notices.actions import send_notice
from hallway.notices.letters import write
from hallway.notices.models import OutboxMail
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
