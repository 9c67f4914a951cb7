from __future__ import annotations

import re

import pytest
from django.test import Client

from hallway.notices.models import OutboxMail
from hallway.sharing.feedback.models import Maker
from tests.factories import PersonFactory
from tests.factories.feedback import CardFactory, MakerFactory

pytestmark = pytest.mark.django_db


def link(part: str) -> str:
    found = re.search(rf"/{part}/\S+", OutboxMail.objects.order_by("-pk")[0].text)
    assert found
    return found[0]


def test_claim_by_mail_without_an_account(client: Client) -> None:
    product = CardFactory().product
    address = f"/products/{product.slug}/claim/"
    assert "kiln.example" in client.get(address).content.decode()
    wrong = client.post(address, {"address": "zoe@evil.example"})
    assert wrong.status_code == 409 and "zoe@evil.example" in wrong.content.decode()
    assert "not an e-mail address" in client.post(address, {"address": "nonsense"}).content.decode()
    assert "Look at your mail" in client.post(address, {"address": "zoe@kiln.example"}).content.decode()
    confirm = link("makers/confirm")
    opened = client.get(confirm).content.decode()
    assert "Do you make" in opened and Maker.objects.get().proved_at is None, "opening it changes nothing"
    assert "Say your name" in client.post(confirm, {"name": ""}).content.decode()
    answer = client.post(confirm, {"name": "Zoé"})
    assert answer["Location"].startswith("/makers/") and Maker.objects.get().proved_at is not None
    assert client.get(confirm)["Location"] == answer["Location"]
    assert client.get(link("makers")).status_code == 200
    assert client.get("/makers/confirm/1.wrong/").status_code == 404


def test_a_link_that_is_too_old_says_so(client: Client) -> None:
    product = CardFactory().product
    client.post(f"/products/{product.slug}/claim/", {"address": "zoe@kiln.example"})
    Maker.objects.update(asked_at="2020-01-01T00:00:00Z")
    answer = client.post(link("makers/confirm"), {"name": "Zoé"})
    assert answer.status_code == 410 and "too old" in answer.content.decode()


def test_claim_by_a_file_is_decided_by_an_administrator(client: Client) -> None:
    product = CardFactory(product__url="", product__domain="").product
    address = f"/products/{product.slug}/claim/"
    assert "Sign in to get a line to put there" in client.get(address).content.decode()
    assert client.post(address, {"do": "file"}).status_code == 200 and not Maker.objects.exists()
    person = PersonFactory()
    client.force_login(person)
    assert "Say where it is found" in client.get(address).content.decode()
    client.post(address, {"do": "file"})
    maker = Maker.objects.get()
    told = client.get(address).content.decode()
    assert maker.proof in told and "First put this line" in told
    boss = Client()
    boss.force_login(PersonFactory(is_administrator=True))
    assert maker.proof not in boss.get("/makers/proofs/").content.decode()
    client.post(address, {"do": "placed"})
    assert "The administration was asked to look" in client.get(address).content.decode()
    assert maker.proof in boss.get("/makers/proofs/").content.decode()
    boss.post("/makers/proofs/", {"claim": maker.pk, "do": "decline"})
    assert "did not find your proof" in client.get(address).content.decode()
    client.post(address, {"do": "file"}), client.post(address, {"do": "placed"})
    boss.post("/makers/proofs/", {"claim": Maker.objects.latest("pk").pk, "do": "accept"})
    again = boss.post("/makers/proofs/", {"claim": Maker.objects.latest("pk").pk, "do": "accept"}, follow=True)
    assert "decided about this" in again.content.decode() and "Nothing to look at" in again.content.decode()
    assert "You speak for its makers already" in client.get(address).content.decode()


def test_nothing_is_looked_at_that_nobody_asked_for(client: Client) -> None:
    product = CardFactory().product
    address = f"/products/{product.slug}/claim/"
    assert client.post(address, {"do": "placed"}).status_code == 200, "without an account"
    client.force_login(PersonFactory())
    assert client.post(address, {"do": "placed"}).status_code == 302
    assert not Maker.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "9" * 30])
def test_forged_claims_are_not_there(number: str, client: Client) -> None:
    MakerFactory()
    client.force_login(PersonFactory(is_administrator=True))
    assert client.post("/makers/proofs/", {"claim": number, "do": "accept"}).status_code == 404


def test_proofs_are_not_for_others(client: Client) -> None:
    client.force_login(MakerFactory().person)
    assert client.get("/makers/proofs/").status_code == 403
