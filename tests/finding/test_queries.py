from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from hallway.finding import indexing
from hallway.finding.queries import MOST_WORDS, PAGE, matching, results, words_of
from hallway.kit import clock
from tests.factories import NOW, CommunityFactory, EventFactory

pytestmark = pytest.mark.django_db


def names(text: str) -> list[str]:
    return [next(iter(entry.title.values())) for entry in matching(text)]


def communities(*given: str) -> None:
    indexing.index_communities([CommunityFactory(name=name, tagline={"en": "We meet"}).pk for name in given])


def test_every_word_must_be_found_whatever_its_accents() -> None:
    communities("Données du Nord", "Nord et Sud")
    assert names("DONNEES nord") == ["Données du Nord"]
    assert sorted(names("nord")) == ["Données du Nord", "Nord et Sud"]
    assert names("données lune") == []


def test_best_title_comes_first() -> None:
    communities("Big Python", "Python Lyon", "Python")
    assert names("python") == ["Python", "Python Lyon", "Big Python"]


def test_what_is_to_come_stands_before_what_is_over() -> None:
    now = clock.now()
    rows = [
        EventFactory(title={"en": f"Meet-up {days}"}, starts_at=now + timedelta(days=days), ends_at=None)
        for days in (-9, 3)
    ]
    indexing.index_events([row.pk for row in rows])
    assert names("meet-up") == ["Meet-up 3", "Meet-up -9"]


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_no_words_find_nothing(text: str) -> None:
    communities("Python")
    assert (names(text), results(text)) == ([], [])


@pytest.mark.parametrize("text", ["%", "_", "'; drop", "\\", "\ud800", "\u202e", "x" * 9_000, "a " * 900])
def test_odd_words_are_only_words(text: str) -> None:
    communities("Python")
    assert names(text) == []
    assert len(words_of(text)) <= MOST_WORDS


def test_one_kind_comes_in_pages() -> None:
    communities(*(f"Python {number}" for number in range(PAGE + 3)))
    few = results("python")[0]
    assert (few.kind, len(few.entries), few.total) == ("community", 6, PAGE + 3)
    assert len(results("python", kind="community")[0].entries) == PAGE
    assert len(results("python", kind="community", page=2)[0].entries) == 3
    assert results("python", kind="community", page=3) == []


def test_results_put_titles_before_texts_and_what_comes_before_what_is_over() -> None:
    community = CommunityFactory(name="Kiln people")
    EventFactory(community=community, title={"en": "Something else"}, slug="else-1")
    for number, days in enumerate((-40, 40)):
        at = NOW + timedelta(days=days)
        title = {"en": f"Evening with a kiln {number}"}
        EventFactory(community=community, title=title, slug=f"kiln-{number}", starts_at=at, ends_at=at)
    EventFactory(community=community, title={"en": "Kiln"}, slug="kiln-exactly")
    EventFactory(community=community, title={"en": "Kiln opening"}, slug="kiln-begins")
    indexing.index_everything()
    with time_machine.travel(NOW, tick=False):
        found = [next(iter(entry.title.values())) for part in results("kiln", kind="event") for entry in part.entries]
    assert found == ["Kiln", "Kiln opening", "Evening with a kiln 1", "Evening with a kiln 0", "Something else"]
