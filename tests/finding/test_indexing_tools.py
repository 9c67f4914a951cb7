"""Tools people speak of are found by their names, while there is a card about them or somebody speaks for them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hallway.finding import queries
from hallway.finding.indexing import index_everything
from hallway.finding.models import SearchEntry
from hallway.gathering.communities.actions import hide_community, show_community
from hallway.kit import sweeps
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.programme.schedule.actions import hide_session, show_session
from hallway.programme.schedule.models import Session
from hallway.sharing.feedback.actions import edit_product, end_maker, hide_product, take_back_card, write_card
from hallway.sharing.feedback.models import Card
from tests.factories import PersonFactory, SlotFactory
from tests.factories.feedback import MakerFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> Person:
    return PersonFactory()


@pytest.fixture
def session() -> Session:
    return SlotFactory().session


def found(words: str) -> list[int]:
    sweeps.deliver_facts()
    return [one.object_id for one in queries.matching(words).filter(kind=SearchEntry.Kind.PRODUCT)]


def write(session: Session, by: Person, at: datetime, text: str = "It stops") -> Card:
    return write_card(session=session, tool="Kiln SDK", kind="friction", text=text, by=by, at=at)


def test_a_maker_who_looks_for_the_tool_finds_its_page(session: Session, writer: Person, at: datetime) -> None:
    card = write(session, writer, at)
    assert found("kiln") == [card.product_id]
    page = Client().get("/search?q=kiln").content.decode()
    assert f'href="/products/{card.product.slug}/"' in page and "1 card for its makers" in page
    assert ">Tools <" in page and "It stops" not in page
    write(session, PersonFactory(), at, "Too slow")
    sweeps.deliver_facts()
    assert "2 cartes pour qui crée cet outil" in Client().get("/search?q=kiln&lang=fr").content.decode()


def test_it_is_found_as_long_as_there_is_something_to_read(session: Session, writer: Person, at: datetime) -> None:
    card = write(session, writer, at)
    assert found("kiln")
    maker = MakerFactory(product=card.product)
    take_back_card(card=card, by=writer, at=at)
    assert found("kiln") == [card.product_id], "somebody speaks for it"
    end_maker(maker=maker, by=maker.person, at=at)
    assert not found("kiln")


def test_another_name_and_hiding_show_at_once(session: Session, writer: Person, at: datetime) -> None:
    product = write(session, writer, at).product
    chief = PersonFactory(is_administrator=True)
    edit_product(product=product, changes={"name": "Anvil"}, by=chief, at=at)
    assert found("anvil") == [product.pk] and not found("kiln")
    hide_product(product=product, by=chief, at=at)
    assert not found("anvil")


@pytest.mark.parametrize("what", ["session", "community"])
def test_it_goes_and_comes_back_with_where_it_was_said(
    what: str, session: Session, writer: Person, at: datetime
) -> None:
    product = write(session, writer, at).product
    chief = PersonFactory(is_administrator=True)
    assert found("kiln")
    if what == "session":
        hide_session(session=session, by=chief, at=at)
        assert not found("kiln")
        show_session(session=session, by=chief, at=at)
    else:
        hide_community(community=session.event.community, by=chief, at=at)
        assert not found("kiln")
        show_community(community=session.event.community, by=chief, at=at)
    assert found("kiln") == [product.pk]


def test_nothing_of_it_stays_when_its_only_writer_leaves(session: Session, writer: Person, at: datetime) -> None:
    write(session, writer, at)
    assert found("kiln")
    leave_hallway(person=writer, by=writer, at=at)
    assert not found("kiln")


def test_everything_anew_finds_tools_too(session: Session, writer: Person, at: datetime) -> None:
    card = write(session, writer, at)
    ProductFactory(name="Nobody spoke of it")
    index_everything()
    assert list(SearchEntry.objects.filter(kind="product").values_list("object_id", flat=True)) == [card.product_id]
