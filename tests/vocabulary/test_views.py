from __future__ import annotations

import pytest
from django.test import Client

from hallway.vocabulary.places import find_place


def labels(client: Client, typed: str, language: str = "en") -> list[str]:
    return [one["label"] for one in client.get("/places", {"q": typed, "lang": language}).json()["places"]]


def test_places_are_proposed_in_the_readers_language_without_a_query(client: Client) -> None:
    assert labels(client, "cape to")[0] == "Cape Town, South Africa"
    assert labels(client, "le cap", "fr")[0] == "Le Cap, Afrique du Sud"
    first = client.get("/places", {"q": "johannesburg"}).json()["places"][0]
    assert first == {
        "name": "Johannesburg", "label": "Johannesburg, South Africa", "country": "ZA", "zone": "Africa/Johannesburg",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["", "a", "x" * 20_000, "\x00\u202e", "%", "san", "Portland, Oregon"])
def test_places_answer_anything_with_at_most_eight(client: Client, typed: str) -> None:
    answer = client.get("/places", {"q": typed})
    assert answer.status_code == 200
    found = [one["label"] for one in answer.json()["places"]]
    assert len(found) <= 8
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_forms_understand_what_is_proposed(client: Client, language: str) -> None:
    for typed in ("portland", "paris", "springf", "lyon", "saint", "york"):
        for one in client.get("/places", {"q": typed, "lang": language}).json()["places"]:
            again = find_place(one["label"], limit=1)
            assert again, one
            assert again[0].country == one["country"]


def test_places_may_be_kept_by_the_browser_but_by_nobody_between(client: Client) -> None:
    answer = client.get("/places", {"q": "lyon"})
    assert answer["Cache-Control"] == "private, max-age=3600"
