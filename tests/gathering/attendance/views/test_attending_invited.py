"""Coming in by an invitation of the team."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration
from hallway.kit.actors import Visitor
from hallway.notices.models import OutboxMail
from tests.factories import TeamRoleFactory

from . import mailed_link, page_of, post

pytestmark = pytest.mark.django_db
PAGE = "/e/jacaranda-evening/register/"
State = Registration.State
HOLDER = Visitor("registration")


def test_invitation_registers_where_others_cannot(admission: Admission, public: Client, at: datetime) -> None:
    organiser = TeamRoleFactory(community=admission.event.community).person
    Admission.objects.update(how="invitation")
    admission.refresh_from_db()
    actions.invite(admission=admission, address="vip@example.org", by=organiser, at=at)
    link = mailed_link("invited")
    page = public.get(link).content.decode()
    assert "The team invites you." in page
    assert not Registration.objects.exists()
    arrived = post(public, link, {"name": "Vi Pi"})
    row = Registration.objects.get()
    assert (row.state, row.person.email) == (State.GOING, "vip@example.org")
    assert arrived["Location"] == f"{page_of(row)}?done=registered"
    assert public.get(link)["Location"] == page_of(row)


def test_invitation_says_in_text_what_it_says_in_html(admission: Admission, at: datetime) -> None:
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.invite(admission=admission, address="vip@example.org", by=organiser, at=at)
    actions.request_place(admission=admission, address="new@example.org", language="en", by=HOLDER, at=at)
    for mail in OutboxMail.objects.all():
        for words in (mail.text, mail.html):
            assert "Open this page, say your name and press the button." in words, mail.subject


def test_invitation_taken_back_opens_nothing(admission: Admission, public: Client, at: datetime) -> None:
    organiser = TeamRoleFactory(community=admission.event.community).person
    invitation = actions.invite(admission=admission, address="vip@example.org", by=organiser, at=at)
    link = mailed_link("invited")
    actions.withdraw_invitation(invitation=invitation, by=organiser, at=at)
    for answer in (public.get(link), post(public, link, {"name": "Vi"})):
        assert answer.status_code == 410
        page = answer.content.decode()
        assert "The team took this invitation back." in page
        assert f"/e/{admission.event.slug}/write/" in page
        assert f'<a class="button" href="/e/{admission.event.slug}/">' in page
    assert not Registration.objects.exists()


def test_after_a_no_the_link_leads_to_its_reason_and_an_invitation_still_in(
    admission: Admission, public: Client, at: datetime
) -> None:
    Admission.objects.update(how="approval")
    admission.refresh_from_db()
    organiser = TeamRoleFactory(community=admission.event.community).person
    post(public, PAGE, {"address": "amina@example.org"})
    post(public, mailed_link(), {"name": "Amina"})
    row = Registration.objects.get()
    actions.decline_registration(registration=row, reason="Next time.", by=organiser, at=at)
    post(public, PAGE, {"address": "amina@example.org"})
    assert public.get(mailed_link())["Location"] == page_of(row)
    assert "Next time." in public.get(page_of(row)).content.decode()
    actions.invite(admission=admission, address="amina@example.org", by=organiser, at=at)
    page = public.get(mailed_link("invited"))
    assert page.status_code == 200
    assert "The team invites you." in page.content.decode()
