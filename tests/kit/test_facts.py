from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import transaction

from hallway.kit import facts, sweeps
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.facts import FACTS, INSIDE, LATER, LATER_BY_NAME, Fact, announce, inside, later, revive
from hallway.kit.models import Delivery, FactRow

HERE = SystemPerson("tests")


@dataclass(frozen=True)
class KettleBoiled(Fact):
    kind = "tests.kettle_boiled"
    sentence = "%(by)s boiled the kettle"
    community_id: int
    cups: int


@pytest.fixture
def clean_receivers() -> Iterator[None]:
    before = list(LATER_BY_NAME)
    yield
    INSIDE.pop(KettleBoiled, None)
    LATER.pop(KettleBoiled, None)
    for name in set(LATER_BY_NAME) - set(before):
        del LATER_BY_NAME[name]


@pytest.mark.django_db
def test_announce_writes_the_fact_with_its_scopes(at: datetime) -> None:
    with transaction.atomic():
        row = announce(KettleBoiled(community_id=4, cups=2), by=Visitor("abc"), at=at)
    assert (row.kind, row.payload, row.by_key) == (
        "tests.kettle_boiled", {"community_id": 4, "cups": 2}, "visitor:abc",
    )  # fmt: skip
    assert [scope.key for scope in row.scopes.all()] == ["community:4"]


@pytest.mark.django_db(transaction=True)
def test_announce_refused_outside_a_transaction(at: datetime) -> None:
    with pytest.raises(RuntimeError):
        announce(KettleBoiled(community_id=4, cups=2), by=HERE, at=at)
    assert not FactRow.objects.exists()


@pytest.mark.django_db
def test_inside_receiver_runs_in_the_transaction(at: datetime, clean_receivers: None) -> None:
    heard = []
    inside(KettleBoiled)(lambda fact, row: heard.append(fact.cups))
    with transaction.atomic():
        announce(KettleBoiled(community_id=4, cups=2), by=HERE, at=at)
        assert heard == [2]


@pytest.mark.django_db
def test_receiver_that_is_first_hears_before_those_registered_earlier(at: datetime, clean_receivers: None) -> None:
    heard = []
    inside(KettleBoiled)(lambda fact, row: heard.append("erases"))
    inside(KettleBoiled, first=True)(lambda fact, row: heard.append("reads"))
    inside(KettleBoiled)(lambda fact, row: heard.append("counts"))
    with transaction.atomic():
        announce(KettleBoiled(community_id=4, cups=2), by=HERE, at=at)
    assert heard == ["reads", "erases", "counts"]


@pytest.mark.django_db
def test_inside_receiver_that_fails_takes_the_change_back(at: datetime, clean_receivers: None) -> None:
    def fail(fact: KettleBoiled, row: FactRow) -> None:
        raise ValueError(fact.cups)

    inside(KettleBoiled)(fail)
    with pytest.raises(ValueError, match="2"), transaction.atomic():
        announce(KettleBoiled(community_id=4, cups=2), by=HERE, at=at)
    assert not FactRow.objects.exists()


@pytest.mark.django_db
def test_later_receiver_is_retried_until_it_works(
    at: datetime, clean_receivers: None, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def pour(fact: KettleBoiled, row: FactRow) -> None:
        tries.append(fact.cups)
        if len(tries) == 1:
            raise OSError("no cups")

    later(KettleBoiled)(pour)
    with transaction.atomic():
        announce(KettleBoiled(community_id=4, cups=2), by=HERE, at=at)
    assert (sweeps.deliver_facts(), tries) == (1, [2])
    row = Delivery.objects.get()
    assert row.done_at is None
    assert "no cups" in row.error
    Delivery.objects.update(due_at=at)
    sweeps.deliver_facts()
    assert tries == [2, 2]
    assert Delivery.objects.get().done_at is not None
    assert sweeps.deliver_facts() == 0


@pytest.mark.django_db
def test_revive_gives_none_for_facts_of_other_versions(at: datetime) -> None:
    with transaction.atomic():
        row = announce(KettleBoiled(community_id=4, cups=2), by=HERE, at=at)
    assert revive(row) == KettleBoiled(community_id=4, cups=2)
    row.payload = {"cups": 2}
    assert revive(row) is None
    row.kind = "tests.unknown"
    assert revive(row) is None


def test_two_facts_of_one_kind_are_refused() -> None:
    with pytest.raises(TypeError, match="kettle_boiled"):
        type("Other", (Fact,), {"kind": "tests.kettle_boiled"})
    assert FACTS["tests.kettle_boiled"] is KettleBoiled
    assert facts.FACTS is FACTS
