from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hallway.gathering.communities.models import Community
from hallway.gathering.events import actions, policies
from hallway.gathering.events.models import Event, Host, Room, Venue
from hallway.kit.models import FactRow, OldSlug, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.models import Person
from hallway.vocabulary.models import Topic
from tests.factories import CommunityFactory, EventFactory, PersonFactory, RoomFactory, TeamRoleFactory, VenueFactory

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 3, 16, 30, tzinfo=UTC)


@pytest.fixture
def organiser() -> Person:
    return TeamRoleFactory(person__name="Phindile Were").person


@pytest.fixture
def community(organiser: Person) -> Community:
    return organiser.team_roles.get().community


@pytest.fixture
def draft(community: Community, organiser: Person, at: datetime) -> Event:
    return actions.create_event(
        community=community, title={"en": "Small databases"}, starts_at=LATER, by=organiser, at=at
    )


def facts(kind: str) -> int:
    return FactRow.objects.filter(kind=f"events.{kind}").count()


def test_create_event_drafts_it_in_the_zone_of_the_community(draft: Event, community: Community) -> None:
    assert (draft.state, draft.public_at, draft.zone, draft.slug) == (
        "draft", None, "Africa/Johannesburg", "small-databases",
    )  # fmt: skip
    assert draft.ends_at == LATER + timedelta(minutes=150)
    assert facts("event_created") == 1


def test_create_event_refused_to_strangers(community: Community, at: datetime) -> None:
    with pytest.raises(NotAllowed, match=r"event\.not_yours"):
        actions.create_event(community=community, title={"en": "Mine"}, by=PersonFactory(), at=at)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": {}}, "event.no_title"),
        ({"title": {"en": "  "}}, "event.no_title"),
        ({"zone": "Nowhere/Town"}, "event.zone"),
        ({"starts_at": LATER, "ends_at": LATER - timedelta(1)}, "event.ends_before_start"),
        ({"starts_at": LATER, "ends_at": LATER + timedelta(days=100)}, "event.too_long"),
        ({"ends_at": LATER}, "event.no_start"),
        ({"starts_at": datetime(1, 1, 2, tzinfo=UTC)}, "event.year"),
        ({"starts_at": datetime(9999, 12, 30, tzinfo=UTC)}, "event.year"),
        ({"slug": "Bad Slug"}, "event.slug"),
        ({"slug": "calendar"}, "event.slug"),
    ],
)
def test_create_event_refuses_what_cannot_be(
    community: Community, organiser: Person, at: datetime, fields: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        actions.create_event(**{"community": community, "title": {"en": "One"}, "by": organiser, "at": at, **fields})
    assert not Event.objects.exists()


def test_create_event_refuses_a_venue_of_others(community: Community, organiser: Person, at: datetime) -> None:
    with pytest.raises(Refusal, match=r"event\.venue"):
        actions.create_event(community=community, title={"en": "One"}, venue=VenueFactory(), by=organiser, at=at)


def test_create_event_again_gets_another_address(draft: Event, organiser: Person, at: datetime) -> None:
    again = actions.create_event(community=draft.community, title=draft.title, by=organiser, at=at)
    assert again.slug == "small-databases-2"
    with pytest.raises(Refusal, match=r"event\.slug_taken"):
        actions.create_event(community=draft.community, title=draft.title, slug=again.slug, by=organiser, at=at)


def test_edit_event_counts_the_revision_only_when_something_changed(
    draft: Event, organiser: Person, at: datetime
) -> None:
    for _ in range(2):
        draft = actions.edit_event(event=draft, changes={"tagline": {"en": "Short"}}, by=organiser, at=at)
    assert (draft.revision, facts("event_edited")) == (1, 1)
    assert FactRow.objects.get(kind="events.event_edited").payload["fields"] == ["tagline"]


def test_edit_event_refuses_to_take_the_date_of_a_published_one(draft: Event, organiser: Person, at: datetime) -> None:
    draft = actions.publish_event(event=draft, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.needs_a_date"):
        actions.edit_event(event=draft, changes={"starts_at": None, "ends_at": None}, by=organiser, at=at)


def test_edit_event_with_an_unknown_field_is_a_mistake(draft: Event, organiser: Person, at: datetime) -> None:
    with pytest.raises(TypeError):
        actions.edit_event(event=draft, changes={"state": "published"}, by=organiser, at=at)


def test_edit_event_settles_an_open_date(community: Community, organiser: Person, at: datetime) -> None:
    event = actions.create_event(community=community, title={"en": "Some day"}, by=organiser, at=at)
    event = actions.publish_event(event=event, by=organiser, at=at)
    assert event.state == "date_open"
    event = actions.edit_event(event=event, changes={"starts_at": LATER}, by=organiser, at=at)
    assert event.state == "published"


def test_rename_event_keeps_the_old_address_and_may_go_back(draft: Event, organiser: Person, at: datetime) -> None:
    renamed = actions.rename_event(event=draft, slug="tiny-databases", by=organiser, at=at)
    assert OldSlug.objects.get(kind="event", slug="small-databases").target_id == renamed.pk
    back = actions.rename_event(event=renamed, slug="small-databases", by=organiser, at=at)
    assert back.slug == "small-databases"
    other = actions.create_event(community=draft.community, title={"en": "Other"}, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.slug_taken"):
        actions.rename_event(event=other, slug="tiny-databases", by=organiser, at=at)


def test_publish_event_twice_is_publishing_once(draft: Event, organiser: Person, at: datetime) -> None:
    stale = Event.objects.get(pk=draft.pk)
    first = actions.publish_event(event=draft, by=organiser, at=at)
    second = actions.publish_event(event=stale, by=organiser, at=at + timedelta(minutes=1))
    assert (first.public_at, second.public_at, second.state) == (at, at, "published")
    assert facts("event_published") == 1
    keys = set(Revision.objects.values_list("key", flat=True))
    assert {f"event:{draft.pk}", f"community:{draft.community_id}", "events", "home"} <= keys


def test_unpublish_event_only_before_it_begins(draft: Event, organiser: Person, at: datetime) -> None:
    actions.publish_event(event=draft, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.begun"):
        actions.unpublish_event(event=draft, by=organiser, at=LATER)
    event = actions.unpublish_event(event=draft, by=organiser, at=at)
    assert (event.state, event.public_at, event.first_public_at) == ("draft", None, at)
    actions.unpublish_event(event=draft, by=organiser, at=at)
    assert facts("event_unpublished") == 1


def test_postpone_event_to_a_date_keeps_its_length(draft: Event, organiser: Person, at: datetime) -> None:
    actions.publish_event(event=draft, by=organiser, at=at)
    new = LATER + timedelta(days=7)
    event = actions.postpone_event(event=draft, starts_at=new, reason={"en": "Rain"}, by=organiser, at=at)
    assert (event.state, event.starts_at, event.previous_starts_at) == ("published", new, LATER)
    assert event.ends_at == new + timedelta(minutes=150)


def test_postpone_event_without_a_date_then_with_one(draft: Event, organiser: Person, at: datetime) -> None:
    actions.publish_event(event=draft, by=organiser, at=at)
    event = actions.postpone_event(event=draft, starts_at=None, reason={}, by=organiser, at=at)
    assert (event.state, event.starts_at, event.ends_at, event.previous_starts_at) == ("postponed", None, None, LATER)
    new = LATER + timedelta(days=20)
    event = actions.postpone_event(event=event, starts_at=new, reason={}, by=organiser, at=at)
    assert (event.state, event.starts_at, event.previous_starts_at) == ("published", new, LATER)


def test_postpone_event_refused_for_drafts_the_past_and_the_same_date(
    draft: Event, organiser: Person, at: datetime
) -> None:
    with pytest.raises(Refusal, match=r"event\.not_public"):
        actions.postpone_event(event=draft, starts_at=None, reason={}, by=organiser, at=at)
    actions.publish_event(event=draft, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.same_date"):
        actions.postpone_event(event=draft, starts_at=LATER, reason={}, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.over"):
        actions.postpone_event(event=draft, starts_at=None, reason={}, by=organiser, at=LATER + timedelta(days=2))


def test_cancel_event_and_take_it_back(draft: Event, organiser: Person, at: datetime) -> None:
    with pytest.raises(Refusal, match=r"event\.draft"):
        actions.cancel_event(event=draft, reason={}, by=organiser, at=at)
    actions.publish_event(event=draft, by=organiser, at=at)
    for _ in range(2):
        event = actions.cancel_event(event=draft, reason={"en": "No room"}, by=organiser, at=at)
    assert (event.state, facts("event_cancelled")) == ("cancelled", 1)
    event = actions.publish_event(event=event, by=organiser, at=at)
    assert (event.state, event.reason) == ("published", {})
    assert FactRow.objects.filter(kind="events.event_published", payload__back=True).count() == 1


def test_cancel_event_over_is_refused(draft: Event, organiser: Person, at: datetime) -> None:
    actions.publish_event(event=draft, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.over"):
        actions.cancel_event(event=draft, reason={}, by=organiser, at=LATER + timedelta(days=1))


def test_delete_event_only_when_it_was_never_public(draft: Event, organiser: Person, at: datetime) -> None:
    public = actions.create_event(community=draft.community, title={"en": "Seen"}, starts_at=LATER, by=organiser, at=at)
    actions.publish_event(event=public, by=organiser, at=at)
    actions.unpublish_event(event=public, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.was_public"):
        actions.delete_event(event=public, by=organiser, at=at)
    actions.delete_event(event=draft, by=organiser, at=at)
    assert set(Event.objects.all()) == {public}
    with pytest.raises(Refusal, match=r"event\.gone"):
        actions.delete_event(event=draft, by=organiser, at=at)


def test_copy_event_takes_words_place_and_rooms(draft: Event, organiser: Person, at: datetime) -> None:
    RoomFactory(event=draft, name="Ballroom", equipment=["hdmi"])
    copied = actions.copy_event(event=draft, starts_at=LATER + timedelta(days=30), by=organiser, at=at)
    assert (copied.title, copied.state, copied.slug) == (draft.title, "draft", "small-databases-2")
    assert copied.ends_at == LATER + timedelta(days=30, minutes=150)
    assert list(copied.rooms.values_list("name", "equipment")) == [("Ballroom", ["hdmi"])]


def test_hosts_are_asked_agree_edit_and_end_it(draft: Event, organiser: Person, at: datetime) -> None:
    theirs = TeamRoleFactory()
    host = actions.invite_host(event=draft, community=theirs.community, by=organiser, at=at)
    again = actions.invite_host(event=draft, community=theirs.community, by=organiser, at=at)
    assert (host.pk, facts("host_invited")) == (again.pk, 1)
    with pytest.raises(NotAllowed):
        actions.edit_event(event=draft, changes={"hue": 3}, by=theirs.person, at=at)
    with pytest.raises(NotAllowed, match=r"host\.not_asked"):
        actions.accept_host(host=host, by=organiser, at=at)
    for _ in range(2):
        actions.accept_host(host=host, by=theirs.person, at=at)
    assert facts("host_accepted") == 1
    assert actions.edit_event(event=draft, changes={"hue": 3}, by=theirs.person, at=at).hue == 3
    with pytest.raises(NotAllowed):
        actions.publish_event(event=draft, by=theirs.person, at=at)
    with pytest.raises(Refusal, match=r"host\.accepted"):
        actions.decline_host(host=host, by=theirs.person, at=at)
    for _ in range(2):
        actions.withdraw_host(host=host, by=theirs.person, at=at)
    assert (Host.objects.count(), facts("host_withdrawn")) == (0, 1)


def test_invite_host_again_after_it_declined(draft: Event, organiser: Person, at: datetime) -> None:
    theirs = TeamRoleFactory()
    host = actions.invite_host(event=draft, community=theirs.community, by=organiser, at=at)
    actions.decline_host(host=host, by=theirs.person, at=at)
    assert actions.invite_host(event=draft, community=theirs.community, by=organiser, at=at).declined_at is None
    assert (facts("host_invited"), facts("host_declined")) == (2, 1)


def test_invite_host_refuses_itself_and_hidden_communities(draft: Event, organiser: Person, at: datetime) -> None:
    for community, code in ((draft.community, "host.own"), (CommunityFactory(public_at=None), "host.unknown")):
        with pytest.raises(Refusal, match=code):
            actions.invite_host(event=draft, community=community, by=organiser, at=at)


def test_accept_host_of_a_withdrawn_invitation_is_refused(draft: Event, organiser: Person, at: datetime) -> None:
    theirs = TeamRoleFactory()
    host = actions.invite_host(event=draft, community=theirs.community, by=organiser, at=at)
    actions.withdraw_host(host=Host.objects.get(pk=host.pk), by=organiser, at=at)
    with pytest.raises(Refusal, match=r"host\.gone"):
        actions.accept_host(host=host, by=theirs.person, at=at)


def test_venues_keep_known_words_and_stay_while_used(community: Community, organiser: Person, at: datetime) -> None:
    venue = actions.add_venue(
        community=community, name="The Kiln", access=["lift", "nonsense", "step_free"], by=organiser, at=at
    )
    assert venue.access == ["step_free", "lift"]
    EventFactory(community=community, venue=venue)
    venue = actions.edit_venue(venue=venue, changes={"name": "The Old Kiln"}, by=organiser, at=at)
    assert Revision.objects.filter(key=f"event:{venue.events.get().pk}").exists()
    with pytest.raises(Refusal, match=r"venue\.in_use"):
        actions.remove_venue(venue=venue, by=organiser, at=at)
    venue.events.all().delete()
    actions.remove_venue(venue=venue, by=organiser, at=at)
    assert not Venue.objects.exists()
    with pytest.raises(Refusal, match=r"venue\.no_name"):
        actions.add_venue(community=community, name=" ", by=organiser, at=at)


def test_rooms_come_in_order_and_differ_in_name(draft: Event, organiser: Person, at: datetime) -> None:
    first = actions.add_room(event=draft, name="Main hall", equipment=["usb_c", "hdmi"], by=organiser, at=at)
    second = actions.add_room(event=draft, name="Ballroom", by=organiser, at=at)
    assert (first.equipment, second.position > first.position) == (["hdmi", "usb_c"], True)
    for name, code in (("main HALL", "room.name_taken"), ("  ", "room.no_name")):
        with pytest.raises(Refusal, match=code):
            actions.add_room(event=draft, name=name, by=organiser, at=at)
    for _ in range(2):
        actions.edit_room(room=second, changes={"name": "Long room"}, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"room\.name_taken"):
        actions.edit_room(room=second, changes={"name": "Main hall"}, by=organiser, at=at)
    for _ in range(2):
        actions.remove_room(room=first, by=organiser, at=at)
    assert list(Room.objects.values_list("name", flat=True)) == ["Long room"]
    assert (facts("room_edited"), facts("room_removed")) == (1, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda event, **who: actions.edit_event(event=event, changes={"hue": 2}, **who),
        lambda event, **who: actions.rename_event(event=event, slug="mine-now", **who),
        lambda event, **who: actions.publish_event(event=event, **who),
        lambda event, **who: actions.unpublish_event(event=event, **who),
        lambda event, **who: actions.postpone_event(event=event, starts_at=None, reason={}, **who),
        lambda event, **who: actions.cancel_event(event=event, reason={}, **who),
        lambda event, **who: actions.delete_event(event=event, **who),
        lambda event, **who: actions.copy_event(event=event, **who),
        lambda event, **who: actions.invite_host(event=event, community=CommunityFactory(), **who),
        lambda event, **who: actions.add_room(event=event, name="Mine", **who),
        lambda event, **who: actions.edit_room(room=RoomFactory(event=event), changes={"name": "Mine"}, **who),
        lambda event, **who: actions.remove_room(room=RoomFactory(event=event), **who),
        lambda event, **who: actions.add_venue(community=event.community, name="Mine", **who),
        lambda event, **who: actions.edit_venue(
            venue=VenueFactory(community=event.community), changes={"name": "Mine"}, **who
        ),
        lambda event, **who: actions.remove_venue(venue=VenueFactory(community=event.community), **who),
        lambda event, **who: actions.edit_editions(event=event, changes={}, scope="all", **who),
    ],
)
def test_every_action_is_refused_to_strangers(draft: Event, at: datetime, call: object) -> None:
    before = FactRow.objects.count()
    with pytest.raises(NotAllowed):
        call(draft, by=PersonFactory(), at=at)
    assert FactRow.objects.count() == before


def test_publish_event_refuses_one_that_was_cancelled_and_is_over(
    draft: Event, organiser: Person, at: datetime
) -> None:
    actions.publish_event(event=draft, by=organiser, at=at)
    actions.cancel_event(event=draft, reason={}, by=organiser, at=at)
    with pytest.raises(Refusal, match=r"event\.over"):
        actions.publish_event(event=draft, by=organiser, at=LATER + timedelta(days=1))


def test_edit_event_at_the_venue_of_a_host(draft: Event, organiser: Person, at: datetime) -> None:
    other = TeamRoleFactory()
    theirs = VenueFactory(community=other.community)
    with pytest.raises(Refusal, match=r"event\.venue"):
        actions.edit_event(event=draft, changes={"venue": theirs}, by=organiser, at=at)
    host = actions.invite_host(event=draft, community=other.community, by=organiser, at=at)
    actions.accept_host(host=host, by=other.person, at=at)
    assert actions.edit_event(event=draft, changes={"venue": theirs}, by=organiser, at=at).venue == theirs


def test_doing_it_twice_is_told_once(draft: Event, community: Community, organiser: Person, at: datetime) -> None:
    other = TeamRoleFactory()
    host = actions.invite_host(event=draft, community=other.community, by=organiser, at=at)
    for _ in range(2):
        actions.decline_host(host=host, by=other.person, at=at)
    venue = VenueFactory(community=community)
    for _ in range(2):
        actions.edit_venue(venue=venue, changes={"name": "The Old Kiln"}, by=organiser, at=at)
    in_another_tab = Venue.objects.get(pk=venue.pk)
    for one in (venue, in_another_tab):
        actions.remove_venue(venue=one, by=organiser, at=at)
    assert [facts(kind) for kind in ("host_declined", "venue_edited", "venue_removed")] == [1, 1, 1]


def test_rooms_take_the_place_they_are_given_and_keep_their_name(draft: Event, organiser: Person, at: datetime) -> None:
    room = actions.add_room(event=draft, name="Kiln", position=7, by=organiser, at=at)
    edited = actions.edit_room(room=room, changes={"capacity": 40}, by=organiser, at=at)
    assert (edited.name, edited.position, edited.capacity) == ("Kiln", 7, 40)


def test_edit_event_refuses_a_field_that_is_none(draft: Event, organiser: Person, at: datetime) -> None:
    with pytest.raises(TypeError, match="colour"):
        actions.edit_event(event=draft, changes={"colour": 1}, by=organiser, at=at)


def test_edit_event_with_the_topics_it_has_announces_nothing(draft: Event, organiser: Person, at: datetime) -> None:
    topic = Topic.objects.order_by("pk")[0]
    for _ in range(2):
        actions.edit_event(event=draft, changes={"topics": [topic]}, by=organiser, at=at)
    assert facts("event_edited") == 1


def test_joining_rule_lets_somebody_in(draft: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    goer = PersonFactory()
    monkeypatch.setattr(policies, "JOINING_RULES", [])
    assert not policies.can_see_joining(goer, draft)
    policies.joining_rule(lambda person, event: person == goer)
    assert policies.can_see_joining(goer, draft)


def test_rename_event_to_what_it_is_called_changes_nothing(draft: Event, organiser: Person, at: datetime) -> None:
    assert actions.rename_event(event=draft, slug=draft.slug, by=organiser, at=at).slug == "small-databases"
    assert not OldSlug.objects.exists()
