from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hallway.finding.indexing import index_people
from hallway.finding.queries import results
from hallway.gathering.attendance.queries import registrations_visible_to
from hallway.gathering.communities.queries import shown_members
from hallway.kit import export, trail
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow, FactScope
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people import queries
from hallway.people.actions import (
    block_person,
    blocks,
    change_profile,
    give_page_back,
    hide_page,
    leave_hallway,
    merge_persons,
    publish_persons,
    unblock_person,
)
from hallway.people.models import Person, PersonBlock
from tests.factories import AdmissionFactory, MembershipFactory, PersonFactory, RegistrationFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Person, Person]:
    return PersonFactory(name="Thandi"), PersonFactory(name="Piet")


def pairs() -> set[tuple[int, int]]:
    return set(PersonBlock.objects.values_list("blocker", "blocked"))


def test_block_is_mutual_and_is_made_once(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    other = PersonFactory()
    for days in (0, 1):
        block_person(person=piet, by=thandi, at=at + timedelta(days=days))
    assert PersonBlock.objects.get().since == at
    assert queries.blocked_with(thandi) == {piet.pk}
    assert queries.blocked_with(piet) == {thandi.pk}
    assert queries.blocked_with(other) == queries.blocked_with(None) == set()
    assert FactRow.objects.filter(kind="people.person_blocked").count() == 1


def test_blocked_with_is_one_query(pair: tuple[Person, Person], at: datetime, django_assert_num_queries: Any) -> None:
    thandi, piet = pair
    block_person(person=piet, by=thandi, at=at)
    block_person(person=thandi, by=piet, at=at)
    for _times in range(3):
        block_person(person=PersonFactory(), by=thandi, at=at)
    with django_assert_num_queries(1):
        assert len(queries.blocked_with(thandi)) == 4


def test_neither_finds_the_others_page_and_everybody_else_does(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    block_person(person=piet, by=thandi, at=at)
    assert set(queries.visible_to(thandi)) == {thandi}
    assert set(queries.visible_to(piet)) == {piet}
    administrator = PersonFactory(is_administrator=True)
    assert {thandi, piet} <= set(queries.visible_to(None)) & set(queries.visible_to(administrator))


def test_unblock_takes_only_ones_own_block_back(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    block_person(person=piet, by=thandi, at=at)
    block_person(person=thandi, by=piet, at=at)
    unblock_person(person=piet, by=thandi, at=at)
    unblock_person(person=piet, by=thandi, at=at)
    assert pairs() == {(piet.pk, thandi.pk)}
    assert queries.blocked_with(thandi) == {piet.pk}
    assert FactRow.objects.filter(kind="people.person_unblocked").count() == 1


def test_only_the_trail_of_the_one_who_blocked_shows_it(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    block_person(person=piet, by=thandi, at=at)
    unblock_person(person=piet, by=thandi, at=at)
    assert set(FactScope.objects.values_list("key", flat=True)) == {f"person:{thandi.pk}"}
    said = [entry.sentence for entry in trail.entries(f"person:{thandi.pk}")]
    assert said == ["Thandi took a block back", "Thandi blocked somebody"]
    assert trail.entries(f"person:{piet.pk}") == []


def test_only_the_one_who_blocked_takes_it_along(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    block_person(person=piet, by=thandi, at=at)
    mine = export.CONTRIBUTORS["people"](thandi).data["people_you_blocked"]
    assert mine == [{"blocked__name": "Piet", "blocked__slug": piet.slug, "since": at}]
    for function in export.CONTRIBUTORS.values():
        assert "Thandi" not in str(function(piet))


def test_block_is_for_those_who_signed_in(pair: tuple[Person, Person], at: datetime) -> None:
    for by in (Visitor("4b0d8f52-0000-4000-8000-000000000000"), SystemPerson("tests"), Person()):
        with pytest.raises(NotAllowed) as refused:
            block_person(person=pair[1], by=by, at=at)
        assert refused.value.code == "person.block_sign_in"
        with pytest.raises(NotAllowed):
            unblock_person(person=pair[1], by=by, at=at)


def test_nobody_blocks_themselves(pair: tuple[Person, Person], at: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        block_person(person=pair[0], by=pair[0], at=at)
    assert refused.value.code == "person.block_oneself"
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonBlock.objects.create(blocker=pair[0], blocked=pair[0], since=at)


def test_nobody_blocks_somebody_who_is_gone(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    leave_hallway(person=piet, by=piet, at=at)
    with pytest.raises(Refusal) as refused:
        block_person(person=piet, by=thandi, at=at)
    assert refused.value.code == "person.gone"
    never = PersonFactory.build(pk=987_654)
    with pytest.raises(Refusal) as refused:
        block_person(person=never, by=thandi, at=at)
    assert refused.value.code == "person.gone"
    assert pairs() == set()


def test_blocks_have_a_pace(pair: tuple[Person, Person], at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST_A_DAY", 1)
    block_person(person=pair[1], by=pair[0], at=at)
    with pytest.raises(Refusal) as refused:
        block_person(person=PersonFactory(), by=pair[0], at=at)
    assert refused.value.code == "pace.too_often"


def test_blocks_go_with_whoever_leaves(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    other = PersonFactory()
    block_person(person=piet, by=thandi, at=at)
    block_person(person=thandi, by=piet, at=at)
    block_person(person=other, by=piet, at=at)
    leave_hallway(person=thandi, by=thandi, at=at)
    assert pairs() == {(piet.pk, other.pk)}


def test_merged_entries_keep_their_blocks(pair: tuple[Person, Person], at: datetime) -> None:
    keep, gone = pair
    both, only_gone, onto_both, onto_gone = (PersonFactory() for _number in range(4))
    for by, person in (
        (keep, both), (gone, both), (gone, only_gone), (onto_both, keep), (onto_both, gone), (onto_gone, gone),
        (keep, gone), (gone, keep),
    ):  # fmt: skip
        block_person(person=person, by=by, at=at)
    merge_persons(keep=keep, gone=gone, by=SystemPerson("tests"), at=at)
    assert pairs() == {
        (keep.pk, both.pk), (keep.pk, only_gone.pk), (onto_both.pk, keep.pk), (onto_gone.pk, keep.pk)
    }  # fmt: skip


def test_search_and_lists_leave_out_whom_a_block_keeps_apart(pair: tuple[Person, Person], at: datetime) -> None:
    thandi, piet = pair
    admission = AdmissionFactory()
    for person in pair:
        index_people([person.pk])
        MembershipFactory(community=admission.event.community, person=person, shown_at=at)
        RegistrationFactory(admission=admission, person=person, shown="everybody")
    block_person(person=piet, by=thandi, at=at)
    event = admission.event
    for one, other in ((thandi, piet), (piet, thandi)):
        assert not found(other.name, one) and found(other.name, None) and found(one.name, one)
        assert [row.person for row in shown_members(event.community, one)] == [one]
        assert [row.person for row in registrations_visible_to(one, event)] == [one]
    assert shown_members(event.community).count() == 2
    team = TeamRoleFactory(community=event.community, person=thandi).person
    assert registrations_visible_to(team, event).count() == 2, "the team, at its work, sees everybody"


def found(words: str, reader: Person | None) -> bool:
    return any(part.kind == "person" for part in results(words, reader=reader))


# --- pages an administrator takes from the public
def test_hidden_page_is_read_by_nobody_until_it_is_given_back(pair: tuple[Person, Person], at: datetime) -> None:
    administrator, person = PersonFactory(is_administrator=True), pair[0]
    for _times in range(2):
        hide_page(person=person, by=administrator, at=at)
    person.refresh_from_db()
    assert (person.public_at, person.hidden_at) == (None, at)
    assert person not in queries.visible_to(None)
    with pytest.raises(Refusal) as refused:
        change_profile(person=person, changes={"public": True}, by=person, at=at)
    assert (refused.value.code, refused.value.field) == ("person.page_hidden", "public")
    change_profile(person=person, changes={"public": False, "tagline": "Still here"}, by=person, at=at)
    assert publish_persons(person_ids=[person.pk], by=SystemPerson("tests"), at=at) == []
    for _times in range(2):
        give_page_back(person=person, by=SystemPerson("tests"), at=at)
    person.refresh_from_db()
    assert (person.public_at, person.hidden_at) == (at, None)
    assert FactRow.objects.filter(kind="people.page_hidden").count() == 2


def test_only_administrators_hide_a_page_and_only_of_who_is_there(pair: tuple[Person, Person], at: datetime) -> None:
    for by in pair:
        with pytest.raises(NotAllowed):
            hide_page(person=pair[0], by=by, at=at)
    leave_hallway(person=pair[1], by=pair[1], at=at)
    hide_page(person=pair[1], by=SystemPerson("tests"), at=at)
    assert Person.objects.get(pk=pair[1].pk).hidden_at is None
