"""The real past programme is shown as facts and nothing else."""

from __future__ import annotations

import pytest

from hallway.kit import clock
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.site.demo import real
from hallway.site.demo.people import WHO
from tests.factories import PersonFactory


@pytest.mark.django_db
def test_past_programme_is_titles_speakers_and_times_only() -> None:
    people = {WHO["admin"]: PersonFactory(is_administrator=True)}
    event = real.show_past_programme(people, clock.now())
    assert event.credit == real.CREDIT
    sessions = Session.objects.filter(event=event).select_related("talk")
    assert sessions.count() > 40
    for session in sessions:
        assert session.abstract == {}
        assert (session.recording_url, session.origin_url) == ("", "")
        if session.talk:
            talk = session.talk
            assert (talk.abstract, talk.description, talk.subtitle, talk.tags, talk.links) == ({}, {}, {}, [], [])
    invented = set(Person.objects.exclude(claimed_at=None).values_list("pk", flat=True))
    for person in Person.objects.filter(talks__sessions__event=event).distinct():
        assert person.pk not in invented
        assert (person.biography, person.links, person.tagline, person.email) == ({}, [], "", None)
