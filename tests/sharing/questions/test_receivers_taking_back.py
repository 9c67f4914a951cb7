"""An event people asked at is not taken from them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.events.actions import unpublish_event
from hallway.gathering.events.models import Event
from hallway.kit.refusal import Refusal
from hallway.sharing.questions.models import Question
from tests.factories import TeamRoleFactory

from .evening_before import make_stage

pytestmark = pytest.mark.django_db


def test_event_with_questions_is_not_made_a_draft_again(at: datetime) -> None:
    stage = make_stage(at, over_since=-timedelta(days=3))
    event = Event.objects.get(pk=stage.floor.event_id)
    organiser = TeamRoleFactory(community=event.community).person
    with pytest.raises(Refusal) as caught:
        unpublish_event(event=event, by=organiser, at=at)
    assert "1 question was asked here" in str(caught.value.sentence)
    Question.objects.update(state=Question.State.WITHDRAWN)
    assert unpublish_event(event=event, by=organiser, at=at).state == Event.State.DRAFT
