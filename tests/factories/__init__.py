"""Rows for tests, with invented people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory

from hallway.gathering.communities.models import Community, Membership, Series, TeamRole
from hallway.gathering.events.models import Event, Room, Venue
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.talks.models import Speaking, Talk

NOW = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Bontle Mashaba {n}")
    slug = factory.Sequence(lambda n: f"bontle-{n}")
    email = factory.Sequence(lambda n: f"bontle{n}@example.org")
    claimed_at = NOW
    public_at = NOW


class CommunityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Community

    name = factory.Sequence(lambda n: f"Highveld Makers {n}")
    slug = factory.Sequence(lambda n: f"highveld-{n}")
    tagline = {"en": "People who make things", "fr": "Des gens qui fabriquent"}
    zone = "Africa/Johannesburg"
    founded_at = NOW
    public_at = NOW


class TeamRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamRole

    community = factory.SubFactory(CommunityFactory)
    person = factory.SubFactory(PersonFactory)
    role = TeamRole.Role.ORGANISER
    since = NOW


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    community = factory.SubFactory(CommunityFactory)
    person = factory.SubFactory(PersonFactory)
    kind = Membership.Kind.MEMBER
    since = NOW


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Series

    community = factory.SubFactory(CommunityFactory)
    title = {"en": "Monthly evening", "fr": "La soirée du mois"}
    slug = factory.Sequence(lambda n: f"monthly-{n}")
    rule = "FREQ=MONTHLY;BYDAY=3WE"
    starts_on = NOW.date()
    local_time = datetime(2026, 1, 1, 18, 30).time()
    zone = "Africa/Johannesburg"


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    community = factory.SubFactory(CommunityFactory)
    name = "The Kiln"


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    community = factory.SubFactory(CommunityFactory)
    title = factory.Sequence(lambda n: {"en": f"Jacaranda Conf {n}", "fr": f"Jacaranda Conf {n}"})
    slug = factory.Sequence(lambda n: f"jacaranda-{n}")
    zone = "Africa/Johannesburg"
    starts_at = NOW
    ends_at = NOW + timedelta(hours=8)
    state = Event.State.PUBLISHED
    public_at = NOW
    created_at = NOW
    updated_at = NOW


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Room {n}")
    position = factory.Sequence(int)


class TrackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Track

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Track {n}")


class TalkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Talk

    title = factory.Sequence(lambda n: {"en": f"Asyncio without fear {n}"})
    abstract = {"en": "One event loop at a time."}
    languages = ["en"]
    public_at = NOW
    created_at = NOW
    updated_at = NOW


class SpeakingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Speaking

    talk = factory.SubFactory(TalkFactory)
    person = factory.SubFactory(PersonFactory)


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    event = factory.SubFactory(EventFactory)
    talk = factory.SubFactory(TalkFactory)
    slug = factory.Sequence(lambda n: f"session-{n}")
    public_at = NOW
    updated_at = NOW


class SlotFactory(factory.django.DjangoModelFactory):
    """A slot as released: draft and public columns alike."""

    class Meta:
        model = Slot

    session = factory.SubFactory(SessionFactory)
    room = factory.SubFactory(RoomFactory, event=factory.SelfAttribute("..session.event"))
    starts_at = NOW
    ends_at = NOW + timedelta(minutes=45)
    public_room = factory.SelfAttribute("room")
    public_starts_at = factory.SelfAttribute("starts_at")
    public_ends_at = factory.SelfAttribute("ends_at")
    public_at = NOW
