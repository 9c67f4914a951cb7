from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from hallway.finding import queries
from hallway.finding.indexing import index_everything
from tests.factories import NOW, CommunityFactory, EventFactory, PersonFactory, SlotFactory, SpeakingFactory

pytestmark = pytest.mark.django_db


def titles(text: str, **how: object) -> list[str]:
    return [
        next(iter(entry.title.values()))
        for part in queries.results(text, **how)  # type: ignore[arg-type]
        for entry in part.entries
    ]


def test_results_hold_every_word_whatever_its_accents_and_capitals() -> None:
    EventFactory(title={"fr": "Soirée à Éléphantine"}, slug="soiree-x")
    EventFactory(title={"fr": "Soirée ailleurs"}, slug="soiree-y")
    index_everything()
    assert titles("ELEPHANTINE soiree") == ["Soirée à Éléphantine"]
    assert titles("soiree nulle-part") == titles("\x00 ") == []


def test_results_put_titles_before_texts_and_what_comes_before_what_is_over() -> None:
    community = CommunityFactory(name="Kiln people")
    EventFactory(community=community, title={"en": "Something else"}, slug="else-1")
    for number, days in enumerate((-40, 40)):
        at = NOW + timedelta(days=days)
        title = {"en": f"Evening with a kiln {number}"}
        EventFactory(community=community, title=title, slug=f"kiln-{number}", starts_at=at, ends_at=at)
    EventFactory(community=community, title={"en": "Kiln"}, slug="kiln-exactly")
    EventFactory(community=community, title={"en": "Kiln opening"}, slug="kiln-begins")
    index_everything()
    with time_machine.travel(NOW, tick=False):
        found = titles("kiln", kind="event")
    assert found == ["Kiln", "Kiln opening", "Evening with a kiln 1", "Evening with a kiln 0", "Something else"]


def test_results_show_a_few_of_each_kind_and_pages_of_one() -> None:
    speaking = SpeakingFactory(talk__title={"en": "Zebra stripes"}, person__name="Zebra Were")
    SlotFactory(session__talk=speaking.talk)
    for number in range(queries.PAGE + 1):
        PersonFactory(name=f"Zebra {number}")
    index_everything()
    every = queries.results("zebra")
    assert [(part.kind, len(part.entries), part.total) for part in every] == [
        ("talk", 1, 1), ("person", 6, queries.PAGE + 2),
    ]  # fmt: skip
    second = queries.results("zebra", kind="person", page=2)
    assert [(part.kind, len(part.entries)) for part in second] == [("person", 2)]
    assert queries.results("zebra", kind="person", page=3) == []
