"""An organiser at the desk of an event, for tests of the team's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from hallway.gathering.attendance.models import Admission, AdmissionQuestion, Registration
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event, Host
from hallway.people.models import Person
from tests.factories import AdmissionFactory, CommunityFactory, EventFactory, RegistrationFactory, TeamRoleFactory

OWN = "allauth.account.auth_backends.AuthenticationBackend"
State = Registration.State


@dataclass
class Desk:
    """An event in thirty days with so many seats, its list, and the browser of its organiser."""

    admission: Admission
    organiser: Person
    client: Client

    @property
    def event(self) -> Event:
        return self.admission.event

    def address(self, part: str = "") -> str:
        return f"/e/{self.event.slug}/registrations/{part}"

    def get(self, part: str = "", **query: Any) -> Any:
        return self.client.get(self.address(part), query)

    def page(self, part: str = "", **query: Any) -> str:
        """What the page says; it is there."""
        response = self.get(part, **query)
        assert response.status_code == 200, response.status_code
        return words_of(response)

    def post(self, part: str = "", follow: bool = False, **data: Any) -> Any:
        return self.client.post(self.address(part), data, follow=follow, headers={"Sec-Fetch-Site": "same-origin"})

    def said(self, part: str, **data: Any) -> str:
        """The message after pressing a button."""
        response = self.post(part, follow=True, **data)
        assert response.status_code == 200, response.status_code
        return " ".join(str(message) for message in response.context["messages"])

    def person(self, name: str, state: str = State.GOING, **fields: Any) -> Registration:
        row: Registration = RegistrationFactory(
            admission=fields.pop("admission", self.admission), name=name, state=state, **fields
        )
        return row

    def question(self, kind: str = "text", words: str = "What do you build?", **fields: Any) -> AdmissionQuestion:
        return AdmissionQuestion.objects.create(
            admission=self.admission, kind=kind, text={"en": words}, purpose={"en": "To seat you well"}, **fields
        )


def words_of(response: Any) -> str:
    """The text of a page, spaces as one."""
    return " ".join(response.content.decode().split())


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=OWN)
    return client


def desk(at: datetime, *, seats: int | None = 10, **fields: Any) -> Desk:
    organiser = TeamRoleFactory(person__name="Phindile Were").person
    community: Community = organiser.team_roles.get().community
    event = EventFactory(
        community=community, slug="tram-evening", title={"en": "Tram evening"}, seats=seats,
        starts_at=at + timedelta(days=30), ends_at=at + timedelta(days=30, hours=3), first_public_at=at,
    )  # fmt: skip
    return Desk(AdmissionFactory(event=event, capacity=seats, **fields), organiser, browser_of(organiser))


def of_role(made: Desk, role: str) -> Desk:
    """The same desk, as somebody of the community's team in another role."""
    person = TeamRoleFactory(community=made.event.community, role=role).person
    return Desk(made.admission, person, browser_of(person))


def of_host(made: Desk, at: datetime, role: str = "organiser", *, accepted: bool = True) -> Desk:
    """The same desk, as somebody of a community that co-hosts, or was asked to."""
    community = CommunityFactory()
    Host.objects.create(event=made.event, community=community, invited_at=at, accepted_at=at if accepted else None)
    person = TeamRoleFactory(community=community, role=role).person
    return Desk(made.admission, person, browser_of(person))
