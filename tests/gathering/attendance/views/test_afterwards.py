"""After an event: numbers with what they mean, and nothing about anybody's habits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from hallway.gathering.attendance.crowds import Turnout, turnouts_of
from hallway.gathering.attendance.models import Admission, CheckIn, Registration
from hallway.gathering.attendance.views.afterwards import bars_of
from hallway.gathering.events.models import Event
from tests.factories import AdmissionFactory, EventFactory, RegistrationFactory, SeriesFactory
from tests.gathering.attendance.desk import Desk, desk, of_host, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def team(at: datetime) -> Desk:
    made = desk(at)
    Event.objects.filter(pk=made.event.pk).update(starts_at=at - timedelta(days=2), ends_at=at - timedelta(days=1))
    return made


def came(
    admission: Admission, at: datetime, row: Registration | None = None, how: str = "list", **fields: Any
) -> CheckIn:
    who = {"registration": row} if row else {"walk_in": fields.pop("walk_in", None) or uuid4(), "name": "Zola"}
    return CheckIn.objects.create(
        **{"uid": uuid4(), "admission": admission, "kind": "came", "how": how, "done_at": at, "received_at": at},
        **who, **fields,
    )  # fmt: skip


def earlier(team: Desk, at: datetime, days: int, title: str = "Bus evening") -> Admission:
    """An event so many days ago: of two who said they come one did."""
    began = at - timedelta(days=days)
    event = EventFactory(
        community=team.event.community, title={"en": title}, starts_at=began, ends_at=began + timedelta(hours=3)
    )
    admission: Admission = AdmissionFactory(event=event)
    rows = RegistrationFactory.create_batch(2, admission=admission)
    came(admission, began, rows[0])
    return admission


def test_turnout_counts_seats_and_the_last_line_of_the_book(team: Desk, at: datetime) -> None:
    two = team.person("Lwazi", guests=1)
    undone, again = team.person("Zola"), team.person("Abel")
    team.person("Mpho")
    team.person("Online", online=True)
    came(team.admission, at, two, "scanned", seats=2)
    came(team.admission, at, undone, "self")
    CheckIn.objects.create(
        uid=uuid4(), admission=team.admission, registration=undone, kind="undone", how="list",
        done_at=at + timedelta(minutes=1), received_at=at,
    )  # fmt: skip
    came(team.admission, at - timedelta(minutes=5), again, "self")
    came(team.admission, at, again, "code")
    came(team.admission, at, how="walked_in", seats=3)
    turnout = turnouts_of([team.admission])[0]
    assert (turnout.going, turnout.came, turnout.absent, turnout.walked_in, turnout.there) == (5, 3, 2, 3, 6)
    assert turnout.share == 60
    assert dict(turnout.ways) == {"scanned": 2, "code": 1, "walked_in": 3}


def test_turnout_of_nobody_has_no_share(team: Desk) -> None:
    assert turnouts_of([team.admission]) == [Turnout(team.admission)]
    assert Turnout(team.admission).share is None


def test_page_says_who_came_by_how_and_what_it_means(team: Desk, at: datetime) -> None:
    came(team.admission, at, team.person("Lwazi Dube"), "self")
    team.person("Zola Dube")
    came(team.admission, at, how="walked_in")
    page = team.page("after/")
    assert "<b>2</b> people were there" in page
    assert "by themselves, with the code on the wall" in page
    assert "What these numbers mean" in page
    assert "50&nbsp;%" in page
    assert "Dube" not in page, "the page is about the event, never about single persons"


def test_page_without_the_door_says_how_one_would_know(team: Desk) -> None:
    assert "Nobody was checked in" in team.page("after/")


def test_page_of_an_event_without_a_date_is_there_too(team: Desk) -> None:
    Event.objects.filter(pk=team.event.pk).update(state="date_open", starts_at=None, ends_at=None)
    assert "It is not over yet" in team.page("after/")


def test_page_while_it_goes_on_says_that_numbers_change(team: Desk, at: datetime) -> None:
    Event.objects.update(ends_at=at + timedelta(hours=1))
    assert "It is not over yet" in team.page("after/")


def test_page_stands_beside_earlier_events(team: Desk, at: datetime) -> None:
    came(team.admission, at, team.person("Lwazi"))
    earlier(team, at, 40, "Bus evening")
    earlier(team, at, 70, "Ferry evening")
    later = EventFactory(community=team.event.community, starts_at=at - timedelta(days=1), ends_at=at)
    came(AdmissionFactory(event=later), at, how="walked_in")
    response = team.get("after/")
    page = words_of(response)
    assert [bar.turnout.share for bar in response.context["bars"]] == [50, 50, 100], "the latest stands last"
    assert page.index("This event") < page.index("Bus evening") < page.index("Ferry evening")
    assert 'class="this"' in page
    assert 'role="img"' in page


def test_page_of_an_event_broken_off_stands_beside_earlier_ones_without_a_date(team: Desk, at: datetime) -> None:
    came(team.admission, at, team.person("Lwazi"))
    earlier(team, at, 40, "Bus evening")
    Event.objects.filter(pk=team.event.pk).update(state="postponed", starts_at=None, ends_at=None)
    page = team.page("after/")
    assert "Bus evening" in page
    assert "This event" in page


def test_bars_are_as_high_as_their_share(team: Desk, at: datetime) -> None:
    low, high = Turnout(team.admission, going=10, came=0), Turnout(team.admission, going=4, came=3)
    bars = bars_of([low, high])
    assert [(bar.x, bar.y, bar.height, bar.is_this) for bar in bars] == [(0, 99, 1, False), (60, 25, 75, True)]


def test_host_sees_this_event_and_no_figures_of_others(team: Desk, at: datetime) -> None:
    came(team.admission, at, team.person("Lwazi"))
    earlier(team, at, 40)
    page = of_host(team, at).page("after/")
    assert "<b>1</b> person was there" in page
    assert "Bus evening" not in page


def test_page_costs_the_same_for_one_and_three_earlier_events(
    team: Desk, at: datetime, django_assert_num_queries: Any
) -> None:
    came(team.admission, at, team.person("Lwazi"))
    for number in (1, 2):
        for one in range(number):
            earlier(team, at, 40 * number + one)
        with django_assert_num_queries(12):
            team.page("after/")


def test_page_goes_on_to_the_next_date_of_the_series_with_the_advice(team: Desk, at: datetime) -> None:
    assert "For the next date" not in team.page("after/"), "there is none"
    series = SeriesFactory(community=team.event.community)
    Event.objects.filter(pk=team.event.pk).update(series=series)
    coming = EventFactory(
        community=team.event.community, series=series, slug="next-one", title={"en": "Next one"},
        starts_at=at + timedelta(days=20), ends_at=at + timedelta(days=20, hours=3),
    )  # fmt: skip
    AdmissionFactory(event=coming, capacity=20)
    page = team.page("after/")
    assert "Next one" in page
    assert "more events with a door list in use, we can say how many more seats would be right" in page
    assert 'href="/e/next-one/registrations/settings/#beyond"' in page
