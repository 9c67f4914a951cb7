from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client

from hallway.finding import indexing
from tests.factories import CommunityFactory, EventFactory

pytestmark = pytest.mark.django_db


def test_search_says_what_it_found_on_the_day_of_the_venue(client: Client) -> None:
    late = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)  # the evening before, in Los Angeles
    event = EventFactory(title={"en": "Night of Rust"}, zone="America/Los_Angeles", starts_at=late, ends_at=None)
    indexing.index_events([event.pk])
    page = client.get("/search", {"q": "rust"}).content.decode()
    assert f'href="/e/{event.slug}/"' in page
    assert "28 Feb 2026" in page


def test_search_without_words_and_without_results_says_what_to_do(client: Client) -> None:
    assert "Write a word or two" in client.get("/search").content.decode()
    assert "Nothing found" in client.get("/search", {"q": "zzz"}).content.decode()
    assert "Aucun résultat" in client.get("/search", {"q": "zzz", "lang": "fr"}).content.decode()


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%ED%A0%80", "q=" + quote("<script>"), "q=a&page=0", "q=a&page=x", "q=a&kind=x", "q=a&page=99999"],
)
def test_search_answers_whatever_is_asked(client: Client, query: str) -> None:
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    assert b"<script>&" not in answer.content


def test_search_pages_through_one_kind(client: Client) -> None:
    indexing.index_communities([CommunityFactory(name=f"Python {number}").pk for number in range(21)])
    page = client.get("/search", {"q": "python"}).content.decode()
    assert "?q=python&amp;kind=community" in page
    assert "page=2" in client.get("/search", {"q": "python", "kind": "community"}).content.decode()
    assert (
        client.get("/search", {"q": "python", "kind": "community", "page": "2"}).content.decode().count('class="title"')
        == 1
    )
