from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.communities.actions import edit_community
from hallway.kit.store import STORE_HEADER
from hallway.vocabulary.models import Topic
from tests.factories import (
    CommunityFactory,
    MembershipFactory,
    PersonFactory,
    SeriesFactory,
    TeamRoleFactory,
)

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        CommunityFactory().topics.add(Topic.objects.get(slug="python"))
    with django_assert_num_queries(7):
        assert text(client.get("/communities/")).count("community-card") == rows


def test_list_finds_by_words_topic_and_language(client: Client) -> None:
    rust = CommunityFactory(name="Café Rust", place_name="Grenoble", languages=["fr"])
    rust.topics.add(Topic.objects.get(slug="rust"))
    CommunityFactory(name="Kumasi Code", place_name="Kumasi", languages=["en"])
    for query in ("q=cafe", "q=GRENOBLE rust", "topic=rust", "language=fr"):
        page = text(client.get(f"/communities/?{query}"))
        assert page.count("community-card") == 1, query
        assert "Café Rust" in page
    assert "No community fits" in text(client.get("/communities/?q=nothing-like-it"))
    assert client.get("/communities/?q=%00%ED%A0%80&topic=x&page=zzz&language=" + "x" * 5000).status_code == 200


def test_list_is_stored_but_not_for_free_words(client: Client) -> None:
    CommunityFactory()
    assert STORE_HEADER in client.get("/communities/?topic=python")
    assert STORE_HEADER not in client.get("/communities/?q=high")


def test_list_pages_keep_their_filter(client: Client) -> None:
    for _ in range(25):
        CommunityFactory(languages=["en"])
    page = text(client.get("/communities/?language=en"))
    assert 'href="?language=en&amp;page=2"' in page
    assert text(client.get("/communities/?language=en&page=2")).count("community-card") == 1


def test_empty_list_offers_the_first_step(client: Client) -> None:
    assert "Found the first one" in text(client.get("/communities/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_people_page_takes_the_same_queries_for_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, at: datetime, rows: int
) -> None:
    community = CommunityFactory()
    for _ in range(rows):
        TeamRoleFactory(community=community)
        MembershipFactory(community=community, shown_at=at)
    MembershipFactory(community=community, person__name="Hidden Person")
    with django_assert_num_queries(11):
        page = text(client.get(f"/c/{community.slug}/people/"))
    assert "Hidden Person" not in page
    assert f"{rows + 1} members" in page


def test_community_pages_answer_in_both_languages(client: Client) -> None:
    community = CommunityFactory(
        place_name="Johannesburg",
        country="ZA",
        languages=["en", "zu"],
        description={"en": "**We** meet", "fr": "**Nous**"},
        links=[{"url": "https://example.org/", "label": "Elsewhere"}],
        conduct={"en": "Be kind"},
        parent=CommunityFactory(name="The Network"),
    )
    CommunityFactory(parent=community, name="A Chapter")
    SeriesFactory(community=community)
    MembershipFactory(community=community)
    line = {
        "en": "Every month in Johannesburg, in English and Zulu. 1 member.",
        "fr": "Chaque mois à Johannesburg, en anglais et en zoulou. 1 membre.",
    }
    for language, said in line.items():
        for path in ("", "people/", "about/"):
            answer = client.get(f"/c/{community.slug}/{path}", HTTP_ACCEPT_LANGUAGE=language)
            assert answer.status_code == 200
            assert said in text(answer)
            assert f"community:{community.pk}" in answer[STORE_HEADER]
    about = text(client.get(f"/c/{community.slug}/about/"))
    assert "The Network" in about
    assert "A Chapter" in about
    assert "Third Wednesday of the month, 18:30" in about


def test_french_towns_with_an_article_are_said_as_one_says_them(client: Client) -> None:
    community = CommunityFactory(place_name="Le Havre", country="FR")
    assert "Au Havre" in text(client.get(f"/c/{community.slug}/", HTTP_ACCEPT_LANGUAGE="fr"))


def test_a_place_only_its_people_know_stands_as_written(client: Client) -> None:
    community = CommunityFactory(place_name="On line", country="")
    SeriesFactory(community=community)
    assert "Every month, On line." in text(client.get(f"/c/{community.slug}/"))


def test_unpublished_and_hidden_communities_are_for_their_team(client: Client, at: datetime) -> None:
    role = TeamRoleFactory(community__public_at=None)
    path = f"/c/{role.community.slug}/"
    assert client.get(path).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(path).status_code == 404
    client.force_login(role.person)
    answer = client.get(path)
    assert answer.status_code == 200
    assert STORE_HEADER not in answer


def test_an_old_address_redirects_to_the_present_one(client: Client, at: datetime) -> None:
    role = TeamRoleFactory(community__slug="first-name")
    edit_community(community=role.community, changes={"slug": "second-name"}, by=role.person, at=at)
    answer = client.get("/c/first-name/about/?lang=fr")
    assert (answer.status_code, answer["Location"]) == (301, "/c/second-name/about/?lang=fr")
    assert client.post("/c/first-name/membership/").status_code in {302, 404}
    assert client.get("/c/never-there/").status_code == 404


def test_team_page_names_nobody_when_there_is_no_team(client: Client) -> None:
    assert "Nobody runs this community" in text(client.get(f"/c/{CommunityFactory().slug}/people/"))
