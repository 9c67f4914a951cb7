"""The page of a report: for anybody, in three taps; hostile words, forged kinds and floods."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.kit.reportable import KINDS
from hallway.kit.visitors import COOKIE
from hallway.moderation.models import ConductCase, Report
from hallway.moderation.views import reporting
from hallway.people.models import Person
from tests.factories import EventFactory, PersonFactory, RegistrationFactory, SpeakingFactory, TeamRoleFactory
from tests.moderation.matters import Matter, matter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def it() -> Matter:
    return matter()


def page(it: Matter) -> str:
    return f"/report/session/{it.session.pk}/"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_report_without_an_account_sets_a_device_and_thanks(client: Client, it: Matter) -> None:
    shown = client.get(page(it))
    assert shown.status_code == 200 and "The team of “Savanna Conf”" in shown.content.decode()
    assert COOKIE not in client.cookies, "reading sets none"
    answer = client.post(page(it), {"trouble": "private", "note": "  <b>she</b> lives there "})
    assert (answer.status_code, answer["Location"]) == (302, f"{page(it)}?sent")
    assert COOKIE in client.cookies
    made = Report.objects.get()
    assert (made.trouble, made.note, made.reporter) == ("private", "<b>she</b> lives there", None)
    thanks = client.get(answer["Location"]).content.decode()
    assert "Thank you" in thanks and "do=block" not in thanks and "my_blocked" not in thanks
    client.post(page(it), {"trouble": "other"})
    assert Report.objects.count() == 1, "the device is known again"


def test_report_needs_a_trouble_and_keeps_what_was_typed(client: Client, it: Matter) -> None:
    answer = client.post(page(it), {"note": "my words"})
    said = answer.content.decode()
    assert answer.status_code == 200 and "Choose what is wrong with it." in said and "my words" in said
    assert not Report.objects.exists()
    too_long = client.post(page(it), {"trouble": "other", "note": "x" * 2_001})
    assert "This is too long" in too_long.content.decode()


@pytest.mark.parametrize(
    "address", ["/report/session/999999/", "/report/nothing/1/", "/report/person/0/", f"/report/talk/{2**62}/"]
)
def test_report_of_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address, {"trouble": "other"}).status_code == 404


def test_report_of_what_the_reader_may_not_see_is_not_found(client: Client, it: Matter) -> None:
    hidden = PersonFactory(public_at=None)
    draft = EventFactory(state="draft", public_at=None)
    for address in (f"/report/person/{hidden.pk}/", f"/report/event/{draft.pk}/"):
        assert client.post(address, {"trouble": "other"}).status_code == 404
    assert not ConductCase.objects.exists()


def test_text_is_shown_as_text(client: Client) -> None:
    it = matter()
    it.session.talk.title = {"en": "<script>alert(1)</script>"}
    it.session.talk.save()
    assert "<script>alert(1)" not in client.get(page(it)).content.decode()


@pytest.mark.parametrize("kind", ["event", "community", "session", "talk", "person"])
def test_excerpt_is_in_one_language_and_the_copy_in_all(client: Client, it: Matter, kind: str) -> None:
    said = {"fr": "Bonjour à tous", "en": "Hello all"}
    thing: Any = {
        "event": it.event, "community": it.event.community, "session": it.session, "talk": it.session.talk,
        "person": it.speaker,
    }[kind]  # fmt: skip
    field = {"session": "abstract", "talk": "abstract", "person": "biography"}.get(kind, "description")

    def excerpt(language: str, said: dict[str, str]) -> str:
        type(thing).objects.filter(pk=thing.pk).update(**{field: said})
        page = client.get(f"/report/{kind}/{thing.pk}/?lang={language}").content.decode()
        return page.partition("<blockquote")[2].partition("</blockquote>")[0]

    assert "Bonjour à tous" in excerpt("fr", said) and "Hello" not in excerpt("fr", said)
    assert "Hello all" in excerpt("en", said) and "Bonjour" not in excerpt("en", said)
    first = {"sw": "Habari zenu", "de": "Guten Tag"}
    # Which one comes first is the database's own: PostgreSQL sorts the keys of its JSON.
    assert ("Habari zenu" in excerpt("en", first)) != ("Guten Tag" in excerpt("en", first))
    copy = KINDS[kind].text(type(thing).objects.get(pk=thing.pk))
    assert "Habari zenu" in copy and "Guten Tag" in copy, "whoever decides reads what anybody could"


def test_thanks_offer_to_block_the_one_it_is_about(it: Matter) -> None:
    reader = PersonFactory()
    client = signed_in(reader)
    answer = client.post(page(it), {"trouble": "hurtful"}, follow=True)
    said = answer.content.decode()
    assert f'name="person" value="{it.speaker.pk}"' in said and "You get a mail once it is decided." in said
    SpeakingFactory(talk=it.session.talk)
    assert 'name="person"' not in client.get(f"{page(it)}?sent").content.decode(), "which of the two?"


def test_person_is_reported_to_the_team_of_the_event_where_it_happened(it: Matter) -> None:
    reader = PersonFactory()
    now = datetime.now().astimezone()
    near = {"event__starts_at": now - timedelta(hours=3), "event__ends_at": now - timedelta(hours=1)}
    event = RegistrationFactory(person=reader, **{f"admission__{name}": value for name, value in near.items()})
    event = event.admission.event
    client, address = signed_in(reader), f"/report/person/{it.speaker.pk}/"
    assert 'name="where"' in client.get(address).content.decode()
    client.post(address, {"trouble": "conduct", "where": event.pk})
    assert ConductCase.objects.get().event == event
    elsewhere = client.post(address, {"trouble": "conduct", "where": it.event.pk})
    assert elsewhere.status_code == 200, "an event one was not at cannot be chosen"
    client.post(address, {"trouble": "conduct"})
    assert ConductCase.objects.filter(event=None).count() == 1


def test_organiser_decides_at_once_instead(it: Matter) -> None:
    client = signed_in(it.organiser)
    assert 'name="open"' in client.get(page(it)).content.decode()
    answer = client.post(page(it), {"open": "1"})
    case = ConductCase.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/moderation/{case.pk}/")
    assert client.get(answer["Location"]).status_code == 200
    assert 'name="open"' not in signed_in(PersonFactory()).get(page(it)).content.decode()
    refused = signed_in(PersonFactory()).post(page(it), {"open": "1"})
    assert refused.status_code == 200 and "Somebody else decides about this" in refused.content.decode()


def test_organiser_opens_a_case_of_somebody_met_at_their_event(it: Matter) -> None:
    now = datetime.now().astimezone()
    role = TeamRoleFactory()
    event = EventFactory(community=role.community, starts_at=now, ends_at=now)
    client, address = signed_in(role.person), f"/report/person/{it.speaker.pk}/"
    assert 'name="open"' in client.get(address).content.decode()
    client.post(address, {"open": "1", "where": event.pk})
    assert ConductCase.objects.get().event == event


def test_flood_from_one_network_is_refused(it: Matter, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(reporting, "PACE", {"visitor": "2/h/ip"})
    answers = [Client().post(page(it), {"trouble": "other"}).status_code for _number in range(4)]
    assert answers == [302, 302, 200, 200]
    assert Report.objects.count() == 2
    assert signed_in(PersonFactory()).post(page(it), {"trouble": "other"}).status_code == 302
