from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client

from hallway.finding.indexing import index_everything
from tests.factories import EventFactory, PersonFactory

pytestmark = pytest.mark.django_db


def page(client: Client, query: str) -> str:
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_search_asks_as_many_queries_for_three_as_for_one(rows: int, client: Client, django_assert_num_queries) -> None:
    for number in range(rows):
        EventFactory(title={"en": f"Marula {number}"})
    index_everything()
    page(client, "q=warm")
    with django_assert_num_queries(7):
        assert page(client, "q=marula").count('class="title"') == rows


def test_search_goes_on_page_by_page(client: Client) -> None:
    for number in range(21):
        PersonFactory(name=f"Zebra {number}")
    index_everything()
    first = page(client, "q=zebra")
    assert "See all 21" in first
    assert "page=2" in page(client, "q=zebra&kind=person")
    last = page(client, "q=zebra&kind=person&page=2")
    assert "page=1" in last
    assert "page=3" not in last


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=nowhere&kind=gossip&page=-1", "q=x&page=99999", "q=x&page=²"])
def test_search_takes_anything(query: str, client: Client) -> None:
    assert "</form>" in page(client, query)


def test_search_says_in_french_what_to_do_when_nothing_is_found(client: Client) -> None:
    assert "Essayez" in page(client, "q=nowhere&lang=fr")


def test_other_language_keeps_what_was_looked_for(client: Client) -> None:
    assert 'href="?q=nowhere&amp;lang=en"' in page(client, "q=nowhere&lang=fr")


def test_search_says_what_it_found_on_the_day_of_the_venue(client: Client) -> None:
    late = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)  # the evening before, in Los Angeles
    event = EventFactory(title={"en": "Night of Rust"}, zone="America/Los_Angeles", starts_at=late, ends_at=None)
    index_everything()
    found = page(client, "q=rust")
    assert f'href="/e/{event.slug}/"' in found
    assert "28 Feb 2026" in found


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%ED%A0%80", "q=" + quote("<script>"), "q=a&page=0", "q=a&page=x", "q=a&kind=x", "q=a&page=99999"],
)
def test_search_answers_whatever_is_asked(client: Client, query: str) -> None:
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    assert b"<script>&" not in answer.content
