"""Writing to the team, and reading what was written: for anybody, in both languages; hostile words and floods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.communities.actions import ban_from_community, write_to_team
from hallway.gathering.communities.models import Community, TeamMessage
from hallway.gathering.communities.sweeps import forget_old_rows
from hallway.kit import clock
from hallway.kit.actors import Visitor
from hallway.kit.visitors import visitor_of
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def no_pace() -> None:
    cache.clear()


@pytest.fixture
def organiser() -> Person:
    person: Person = TeamRoleFactory(person__name="Naledi", community__slug="ubuntu-coders").person
    EmailAddress.objects.create(user=person, email=person.email or "", verified=True, primary=True)
    return person


@pytest.fixture
def community(organiser: Person) -> Community:
    return organiser.team_roles.get().community


def text(answer: Any) -> str:
    return str(answer.content.decode())


def post(client: Client, path: str, **data: Any) -> Any:
    return client.post(path, data, headers=SAME)


def test_anybody_writes_and_is_known_again_by_the_device(client: Client, community: Community) -> None:
    path = f"/c/{community.slug}/write/"
    page = client.get(path)
    assert page["Cache-Control"].startswith("max-age=0, no-cache")
    assert "You need no account." in text(page)
    assert "Ne rien envoyer" in text(client.get(path, headers={"Accept-Language": "fr"})), "nothing to leave as it is"
    answer = post(client, path, text="Is there a ramp?", name="Lindiwe", address="lindiwe@example.org")
    assert (answer.status_code, answer.url) == (302, f"{path}?sent")
    message = TeamMessage.objects.get()
    assert (message.text, message.name, message.address) == ("Is there a ramp?", "Lindiwe", "lindiwe@example.org")
    assert OutboxMail.objects.get().headers == {"Reply-To": "lindiwe@example.org"}
    said = client.get(answer.url)
    assert "The organisers get your message by mail." in text(said)
    assert visitor_of(said.wsgi_request) == Visitor(message.device)
    post(client, path, text="One more thing")
    assert TeamMessage.objects.latest("pk").device == message.device


def test_no_page_shows_the_address_of_an_organiser(client: Client, community: Community, organiser: Person) -> None:
    for part in ("", "people/", "about/", "write/", "write/?sent"):
        page = text(client.get(f"/c/{community.slug}/{part}"))
        assert organiser.email not in page
        if "sent" not in part:
            assert part == "write/" or f'href="/c/{community.slug}/write/"' in page


def test_the_public_address_stands_where_the_team_set_one(client: Client, community: Community) -> None:
    Community.objects.update(contact="hello@example.org")
    for part in ("people/", "about/", "write/"):
        assert 'href="mailto:hello@example.org"' in text(client.get(f"/c/{community.slug}/{part}"))


def test_signed_in_nothing_is_typed_twice_and_the_answer_is_a_choice(client: Client, community: Community) -> None:
    writer, path = PersonFactory(name="Lindiwe"), f"/c/{community.slug}/write/"
    client.force_login(writer)
    page = text(client.get(path))
    assert 'name="address"' not in page
    assert 'name="answer"' in page
    post(client, path, text="With an answer", answer="on")
    post(client, path, text="Without one")
    assert list(TeamMessage.objects.order_by("pk").values_list("address", "writer")) == [
        (writer.email, writer.pk), ("", writer.pk),
    ]  # fmt: skip


def test_what_was_typed_stays_when_it_cannot_be_sent(client: Client, community: Community) -> None:
    path = f"/c/{community.slug}/write/"
    for given, words in (
        ({"text": ""}, "Write a few words first."),
        ({"text": "\u200b"}, "Write a few words first."),
        ({"text": "x" * 3001}, "This is too long"),
        ({"text": "Kept <b>words</b>", "address": "nonsense"}, "Look at it once more"),
    ):
        page = text(post(client, path, **given))
        assert words in page
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in page
    for number in range(6):
        answer = post(client, path, text=f"Word {number}")
    assert answer.status_code == 429
    assert "Word 5" in text(answer)
    assert "Go on tomorrow." in text(answer)


def test_one_network_without_accounts_writes_twenty_an_hour(community: Community) -> None:
    path = f"/c/{community.slug}/write/"
    for number in range(20):
        assert post(Client(), path, text=f"Word {number}").status_code == 302
    answer = post(Client(), path, text="More")
    assert answer.status_code == 429
    assert "come from your network" in text(answer)
    client = Client()
    client.force_login(PersonFactory())
    assert post(client, path, text="More").status_code == 302


def test_whoever_is_banned_reads_what_they_can_do(client: Client, community: Community, organiser: Person) -> None:
    writer, path = PersonFactory(), f"/c/{community.slug}/write/"
    ban_from_community(community=community, who=writer, reason="Insults.", by=organiser, at=clock.now())
    client.force_login(writer)
    page = text(client.get(path))
    assert "how to have it looked at again" in page
    assert 'href="/legal/"' in page
    assert 'name="text"' not in page
    assert post(client, path, text="Hello").status_code == 403
    assert not TeamMessage.objects.exists()


def test_a_community_that_is_not_open_is_not_found(client: Client) -> None:
    closed = CommunityFactory(public_at=None)
    assert client.get(f"/c/{closed.slug}/write/").status_code == 404
    assert post(client, f"/c/{closed.slug}/write/", text="Hello").status_code == 404


def test_messages_are_read_by_organisers_alone(client: Client, community: Community, organiser: Person) -> None:
    path = f"/c/{community.slug}/messages/"
    client.force_login(organiser)
    assert "Nobody has written to you lately." in text(client.get(path))
    told = {"community": community, "by": Visitor("4b0d8f52-0000-4000-8000-000000000000"), "at": clock.now()}
    write_to_team(text="<script>alert(1)</script>", address="me@example.org", name="<b>Me</b>", **told)
    write_to_team(text="Second", about="Jacaranda", path="/e/jacaranda/", **told)
    page = text(client.get(path))
    assert page.index("Second") < page.index("&lt;script&gt;alert(1)&lt;/script&gt;")
    for words in (
        "&lt;b&gt;Me&lt;/b&gt;", 'href="mailto:me@example.org"', "perhaps it is not theirs", "Left no address",
        "Somebody without a name", 'href="/e/jacaranda/"', "/report/team_message/",
    ):  # fmt: skip
        assert words in page, words
    assert f'href="{path}"' in text(client.get(f"/c/{community.slug}/"))
    for role in ("helper", "editor"):
        client.force_login(TeamRoleFactory(community=community, role=role).person)
        assert client.get(path).status_code == 403
        assert f'href="{path}"' not in text(client.get(f"/c/{community.slug}/"))


def test_the_button_to_answer_writes_to_the_address_and_adds_nothing(client: Client, organiser: Person) -> None:
    community, address = organiser.team_roles.get().community, "me?cc=you&body=paid@example.org"
    write_to_team(community=community, text="Hi", address=address, by=PersonFactory(), at=clock.now())
    client.force_login(organiser)
    page = text(client.get(f"/c/{community.slug}/messages/"))
    assert 'href="mailto:me%3Fcc%3Dyou%26body%3Dpaid@example.org"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_messages_take_the_same_queries_for_one_and_three(
    client: Client, organiser: Person, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    community = organiser.team_roles.get().community
    for number in range(rows):
        by = PersonFactory()
        write_to_team(community=community, text=f"{number}", by=by, address=by.email, at=clock.now())
    client.force_login(organiser)
    client.get(f"/c/{community.slug}/messages/")
    with django_assert_num_queries(14):
        assert text(client.get(f"/c/{community.slug}/messages/")).count("<blockquote") == rows


def test_messages_are_forgotten_after_ninety_days(community: Community) -> None:
    for days in (91, 89):
        write_to_team(community=community, text=f"{days}", by=PersonFactory(), at=clock.now() - timedelta(days=days))
    assert forget_old_rows() == 1
    assert TeamMessage.objects.get().text == "89"


def test_pages_in_french(client: Client, community: Community, organiser: Person) -> None:
    assert "Écrire à l’équipe" in text(client.get(f"/c/{community.slug}/write/?lang=fr"))
    client.force_login(organiser)
    assert "Messages à l’équipe" in text(client.get(f"/c/{community.slug}/messages/?lang=fr"))
