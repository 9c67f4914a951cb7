from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from hallway.gathering.communities.actions import (
    SeriesTerms,
    approve_founding,
    change_series,
    end_series,
    found_community,
    pause_series,
    publish_community,
    start_series,
    unpublish_community,
)
from hallway.gathering.communities.models import Series
from hallway.gathering.events import actions, queries, sweeps
from hallway.gathering.events.models import Event
from hallway.gathering.events.receivers import SERIES_KEEPER
from hallway.kit import instance
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.sweeps import deliver_facts
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from hallway.vocabulary.models import Topic
from tests.factories import MembershipFactory, PersonFactory, TeamRoleFactory, VenueFactory

pytestmark = pytest.mark.django_db


def terms(**changes: object) -> SeriesTerms:
    given: dict[str, object] = {
        "title": {"en": "Monthly evening", "fr": "La soirée du mois"},
        "rule": "FREQ=MONTHLY;BYDAY=3WE",
        "starts_on": date(2026, 9, 1),
        "local_time": time(18, 30),
        "minutes": 120,
        "zone": "Europe/Paris",
        "venue_note": "The Kiln",
        "seats": 60,
    }
    return SeriesTerms(**{**given, **changes})


@pytest.fixture
def organiser() -> Person:
    # Unseen as yet, so that the dates of its series stay drafts.
    return TeamRoleFactory(community__public_at=None).person


@pytest.fixture
def series(organiser: Person, at: datetime) -> Series:
    return start_series(community=organiser.team_roles.get().community, terms=terms(), by=organiser, at=at)


def editions(series: Series) -> list[Event]:
    return list(series.editions.order_by("occurrence_on"))


def test_start_series_makes_three_drafts_on_wall_time(series: Series) -> None:
    made = editions(series)
    assert [event.starts_at for event in made] == [
        datetime(2026, 10, 21, 16, 30, tzinfo=UTC),
        datetime(2026, 11, 18, 17, 30, tzinfo=UTC),  # the clocks went back: still 18:30 in Paris
        datetime(2026, 12, 16, 17, 30, tzinfo=UTC),
    ]
    assert {(event.state, event.seats, event.venue and event.venue.name) for event in made} == {
        ("draft", 60, "The Kiln")
    }
    assert made[0].slug == "monthly-evening-2026-10-21"
    assert made[0].ends_at == datetime(2026, 10, 21, 18, 30, tzinfo=UTC)


def test_keep_dates_made_again_makes_nothing(series: Series, organiser: Person, at: datetime) -> None:
    assert actions.keep_dates_made(series=series, by=organiser, at=at) == []
    assert series.community.venues.count() == 1


def test_make_next_dates_after_one_has_passed(series: Series, time_machine_at: object) -> None:
    assert sweeps.make_next_dates() == 1
    assert sweeps.make_next_dates() == 0
    assert [event.occurrence_on.month for event in editions(series)] == [10, 11, 12, 1]


@pytest.fixture
def time_machine_at() -> object:
    import time_machine

    with time_machine.travel(datetime(2026, 10, 22, tzinfo=UTC), tick=False):
        yield


def test_change_series_leaves_what_was_changed_by_hand(series: Series, organiser: Person, at: datetime) -> None:
    first, second, third = editions(series)
    actions.edit_event(event=first, changes={"title": {"en": "Flutter, one year in"}}, by=organiser, at=at)
    change_series(series=series, terms=terms(title={"en": "Evening"}, local_time=time(19, 0)), by=organiser, at=at)
    first, second, third = editions(series)
    assert (first.title, first.overridden) == ({"en": "Flutter, one year in"}, ["title"])
    assert (second.title, third.title) == ({"en": "Evening"}, {"en": "Evening"})
    assert {event.starts_at.astimezone(event.tz).time() for event in (first, second, third)} == {time(19, 0)}


def test_change_series_to_another_day_drops_untouched_drafts_only(
    series: Series, organiser: Person, at: datetime
) -> None:
    first, second, _third = editions(series)
    actions.publish_event(event=first, by=organiser, at=at)
    actions.edit_event(event=second, changes={"tagline": {"en": "Special"}}, by=organiser, at=at)
    change_series(series=series, terms=terms(rule="FREQ=MONTHLY;BYDAY=2TU"), by=organiser, at=at)
    days = [event.occurrence_on for event in editions(series)]
    assert days == [date(2026, 10, 13), date(2026, 10, 21), date(2026, 11, 10), date(2026, 11, 18), date(2026, 12, 8)]


def test_begun_editions_are_frozen(series: Series, organiser: Person) -> None:
    first = editions(series)[0]
    during = first.starts_at + timedelta(minutes=5)
    change_series(series=series, terms=terms(title={"en": "Renamed"}), by=organiser, at=during)
    assert [event.title["en"] for event in editions(series)][:2] == ["Monthly evening", "Renamed"]
    with pytest.raises(Refusal, match=r"edition\.begun"):
        actions.edit_editions(event=first, changes={"hue": 4}, scope="all", by=organiser, at=during)


def test_pause_series_makes_no_new_dates_and_keeps_the_old(series: Series, organiser: Person, at: datetime) -> None:
    pause_series(series=series, by=organiser, at=at)
    assert actions.keep_dates_made(series=series, by=organiser, at=at + timedelta(days=90)) == []
    assert len(editions(series)) == 3


def test_end_series_takes_untouched_drafts_with_it(series: Series, organiser: Person, at: datetime) -> None:
    first = editions(series)[0]
    actions.publish_event(event=first, by=organiser, at=at)
    end_series(series=series, by=organiser, at=at)
    assert editions(series) == [first]


def test_delete_event_leaves_a_date_out_for_good(series: Series, organiser: Person, at: datetime) -> None:
    second = editions(series)[1]
    actions.delete_event(event=second, by=organiser, at=at)
    actions.keep_dates_made(series=series, by=organiser, at=at)
    second.refresh_from_db()
    assert (second.state, len(editions(series))) == ("cancelled", 3)
    published = actions.publish_event(event=second, by=organiser, at=at)
    assert published.state == "published"


def test_edit_editions_this_only_marks_it(series: Series, organiser: Person, at: datetime) -> None:
    first = editions(series)[0]
    actions.edit_editions(event=first, changes={"hue": 5}, scope="this", by=organiser, at=at)
    assert [(event.hue, event.overridden) for event in editions(series)] == [(5, ["hue"]), (1, []), (1, [])]


def test_edit_editions_following_leaves_earlier_and_overridden(series: Series, organiser: Person, at: datetime) -> None:
    _first, second, third = editions(series)
    actions.edit_event(event=third, changes={"tagline": {"en": "Its own"}}, by=organiser, at=at)
    local = second.starts_at.replace(hour=18, minute=0)
    changes = {
        "tagline": {"en": "New"},
        "starts_at": local,
        "ends_at": local + timedelta(hours=3),
        "title": {"en": "Late"},
    }
    actions.edit_editions(event=second, changes=changes, scope="following", by=organiser, at=at)
    first, second, third = editions(series)
    assert [event.title["en"] for event in (first, second, third)] == ["Monthly evening", "Late", "Late"]
    assert [event.tagline.get("en") for event in (first, second, third)] == [None, "New", "Its own"]
    clocks = [event.starts_at.astimezone(event.tz).time() for event in (first, second, third)]
    assert clocks == [time(18, 30), time(19, 0), time(19, 0)]
    series.refresh_from_db()
    assert (series.title, series.minutes) == ({"en": "Late"}, 180)


def test_edit_editions_all_reaches_dates_made_later(series: Series, organiser: Person, at: datetime) -> None:
    first = editions(series)[0]
    start = first.starts_at + timedelta(hours=1)
    changes = {"starts_at": start, "ends_at": start + timedelta(hours=2), "description": {"en": "Bring a laptop"}}
    actions.edit_editions(event=first, changes=changes, scope="all", by=organiser, at=at)
    made = actions.keep_dates_made(series=series, by=organiser, at=at + timedelta(days=30))
    assert len(made) == 1
    assert {event.starts_at.astimezone(event.tz).time() for event in editions(series)} == {time(19, 30)}
    assert {event.description.get("en") for event in editions(series)} == {"Bring a laptop"}


def test_edit_editions_refuses_to_move_the_day_of_all(series: Series, organiser: Person, at: datetime) -> None:
    first = editions(series)[0]
    changes = {"starts_at": first.starts_at + timedelta(days=1), "ends_at": first.ends_at + timedelta(days=1)}
    with pytest.raises(Refusal, match=r"edition\.day_moves"):
        actions.edit_editions(event=first, changes=changes, scope="all", by=organiser, at=at)
    moved = actions.edit_editions(event=first, changes=changes, scope="this", by=organiser, at=at)
    assert actions.keep_dates_made(series=series, by=organiser, at=at) == []
    assert moved.overridden == ["ends_at", "starts_at"]


# --- the first three dates are public with the community
def states(series: Series) -> list[str]:
    return [event.state for event in editions(series)]


def test_first_dates_are_public_with_a_public_community_and_nobody_gets_mail(at: datetime) -> None:
    role = TeamRoleFactory()
    MembershipFactory(community=role.community)
    series = start_series(community=role.community, terms=terms(), by=role.person, at=at)
    assert states(series) == ["published"] * 3
    assert queries.visible_to(None).filter(series=series).count() == 3
    said = FactRow.objects.filter(kind="events.event_published")
    assert set(said.values_list("by_key", flat=True)) == {SERIES_KEEPER.actor_key}
    deliver_facts()
    assert not OutboxMail.objects.exists()


def test_later_dates_of_a_public_series_are_drafts(at: datetime, time_machine_at: object) -> None:
    role = TeamRoleFactory()
    series = start_series(community=role.community, terms=terms(), by=role.person, at=at)
    sweeps.make_next_dates()
    assert states(series) == ["published"] * 3 + ["draft"]


def test_first_dates_come_with_the_community_but_for_what_was_touched(
    series: Series, organiser: Person, at: datetime
) -> None:
    first, second, _third = editions(series)
    actions.edit_event(event=first, changes={"seats": 12}, by=organiser, at=at)
    actions.delete_event(event=second, by=organiser, at=at)
    publish_community(community=series.community, by=organiser, at=at)
    assert states(series) == ["draft", "cancelled", "published"]
    assert editions(series)[1].public_at is None


def test_first_dates_come_with_the_approval(at: datetime) -> None:
    founder, judge = PersonFactory(), PersonFactory(is_administrator=True)
    instance.change({"communities.who_may_found": "approved"})
    details = {"name": "Marula Makers", "zone": "Europe/Paris"}
    community = found_community(details=details, terms=terms(), by=founder, at=at)
    series = community.series.get()
    assert states(series) == ["draft"] * 3
    approve_founding(request=community.founding_request, by=judge, at=at)
    assert states(series) == ["published"] * 3


def test_first_dates_are_published_once(series: Series, organiser: Person, at: datetime) -> None:
    community = series.community
    publish_community(community=community, by=organiser, at=at)
    actions.unpublish_event(event=editions(series)[0], by=organiser, at=at)
    unpublish_community(community=community, by=organiser, at=at)
    publish_community(community=community, by=organiser, at=at)
    assert states(series) == ["draft", "published", "published"]


def test_dates_of_a_resting_series_stay_drafts(series: Series, organiser: Person, at: datetime) -> None:
    pause_series(series=series, by=organiser, at=at)
    publish_community(community=series.community, by=organiser, at=at)
    assert states(series) == ["draft"] * 3


def test_publish_first_dates_is_for_the_team(series: Series, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.publish_first_dates(series=series, by=PersonFactory(), at=at)


# --- what leaves editions alone
@pytest.mark.parametrize("scope", ["all", "some"])
def test_edit_editions_refuses_an_event_that_stands_alone(scope: str, organiser: Person, at: datetime) -> None:
    community = organiser.team_roles.get().community
    single = actions.create_event(community=community, title={"en": "Once"}, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"edition\.single"):
        actions.edit_editions(event=single, changes={"hue": 4}, scope=scope, by=organiser, at=at)


def test_edit_editions_with_what_it_has_announces_nothing(series: Series, organiser: Person, at: datetime) -> None:
    first = editions(series)[0]
    actions.edit_editions(event=first, changes={"hue": first.hue}, scope="all", by=organiser, at=at)
    assert not FactRow.objects.filter(kind="events.event_edited").exists()


def test_edit_editions_reaches_topics_but_no_cancelled_date(series: Series, organiser: Person, at: datetime) -> None:
    first, second, third = editions(series)
    actions.delete_event(event=second, by=organiser, at=at)
    topic = Topic.objects.order_by("pk")[0]
    actions.edit_editions(event=first, changes={"topics": [topic]}, scope="all", by=organiser, at=at)
    assert [list(event.topics.all()) for event in (first, second, third)] == [[topic], [], [topic]]


def test_edit_editions_of_a_date_still_open_leaves_the_series_alone(
    series: Series, organiser: Person, at: datetime
) -> None:
    first = actions.publish_event(event=editions(series)[0], by=organiser, at=at)
    actions.postpone_event(event=first, starts_at=None, reason={}, by=organiser, at=at)
    actions.edit_editions(event=first, changes={"title": {"en": "Late"}}, scope="all", by=organiser, at=at)
    series.refresh_from_db()
    assert [event.title["en"] for event in editions(series)] == ["Late"] * 3
    assert series.title["en"] == "Monthly evening"


def test_edit_editions_without_an_end_keeps_the_length_of_the_series(
    series: Series, organiser: Person, at: datetime
) -> None:
    first = editions(series)[0]
    changes = {"starts_at": first.starts_at + timedelta(hours=1), "ends_at": None}
    actions.edit_editions(event=first, changes=changes, scope="all", by=organiser, at=at)
    assert {event.starts_at.astimezone(event.tz).time() for event in editions(series)} == {time(19, 30)}
    assert {event.ends_at - event.starts_at for event in editions(series)} == {timedelta(minutes=120)}


def test_postponed_edition_keeps_its_own_date(series: Series, organiser: Person, at: datetime) -> None:
    first = actions.publish_event(event=editions(series)[0], by=organiser, at=at)
    later = first.starts_at + timedelta(days=2)
    actions.postpone_event(event=first, starts_at=later, reason={}, by=organiser, at=at)
    change_series(series=series, terms=terms(local_time=time(19, 0)), by=organiser, at=at)
    first.refresh_from_db()
    assert (first.starts_at, first.overridden) == (later, ["ends_at", "starts_at"])


def test_start_series_without_a_place_makes_dates_without_a_venue(organiser: Person, at: datetime) -> None:
    community = organiser.team_roles.get().community
    made = start_series(community=community, terms=terms(venue_note="  "), by=organiser, at=at)
    assert {event.venue for event in editions(made)} == {None}
    assert not community.venues.exists()


def test_series_meets_at_the_venue_it_names(series: Series, organiser: Person, at: datetime) -> None:
    usual = VenueFactory(community=series.community)
    Series.objects.filter(pk=series.pk).update(venue_id=usual.pk)
    series.refresh_from_db()
    made = actions.keep_dates_made(series=series, by=organiser, at=at + timedelta(days=30))
    assert [event.venue for event in made] == [usual]
