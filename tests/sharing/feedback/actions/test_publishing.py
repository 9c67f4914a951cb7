from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import Refusal
from hallway.people.actions.blocks import block_person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import hide_feedback, publish_feedback, show_feedback, unpublish_feedback
from hallway.sharing.feedback.models import Feedback
from tests.factories import PersonFactory, SpeakingFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db


def through(room: Room, at: datetime, **fields: object) -> Feedback:
    fields = {"state": "released", "released_at": at, "may_publish": True, **fields}
    made: Feedback = FeedbackFactory(session=room.session, **fields)
    return made


def test_publish_and_unpublish_each_once(room: Room, at: datetime) -> None:
    piece = through(room, at)
    talk = room.session.talk
    assert talk is not None
    for _ in range(2):
        publish_feedback(feedback=piece, by=room.speaker, at=at)
    assert queries.published_of(talk) == [piece]
    seen = Revision.objects.get(key=f"feedback:{piece.talk_id}").seq
    for _ in range(2):
        unpublish_feedback(feedback=piece, by=room.speaker, at=at)
    assert queries.published_of(talk) == []
    assert Revision.objects.get(key=f"feedback:{piece.talk_id}").seq > seen
    kinds = list(FactRow.objects.filter(kind__contains="published").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["feedback.feedback_published", "feedback.feedback_unpublished"]


@pytest.mark.parametrize("why", ["no yes", "held", "hidden", "stranger", "organiser", "nobody"])
def test_publish_is_for_speakers_and_what_they_can_read(why: str, room: Room, at: datetime) -> None:
    fields: dict[str, object] = {
        "no yes": {"may_publish": False},
        "held": {"state": "held", "released_at": None},
        "hidden": {"hidden_at": at},
    }.get(why, {})
    piece = through(room, at, **fields)
    by = {"stranger": PersonFactory(), "organiser": room.organiser, "nobody": SystemPerson("demo")}.get(
        why, room.speaker
    )
    for act in (publish_feedback, unpublish_feedback):
        with pytest.raises(Refusal) as caught:
            act(feedback=piece, by=by, at=at)
        assert caught.value.code == "feedback.not_publishable"


def test_a_blocked_writer_reaches_neither_under_their_name(room: Room, at: datetime) -> None:
    piece = through(room, at, named=True)
    block_person(person=piece.writer, by=room.speaker, at=at)
    co_speaker = SpeakingFactory(talk=room.session.talk).person
    assert not queries.given_to(room.speaker).exists()
    assert queries.given_to(co_speaker).get() == piece
    with pytest.raises(Refusal):
        publish_feedback(feedback=piece, by=room.speaker, at=at)


def test_a_block_does_not_say_whose_an_unnamed_text_is(room: Room, at: datetime) -> None:
    piece = through(room, at, named=False)
    block_person(person=piece.writer, by=room.speaker, at=at)
    assert queries.given_to(room.speaker).get() == piece
    assert queries.speakers_with_news(at) == [room.speaker]
    publish_feedback(feedback=piece, by=room.speaker, at=at)


def test_hide_takes_it_from_everybody_and_show_puts_it_back(room: Room, at: datetime) -> None:
    piece = through(room, at, published_at=at)
    talk = room.session.talk
    assert talk is not None
    for _ in range(2):
        hide_feedback(feedback=piece, by=room.organiser, at=at)
    assert queries.published_of(talk) == [] and not queries.given_to(room.speaker).exists()
    for _ in range(2):
        show_feedback(feedback=piece, by=SystemPerson("moderation"), at=at)
    assert queries.published_of(talk) == [piece]
    assert FactRow.objects.filter(kind="feedback.feedback_hidden").count() == 2


def test_hide_is_not_for_the_speaker(room: Room, at: datetime) -> None:
    piece = through(room, at)
    for by in (room.speaker, PersonFactory(), piece.writer):
        with pytest.raises(Refusal) as caught:
            hide_feedback(feedback=piece, by=by, at=at)
        assert caught.value.code == "feedback.not_team"


def test_what_is_gone_cannot_be_shown(room: Room, at: datetime) -> None:
    piece = through(room, at)
    Feedback.objects.all().delete()
    for act in (publish_feedback, unpublish_feedback):
        with pytest.raises(Refusal) as caught:
            act(feedback=piece, by=room.speaker, at=at)
        assert caught.value.code == "feedback.gone"
