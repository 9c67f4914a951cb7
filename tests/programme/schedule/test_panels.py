"""What the schedule puts on covers, cards and rows of events and communities."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event, Host
from hallway.kit.actors import SystemPerson
from hallway.kit.models import Revision
from hallway.programme.schedule.actions import NewSession, NewSlot, add_sessions_in_bulk, release_schedule
from hallway.programme.schedule.art import art_of, year_of
from hallway.programme.talks.actions import NewTalk, edit_talk, write_talks_in_bulk
from tests.factories import CommunityFactory, EventFactory, PersonFactory, RoomFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")
MINUTE = timedelta(minutes=1)


def evening(community: Community, at: datetime, lengths: list[int], *, rooms: int = 1) -> Event:
    """A public event with talks one after the other, a break after the first, in as many rooms by turns."""
    event = EventFactory(community=community, starts_at=at, ends_at=at + timedelta(hours=4))
    places = [RoomFactory(event=event, name=f"Room {n}") for n in range(rooms)]
    new = [
        NewTalk(title={"en": f"Talk {n}"}, speakers=[PersonFactory(name=f"Speaker {n}")]) for n in range(len(lengths))
    ]
    talks, begin, sessions = write_talks_in_bulk(talks=new, by=SYSTEM, at=at), at, []
    for number, (talk, minutes) in enumerate(zip(talks, lengths, strict=True)):
        place = places[number % rooms]
        sessions.append(NewSession(kind="talk", talk=talk, slots=[NewSlot(begin, begin + minutes * MINUTE, place)]))
        begin += minutes * MINUTE
        if not number:
            pause = NewSlot(begin, begin + 15 * MINUTE, place)
            sessions.append(NewSession(kind="break", title={"en": "Tea"}, plenum=True, slots=[pause]))
            begin += 15 * MINUTE
    add_sessions_in_bulk(event=event, sessions=sessions, by=SYSTEM, at=at)
    release_schedule(event=event, by=SYSTEM, at=at)
    return event


def test_an_evening_is_drawn_as_doors_as_wide_as_its_talks(at: datetime) -> None:
    drawing = art_of(evening(CommunityFactory(), at, [40, 20]))
    assert drawing is not None
    assert drawing.are_doors
    long, short = drawing.bars
    assert long.width > 1.8 * short.width
    assert (long.y, short.y > 0) == (0, True)
    assert short.x + short.width <= drawing.width
    assert [len(stripe.moments) for stripe in drawing.stripes] == [2]


def test_several_rooms_are_drawn_as_a_grid_with_the_moments_of_each_day(client: Client, at: datetime) -> None:
    event = evening(CommunityFactory(), at, [30, 30, 30], rooms=2)
    drawing = art_of(event)
    assert drawing is not None
    assert not drawing.are_doors
    [stripe] = drawing.stripes
    assert len(stripe.moments) == 4
    page = client.get(f"/e/{event.slug}/").content.decode()
    assert f'data-moments="{int(at.timestamp())} ' in page
    assert re.search(r'<script type="module" src="[^"]*schedule/now', page)


def test_the_doors_of_a_community_are_higher_the_more_talks(client: Client, at: datetime) -> None:
    community = CommunityFactory()
    assert year_of(community, at) == []
    for months, lengths in ((2, [20]), (1, [20, 20]), (0, [20] * 8)):
        evening(community, at - timedelta(days=30 * months), lengths)
    EventFactory(community=community, starts_at=at - timedelta(days=95), ends_at=at - timedelta(days=95))
    months = year_of(community, at)
    assert [month.talks for month in months][-3:] == [1, 2, 8]
    heights = [month.height for month in months]
    assert heights == sorted(heights)
    assert (months[-4].events, months[-4].talks) == (1, 0)
    evening(community, at + timedelta(days=30), [20, 20])
    assert [month.talks for month in year_of(community, at)][-3:] == [2, 8, 2]
    with time_machine.travel(at):
        page = client.get(f"/c/{community.slug}/").content.decode()
    assert "Talks a month" in page
    assert "<td>8</td>" in page


def test_the_next_evening_names_its_talks_with_minutes_and_speakers(client: Client, at: datetime) -> None:
    community = CommunityFactory()
    event = evening(community, at, [40, 20])
    with time_machine.travel(at + MINUTE):
        page = client.get(f"/c/{community.slug}/").content.decode()
    card = page[page.index('class="stack g3 evening"') :]
    first, second = card.index("Talk 0"), card.index("Talk 1")
    assert '<span class="live-dot">now</span>' in card[:first]
    assert ", 40 min" in card[first:second]
    assert "with Speaker 0" in card[first:second]
    assert "Tea" not in card
    assert "more talk" not in card
    assert f"/e/{event.slug}/sessions/" in card


def test_the_next_conference_names_what_comes_and_how_many_more(client: Client, at: datetime) -> None:
    community = CommunityFactory()
    evening(community, at, [20] * 9)
    with time_machine.travel(at + timedelta(hours=1)):
        page = client.get(f"/c/{community.slug}/").content.decode()
    assert "Talk 0" not in page
    assert page.count('class="row tight"') >= 3
    assert "6 more talks in the programme" in page


def test_rows_of_events_say_how_many_talks(client: Client, at: datetime) -> None:
    community = CommunityFactory()
    evening(community, at, [20])
    evening(community, at + timedelta(days=1), [20, 20])
    EventFactory(community=community, starts_at=at + timedelta(days=2), ends_at=at + timedelta(days=3))
    with time_machine.travel(at - MINUTE):
        page = client.get("/events/").content.decode()
    assert re.findall(r"<b>(\d+ talks?)</b>", page) == ["1 talk", "2 talks"]


def test_one_room_is_a_list_without_its_name_and_without_filters(client: Client, at: datetime) -> None:
    event = evening(CommunityFactory(), at, [20, 20])
    page = client.get(f"/e/{event.slug}/schedule/").content.decode()
    assert "Room 0" not in page[page.index('class="bytime"') :]
    assert 'name="shape"' not in page
    assert "<details" not in page[page.index('class="row tools"') : page.index('class="bytime"')]
    several = evening(CommunityFactory(), at, [20] * 9, rooms=2)
    page = client.get(f"/e/{several.slug}/schedule/").content.decode()
    assert 'name="shape"' in page
    assert '<option value="">Every room</option>' in page


def test_what_is_on_can_be_jumped_to_in_a_break_as_well(client: Client, at: datetime) -> None:
    event = evening(CommunityFactory(), at, [40, 20])
    address = f"/e/{event.slug}/schedule/?day=all"
    with time_machine.travel(at - MINUTE):
        assert 'href="#now"' not in client.get(address).content.decode()
    with time_machine.travel(at + 45 * MINUTE):
        page = client.get(address).content.decode()
    assert 'href="#now"' in page
    assert "Tea" in page[page.index('id="now"') :].split("</section>")[0]


def test_the_programme_names_all_hosts_as_the_event_does(client: Client, at: datetime) -> None:
    event = evening(CommunityFactory(), at, [20])
    guest = CommunityFactory(name="Guests")
    Host.objects.create(event=event, community=guest, invited_at=at, accepted_at=at)
    assert "Guests" in client.get(f"/e/{event.slug}/schedule/").content.decode()


def revision(community: Community) -> int:
    return Revision.objects.filter(key=f"community:{community.pk}").values_list("seq", flat=True).first() or 0


def test_a_release_and_a_better_title_make_the_communities_pages_old(at: datetime) -> None:
    community, guest = CommunityFactory(), CommunityFactory()
    before = revision(community)
    event = evening(community, at, [20])
    assert revision(community) > before
    Host.objects.create(event=event, community=guest, invited_at=at, accepted_at=at)
    session = event.sessions.select_related("talk").filter(talk__isnull=False).get()
    before = revision(guest)
    edit_talk(talk=session.talk, changes={"title": {"en": "Better"}}, by=SYSTEM, at=at)
    assert revision(guest) > before
