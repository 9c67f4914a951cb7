"""Rows for tests, with invented people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory

from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.communities.models import Community, Membership, Series, TeamRole
from hallway.gathering.events.models import Event, Room, Venue
from hallway.kit.links import new_code, new_nonce
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.talks.models import Speaking, Talk
from hallway.sharing.questions.models import Answer, Floor, Question
from hallway.sharing.questions.tokens import trace_of

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


class AdmissionFactory(factory.django.DjangoModelFactory):
    """The list of an event that begins thirty days from NOW."""

    class Meta:
        model = Admission

    event = factory.SubFactory(
        EventFactory, starts_at=NOW + timedelta(days=30), ends_at=NOW + timedelta(days=30, hours=3)
    )
    capacity = factory.SelfAttribute("event.seats")
    told_revision = 0
    created_at = NOW


class RegistrationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Registration

    admission = factory.SubFactory(AdmissionFactory)
    person = factory.SubFactory(PersonFactory)
    name = factory.SelfAttribute("person.name")
    state = Registration.State.GOING
    seats = factory.LazyAttribute(lambda row: 0 if row.online else row.guests + 1)
    guests = 0
    online = False
    position = factory.Sequence(lambda n: n + 1)
    code = factory.LazyFunction(new_code)
    nonce = factory.LazyFunction(new_nonce)
    asked_at = NOW
    state_at = NOW


class FloorFactory(factory.django.DjangoModelFactory):
    """The floor of a released session that is on at NOW, for an hour more."""

    class Meta:
        model = Floor

    session = factory.SubFactory(SessionFactory, event__starts_at=NOW - timedelta(hours=1))
    event = factory.SelfAttribute("session.event")
    code = factory.LazyFunction(new_code)
    nonce = factory.LazyFunction(new_nonce)
    starts_at = NOW - timedelta(minutes=10)
    ends_at = NOW + timedelta(hours=1)


class QuestionFactory(factory.django.DjangoModelFactory):
    """A shown question. ``by`` is a person who gave their name."""

    class Meta:
        model = Question

    class Params:
        by = factory.SubFactory(PersonFactory)

    floor = factory.SubFactory(FloorFactory)
    text = factory.Sequence(lambda n: f"How do you do it the {n}th time?")
    language = "en"
    asker = factory.SelfAttribute("by")
    asker_key = factory.LazyAttribute(lambda question: trace_of(question.by, named=True))
    name = factory.LazyAttribute(lambda question: question.by.name)
    state = Question.State.SHOWN
    asked_at = NOW
    shown_at = NOW


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory)
    text = factory.Sequence(lambda n: f"Answer number {n}.")
    language = "en"
    author = factory.SubFactory(PersonFactory)
    written_at = NOW
