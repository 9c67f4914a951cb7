from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hallway.finding.models import SearchEntry
from hallway.gathering.communities.actions import hide_community
from hallway.gathering.events.actions import add_room, edit_event
from hallway.kit import sweeps
from hallway.kit.actors import SystemPerson
from hallway.kit.models import Delivery
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Talk
from tests.exchange.stored import bring_in, event_of
from tests.factories import PersonFactory

HERE = SystemPerson("tests")


def _kinds() -> dict[str, int]:
    kinds = list(SearchEntry.objects.values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in kinds}


@pytest.mark.django_db
def test_an_import_is_indexed_in_one_go() -> None:
    bring_in()
    with CaptureQueriesContext(connection) as done:
        sweeps.deliver_facts()
    writes = [query["sql"] for query in done if query["sql"].startswith('INSERT INTO "finding_searchentry"')]
    assert len(writes) == 4  # communities, events, talks, people: however many facts told of them
    assert _kinds()["talk"] == 3
    assert not Delivery.objects.filter(done_at=None, receiver__contains="finding").exists()


@pytest.mark.django_db
def test_a_room_is_nothing_to_search_for(at: datetime) -> None:
    event = event_of(bring_in())
    Delivery.objects.all().delete()
    add_room(event=event, name="Attic", by=HERE, at=at)
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_new_title_of_an_event_shows_with_its_talks(at: datetime) -> None:
    event = event_of(bring_in())
    sweeps.deliver_facts()
    edit_event(event=event, changes={"title": {"en": "Another name"}}, by=HERE, at=at)
    sweeps.deliver_facts()
    talks = SearchEntry.objects.filter(kind="talk")
    assert ["Another name" in entry.detail["en"] for entry in talks] == [True, True, True]


@pytest.mark.django_db
def test_a_new_tagline_of_an_event_leaves_its_talks_alone(at: datetime) -> None:
    event = event_of(bring_in())
    sweeps.deliver_facts()
    SearchEntry.objects.filter(kind="talk").delete()
    edit_event(event=event, changes={"tagline": {"en": "Bring a friend"}}, by=HERE, at=at)
    sweeps.deliver_facts()
    assert "bring a friend" in SearchEntry.objects.get(kind="event").folded
    assert not SearchEntry.objects.filter(kind="talk").exists()


@pytest.mark.django_db
def test_talks_of_a_hidden_community_are_found_no_more(at: datetime) -> None:
    event = event_of(bring_in())
    sweeps.deliver_facts()
    assert _kinds()["talk"]
    hide_community(community=event.community, by=PersonFactory(is_administrator=True), at=at)
    sweeps.deliver_facts()
    assert {"talk", "event", "community"}.isdisjoint(_kinds())


@pytest.mark.django_db
def test_a_corrected_title_is_found_after_the_sweep(at: datetime) -> None:
    bring_in()
    sweeps.deliver_facts()
    talk = SearchEntry.objects.get(kind="talk", folded_title="ouverture").object_id
    edit_talk(talk=Talk.objects.get(pk=talk), changes={"title": {"fr": "Accueil"}}, by=HERE, at=at)
    sweeps.deliver_facts()
    assert SearchEntry.objects.get(kind="talk", object_id=talk).folded_title == "accueil"
