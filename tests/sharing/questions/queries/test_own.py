from __future__ import annotations

from datetime import datetime

import pytest

from hallway.people.actions import leave_hallway
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Digest
from tests.factories import PersonFactory

from ..scene import a_scene

pytestmark = pytest.mark.django_db


def test_export_holds_digests_and_mutes_of_whoever_got_them_or_decided_them(at: datetime) -> None:
    scene, asker = a_scene(), PersonFactory()
    slug = scene.floor.event.slug
    question = actions.ask_question(floor=scene.floor, text="Why?", language="en", by=asker, at=at)
    actions.mute_asker(question=question, by=scene.helper, at=at)
    Digest.objects.create(floor=scene.floor, person=scene.speaker, day=7, open_count=3, at=at)
    muted = [{"event__slug": slug, "muted_at": at, "lifted_at": None}]
    assert queries.own_data(scene.helper)["muted"] == muted
    assert queries.own_data(asker)["was_muted"] == muted
    assert queries.own_data(scene.speaker)["digests"] == [
        {"floor__event__slug": slug, "day": 7, "open_count": 3, "at": at}
    ]
    assert "muted" not in queries.own_data(asker)
    leave_hallway(person=scene.helper, by=scene.helper, at=at)
    assert "muted" not in queries.own_data(scene.helper)
