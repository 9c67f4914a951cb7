from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hallway.kit.store import STORE_HEADER
from hallway.people.actions import block_person
from hallway.sharing.feedback.models import CardGroup, Product
from tests.factories import NOW, PersonFactory
from tests.factories.feedback import CardFactory, CardGroupFactory, MakerFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_empty_list_says_what_this_is(client: Client) -> None:
    assert "No cards yet" in client.get("/products/").content.decode()
    ProductFactory(slug="alone")
    assert client.get("/products/alone/").status_code == 404


def test_page_shows_cards_answers_and_fixes_and_no_figures_under_five(client: Client) -> None:
    card = CardFactory(text="<b>It stops</b>")
    group = card.group
    CardGroup.objects.filter(pk=group.pk).update(
        answer="We **know**.", answered_at=NOW, fixed_at=NOW, fixed_in="2.0", fixed_url="https://kiln.example/2"
    )
    MakerFactory(product=card.product)
    address = f"/products/{card.product.slug}/"
    answer = client.get(address)
    told = answer.content.decode()
    assert f"product:{card.product.pk}" in answer[STORE_HEADER]
    assert "&lt;b&gt;It stops" in told and "We <strong>know</strong>." in told and "Fixed in 2.0" in told
    assert 'href="https://kiln.example/2" rel="nofollow ugc noopener"' in told
    assert "proved by mail at kiln.example" in told and "people say so" not in told
    for _ in range(4):
        CardFactory(product=card.product, group=group)
    assert "5 people say so" in client.get(address).content.decode()
    assert "5 cards" in client.get("/products/").content.decode()


def test_hidden_cards_and_products_are_gone(client: Client) -> None:
    shown, hidden = CardFactory(), CardFactory(hidden_at=NOW, text="Hidden words")
    other = CardFactory(product=shown.product, text="Also hidden", hidden_at=NOW)
    told = client.get(f"/products/{shown.product.slug}/").content.decode()
    assert "Also hidden" not in told and other.product == shown.product
    assert client.get(f"/products/{hidden.product.slug}/").status_code == 404
    Product.objects.update(hidden_at=NOW)
    assert client.get(f"/products/{shown.product.slug}/").status_code == 404
    client.force_login(PersonFactory(is_administrator=True))
    assert "Hidden: only the administration" in client.get(f"/products/{shown.product.slug}/").content.decode()


def test_a_block_keeps_named_cards_apart_and_unnamed_ones_not(client: Client) -> None:
    named = CardFactory(text="Under my name", named=True)
    CardFactory(product=named.product, writer=named.writer, text="Without a name")
    reader = PersonFactory()
    client.force_login(reader)
    address = f"/products/{named.product.slug}/"
    assert "Under my name" in client.get(address).content.decode()
    block_person(person=reader, by=named.writer, at=NOW)
    told = client.get(address).content.decode()
    assert "Under my name" not in told and "Without a name" in told


def test_makers_and_administrators_find_their_way(client: Client) -> None:
    card = CardFactory()
    maker = MakerFactory(product=card.product)
    client.force_login(maker.person)
    told = client.get(f"/products/{card.product.slug}/").content.decode()
    assert "/makers/" in told and "Change name and addresses" in told


def test_edit_by_a_maker_and_what_is_wrong_comes_back(client: Client) -> None:
    maker = MakerFactory()
    client.force_login(maker.person)
    address = f"/products/{maker.product.slug}/edit/"
    ProductFactory(name="Taken", folded="taken")
    wrong = client.post(address, {"name": "Taken", "url": "https://kiln.example/"})
    assert wrong.status_code == 409 and "Another tool has this name" in wrong.content.decode()
    assert "Hide this tool" not in wrong.content.decode()
    client.post(address, {"name": "New", "url": "https://kiln.example/", "repository": "https://github.com/a/b"})
    maker.product.refresh_from_db()
    assert (maker.product.name, maker.product.repository) == ("New", "https://github.com/a/b")


def test_edit_where_nobody_said_where_it_is(client: Client) -> None:
    product = CardFactory(product__url="", product__domain="").product
    address = f"/products/{product.slug}/edit/"
    client.force_login(PersonFactory())
    assert 'name="name"' not in client.get(address).content.decode()
    answer = client.post(address, {"url": "https://kiln.example/", "name": "Stolen"})
    assert answer["Location"] == f"/products/{product.slug}/claim/"
    product.refresh_from_db()
    assert (product.domain, product.name != "Stolen") == ("kiln.example", True)
    assert client.get(address).status_code == 403


def test_administrator_hides_and_shows(client: Client) -> None:
    product = CardFactory().product
    address = f"/products/{product.slug}/edit/"
    client.force_login(PersonFactory(is_administrator=True))
    client.post(address, {"do": "hide"})
    product.refresh_from_db()
    assert product.hidden_at is not None
    client.post(address, {"do": "show"})
    product.refresh_from_db()
    assert product.hidden_at is None


def test_a_maker_does_not_hide(client: Client) -> None:
    maker = MakerFactory()
    client.force_login(maker.person)
    assert client.post(f"/products/{maker.product.slug}/edit/", {"do": "hide"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_often_for_one_tool_as_for_three(
    rows: int, client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        CardFactory()
    client.get("/products/")
    with django_assert_num_queries(3):
        assert client.get("/products/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_as_often_for_one_group_as_for_three(
    rows: int, client: Client, django_assert_num_queries: Any
) -> None:
    product = ProductFactory()
    for _ in range(rows):
        CardFactory(product=product, group=CardGroupFactory(product=product), named=True)
    client.get(f"/products/{product.slug}/")
    with django_assert_num_queries(6):
        assert client.get(f"/products/{product.slug}/").status_code == 200
