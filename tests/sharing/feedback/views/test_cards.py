from __future__ import annotations

import pytest
from django.test import Client

from hallway.kit.visitors import COOKIE
from hallway.sharing.feedback.models import Card, Product
from tests.factories import PersonFactory
from tests.factories.feedback import CardFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db


def page(room: Room) -> str:
    return f"/e/{room.session.event.slug}/sessions/{room.session.pk}/card/"


def test_a_device_writes_reads_and_takes_back(room: Room, client: Client) -> None:
    assert "Your name is nowhere" in client.get(page(room)).content.decode()
    answer = client.post(
        page(room), {"kind": "friction", "tool": "Kiln", "text": "It stops.", "address": "awa@example.org"}
    )
    card = Card.objects.get()
    assert answer.status_code == 302 and answer["Location"].startswith("/cards/") and COOKIE in client.cookies
    own = client.get(answer["Location"]).content.decode()
    assert "It stops." in own and "There is no answer yet" in own and "awa@example.org" not in own
    client.post(answer["Location"], {"do": "no_mail"})
    card.refresh_from_db()
    assert card.address == ""
    away = Client().post(answer["Location"], {"do": "take_back"}, follow=True)
    assert away.status_code == 200 and "Nobody can read it any more" in away.content.decode()
    assert not Card.objects.exists()
    assert client.get(answer["Location"]).status_code == 404


def test_taking_one_of_several_back_leads_to_the_tool(room: Room, client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    address = client.post(page(room), {"kind": "interest", "tool": "Kiln", "text": "I would."})["Location"]
    CardFactory(product=Product.objects.get())
    assert client.post(address, {"do": "take_back"})["Location"] == "/products/kiln/"


def test_a_person_is_named_if_they_want(room: Room, client: Client) -> None:
    person = PersonFactory(name="Nomvula Dube")
    client.force_login(person)
    data = {"kind": "interest", "tool": "Kiln", "text": "I would.", "named": "on", "url": "kiln.example"}
    client.post(page(room), data)
    assert Product.objects.get().url == "https://kiln.example"
    assert "Nomvula Dube" in client.get("/products/kiln/").content.decode()


def test_a_tool_that_was_named_is_one_tap_away(room: Room, client: Client) -> None:
    product = CardFactory(session=room.session).product
    told = client.get(f"{page(room)}?tool={product.slug}").content.decode()
    assert f'value="{product.name}"' in told and f'<option value="{product.name}">' in told
    assert client.get(f"{page(room)}?tool=nonsense").status_code == 200


def test_what_was_typed_is_kept(room: Room, client: Client) -> None:
    told = client.post(page(room), {"tool": "Kiln", "text": "Half", "address": "nonsense"}).content.decode()
    assert "gets in your way" in told and 'value="Kiln"' in told and "not an e-mail address" in told
    empty = client.post(page(room), {"kind": "friction", "tool": "\u200b", "text": "x"})
    assert "Name the tool" in empty.content.decode()
    assert not Card.objects.exists()


def test_a_refusal_is_a_sentence_on_the_form(room: Room, client: Client) -> None:
    CardFactory(product__name="Kiln", product__folded="kiln", product__hidden_at=room.session.updated_at)
    answer = client.post(page(room), {"kind": "friction", "tool": "kiln", "text": "x"})
    assert answer.status_code == 409 and "closed here" in answer.content.decode()


def test_where_nothing_is_taken_the_page_says_so(room: Room, client: Client) -> None:
    room.session.event.state = "cancelled"
    room.session.event.save()
    assert "You cannot write a card from this session" in client.get(page(room)).content.decode()
