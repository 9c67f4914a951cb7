"""Saying what one can help with."""

from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.actions import leave_hallway
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.actions.offering import MOST_TOPICS
from hallway.sharing.questions.models import HelpOffer
from tests.factories import PersonFactory

from ..evening_before import topic

pytestmark = pytest.mark.django_db


def offered(person: object) -> list[str]:
    return list(HelpOffer.objects.filter(person=person).order_by("topic__slug").values_list("topic__slug", flat=True))


def test_offers_are_those_chosen_last_and_the_same_again_changes_nothing(at: datetime) -> None:
    person, radio, rain = PersonFactory(), topic("radio"), topic("rain")
    actions.offer_help(topics=[radio, rain], by=person, at=at)
    assert offered(person) == ["radio", "rain"]
    actions.offer_help(topics=[rain, radio], by=person, at=at)
    assert FactRow.objects.filter(kind="questions.help_offered").count() == 1
    actions.offer_help(topics=[rain], by=person, at=at)
    assert offered(person) == ["rain"]
    assert queries.own_data(person)["can_help_with"][0]["topic__slug"] == "rain"


def test_too_many_are_refused(at: datetime) -> None:
    many = [topic(f"topic-{number}") for number in range(MOST_TOPICS + 1)]
    with pytest.raises(Refusal) as caught:
        actions.offer_help(topics=many, by=PersonFactory(), at=at)
    assert (caught.value.code, caught.value.field) == ("questions.topics_enough", "topics")
    assert not HelpOffer.objects.exists()


def test_somebody_who_left_offers_nothing_any_more(at: datetime) -> None:
    person = PersonFactory()
    actions.offer_help(topics=[topic()], by=person, at=at)
    leave_hallway(person=person, by=person, at=at)
    assert not HelpOffer.objects.exists()
    person.refresh_from_db()
    with pytest.raises(Refusal):
        actions.offer_help(topics=[topic()], by=person, at=at)
