"""From a registration, or a closed list, to the team."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.attendance.receivers import say_no
from hallway.gathering.communities.models import Community, TeamMessage
from hallway.gathering.events.actions import ban_from_event
from hallway.kit.facts import revive
from hallway.kit.models import FactRow
from hallway.notices.models import OutboxMail
from tests.factories import AdmissionFactory, TeamRoleFactory
from tests.gathering.attendance.line import come

from . import page_of, post

pytestmark = pytest.mark.django_db


def declined(admission: Admission, at: datetime) -> Registration:
    cache.clear()
    row = come(admission, at)[0]
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.decline_registration(registration=row, reason="Only for members.", by=organiser, at=at)
    return row


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_whoever_was_declined_writes_by_the_link_alone(admission: Admission, public: Client, at: datetime) -> None:
    row = declined(admission, at)
    path = f"{page_of(row)}write/"
    assert f'href="{path}"' in text_of(public, page_of(row))
    page = text_of(public, path)
    assert "Jacaranda evening" in page
    assert row.person.email not in page
    answer = post(public, path, {"text": "I am a member since May.", "answer": "on"})
    assert answer.url == f"{path}?sent"
    message = TeamMessage.objects.get()
    assert (message.writer, message.address) == (row.person, row.person.email)
    assert message.path == f"/e/jacaranda-evening/registrations/{row.pk}/"
    organiser = Client()
    organiser.force_login(admission.event.community.team_roles.get().person)
    assert row.person.name in text_of(organiser, message.path)


def test_a_message_about_a_workshop_leads_to_its_own_list(admission: Admission, public: Client, at: datetime) -> None:
    workshop = AdmissionFactory(event=admission.event, is_event=False, capacity=9, starts_at=admission.event.starts_at)
    Admission.objects.filter(pk=admission.pk).update(how=Admission.How.NONE)
    row = come(workshop, at)[0]
    post(public, f"{page_of(row)}write/", {"text": "Shall I bring a soldering iron?"})
    path = TeamMessage.objects.get().path
    organiser = Client()
    organiser.force_login(TeamRoleFactory(community=admission.event.community).person)
    assert row.person.name in text_of(organiser, path)


def test_whoever_is_banned_from_the_event_writes_nothing_by_the_link(
    admission: Admission, public: Client, at: datetime
) -> None:
    row = declined(admission, at)
    organiser = admission.event.community.team_roles.get().person
    ban_from_event(event=admission.event, who=row.person, reason="Insults.", by=organiser, at=at)
    path = f"{page_of(row)}write/"
    assert 'name="text"' not in text_of(public, path)
    assert post(public, path, {"text": "Hello"}).status_code == 403


def test_the_mail_that_says_no_leads_to_the_team(admission: Admission, at: datetime) -> None:
    row = declined(admission, at)
    Community.objects.update(contact="hello@example.org")
    fact = FactRow.objects.get(kind="attendance.registration_declined")
    say_no(revive(fact), fact)
    mail = OutboxMail.objects.latest("pk")
    for words in (mail.text, mail.html):
        assert f"{page_of(row)}write/" in words
    assert mail.headers == {"Reply-To": "hello@example.org"}


@pytest.mark.parametrize("state", ["closed", "invited"])
def test_a_closed_list_leads_to_the_team(admission: Admission, public: Client, at: datetime, state: str) -> None:
    changes = {"closes_at": at - timedelta(hours=1)} if state == "closed" else {"how": Admission.How.INVITATION}
    Admission.objects.update(**changes)
    assert 'href="/e/jacaranda-evening/write/"' in text_of(public, "/e/jacaranda-evening/register/")


def test_whoever_was_declined_and_comes_again_signed_in_is_led_there(
    admission: Admission, public: Client, at: datetime
) -> None:
    row = declined(admission, at)
    public.force_login(row.person)
    assert f'href="{page_of(row)}write/"' in text_of(public, "/e/jacaranda-evening/register/")
