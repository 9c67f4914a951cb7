"""The administration: everything to look at, nothing to change, nothing secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from hallway.kit import clock
from hallway.people.models import Person, PersonClaim
from hallway.site import administration
from tests.factories import CommunityFactory, EventFactory, PersonFactory, SlotFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
OURS = [model for model in apps.get_models() if model.__module__.startswith("hallway.")]


@pytest.fixture
def administrator(client: Client) -> Person:
    person: Person = PersonFactory(is_administrator=True, name="Kagiso", email="kagiso@example.org")
    client.force_login(person)
    return person


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_sign_in_is_our_own_page_and_others_are_turned_away(client: Client) -> None:
    first = client.get("/administration/")
    assert first.url == "/administration/login/?next=/administration/"
    assert client.get(first.url).url == "/accounts/login/?next=/administration/"
    client.force_login(PersonFactory())
    answer = client.get("/administration/login/?next=/administration/")
    assert (answer.status_code, "This door is closed for you" in answer.content.decode()) == (403, True)


def test_index_lists_every_model_of_ours(client: Client, administrator: Person) -> None:
    page = client.get("/administration/").content.decode()
    for model in OURS:
        assert address(model, "changelist") in page
    assert "Read-only" in page


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_list_opens(client: Client, administrator: Person, model: Any) -> None:
    assert client.get(address(model, "changelist"), {"q": "x"}).status_code == 200


def test_rows_open_and_nothing_can_be_changed(client: Client, administrator: Person) -> None:
    slot, role = SlotFactory(), TeamRoleFactory()
    for row in (slot, slot.session, slot.session.event, slot.session.talk, role, role.community, role.person):
        page = client.get(address(row, "change", row.pk)).content.decode()
        assert "csrfmiddlewaretoken" in page  # the form is there, its buttons are not
        assert 'name="_save"' not in page
        assert client.post(address(row, "change", row.pk), {"name": "X"}).status_code == 403
        assert client.post(address(row, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert client.get(address(row, "add")).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()


def test_secret_fields_are_not_shown_and_private_ones_only_as_a_word(client: Client, administrator: Person) -> None:
    person = PersonFactory(email="thandi@example.org", zone="Africa/Maputo", password="argon2$very-secret")
    now = clock.now()
    claim = PersonClaim.objects.create(
        person=person, address="private@example.org", token_hash="s3cr3t", created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    pages = [
        client.get(address(row, name, *([row.pk] if name == "change" else []))).content.decode()
        for row in (person, claim)
        for name in ("change", "changelist")
    ]
    for word in ("thandi@example.org", "Africa/Maputo", "very-secret", "private@example.org", "s3cr3t"):
        assert not any(word in page for page in pages), word
    assert ">private<" in pages[0]
    assert "assword" not in pages[0]


@pytest.mark.parametrize("lookup", ["email__startswith=t", "password__startswith=a", "claims__token_hash=x", "o=99"])
def test_no_address_tells_what_the_page_does_not(client: Client, administrator: Person, lookup: str) -> None:
    PersonFactory(name="Thandi", email="thandi@example.org")
    answer = client.get(f"{address(Person, 'changelist')}?{lookup}")
    assert answer.status_code in {200, 302, 400}
    if answer.status_code == 200:
        assert "Thandi" in answer.content.decode()  # not narrowed by it


def test_every_shown_field_is_classified_as_open() -> None:
    for model in OURS:
        named = {
            name
            for name in (
                *administration.shown(model),
                *administration.columns(model),
                *administration.searchable(model),
            )
            if isinstance(name, str)
        }
        for name in named - {"__str__"}:
            assert model.privacy.class_of(name) in {"public", "community", "event"}


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_queries(
    client: Client, administrator: Person, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        EventFactory(community=CommunityFactory())
    with django_assert_max_num_queries(8):
        client.get(reverse("admin:events_event_changelist"))


def test_instance_page_leads_there(client: Client, administrator: Person) -> None:
    assert 'href="/administration/"' in client.get("/instance/").content.decode()
