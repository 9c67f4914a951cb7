from __future__ import annotations

import pytest
from django.test import Client

from hallway.gathering.events.models import Event, Host
from tests.factories import TeamRoleFactory

from . import messages_of, post

pytestmark = pytest.mark.django_db


def test_hosts_from_the_pages(event: Event, team: Client) -> None:
    theirs = TeamRoleFactory()
    answering = Client()
    answering.force_login(theirs.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = "/e/jacaranda-conf/edit/hosts/"
    assert b"No public community has this address." in post(team, address, {"community": "nobody"}).content
    messages_of(team, address, {"community": f"http://localhost/c/{theirs.community.slug}/?lang=fr"})
    host = Host.objects.get()
    assert team.get(f"/hosting/{host.pk}/").status_code == 404
    assert answering.get(f"/hosting/{host.pk}/").status_code == 200
    link = f'href="/hosting/{host.pk}/"'
    assert link in answering.get(f"/c/{theirs.community.slug}/").content.decode()
    assert link not in Client().get(f"/c/{theirs.community.slug}/").content.decode()
    messages_of(answering, f"/hosting/{host.pk}/", {"answer": "decline"})
    messages_of(answering, f"/hosting/{host.pk}/", {"answer": "accept"})
    assert theirs.community.name in Client().get("/e/jacaranda-conf/").content.decode()
    assert answering.get("/e/jacaranda-conf/edit/").status_code == 200
    assert link in answering.get("/e/jacaranda-conf/").content.decode()
    assert link not in answering.get(f"/c/{theirs.community.slug}/").content.decode()
    messages_of(answering, f"/hosting/{host.pk}/", {"answer": "withdraw"})
    messages_of(team, address, {"community": theirs.community.slug})
    messages_of(team, f"{address}{Host.objects.get().pk}/withdraw/", {})
    assert not Host.objects.exists()
