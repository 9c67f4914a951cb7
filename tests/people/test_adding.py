from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.actions import NewPerson, add_person, add_persons_in_bulk, change_unclaimed, publish_persons
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
IMPORTER = SystemPerson("importer")


def test_add_person_never_merges_by_name(at: datetime) -> None:
    first = add_person(name="Naledi Mokoena", by=IMPORTER, at=at)
    second = add_person(name="Naledi Mokoena", by=PersonFactory(), at=at, public=False)
    assert (first.slug, second.slug) == ("naledi-mokoena", "naledi-mokoena-2")
    assert first.public_at == at
    assert second.public_at is None
    assert first.claimed_at is None
    assert not first.has_usable_password()


def test_add_persons_in_bulk_keeps_order_and_gives_free_addresses(at: datetime) -> None:
    PersonFactory(slug="ines-macuacua")
    names = ["Inês Macuácua", "李娜", "Inês Macuácua", "Bo", "Bo"]
    made = add_persons_in_bulk(persons=[NewPerson(name) for name in names], by=IMPORTER, at=at)
    assert [person.name for person in made] == names
    assert [person.slug for person in made] == [
        "ines-macuacua-2", "person", "ines-macuacua-3", "bo-person", "bo-person-2",
    ]  # fmt: skip
    assert add_persons_in_bulk(persons=[], by=IMPORTER, at=at) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_add_person_refuses_a_name_nobody_can_have(name: str, at: datetime) -> None:
    with pytest.raises(Refusal, match=r"people\.name_length"):
        add_person(name=name, by=IMPORTER, at=at)


def test_add_person_refused_to_visitors(at: datetime) -> None:
    with pytest.raises(NotAllowed, match=r"people\.cannot_add"):
        add_person(name="Naledi", by=Visitor("d"), at=at)


def test_publish_persons_opens_only_pages_of_people_who_are_here(at: datetime) -> None:
    hidden = PersonFactory(public_at=None)
    left = PersonFactory(public_at=None, left_at=at)
    assert publish_persons(person_ids=[hidden.pk, left.pk], by=IMPORTER, at=at) == [hidden.pk]
    assert publish_persons(person_ids=[hidden.pk], by=IMPORTER, at=at) == []


@pytest.mark.parametrize("field", ["email", "is_administrator", "created_at"])
def test_change_unclaimed_corrects_a_page_nobody_owns(field: str, at: datetime) -> None:
    known = PersonFactory(claimed_at=None, name="Naledi")
    change_unclaimed(person=known, changes={"name": "Naledi", "tagline": ""}, by=IMPORTER, at=at)
    assert not FactRow.objects.exists()
    change_unclaimed(person=known, changes={"name": "Naledi Mokoena"}, by=IMPORTER, at=at)
    known.refresh_from_db()
    assert (known.name, FactRow.objects.get().kind) == ("Naledi Mokoena", "people.person_changed")
    with pytest.raises(ValueError, match=field):
        change_unclaimed(person=known, changes={field: True}, by=IMPORTER, at=at)


def test_change_unclaimed_refused_once_somebody_owns_the_page(at: datetime) -> None:
    owner = PersonFactory()
    with pytest.raises(Refusal, match=r"people\.claimed"):
        change_unclaimed(person=owner, changes={"tagline": "Speaks"}, by=IMPORTER, at=at)
