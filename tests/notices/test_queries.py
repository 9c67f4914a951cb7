"""How much mail an address had."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from hallway.kit.actors import SystemPerson
from hallway.notices.actions import EnoughMail, send_notice
from hallway.notices.models import OutboxMail
from hallway.notices.queries import has_enough_mail, mails_lately
from hallway.people.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOBODY = SystemPerson("notices")


def write(
    at: datetime, address: str | None = "nomsa@example.org", person: Person | None = None, kind: str = "notice"
) -> None:
    send_notice(
        template="notices/test_mail", context={}, to_address=address, to_person=person, kind=kind, by=NOBODY, at=at
    )


def test_an_address_nobody_confirmed_gets_three_mails_a_day(at: datetime) -> None:
    for hours in range(3):
        write(at + timedelta(hours=hours))
    with pytest.raises(EnoughMail) as refused:
        write(at + timedelta(hours=4), "Nomsa@Example.org")
    assert (refused.value.code, refused.value.field) == ("mail.enough", "address")
    assert mails_lately("nomsa@example.org", at + timedelta(hours=5)) == 3
    write(at + timedelta(hours=25))
    assert OutboxMail.objects.count() == 4


def test_a_confirmed_address_and_a_known_person_are_not_held_back(at: datetime) -> None:
    EmailAddress.objects.create(user=PersonFactory(), email="nomsa@example.org", verified=True)
    for _one in range(3):
        write(at, "new@example.org")
    known = PersonFactory(email="thabo@example.org")
    for _one in range(5):
        write(at)
        write(at, None, known)
        write(at, kind=OutboxMail.Kind.SIGN_IN)
    assert OutboxMail.objects.count() == 18
    assert has_enough_mail("new@example.org", at)
    assert not has_enough_mail("nomsa@example.org", at)


def test_signing_in_is_among_the_three_whoever_is_signed_in(at: datetime) -> None:
    write(at, "new@example.org")
    write(at, "new@example.org", kind=OutboxMail.Kind.SIGN_IN)
    write(at, "new@example.org", PersonFactory(), OutboxMail.Kind.SIGN_IN)
    for person in (None, PersonFactory()):
        with pytest.raises(EnoughMail):
            write(at, "new@example.org", person, OutboxMail.Kind.SIGN_IN)
    assert OutboxMail.objects.count() == 3


def test_what_follows_a_plus_is_the_same_mailbox(at: datetime) -> None:
    for number in range(3):
        OutboxMail.objects.create(
            to_address=f"Victim+{number}@example.org", subject="x", text="x", created_at=at, due_at=at
        )
    for address in ("victim@example.org", "victim+9@example.org", "VICTIM+@Example.org"):
        assert has_enough_mail(address, at)
    for address in ("victims@example.org", "victim@example.com", "_ictim@example.org", "+9@example.org"):
        assert not has_enough_mail(address, at)
