from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from hallway.finding import indexing
from hallway.finding.models import SearchEntry
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk
from tests.factories import (
    CommunityFactory,
    EventFactory,
    PersonFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TalkFactory,
)

pytestmark = pytest.mark.django_db


def given_talk() -> Talk:
    talk: Talk = TalkFactory(
        title={"en": "Asyncio", "fr": "L’asynchrone"}, subtitle={"en": "Loops"}, abstract={"en": "An abstract"},
        description={"fr": "Une très longue histoire"}, tags=["py3"],
    )  # fmt: skip
    SpeakingFactory(talk=talk, person=PersonFactory(name="Mei Tanaka"))
    SlotFactory(session=SessionFactory(talk=talk, event=EventFactory(slug="jozi-conf", title={"en": "Jozi Conf"})))
    return talk


@pytest.mark.parametrize(
    "word", ["asyncio", "l'asynchrone", "loops", "abstract", "tres longue", "py3", "tanaka", "jozi"]
)
def test_talk_is_known_by_all_its_words(word: str) -> None:
    indexing.index_talks([given_talk().pk])
    assert word in SearchEntry.objects.get().folded


def test_talk_is_found_where_it_was_last_given() -> None:
    talk = given_talk()
    later = datetime(2027, 1, 1, 10, tzinfo=UTC)
    again = SlotFactory(session=SessionFactory(talk=talk), starts_at=later, ends_at=later + timedelta(hours=1)).session
    indexing.index_talks([talk.pk])
    entry = SearchEntry.objects.get()
    assert entry.url == f"/e/{again.event.slug}/sessions/{again.pk}-{again.slug}/"
    assert (entry.at, entry.zone) == (later, "Africa/Johannesburg")


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Talk, {"hidden_at": datetime(2026, 1, 1, tzinfo=UTC)}),
        (Talk, {"public_at": None}),
        (Session, {"hidden_at": datetime(2026, 1, 1, tzinfo=UTC)}),
        (Event, {"hidden_at": datetime(2026, 1, 1, tzinfo=UTC)}),
    ],
)
def test_talk_that_is_no_longer_public_has_no_entry(
    model: type[Talk | Session | Event], change: dict[str, datetime | None]
) -> None:
    talk = given_talk()
    indexing.index_talks([talk.pk])
    model._default_manager.update(**change)
    indexing.index_talks([talk.pk])
    assert not SearchEntry.objects.exists()


def test_joining_details_and_private_people_are_never_among_the_words() -> None:
    event = EventFactory(joining={"en": "Passcode 4821"})
    indexing.index_events([event.pk])
    indexing.index_people([PersonFactory(public_at=None).pk])
    entry = SearchEntry.objects.get()
    assert entry.kind == "event"
    assert "4821" not in entry.folded


def test_everything_is_indexed_anew_by_the_command() -> None:
    given_talk()
    CommunityFactory(name="Quai des devs")
    call_command("reindex")
    kinds = {kind: SearchEntry.objects.filter(kind=kind).count() for kind in SearchEntry.Kind.values}
    assert kinds == {
        "talk": 1,
        "person": Person.objects.exclude(public_at=None).count(),
        "community": Community.objects.count(),
        "event": 1,
        "question": 0,
        "product": 0,
    }
