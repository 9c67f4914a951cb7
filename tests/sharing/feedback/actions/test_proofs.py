from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.notices.models import OutboxMail
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import (
    accept_proof,
    ask_by_file,
    decline_proof,
    forget_old_feedback,
    let_proof_lapse,
    place_proof,
    remind_checkers,
)
from hallway.sharing.feedback.models import Maker, Product
from tests.factories import PersonFactory
from tests.factories.feedback import MakerFactory, ProductFactory

pytestmark = pytest.mark.django_db
HALLWAY = SystemPerson("feedback")
DAY = timedelta(days=1)


def placed(at: datetime, person: Person | None = None, product: Product | None = None) -> Maker:
    person = person or PersonFactory()
    maker = ask_by_file(product=product or ProductFactory(), by=person, at=at)
    place_proof(maker=maker, by=person, at=at)
    return maker


def mails(person: Person) -> int:
    return OutboxMail.objects.filter(to_person=person).count()


def test_a_file_is_looked_at_by_an_administrator(at: datetime) -> None:
    product, person = ProductFactory(domain="", url=""), PersonFactory()
    maker = ask_by_file(product=product, by=person, at=at)
    assert ask_by_file(product=product, by=person, at=at) == maker
    assert maker.proof.startswith("hallway-maker=") and not queries.to_check().exists()
    place_proof(maker=maker, by=person, at=at)
    assert queries.to_check().get() == maker
    for by in (person, PersonFactory()):
        for act in (accept_proof, decline_proof):
            with pytest.raises(Refusal) as caught:
                act(maker=maker, by=by, at=at)
            assert caught.value.code == "maker.not_administrator"
    administrator = PersonFactory(is_administrator=True)
    accept_proof(maker=maker, by=administrator, at=at)
    assert queries.makers_of(product).get().checked_by == administrator
    assert "/makers/" in OutboxMail.objects.get(to_person=person).text
    for act in (accept_proof, decline_proof):
        with pytest.raises(Refusal) as caught:
            act(maker=maker, by=administrator, at=at)
        assert caught.value.code == "maker.decided"


def test_the_administration_hears_once_that_a_line_is_there(at: datetime) -> None:
    one, other, person = PersonFactory(is_administrator=True), PersonFactory(is_administrator=True), PersonFactory()
    maker = ask_by_file(product=ProductFactory(), by=person, at=at)
    assert not OutboxMail.objects.exists(), "there is nothing to look at yet"
    for days in (0, 1):
        place_proof(maker=maker, by=person, at=at + days * DAY)
    assert (mails(one), mails(other), mails(person)) == (1, 1, 0)
    assert "/makers/proofs/" in OutboxMail.objects.get(to_person=one).text
    maker.refresh_from_db()
    assert maker.placed_at == at
    assert FactRow.objects.filter(kind="feedback.proof_placed").count() == 1


def test_only_who_was_given_the_line_says_that_it_is_there(at: datetime) -> None:
    maker = ask_by_file(product=ProductFactory(), by=PersonFactory(), at=at)
    for by in (PersonFactory(is_administrator=True), Visitor("1")):
        with pytest.raises(Refusal) as caught:
            place_proof(maker=maker, by=by, at=at)
        assert caught.value.code == "maker.not_yours"
    by_mail = MakerFactory(proved_at=None)
    with pytest.raises(Refusal):
        place_proof(maker=by_mail, by=by_mail.person, at=at)
    assert not queries.to_check().exists()


@pytest.mark.parametrize("over", ["declined_at", "ended_at"])
def test_a_claim_that_is_over_is_looked_at_no_more(over: str, at: datetime) -> None:
    administrator, person = PersonFactory(is_administrator=True), PersonFactory()
    maker = ask_by_file(product=ProductFactory(), by=person, at=at)
    Maker.objects.update(**{over: at})
    place_proof(maker=maker, by=person, at=at)
    assert not mails(administrator) and not queries.to_check().exists()


def test_a_file_that_is_not_there_is_told_and_asked_for_again_with_the_same_line(at: datetime) -> None:
    product, person = ProductFactory(), PersonFactory()
    maker = placed(at, person, product)
    decline_proof(maker=maker, by=SystemPerson("demo"), at=at)
    assert not queries.to_check().exists() and not queries.makers_of(product).exists()
    assert f"/products/{product.slug}/claim/" in OutboxMail.objects.get(to_person=person).text
    again = placed(at, person, product)
    assert again != maker and again.proof == maker.proof, "only one line to put right"
    accept_proof(maker=again, by=SystemPerson("demo"), at=at)
    assert queries.makers_of(product).count() == 1


def test_the_administration_is_reminded_once_a_week(at: datetime) -> None:
    administrator = PersonFactory(is_administrator=True)
    placed(at)
    for hours, told in ((6 * 24, 0), (7 * 24, 1), (7 * 24 + 6, 0), (14 * 24, 1)):
        assert remind_checkers(by=HALLWAY, at=at + timedelta(hours=hours)) == told, hours
    assert mails(administrator) == 3
    assert FactRow.objects.filter(kind="feedback.checkers_reminded").count() == 2
    with pytest.raises(Refusal):
        remind_checkers(by=administrator, at=at)


def test_without_an_administration_nobody_is_reminded(at: datetime) -> None:
    placed(at)
    assert remind_checkers(by=HALLWAY, at=at + 8 * DAY) == 0
    assert not FactRow.objects.filter(kind="feedback.checkers_reminded").exists()


def test_a_claim_nobody_looked_at_is_not_forgotten_without_a_word(at: datetime) -> None:
    person = PersonFactory()
    maker, idle = placed(at, person), ask_by_file(product=ProductFactory(), by=person, at=at)
    late = at + 30 * DAY
    assert not let_proof_lapse(maker=maker, by=HALLWAY, at=late - timedelta(seconds=1))
    forget_old_feedback(by=HALLWAY, at=late + timedelta(seconds=1))
    assert list(Maker.objects.all()) == [maker], "the line that was put nowhere is forgotten, and no other"
    assert [let_proof_lapse(maker=maker, by=HALLWAY, at=late) for _ in range(2)] == [True, False]
    told = OutboxMail.objects.get(to_person=person)
    assert "Nobody of the administration has looked" in told.text and maker.product.slug in told.text
    assert not queries.to_check().exists() and not Maker.objects.filter(pk=idle.pk).exists()
    administrator = PersonFactory(is_administrator=True)
    place_proof(maker=maker, by=person, at=late + DAY)
    assert queries.to_check().get().proof == maker.proof and mails(administrator) == 1
    with pytest.raises(Refusal):
        let_proof_lapse(maker=maker, by=administrator, at=late)


def test_a_file_needs_an_account(at: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        ask_by_file(product=ProductFactory(), by=Visitor("maker"), at=at)
    assert caught.value.code == "maker.sign_in"


def test_a_person_who_left_is_not_looked_at(at: datetime) -> None:
    person = PersonFactory()
    maker = placed(at, person)
    Person.objects.filter(pk=person.pk).update(left_at=at)
    with pytest.raises(Refusal):
        accept_proof(maker=maker, by=PersonFactory(is_administrator=True), at=at)


def test_ask_by_file_by_somebody_who_left_meanwhile_is_refused(at: datetime) -> None:
    person = PersonFactory()
    leave_hallway(person=person, by=Person.objects.get(pk=person.pk), at=at)
    with pytest.raises(Refusal, match=r"people\.gone"):
        ask_by_file(product=ProductFactory(), by=person, at=at)
    assert not Maker.objects.exists()
