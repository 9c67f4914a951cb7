from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.test import Client

from hallway.exchange.models import ImportRun
from hallway.gathering.communities.actions import (
    accept_team_invitation,
    ask_network,
    invite_to_team,
    join_community,
    keep_founding,
)
from hallway.gathering.communities.models import TeamRole
from hallway.gathering.events.actions import invite_host
from hallway.kit import export
from hallway.kit.export import Part
from hallway.people.actions import add_person, invite_to_claim
from hallway.people.models import Person
from hallway.programme.schedule.models import Release
from tests.factories import (
    CommunityFactory,
    EventFactory,
    PersonFactory,
    SlotFactory,
    SpeakingFactory,
    TeamRoleFactory,
)


def test_archive_holds_each_packages_part_and_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CONTRIBUTORS", {})
    export.contributes("people", lambda person: Part({"name": person}, {"picture.webp": b"RIFF"}))
    export.contributes("talks", lambda _person: [{"at": datetime(2026, 10, 8, tzinfo=UTC)}])
    export.contributes("nothing", lambda _person: [])
    box = zipfile.ZipFile(io.BytesIO(export.archive("Éloïse", "Read me")))
    assert sorted(box.namelist()) == ["README.txt", "people.json", "picture.webp", "talks.json"]
    assert json.loads(box.read("people.json")) == {"name": "Éloïse"}
    assert "Éloïse" in box.read("people.json").decode()
    assert json.loads(box.read("talks.json")) == [{"at": "2026-10-08T00:00:00Z"}]


def owners_of_rows_about_people() -> set[str]:
    """``hallway.gathering.events`` and the like: packages with a model that points at a person."""
    models = (model for model in apps.get_models() if model.__module__.startswith("hallway."))
    return {
        model._meta.app_config.name
        for model in models
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.remote_field.model is Person
    }


def missing_from_the_export() -> set[str]:
    known = [function.__module__ for function in export.CONTRIBUTORS.values()]
    return {name for name in owners_of_rows_about_people() if not any(one.startswith(f"{name}.") for one in known)}


def test_every_package_with_rows_about_people_has_its_part() -> None:
    assert missing_from_the_export() == set()


def test_a_package_without_its_part_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(export.CONTRIBUTORS, "communities")
    assert missing_from_the_export() == {"hallway.gathering.communities"}


def parts_of(client: Client) -> dict[str, Any]:
    box = zipfile.ZipFile(io.BytesIO(client.post("/me/export/").content))
    return {name.removesuffix(".json"): json.loads(box.read(name)) for name in box.namelist() if name.endswith("json")}


@pytest.mark.django_db
def test_export_holds_what_one_is_did_and_wrote(client: Client, at: datetime) -> None:
    me = PersonFactory(name="Thabo Nel")
    mine = TeamRoleFactory(person=me, community__name="Karoo Coders").community
    organiser = TeamRoleFactory(community__name="Lake Code")
    invited = invite_to_team(community=organiser.community, invited=[(me.email, "helper")], by=organiser.person, at=at)
    accept_team_invitation(invitation=invited[0], by=me, at=at)
    invite_to_team(community=mine, invited=[("somebody@example.org", "helper")], by=me, at=at)
    join_community(community=CommunityFactory(name="Quai des Devs"), kind="follower", by=me, at=at)
    keep_founding(screen="name", answers={"name": ["Tide Makers"]}, by=me, at=at)
    ask_network(community=mine, parent=organiser.community, by=me, at=at)
    event = EventFactory(community=mine)
    invite_host(event=event, community=organiser.community, by=me, at=at)
    talk = SpeakingFactory(person=me, talk__title={"en": "Slow queues"}).talk
    SlotFactory(session__event=event, session__talk=talk, room__name="Ballroom")
    Release.objects.create(event=event, number=1, version="1", released_at=at, released_by=me)
    ImportRun.objects.create(community=mine, filename="talks.csv", sha256="0" * 64, by_person=me, by_key="x", at=at)
    administrator = PersonFactory(is_administrator=True)
    invite_to_claim(person=add_person(name="Z", by=me, at=at), address="z@example.org", by=administrator, at=at)
    client.force_login(me)
    parts = parts_of(client)
    belongs = parts["communities"]
    assert {one["community__name"]: one["role"] for one in belongs["team_roles"]} == {
        "Karoo Coders": TeamRole.Role.ORGANISER, "Lake Code": TeamRole.Role.HELPER,
    }  # fmt: skip
    assert belongs["memberships"][0]["community__name"] == "Quai des Devs"
    assert belongs["founding"] == {"name": {"name": ["Tide Makers"]}}
    assert belongs["networks_asked"][0]["parent__name"] == "Lake Code"
    assert belongs["invitations_answered"][0]["accepted"] is True
    assert "somebody@example.org" not in json.dumps(parts), "an address of somebody else"
    assert parts["events"]["hosts_asked"][0]["community__name"] == "Lake Code"
    assert (parts["talks"][0]["title"], parts["talks"][0]["speakers"]) == ({"en": "Slow queues"}, ["Thabo Nel"])
    assert (parts["programme"]["speaks"][0]["room"], parts["programme"]["released"][0]["version"]) == ("Ballroom", "1")
    assert parts["imports"][0]["filename"] == "talks.csv"
    said = [line["what"] for line in parts["trail"]]
    assert "Thabo Nel joined Quai des Devs" in said or any("Quai des Devs" in line for line in said)
    client.force_login(PersonFactory())
    assert set(parts_of(client)) == {"people"}
