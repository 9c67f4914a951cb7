from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hallway.gathering.communities.actions import invite_founder
from hallway.gathering.communities.models import Community, Founding, Series
from hallway.kit import clock, instance
from hallway.people.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NAME = {"name": "Highveld Makers", "place": "Johannesburg", "languages": "English, Zulu", "topics": "Python"}
MEET = {
    "every": "month",
    "ordinal": "3",
    "weekday": "2",
    "local_time": "18:30",
    "minutes": "150",
    "starts_on": "2026-10-01",
    "zone": "Africa/Johannesburg",
    "venue_note": "The Kiln",
    "seats": "60",
}
TEAM = {"address_0": "khaya@example.org", "role_0": "helper", "address_1": "", "role_1": "organiser"}
LOOK = {"hue": "3", "tagline.en": "We make things", "conduct.en": "Be kind", "conduct.fr": "Soyez aimables"}


def screen(key: str) -> str:
    return reverse("communities:found", args=[key])


@pytest.fixture
def founder(client: Client) -> Person:
    person: Person = PersonFactory()
    client.force_login(person)
    return person


def walk(client: Client, **changed: dict[str, str]) -> Any:
    answer = None
    for key, answers in {"name": NAME, "meet": MEET, "team": TEAM, "look": LOOK, **changed}.items():
        answer = client.post(screen(key), answers)
    return answer


def test_four_screens_found_a_community_with_series_team_and_dates(client: Client, founder: Person) -> None:
    answer = walk(client)
    community = Community.objects.get()
    assert answer["Location"] == f"/c/{community.slug}/"
    assert (community.country, community.zone, community.languages) == ("ZA", "Africa/Johannesburg", ["en", "zu"])
    assert [topic.slug for topic in community.topics.all()] == ["python"]
    assert community.hue == 3
    assert community.conduct == {"en": "Be kind", "fr": "Soyez aimables"}
    series = Series.objects.get()
    assert (series.rule, series.seats, series.venue_note) == ("FREQ=MONTHLY;BYDAY=3WE", 60, "The Kiln")
    assert series.title == {"en": "Monthly meet-up", "fr": "Rencontre mensuelle"}
    page = Client().get(f"/c/{community.slug}/events/").content.decode()
    assert all(f"/e/{edition.slug}/" in page for edition in series.editions.all())
    assert community.invitations.get().address == "khaya@example.org"
    assert not Founding.objects.exists()
    assert client.get(f"/c/{community.slug}/").status_code == 200


def test_founding_without_dates_needs_no_day(client: Client, founder: Person) -> None:
    walk(client, meet={"every": "no", "zone": "Africa/Johannesburg", "local_time": "rubbish"}, team={})
    assert Community.objects.count() == 1
    assert not Series.objects.exists()


def test_last_screen_says_that_the_first_dates_are_public(client: Client, founder: Person) -> None:
    for key, answers in {"name": NAME, "meet": MEET, "team": TEAM}.items():
        client.post(screen(key), answers)
    assert "Your first three dates are published" in client.get(screen("look")).content.decode()
    client.post(screen("meet"), {"every": "no", "zone": "Africa/Johannesburg"})
    assert "first three dates" not in client.get(screen("look")).content.decode()
    client.post(screen("meet"), MEET)
    instance.change({"communities.who_may_found": "approved"})
    assert "become public with it" in client.get(screen("look")).content.decode()


def test_going_back_and_coming_again_keeps_what_was_written(client: Client, founder: Person) -> None:
    client.post(screen("name"), NAME)
    answer = client.post(screen("meet"), {**MEET, "venue_note": "Under the tree", "back": "1"})
    assert answer["Location"] == screen("name")
    assert NAME["name"] in client.get(screen("name")).content.decode()
    other_device = Client()
    other_device.force_login(founder)
    assert other_device.get(reverse("communities:new"))["Location"] == screen("team")
    assert "Under the tree" in other_device.get(screen("meet")).content.decode()


def test_later_screens_wait_for_earlier_ones(client: Client, founder: Person) -> None:
    assert client.get(screen("look"))["Location"] == screen("name")


def test_next_dates_are_shown_before_anything_is_sent(client: Client, founder: Person) -> None:
    client.post(screen("name"), NAME)
    assert client.get(screen("meet")).content.decode().count("<time") == 0
    page = client.get(screen("meet")).content.decode()
    assert page.count('class="next-dates"') == 1
    page = client.post(screen("meet"), {**MEET, "show": "1"}, HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "Le troisième mercredi du mois" in page
    fragment = client.get(reverse("communities:dates"), {**MEET, "every": "week", "weekday": "0"}).content.decode()
    assert "Every Monday, 18:30" in fragment


def test_dates_answer_nonsense_with_a_sentence(client: Client) -> None:
    for wrong in ({}, {**MEET, "zone": "Mars/Olympus"}, {**MEET, "starts_on": "9999-12-31"}, {**MEET, "minutes": "x"}):
        answer = client.get(reverse("communities:dates"), wrong)
        assert answer.status_code == 200


def test_a_place_that_exists_twice_is_asked_about(client: Client, founder: Person) -> None:
    page = client.post(screen("name"), {**NAME, "place": "Valencia"}).content.decode()
    if "Which one do you mean?" not in page:
        page = client.post(screen("name"), {**NAME, "place": "Santiago"}).content.decode()
    assert "Which one do you mean?" in page
    answer = client.post(screen("name"), {**NAME, "place": "Nowhere at all", "place_id": ""})
    assert answer["Location"] == screen("meet")


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("name", {**NAME, "name": ""}),
        ("name", {**NAME, "name": "x" * 20_000}),
        ("name", {**NAME, "name": "\x00\u202e\ufffe"}),
        ("name", {**NAME, "languages": "English, qqqq"}),
        ("name", {**NAME, "topics": "underwater basket weaving"}),
        ("name", {**NAME, "place_id": "99999999999999999999"}),
    ],
)
def test_a_wrong_screen_is_shown_again_with_a_sentence(
    client: Client, founder: Person, key: str, wrong: dict[str, str]
) -> None:
    for language in ("en", "fr"):
        answer = client.post(screen(key), wrong, HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()
    assert not Community.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"address_0": "khaya@@example"}, {"address_0": "x" * 20_000}, {"address_0": "a b@example.org", "role_0": "king"}],
)
def test_mistyped_addresses_are_marked(client: Client, founder: Person, wrong: dict[str, str]) -> None:
    client.post(screen("name"), NAME)
    client.post(screen("meet"), MEET)
    assert 'role="alert"' in client.post(screen("team"), wrong).content.decode()
    own = client.post(screen("team"), {"address_0": founder.email or ""}).content.decode()
    assert "You are in the team already" in own


def test_more_rows_keep_what_was_typed(client: Client, founder: Person) -> None:
    client.post(screen("name"), NAME)
    client.post(screen("meet"), MEET)
    page = client.post(screen("team"), {**TEAM, "more": "1"}).content.decode()
    assert "khaya@example.org" in page
    assert page.count('name="address_') > 3


def test_a_text_from_right_to_left_is_held(client: Client, founder: Person) -> None:
    walk(client, name={**NAME, "name": "مبرمجو القاهرة"})
    assert Community.objects.get().name == "مبرمجو القاهرة"


def test_an_earlier_screen_gone_wrong_is_shown_again(client: Client, founder: Person) -> None:
    client.post(screen("name"), NAME)
    client.post(screen("meet"), MEET)
    client.post(screen("team"), TEAM)
    client.post(screen("name"), {**NAME, "languages": "qqqq"})
    answer = client.post(screen("look"), LOOK)
    assert answer["Location"] == f"{screen('name')}?again"
    assert 'role="alert"' in client.get(answer["Location"]).content.decode()


def test_throwing_it_away_begins_anew(client: Client, founder: Person) -> None:
    client.post(screen("name"), NAME)
    client.post(screen("meet"), {"drop": "1"})
    assert not Founding.objects.exists()


def test_founding_by_invitation_says_what_to_do(client: Client, founder: Person) -> None:
    instance.change({"communities.who_may_found": "invited"})
    answer = client.get(reverse("communities:new"))
    assert answer.status_code == 403
    assert founder.email in answer.content.decode()
    assert client.get(screen("name"))["Location"] == reverse("communities:new")
    administrator = PersonFactory(is_administrator=True)
    invite_founder(address=founder.email or "", by=administrator, at=clock.now())
    assert client.get(screen("name")).status_code == 200


def test_founding_with_approval_waits_and_is_decided_on_a_page(client: Client, founder: Person) -> None:
    instance.change({"communities.who_may_found": "approved"})
    walk(client)
    community = Community.objects.get()
    page = f"/c/{community.slug}/"
    assert "An administrator looks at this community first" in client.get(page).content.decode()
    assert Client().get(page).status_code == 404
    assert client.get(reverse("communities:requests")).status_code == 403
    judge = Client()
    judge.force_login(PersonFactory(is_administrator=True))
    requests = reverse("communities:requests")
    waiting = str(community.founding_request.pk)
    assert community.name in judge.get(requests).content.decode()
    assert judge.post(requests, {"request": waiting, "do": "decline", "reason": ""}).status_code == 200
    judge.post(requests, {"request": waiting, "do": "decline", "reason": "Say where."})
    assert "Say where." in client.get(page).content.decode()
    client.post(reverse("communities:visibility", args=[community.slug]), {"do": "ask"})
    judge.post(requests, {"request": waiting, "do": "approve"})
    assert Client().get(page).status_code == 200
    again = judge.post(requests, {"request": waiting, "do": "approve"})
    assert "already" in again.content.decode()
    assert judge.post(requests, {"do": "invite", "address": "wrong"}).status_code == 200
    assert judge.post(requests, {"do": "invite", "address": "khaya@example.org"}).status_code == 302


def test_founding_asks_to_sign_in_first() -> None:
    assert "/accounts/login/" in Client().get(reverse("communities:new"))["Location"]
