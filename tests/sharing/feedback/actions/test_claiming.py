from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.actors import Visitor
from hallway.kit.links import token_of
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.notices.actions import EnoughMail
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import ask_by_mail, claiming, edit_product, end_maker, prove_by_mail
from hallway.sharing.feedback.models import Maker, Product
from hallway.sharing.feedback.tokens import Right
from tests.between import just_before
from tests.factories import PersonFactory
from tests.factories.feedback import MakerFactory, ProductFactory

pytestmark = pytest.mark.django_db
HOLDER = Visitor("maker")
DAY = timedelta(days=1)


def ask(product: Product, at: datetime, address: str = "Zoe@Kiln.example", **fields: Any) -> Maker:
    return ask_by_mail(product=product, address=address, **{"language": "fr", "by": HOLDER, "at": at, **fields})


def prove(maker: Maker, at: datetime, **fields: Any) -> Maker:
    token = token_of(Right.CLAIM, maker.pk, maker.nonce)
    return prove_by_mail(maker=maker, at=at, **{"token": token, "name": "Zoé", "by": HOLDER, **fields})


def test_ask_and_prove_end_to_end(at: datetime) -> None:
    product = ProductFactory()
    maker = ask(product, at)
    mail = OutboxMail.objects.get()
    token = mail.text.partition("/makers/confirm/")[2].partition("/")[0]
    assert (mail.to_address, mail.language) == ("zoe@kiln.example", "fr")
    assert queries.claim_by(token) == maker and queries.maker_by(token) is None
    proved = prove(maker, at + DAY, token=token)
    person = Person.objects.get(email="zoe@kiln.example")
    assert (proved.person, proved.proved_at, person.name) == (person, at + DAY, "Zoé")
    assert queries.makers_of(product).get() == proved
    again = prove(maker, at + 2 * DAY, token=token)
    assert again.proved_at == at + DAY
    page = OutboxMail.objects.order_by("-pk")[0].text.partition("/makers/")[2].partition("/")[0]
    assert queries.maker_by(page) == proved
    assert FactRow.objects.filter(kind="feedback.maker_proved").count() == 1


def test_an_address_nobody_confirmed_does_not_read_how_a_stranger_calls_a_tool(at: datetime) -> None:
    ask(ProductFactory(name="Spam here"), at, language="en")
    mail = OutboxMail.objects.get()
    assert "Spam" not in mail.subject + mail.text
    assert mail.subject == "Do you make a tool of kiln.example?"


def test_ask_again_is_the_same_claim_and_a_maker_gets_the_page(at: datetime) -> None:
    product = ProductFactory()
    first = ask(product, at)
    assert ask(product, at + DAY, language="en") == first
    first.refresh_from_db()
    assert (first.asked_at, first.language) == (at + DAY, "en")
    prove(first, at + DAY)
    assert ask(product, at + 2 * DAY) == first
    newest = OutboxMail.objects.order_by("-pk")[0]
    assert "/makers/confirm/" not in newest.text and "/makers/" in newest.text


@pytest.mark.parametrize(
    "address",
    ["zoe@evil.example", "zoe@kiln.example.evil.example", "zoe@sub.kiln.example", "kiln.example@evil.example",
     "zoe@kіln.example", "zoe@kiln.example@evil.example"],
)  # fmt: skip
def test_ask_from_another_domain_is_refused(address: str, at: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        ask(ProductFactory(), at, address)
    assert (caught.value.code, caught.value.field) == ("maker.other_domain", "address")
    assert not Maker.objects.exists() and not OutboxMail.objects.exists()


@pytest.mark.parametrize("domain", ["", "gmail.com", "somebody.github.io"])
def test_ask_where_mail_proves_nothing_is_refused(domain: str, at: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        ask(ProductFactory(domain=domain), at, f"zoe@{domain or 'kiln.example'}")
    assert caught.value.code == "maker.no_domain"


def test_ask_floods_neither_a_mailbox_nor_the_house(at: datetime) -> None:
    product = ProductFactory()
    for _ in range(3):
        ask(product, at)
    with pytest.raises(EnoughMail):
        ask(product, at)
    for number in range(claiming.MOST_A_DAY - 3):
        ask(product, at, f"n{number}@kiln.example")
    with pytest.raises(Refusal) as caught:
        ask(product, at, "last@kiln.example")
    assert caught.value.code == "pace.too_often"


def test_devices_and_tools_without_number_do_not_flood_a_domain(at: datetime) -> None:
    one, other = ProductFactory(), ProductFactory()
    for number in range(claiming.MOST_AT_A_DOMAIN):
        product = one if number % 2 else other
        ask(product, at, f"n{number}@kiln.example", by=Visitor(f"device-{number}"))
    with pytest.raises(Refusal) as caught:
        ask(one, at, "n1@kiln.example", by=Visitor("another"))
    assert (caught.value.code, caught.value.status) == ("maker.domain_enough", 429)
    assert OutboxMail.objects.count() == claiming.MOST_AT_A_DOMAIN
    ask(ProductFactory(domain="other.example"), at, "zoe@other.example", by=Visitor("another"))
    ask(one, at + DAY, "next@kiln.example", by=Visitor("another"))


def test_prove_needs_the_link_in_time_and_the_same_domain(at: datetime) -> None:
    product = ProductFactory()
    maker = ask(product, at)
    with pytest.raises(Refusal) as caught:
        prove(maker, at, token=token_of(Right.MAKER, maker.pk, maker.nonce))
    assert caught.value.code == "maker.no_link"
    with pytest.raises(Refusal) as caught:
        prove(maker, at + 8 * DAY)
    assert (caught.value.code, caught.value.status) == ("maker.too_old", 410)
    edit_product(
        product=product, changes={"url": "https://real.example/"}, by=PersonFactory(is_administrator=True), at=at
    )
    with pytest.raises(Refusal) as caught:
        prove(maker, at)
    assert caught.value.code == "maker.too_old"
    with pytest.raises(Refusal):
        prove(ask(ProductFactory(), at, "new@kiln.example"), at, name="")


def test_prove_is_somebody_we_know_under_their_name(at: datetime) -> None:
    known = PersonFactory(email="zoe@kiln.example", name="Zoé Ilunga")
    assert prove(ask(ProductFactory(), at), at, name="Mallory").person == known
    known.refresh_from_db()
    assert known.name == "Zoé Ilunga"


def test_end_by_oneself_or_the_administration(at: datetime) -> None:
    one, other = MakerFactory(), MakerFactory()
    for by in (other.person, PersonFactory(), HOLDER):
        with pytest.raises(Refusal):
            end_maker(maker=one, by=by, at=at)
    for _ in range(2):
        end_maker(maker=one, by=one.person, at=at)
    end_maker(maker=other, by=PersonFactory(is_administrator=True), at=at)
    assert not queries.makers_of(one.product).exists()
    assert queries.maker_by(token_of(Right.MAKER, one.pk, one.nonce)) is None
    assert FactRow.objects.filter(kind="feedback.maker_ended").count() == 2


def test_prove_by_somebody_who_leaves_meanwhile_is_refused(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, person = ask(ProductFactory(), at), PersonFactory(email="zoe@kiln.example")
    just_before(claiming, "stay", lambda: Person.objects.filter(pk=person.pk).update(left_at=at), monkeypatch)
    with pytest.raises(Refusal, match=r"people\.gone"):
        prove(maker, at)
    assert Maker.objects.get().person is None
