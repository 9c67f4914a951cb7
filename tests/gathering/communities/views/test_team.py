from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from hallway.gathering.communities import queries
from hallway.gathering.communities.actions import invite_to_team
from hallway.gathering.communities.models import Membership, NetworkRequest, Series, TeamInvitation, TeamRole
from hallway.kit import clock
from hallway.notices.models import OutboxMail
from tests.factories import CommunityFactory, PersonFactory, SeriesFactory, TeamRoleFactory

from .test_founding import MEET

pytestmark = pytest.mark.django_db


@pytest.fixture
def role(client: Client) -> TeamRole:
    held: TeamRole = TeamRoleFactory()
    client.force_login(held.person)
    return held


def base(role: TeamRole) -> str:
    return f"/c/{role.community.slug}/"


def link(role: TeamRole, address: str) -> str:
    invite_to_team(community=role.community, invited=[(address, "helper")], by=role.person, at=clock.now())
    found = re.search(r"(/c/[^\s]+/invitation/[^\s]+)", OutboxMail.objects.latest("pk").text)
    assert found
    return found[1]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_inviting_many_at_once_is_refused_with_a_sentence(client: Client, role: TeamRole) -> None:
    many = "\n".join(f"somebody{number}@example.org" for number in range(300))
    page = text(client.post(f"{base(role)}team/", {"addresses": many, "role": "helper"}))
    assert "You can invite 30 more people today." in page
    assert "somebody299@example.org" in page
    wrong = text(client.post(f"{base(role)}team/", {"addresses": "khaya@", "role": "helper"}))
    assert "“khaya@” is not an e-mail address." in wrong
    assert not TeamInvitation.objects.exists()


def test_inviting_resending_and_withdrawing(client: Client, role: TeamRole) -> None:
    client.post(f"{base(role)}team/", {"addresses": "<Khaya@example.org>, khaya@example.org", "role": "helper"})
    invitation = TeamInvitation.objects.get()
    path = f"{base(role)}team/invitations/{invitation.pk}/"
    client.post(path, {"do": "resend"})
    assert OutboxMail.objects.count() == 2
    client.post(path, {"do": "withdraw"})
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert client.post(path, {"do": "resend"}).status_code == 404


def test_invitation_page_says_where_one_stands(client: Client, role: TeamRole) -> None:
    path = link(role, "khaya@example.org")
    stranger = Client()
    assert "Sign in to join" in text(stranger.get(path))
    assert "It was sent to another address" in text(client.get(path))
    assert client.post(path, {"do": "accept"}).status_code == 409
    assert "This link leads nowhere" in text(stranger.get(f"{base(role)}invitation/{'x' * 43}/"))
    khaya = PersonFactory(email="khaya@example.org")
    stranger.force_login(khaya)
    assert "Join the team" in text(stranger.get(path))
    assert stranger.post(path, {"do": "accept"})["Location"] == base(role)
    assert queries.role_of(khaya, role.community_id) == "helper"
    assert "already accepted" in text(stranger.get(path))


def test_invitation_to_another_confirmed_address_of_ones_own_is_accepted(client: Client, role: TeamRole) -> None:
    path = link(role, "Khaya@work.example")
    khaya = PersonFactory(email="khaya@example.org")
    other = EmailAddress.objects.create(user=khaya, email="khaya@work.example", verified=False, primary=False)
    guest = Client()
    guest.force_login(khaya)
    page = text(guest.get(path))
    assert "It was sent to another address" in page
    assert 'href="/accounts/email/"' in page
    assert guest.post(path, {"do": "accept"}).status_code == 409
    EmailAddress.objects.filter(pk=other.pk).update(verified=True)
    assert guest.post(path, {"do": "accept"})["Location"] == base(role)
    assert queries.role_of(khaya, role.community_id) == "helper"


def test_invitation_declined_without_signing_in_and_run_out(client: Client, role: TeamRole) -> None:
    path = link(role, "khaya@example.org")
    assert Client().post(path, {"do": "decline"}).status_code == 302
    assert "was declined" in text(Client().get(path))
    late = link(role, "late@example.org")
    TeamInvitation.objects.filter(address="late@example.org").update(expires_at=clock.now() - timedelta(1))
    assert "has expired" in text(Client().get(late))
    assert Client().post(late, {"do": "decline"}).status_code == 409
    withdrawn = link(role, "never@example.org")
    TeamInvitation.objects.filter(address="never@example.org").update(withdrawn_at=clock.now())
    assert "was withdrawn" in text(Client().get(withdrawn))


def test_role_page_changes_refuses_and_ends(client: Client, role: TeamRole) -> None:
    own = f"{base(role)}team/{role.pk}/"
    refused = text(client.post(own, {"do": "change", "role": "helper"}))
    assert "needs an organiser without an end date" in refused
    assert "needs an organiser without an end date" in text(client.post(own, {"do": "end"}))
    assert client.post(own, {"do": "change", "role": "organiser", "ends_on": "soon"}).status_code == 200
    helper = TeamRoleFactory(community=role.community, role="helper")
    assert client.post(f"{base(role)}team/{helper.pk}/", {"do": "change", "role": "editor"}).status_code == 302
    assert client.post(f"{base(role)}team/{helper.pk}/", {"do": "end"}).status_code == 302
    assert queries.role_of(helper.person, role.community_id) is None


def test_helpers_see_the_team_and_may_leave_but_not_change_others(client: Client, role: TeamRole) -> None:
    helper = TeamRoleFactory(community=role.community, role="helper")
    client.force_login(helper.person)
    assert client.get(f"{base(role)}team/").status_code == 200
    assert client.get(f"{base(role)}trail/").status_code == 200
    assert client.get(f"{base(role)}team/{role.pk}/").status_code == 404
    assert client.get(f"{base(role)}edit/").status_code == 403
    assert client.post(f"{base(role)}team/{helper.pk}/", {"do": "end"}).status_code == 302


@pytest.mark.parametrize("page", ["team/", "trail/", "edit/", "visibility/", "network/", "series/", "series/new/"])
def test_pages_of_the_team_are_closed_to_others(client: Client, role: TeamRole, page: str) -> None:
    assert client.get(base(role) + page).status_code == 200
    client.force_login(PersonFactory())
    assert client.get(base(role) + page).status_code == 403
    assert Client().get(base(role) + page).status_code == 302


def test_membership_page_joins_shows_and_leaves(client: Client) -> None:
    community = CommunityFactory()
    path = f"/c/{community.slug}/membership/"
    assert "/accounts/login/" in Client().post(path, {"do": "member"})["Location"]
    client.force_login(PersonFactory())
    for wanted, kind in (("follower", "follower"), ("member", "member"), ("show", "member"), ("hide", "member")):
        assert client.get(path).status_code == 200
        client.post(path, {"do": wanted})
        assert Membership.objects.get().kind == kind
    assert "You are a member" in text(client.get(f"/c/{community.slug}/"))
    client.post(path, {"do": "nonsense"})
    client.post(path, {"do": "quit"})
    assert not Membership.objects.exists()


def test_edit_page_saves_and_refuses_hostile_links_and_addresses(client: Client, role: TeamRole, at: datetime) -> None:
    good = {
        "name": "New name",
        "slug": role.community.slug,
        "place": "Johannesburg",
        "zone": "Africa/Johannesburg",
        "languages": "English",
        "topics": "Python",
        "hue": "4",
        "state": "dormant",
        "links": "https://example.org/a Our code\nhttps://example.org/b",
        "tagline.en": "Hello",
    }
    path = f"{base(role)}edit/"
    for name, wrong in (
        ("links", "javascript:alert(1)"),
        ("links", "data:text/html,x"),
        ("links", "\n".join(f"https://example.org/{number}" for number in range(13))),
        ("slug", "import"),
        ("slug", "ab"),
        ("description.en", "x" * 20_000),
        ("zone", "Mars/Olympus"),
    ):
        answer = client.post(path, {**good, name: wrong})
        assert answer.status_code == 200, (name, wrong)
        assert 'role="alert"' in text(answer)
    role.community.refresh_from_db()
    assert role.community.name != "New name"
    assert client.post(path, good).status_code == 302
    role.community.refresh_from_db()
    assert role.community.links[0] == {"url": "https://example.org/a", "label": "Our code"}
    assert (role.community.country, role.community.state, role.community.zone) == (
        "ZA",
        "dormant",
        "Africa/Johannesburg",
    )
    latitude = role.community.latitude
    client.post(path, {**good, "slug": "moved-away", "name": "Newer"})
    role.community.refresh_from_db()
    assert (role.community.slug, role.community.latitude) == ("moved-away", latitude)


def test_edit_page_takes_a_picture_and_lets_it_go(client: Client, role: TeamRole, settings: Any, tmp_path: Any) -> None:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    settings.MEDIA_ROOT = tmp_path
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    good = {
        "name": "N", "slug": role.community.slug, "place": "Johannesburg", "zone": "UTC", "languages": "English",
        "hue": "1", "state": "active",
    }  # fmt: skip
    path = f"{base(role)}edit/"
    bad = client.post(path, {**good, "picture": SimpleUploadedFile("a.png", b"<script>")})
    assert "We cannot read this file as a picture" in text(bad)
    client.post(path, {**good, "picture": SimpleUploadedFile("a.png", data.getvalue())})
    role.community.refresh_from_db()
    assert role.community.picture.endswith(".webp")
    client.post(path, {**good, "remove_picture": "on"})
    role.community.refresh_from_db()
    assert role.community.picture == ""


def test_visibility_page_takes_back_and_publishes(client: Client, role: TeamRole) -> None:
    client.post(f"{base(role)}visibility/", {"do": "unpublish"})
    assert "Only the team sees this community." in text(client.get(base(role)))
    client.post(f"{base(role)}visibility/", {"do": "publish"})
    role.community.refresh_from_db()
    assert role.community.public_at is not None
    client.force_login(PersonFactory(is_administrator=True))
    client.post(f"{base(role)}visibility/", {"do": "hide"})
    assert "Hidden by an administrator" in text(client.get(base(role)))
    assert client.get(f"{base(role)}visibility/").status_code == 200


def test_network_page_asks_answers_and_parts(client: Client, role: TeamRole) -> None:
    above = TeamRoleFactory(community__name="The Network")
    path = f"{base(role)}network/"
    assert "We find no community called" in text(client.post(path, {"do": "ask", "parent": "Nobody"}))
    assert "own network" in text(client.post(path, {"do": "ask", "parent": role.community.slug}))
    client.post(path, {"do": "ask", "parent": "the network"})
    client.post(path, {"do": "withdraw"})
    client.post(path, {"do": "ask", "parent": f"http://localhost/c/{above.community.slug}/about/"})
    assert NetworkRequest.objects.count() == 1
    other = Client()
    other.force_login(above.person)
    theirs = f"{base(above)}network/"
    assert role.community.name in text(other.get(theirs))
    other.post(theirs, {"do": "accept", "community": str(role.community_id)})
    assert "already answered" in text(other.post(theirs, {"do": "accept", "community": "x"}))
    role.community.refresh_from_db()
    assert role.community.parent == above.community
    assert other.post(theirs, {"do": "release", "community": "999"}).status_code == 404
    other.post(theirs, {"do": "release", "community": str(role.community_id)})
    client.post(path, {"do": "leave"})
    role.community.refresh_from_db()
    assert role.community.parent is None


def test_series_pages_begin_change_pause_and_end(client: Client, role: TeamRole) -> None:
    new = {**MEET, "title.en": "Breakfast"}
    assert "Third Wednesday of the month" in text(client.post(f"{base(role)}series/new/", {**new, "show": "1"}))
    assert client.post(f"{base(role)}series/new/", {**new, "starts_on": "9999-01-01"}).status_code == 200
    assert not Series.objects.exists()
    client.post(f"{base(role)}series/new/", new)
    series = Series.objects.get()
    path = f"{base(role)}series/{series.pk}/"
    assert 'value="18:30"' in text(client.get(path))
    client.post(path, {**new, "every": "2weeks", "seats": ""})
    series.refresh_from_db()
    assert (series.rule, series.seats) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", None)
    for wanted in ("pause", "resume", "end"):
        assert client.post(path, {"do": wanted}).status_code == 302
    assert client.get(path).status_code == 404
    assert "No series yet" in text(client.get(f"{base(role)}series/"))
    foreign = SeriesFactory()
    assert client.get(f"{base(role)}series/{foreign.pk}/").status_code == 404
