from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.models import FactScope, Revision
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Speaking
from tests.factories import PersonFactory, SessionFactory, SpeakingFactory, TalkFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("people")


def tags() -> set[str]:
    return set(Revision.objects.values_list("key", flat=True))


def test_person_left_erases_texts_of_their_own_talks_only(at: datetime) -> None:
    gone, stays = PersonFactory(), PersonFactory()
    alone, together = TalkFactory(), TalkFactory(written_by=gone.actor_key)
    for talk, person in ((alone, gone), (together, gone), (together, stays)):
        SpeakingFactory(talk=talk, person=person)
    session = SessionFactory(talk=alone)
    release = session.event.releases.create(number=1, version="1", released_at=at, released_by=gone)
    with transaction.atomic():
        announce(PersonLeft(person_id=gone.pk), by=SYSTEM, at=at)
    alone.refresh_from_db()
    together.refresh_from_db()
    assert (alone.abstract, alone.withdrawn_at) == ({}, at)
    assert alone.title
    assert together.abstract
    assert together.written_by == ""
    assert list(Speaking.objects.values_list("person_id", flat=True)) == [stays.pk]
    release.refresh_from_db()
    assert release.released_by is None
    assert {f"event:{session.event_id}", f"talk:{alone.pk}", f"person:{gone.pk}", "talks"} <= tags()


def test_persons_merged_moves_talks_once(at: datetime) -> None:
    gone, stays = PersonFactory(), PersonFactory()
    theirs, both = TalkFactory(written_by=gone.actor_key), TalkFactory()
    for talk, person in ((theirs, gone), (both, gone), (both, stays)):
        SpeakingFactory(talk=talk, person=person)
    session = SessionFactory(talk=theirs)
    release = session.event.releases.create(number=1, version="1", released_at=at, released_by=gone)
    with transaction.atomic():
        announce(PersonsMerged(person_id=stays.pk, gone_id=gone.pk), by=SYSTEM, at=at)
    assert set(Speaking.objects.values_list("talk_id", "person_id")) == {(theirs.pk, stays.pk), (both.pk, stays.pk)}
    theirs.refresh_from_db()
    release.refresh_from_db()
    assert theirs.written_by == stays.actor_key
    assert release.released_by == stays
    assert f"event:{session.event_id}" in tags()


def test_person_changed_makes_their_programmes_old(at: datetime) -> None:
    session = SessionFactory()
    person = SpeakingFactory(talk=session.talk).person
    with transaction.atomic():
        announce(PersonChanged(person_id=person.pk), by=SYSTEM, at=at)
    assert f"event:{session.event_id}" in tags()


def test_edit_talk_shows_in_the_trail_of_its_events(at: datetime) -> None:
    session = SessionFactory()
    edit_talk(talk=session.talk, changes={"title": {"en": "New"}}, by=SYSTEM, at=at)
    assert FactScope.objects.filter(key=f"event:{session.event_id}", fact__kind="talks.talk_changed").exists()
    assert {f"event:{session.event_id}", f"talk:{session.talk_id}"} <= tags()
