from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import edit_product, hide_product, show_product
from hallway.sharing.feedback.models import Maker, Product
from tests.factories import PersonFactory
from tests.factories.feedback import CardFactory, MakerFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_edit_by_a_maker_keeps_their_proof(at: datetime) -> None:
    maker = MakerFactory()
    changes = {"name": "Kiln 2", "url": "https://kiln2.example/", "repository": "https://github.com/kiln/kiln"}
    row = edit_product(product=maker.product, changes=changes, by=maker.person, at=at)
    assert (row.name, row.folded, row.domain, row.repository) == (
        "Kiln 2",
        "kiln 2",
        "kiln2.example",
        changes["repository"],
    )
    assert Maker.objects.get().ended_at is None
    assert FactRow.objects.get(kind="feedback.product_edited").payload["fields"] == ["name", "repository", "url"]
    edit_product(product=row, changes=changes, by=maker.person, at=at)
    assert FactRow.objects.filter(kind="feedback.product_edited").count() == 1


def test_another_domain_by_the_administration_ends_the_proofs(at: datetime) -> None:
    maker = MakerFactory()
    administrator = PersonFactory(is_administrator=True)
    edit_product(product=maker.product, changes={"url": "https://kiln.example/other"}, by=administrator, at=at)
    assert Maker.objects.get().ended_at is None, "the domain is the same"
    edit_product(product=maker.product, changes={"url": "https://real.example/"}, by=administrator, at=at)
    assert Maker.objects.get().ended_at == at


def test_anybody_with_an_account_says_where_it_is_found_once(at: datetime) -> None:
    unknown, person = ProductFactory(url="", domain=""), PersonFactory()
    for changes in ({"name": "Mine"}, {"name": "Mine", "url": "https://kiln.example/"}):
        with pytest.raises(Refusal) as caught:
            edit_product(product=unknown, changes=changes, by=person, at=at)
        assert caught.value.code == "product.not_yours"
    row = edit_product(product=unknown, changes={"url": "https://kiln.example/"}, by=person, at=at)
    assert row.domain == "kiln.example"
    with pytest.raises(Refusal):
        edit_product(product=row, changes={"url": "https://evil.example/"}, by=PersonFactory(), at=at)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "product.no_name"),
        ({"name": "x" * 81}, "product.no_name"),
        ({"name": "TAKEN"}, "product.name_taken"),
        ({"url": "ftp://kiln.example"}, "product.no_address"),
        ({"repository": "javascript:alert(1)"}, "product.no_address"),
    ],
)
def test_edit_what_cannot_be_is_refused(changes: dict[str, str], code: str, at: datetime) -> None:
    maker = MakerFactory()
    ProductFactory(name="Taken", folded="taken")
    with pytest.raises(Refusal) as caught:
        edit_product(product=maker.product, changes=changes, by=maker.person, at=at)
    assert caught.value.code == code


def test_edit_knows_its_fields(at: datetime) -> None:
    maker = MakerFactory()
    with pytest.raises(ValueError, match="domain"):
        edit_product(product=maker.product, changes={"domain": "evil.example"}, by=maker.person, at=at)


def test_hide_and_show_by_the_administration_alone(at: datetime) -> None:
    card = CardFactory()
    administrator = PersonFactory(is_administrator=True)
    for _ in range(2):
        hide_product(product=card.product, by=administrator, at=at)
    assert not queries.products_visible_to(None).exists() and not queries.shown_cards().exists()
    assert queries.products_visible_to(administrator).get() == card.product
    for _ in range(2):
        show_product(product=card.product, by=administrator, at=at)
    assert queries.products_visible_to(None).get() == card.product
    assert FactRow.objects.filter(kind="feedback.product_hidden").count() == 2
    with pytest.raises(Refusal):
        hide_product(product=card.product, by=MakerFactory(product=card.product).person, at=at)


def test_product_that_is_gone(at: datetime) -> None:
    maker = MakerFactory()
    product = maker.product
    Product.objects.all().delete()
    with pytest.raises(Refusal):
        edit_product(product=product, changes={"name": "x y"}, by=PersonFactory(is_administrator=True), at=at)


def test_second_who_says_where_it_is_found_changes_nothing(at: datetime) -> None:
    product = ProductFactory(url="", domain="")
    stale = Product.objects.get(pk=product.pk)
    edit_product(product=product, changes={"url": "https://good.example/"}, by=PersonFactory(), at=at)
    MakerFactory(product=product)
    with pytest.raises(Refusal, match=r"product\.not_yours"):
        edit_product(product=stale, changes={"url": "https://evil.example/"}, by=PersonFactory(), at=at)
    assert (Product.objects.get().url, Maker.objects.get().ended_at) == ("https://good.example/", None)


def test_maker_who_left_meanwhile_edits_nothing(at: datetime) -> None:
    maker = MakerFactory()
    leave_hallway(person=maker.person, by=Person.objects.get(pk=maker.person.pk), at=at)
    with pytest.raises(Refusal, match=r"people\.gone"):
        edit_product(product=maker.product, changes={"name": "Mine"}, by=maker.person, at=at)
