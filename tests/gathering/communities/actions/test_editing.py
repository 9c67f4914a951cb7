from __future__ import annotations

from datetime import datetime

import pytest

from hallway.gathering.communities.actions import (
    edit_community,
    hide_community,
    publish_community,
    set_picture,
    show_community,
    unpublish_community,
)
from hallway.gathering.communities.models import Community
from hallway.kit.models import FactRow, OldSlug
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.vocabulary.models import Topic
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


def test_edit_community_changes_and_names_what_changed(at: datetime) -> None:
    role = TeamRoleFactory()
    topic = Topic.objects.get(slug="python")
    changes = {"name": "New name", "hue": role.community.hue, "topics": [topic]}
    assert edit_community(community=role.community, changes=changes, by=role.person, at=at) == ["name", "topics"]
    assert edit_community(community=role.community, changes=changes, by=role.person, at=at) == []
    assert FactRow.objects.filter(kind="communities.community_edited").count() == 1


def test_edit_community_remembers_the_old_address(at: datetime) -> None:
    role = TeamRoleFactory(community__slug="first-one")
    edit_community(community=role.community, changes={"slug": "second-one"}, by=role.person, at=at)
    assert OldSlug.objects.get().slug == "first-one"
    role.community.refresh_from_db()
    edit_community(community=role.community, changes={"slug": "first-one"}, by=role.person, at=at)
    assert Community.objects.get().slug == "first-one"


@pytest.mark.parametrize(
    ("slug", "code"),
    [("new", "slug_bad"), ("Ümlaut", "slug_bad"), ("import", "slug_taken"), ("others", "slug_taken")],
)
def test_edit_community_refuses_addresses_that_cannot_be(at: datetime, slug: str, code: str) -> None:
    role = TeamRoleFactory()
    other = TeamRoleFactory(community__slug="others")
    edit_community(community=other.community, changes={"slug": "others-moved"}, by=other.person, at=at)
    with pytest.raises(Refusal, match=rf"community\.{code}"):
        edit_community(community=role.community, changes={"slug": slug}, by=role.person, at=at)


def test_edit_community_refused_for_editors(at: datetime) -> None:
    role = TeamRoleFactory(role="editor")
    with pytest.raises(NotAllowed, match=r"community\.cannot_edit"):
        edit_community(community=role.community, changes={"name": "x"}, by=role.person, at=at)


def test_set_picture_once(at: datetime) -> None:
    role = TeamRoleFactory()
    for _ in range(2):
        set_picture(community=role.community, picture="communities/a.webp", by=role.person, at=at)
    assert FactRow.objects.count() == 1


def test_publish_and_take_back(at: datetime) -> None:
    role = TeamRoleFactory(community__public_at=None)
    community = role.community
    for _ in range(2):
        publish_community(community=community, by=role.person, at=at)
    assert Community.objects.get().public_at == at
    for _ in range(2):
        unpublish_community(community=community, by=role.person, at=at)
    assert Community.objects.get().public_at is None
    assert FactRow.objects.count() == 2


def test_hide_and_show_are_for_administrators(at: datetime) -> None:
    community, administrator = CommunityFactory(), PersonFactory(is_administrator=True)
    role = TeamRoleFactory(community=community)
    with pytest.raises(NotAllowed, match=r"community\.cannot_hide"):
        hide_community(community=community, by=role.person, at=at)
    for _ in range(2):
        hide_community(community=community, by=administrator, at=at)
    assert Community.objects.get().hidden_at == at
    for _ in range(2):
        show_community(community=community, by=administrator, at=at)
    assert Community.objects.get().hidden_at is None
