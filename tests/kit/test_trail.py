from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import transaction
from django.utils import translation

from hallway.gathering.communities.models import Community
from hallway.kit import trail
from hallway.kit.facts import Fact, announce
from hallway.people.models import Person
from tests.factories import CommunityFactory, PersonFactory

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class KeyHandedOver(Fact):
    kind = "tests.key_handed_over"
    sentence = "%(by)s gave the key to %(person)s"
    community_id: int
    person_id: int


def hand_over(community: Community, person: Person, at: datetime) -> None:
    with transaction.atomic():
        announce(KeyHandedOver(community_id=community.pk, person_id=person.pk), by=person, at=at)


def test_entries_say_who_did_what_newest_first(at: datetime) -> None:
    community = CommunityFactory()
    for name in ("Ana", "Bea"):
        hand_over(community, PersonFactory(name=name), at)
    lines = trail.entries(f"community:{community.pk}")
    assert [line.sentence for line in lines] == [
        "Bea gave the key to Bea",
        "Ana gave the key to Ana",
    ]
    assert trail.entries("community:0") == []


def test_entries_forget_the_name_of_somebody_who_left(at: datetime) -> None:
    community, person = CommunityFactory(), PersonFactory(name="Ana")
    hand_over(community, person, at)
    person.left_at = at
    person.save()
    [line] = trail.entries(f"community:{community.pk}")
    assert "Ana" not in line.sentence


def test_entries_are_in_the_readers_language(at: datetime) -> None:
    community, person = CommunityFactory(), PersonFactory(name="Ana")
    hand_over(community, person, at)
    person.left_at = at
    person.save()
    with translation.override("fr"):
        [line] = trail.entries(f"community:{community.pk}")
    with translation.override("en"):
        [other] = trail.entries(f"community:{community.pk}")
    assert line.sentence != other.sentence
