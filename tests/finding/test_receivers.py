from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from hallway.finding import queries
from hallway.finding.models import SearchEntry
from hallway.gathering.communities.actions import edit_community
from hallway.gathering.events.actions import cancel_event, publish_event, unpublish_event
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.sweeps import deliver_facts
from hallway.people.facts import PersonChanged
from hallway.programme.schedule.actions import NewSession, NewSlot, add_sessions_in_bulk, release_schedule
from hallway.programme.talks.actions import edit_talk
from tests.factories import EventFactory, SlotFactory, SpeakingFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("tests")


def found(text: str) -> list[str]:
    deliver_facts()
    return [entry.kind for part in queries.results(text) for entry in part.entries]


def test_entry_comes_and_goes_with_what_is_public(at: datetime) -> None:
    later = at + timedelta(days=9)
    fields = {"title": {"en": "Marula evening"}, "starts_at": later, "ends_at": later + timedelta(hours=2)}
    event = EventFactory(**fields, state="draft", public_at=None)
    assert found("marula") == []
    publish_event(event=event, by=SYSTEM, at=at)
    assert found("marula") == ["event"]
    unpublish_event(event=event, by=SYSTEM, at=at)
    assert found("marula") == []


def test_talk_and_its_speakers_follow_what_changed_about_either(at: datetime) -> None:
    speaking = SpeakingFactory(person__name="Naledi Mokoena")
    SlotFactory(session__talk=speaking.talk)
    edit_talk(talk=speaking.talk, changes={"abstract": {"en": "About baobabs."}}, by=SYSTEM, at=at)
    assert found("baobabs") == ["talk"]
    speaking.person.name = "Naledi Were"
    speaking.person.save()
    announce(PersonChanged(person_id=speaking.person_id), by=SYSTEM, at=at)
    assert found("were") == ["talk", "person"]


def test_release_makes_its_talks_findable(at: datetime) -> None:
    event, talk = EventFactory(), SpeakingFactory(talk__title={"en": "Quagga lines"}).talk
    slot = NewSlot(event.starts_at, event.ends_at, None)
    add_sessions_in_bulk(event=event, sessions=[NewSession(kind="talk", talk=talk, slots=[slot])], by=SYSTEM, at=at)
    assert found("quagga") == []
    release_schedule(event=event, by=SYSTEM, at=at)
    assert found("quagga") == ["talk"]


def test_events_and_talks_follow_the_name_of_their_community(at: datetime) -> None:
    role = TeamRoleFactory()
    EventFactory(community=role.community)
    edit_community(community=role.community, changes={"name": "Msasa Makers"}, by=role.person, at=at)
    assert sorted(found("msasa")) == ["community", "event"]


def test_reindex_builds_all_entries_anew(at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    event = EventFactory(title={"en": "Marula evening"})
    cancel_event(event=event, reason={}, by=SYSTEM, at=at)
    SearchEntry.objects.all().delete()
    call_command("reindex")
    assert capsys.readouterr().out == "2 things can be found.\n"
    assert found("marula") == ["event"]
