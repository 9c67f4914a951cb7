from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.notices.actions import send_notice
from hallway.people import queries, sweeps
from hallway.people.actions import (
    invite_to_claim,
    know_by_address,
    leave_hallway,
    meeting,
    merge_persons,
    open_account,
)
from hallway.people.models import Person
from tests.factories import PersonFactory
from tests.notices.test_adapter import ask, hand_in, newest_code

pytestmark = pytest.mark.django_db

LINK = SystemPerson("mailed link")


def known(at: datetime, email: str = "thabo@example.org", name: str = "Thabo Nel", language: str = "fr") -> Person:
    return know_by_address(email=email, name=name, language=language, by=LINK, at=at)


def test_know_by_address_makes_somebody_without_account_and_page(at: datetime) -> None:
    PersonFactory(slug="thabo-nel")
    person = know_by_address(
        email=" Thabo@Example.org", name=" Thabo  Nel ", language="fr-CH", by=Visitor("device"), at=at
    )
    assert (person.name, person.slug, person.email) == ("Thabo Nel", "thabo-nel-2", "thabo@example.org")
    assert (person.claimed_at, person.public_at, person.page_language) == (None, None, "fr")
    assert not person.has_usable_password()
    assert EmailAddress.objects.values_list("email", "verified", "primary").get() == ("thabo@example.org", True, True)
    assert not queries.visible_to(None).filter(pk=person.pk).exists()
    assert known(at, name="Somebody Else") == person
    assert Person.objects.get(pk=person.pk).name == "Thabo Nel"
    assert [row.kind for row in FactRow.objects.all()] == ["people.person_met"]


def test_know_by_address_finds_an_account_by_any_confirmed_address(at: datetime) -> None:
    person = PersonFactory()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    EmailAddress.objects.create(user=person, email="work@example.org", verified=True)
    EmailAddress.objects.create(user=person, email="unsure@example.org", verified=False)
    assert known(at, person.email.upper()) == known(at, "Work@example.org", name="") == person
    assert known(at, "unsure@example.org") != person
    assert FactRow.objects.count() == 1


def test_know_by_address_confirms_an_address_that_was_only_said(at: datetime) -> None:
    person = PersonFactory()
    assert known(at, person.email) == person
    assert EmailAddress.objects.get(user=person).verified
    EmailAddress.objects.update(verified=False)
    known(at, person.email)
    assert EmailAddress.objects.get(user=person).verified


def test_know_by_address_names_whoever_asked_for_a_code_and_never_came(at: datetime) -> None:
    person = open_account(email="thabo@example.org", by=LINK, at=at)
    assert known(at) == person
    person.refresh_from_db()
    assert (person.name, person.slug, person.claimed_at) == ("Thabo Nel", "thabo-nel", None)
    assert EmailAddress.objects.get(user=person).verified
    Person.objects.filter(pk=person.pk).update(name="", page_language="")
    known(at, name="Thabo M. Nel", language="en")
    person.refresh_from_db()
    assert (person.name, person.slug, person.page_language) == ("Thabo M. Nel", "thabo-nel", "en")


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_know_by_address_refuses_a_name_nobody_can_have(name: str, at: datetime) -> None:
    with pytest.raises(Refusal, match=r"people\.name_length") as refused:
        known(at, name=name)
    assert refused.value.field == "name"
    assert not Person.objects.exists()


def test_know_by_address_refused_for_a_closed_account(at: datetime) -> None:
    PersonFactory(email="thabo@example.org", is_active=False)
    with pytest.raises(Refusal, match=r"person\.closed"):
        known(at)


@pytest.mark.parametrize("other", ["known", "account"])
def test_know_by_address_made_by_another_process_in_the_same_instant(
    other: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is made between our look and our row: while we wait for the lock, or without it."""
    before = meeting.free_slug if other == "account" else meeting.one_at_a_time
    made: list[Person] = []

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        monkeypatch.undo()
        make = known if other == "known" else lambda at: open_account(email="thabo@example.org", by=LINK, at=at)
        made.append(make(at))
        return before(*arguments, **named)

    monkeypatch.setattr(meeting, before.__name__, meanwhile)
    assert [known(at)] == made
    assert Person.objects.get().name == "Thabo Nel"


def test_know_by_address_then_sign_in_by_code_is_the_same_person(client: Client, at: datetime) -> None:
    cache.clear()
    person = known(at)
    ask(client, "Thabo@example.org")
    assert hand_in(client, newest_code()).url == "/me/", "the name is known already"
    assert int(client.session["_auth_user_id"]) == person.pk
    assert Person.objects.get().claimed_at is not None
    assert FactRow.objects.filter(kind="people.person_arrived").count() == 1
    assert known(at) == person


def test_know_by_address_is_not_forgotten_with_empty_accounts(at: datetime) -> None:
    open_account(email="thabo@example.org", by=LINK, at=at)
    person, other = known(at), known(at, "naledi@example.org", name="Naledi Mokoena")
    with time_machine.travel(at + timedelta(days=40), tick=False):
        assert sweeps.forget_empty_accounts() == 0
    assert set(Person.objects.all()) == {person, other}


def test_know_by_address_takes_everything_out_and_leaves(at: datetime) -> None:
    person = known(at)
    taken = json.dumps(queries.own_data(person).data, default=str)
    assert "thabo@example.org" in taken
    leave_hallway(person=person, by=person, at=at)
    assert not EmailAddress.objects.exists()
    again = known(at)
    assert again.pk != person.pk


def test_know_by_address_merged_into_a_speaker_brings_the_mail(at: datetime) -> None:
    speaker = PersonFactory(email=None, claimed_at=None, page_language="")
    person = known(at)
    kept = merge_persons(keep=speaker, gone=person, by=LINK, at=at)
    assert (kept.email, kept.page_language) == ("thabo@example.org", "fr")
    assert EmailAddress.objects.values_list("user", "verified", "primary").get() == (kept.pk, True, True)
    assert known(at) == kept
    assert send_notice(to_person=kept, template="notices/test_mail", context={}, by=LINK, at=at) is not None


def test_know_by_address_is_nobodys_page_to_take_over(client: Client, at: datetime) -> None:
    administrator, person = PersonFactory(is_administrator=True), known(at)
    with pytest.raises(Refusal, match=r"claim\.has_address"):
        invite_to_claim(person=person, address="thief@example.org", by=administrator, at=at)
    client.force_login(administrator)
    speaker = PersonFactory(email=None, claimed_at=None)
    assert "/invite/" in client.get(f"/p/{speaker.slug}/").content.decode()
    assert "/invite/" not in client.get(f"/p/{person.slug}/").content.decode()
