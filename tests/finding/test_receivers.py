from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hallway.finding import queries
from hallway.finding.models import SearchEntry
from hallway.gathering.attendance.actions import change_admission, confirm_coming, register
from hallway.gathering.communities.actions import edit_community, hide_community
from hallway.gathering.events.actions import add_room, cancel_event, edit_event, publish_event, unpublish_event
from hallway.kit import sweeps
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.models import Delivery
from hallway.people.facts import PersonChanged
from hallway.programme.schedule.actions import NewSession, NewSlot, add_sessions_in_bulk, release_schedule
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Talk
from hallway.sharing.feedback.actions import give_feedback, release_feedback
from hallway.sharing.takeaways.actions import share_takeaway, write_shared_notes
from tests.exchange.stored import bring_in, event_of
from tests.factories import (
    AdmissionFactory,
    EventFactory,
    PersonFactory,
    SlotFactory,
    SpeakingFactory,
    TeamRoleFactory,
)

pytestmark = pytest.mark.django_db
HERE = SystemPerson("tests")


def _kinds() -> dict[str, int]:
    kinds = list(SearchEntry.objects.values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in kinds}


def test_an_import_is_indexed_in_one_go() -> None:
    bring_in()
    with CaptureQueriesContext(connection) as done:
        sweeps.deliver_facts()
    writes = [query["sql"] for query in done if query["sql"].startswith('INSERT INTO "finding_searchentry"')]
    assert len(writes) == 4  # communities, events, talks, people: however many facts told of them
    assert _kinds()["talk"] == 3
    assert not Delivery.objects.filter(done_at=None, receiver__contains="finding").exists()


def test_a_room_is_nothing_to_search_for(at: datetime) -> None:
    event = event_of(bring_in())
    Delivery.objects.all().delete()
    add_room(event=event, name="Attic", by=HERE, at=at)
    assert not Delivery.objects.exists()


def test_who_comes_and_what_they_say_to_others_is_nothing_to_search_for(at: datetime) -> None:
    session = SlotFactory(starts_at=at - timedelta(minutes=30), ends_at=at + timedelta(minutes=15)).session
    SpeakingFactory(talk=session.talk)
    admission = AdmissionFactory(event=session.event)
    organiser, person = TeamRoleFactory(community=session.event.community).person, PersonFactory()
    Delivery.objects.all().delete()
    registration = register(admission=admission, person=person, by=person, at=at)
    confirm_coming(registration=registration, by=person, at=at)
    change_admission(admission=admission, changes={"extra": 3}, by=organiser, at=at)
    given = give_feedback(session=session, text="Kind", by=person, at=at)
    release_feedback(event=session.event, as_read=[(given.pk, given.revision)], by=organiser, at=at)
    share_takeaway(session=session, text="A thing", is_named=True, by=person, at=at)
    write_shared_notes(session=session, text="Ours", base=0, by=person, at=at)
    assert not Delivery.objects.filter(receiver__contains="finding").exists()


def test_a_new_title_of_an_event_shows_with_its_talks(at: datetime) -> None:
    event = event_of(bring_in())
    sweeps.deliver_facts()
    edit_event(event=event, changes={"title": {"en": "Another name"}}, by=HERE, at=at)
    sweeps.deliver_facts()
    talks = SearchEntry.objects.filter(kind="talk")
    assert ["Another name" in entry.detail["en"] for entry in talks] == [True, True, True]


def test_a_new_tagline_of_an_event_leaves_its_talks_alone(at: datetime) -> None:
    event = event_of(bring_in())
    sweeps.deliver_facts()
    SearchEntry.objects.filter(kind="talk").delete()
    edit_event(event=event, changes={"tagline": {"en": "Bring a friend"}}, by=HERE, at=at)
    sweeps.deliver_facts()
    assert "bring a friend" in SearchEntry.objects.get(kind="event").folded
    assert not SearchEntry.objects.filter(kind="talk").exists()


def test_talks_of_a_hidden_community_are_found_no_more(at: datetime) -> None:
    event = event_of(bring_in())
    sweeps.deliver_facts()
    assert _kinds()["talk"]
    hide_community(community=event.community, by=PersonFactory(is_administrator=True), at=at)
    sweeps.deliver_facts()
    assert {"talk", "event", "community"}.isdisjoint(_kinds())


# --- entries come, change and go with their things
def found(text: str) -> list[str]:
    sweeps.deliver_facts()
    return [entry.kind for part in queries.results(text) for entry in part.entries]


def test_entry_comes_and_goes_with_what_is_public(at: datetime) -> None:
    later = at + timedelta(days=9)
    fields = {"title": {"en": "Marula evening"}, "starts_at": later, "ends_at": later + timedelta(hours=2)}
    event = EventFactory(**fields, state="draft", public_at=None)
    assert found("marula") == []
    publish_event(event=event, by=HERE, at=at)
    assert found("marula") == ["event"]
    unpublish_event(event=event, by=HERE, at=at)
    assert found("marula") == []


def test_talk_and_its_speakers_follow_what_changed_about_either(at: datetime) -> None:
    speaking = SpeakingFactory(person__name="Naledi Mokoena")
    SlotFactory(session__talk=speaking.talk)
    edit_talk(talk=speaking.talk, changes={"abstract": {"en": "About baobabs."}}, by=HERE, at=at)
    assert found("baobabs") == ["talk"]
    speaking.person.name = "Naledi Were"
    speaking.person.save()
    announce(PersonChanged(person_id=speaking.person_id), by=HERE, at=at)
    assert found("were") == ["talk", "person"]


def test_release_makes_its_talks_findable(at: datetime) -> None:
    event, talk = EventFactory(), SpeakingFactory(talk__title={"en": "Quagga lines"}).talk
    slot = NewSlot(event.starts_at, event.ends_at, None)
    add_sessions_in_bulk(event=event, sessions=[NewSession(kind="talk", talk=talk, slots=[slot])], by=HERE, at=at)
    assert found("quagga") == []
    release_schedule(event=event, by=HERE, at=at)
    assert found("quagga") == ["talk"]


def test_events_and_talks_follow_the_name_of_their_community(at: datetime) -> None:
    role = TeamRoleFactory()
    EventFactory(community=role.community)
    edit_community(community=role.community, changes={"name": "Msasa Makers"}, by=role.person, at=at)
    assert sorted(found("msasa")) == ["community", "event"]


def test_reindex_builds_all_entries_anew(at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    event = EventFactory(title={"en": "Marula evening"})
    cancel_event(event=event, reason={}, by=HERE, at=at)
    SearchEntry.objects.all().delete()
    call_command("reindex")
    assert capsys.readouterr().out == "2 things can be found.\n"
    assert found("marula") == ["event"]


def test_a_corrected_title_is_found_after_the_sweep(at: datetime) -> None:
    bring_in()
    sweeps.deliver_facts()
    talk = SearchEntry.objects.get(kind="talk", folded_title="ouverture").object_id
    edit_talk(talk=Talk.objects.get(pk=talk), changes={"title": {"fr": "Accueil"}}, by=HERE, at=at)
    sweeps.deliver_facts()
    assert SearchEntry.objects.get(kind="talk", object_id=talk).folded_title == "accueil"
