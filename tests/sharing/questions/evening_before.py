"""A session with its speaker, who came, and what was asked: what tests of pages begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client

from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.questions.models import Floor, Question
from hallway.vocabulary.models import Topic
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, SpeakingFactory, TalkFactory


@dataclass
class Stage:
    """The floor of a session that is two days over, its speaker, and one open question with who asked it."""

    floor: Floor
    speaker: Person
    asker: Person
    question: Question


def make_stage(at: datetime, *, over_since: timedelta = timedelta(days=2), slug: str = "rain-radio") -> Stage:
    """A talk on radio in Johannesburg, given two days before ``at``."""
    talk = TalkFactory(title={"en": "Measuring rain with radio", "fr": "Mesurer la pluie par radio"})
    speaker = SpeakingFactory(talk=talk, person=PersonFactory(name="Peter Odongo")).person
    ends = at - over_since
    floor = FloorFactory(starts_at=ends - timedelta(hours=1), ends_at=ends)
    event = floor.event
    event.title, event.zone = {"en": "Rain evening", "fr": "Soirée pluie"}, "Africa/Johannesburg"
    event.slug, event.starts_at, event.ends_at = slug, floor.starts_at, floor.ends_at
    event.save()
    Session.objects.filter(pk=floor.session_id).update(talk=talk)
    floor = Floor.objects.get(pk=floor.pk)
    asker = PersonFactory(name="Bontle Mashaba")
    question = QuestionFactory(
        floor=floor, by=asker, text="Is there a recording?", asked_at=ends - timedelta(minutes=5)
    )
    return Stage(floor, speaker, asker, question)


def signed_in(person: Person) -> Client:
    """A browser in which somebody signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(client: Client, address: str, status: int = 200) -> str:
    """What a page says."""
    response = client.get(address)
    assert response.status_code == status, f"{response.status_code} at {address}"
    return str(response.content.decode())


def topic(slug: str = "radio") -> Topic:
    """A topic of the vocabulary by its slug."""
    made, _new = Topic.objects.get_or_create(slug=slug, defaults={"name_en": slug.title(), "name_fr": slug.title()})
    return made
