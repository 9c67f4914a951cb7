from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import Refusal
from hallway.notices.models import OutboxMail
from hallway.people.actions.blocks import block_person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import tell_speaker
from hallway.sharing.feedback.models import FeedbackReader
from tests.factories import SpeakingFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db
HALLWAY = SystemPerson("notices")
DAY = timedelta(days=1)


def through(room: Room, at: datetime, **fields: object) -> None:
    FeedbackFactory(session=room.session, **{"state": "released", "released_at": at, **fields})


def test_tell_once_a_day_with_a_link_that_opens_the_page(room: Room, at: datetime) -> None:
    through(room, at), through(room, at)
    assert queries.speakers_with_news(at) == [room.speaker]
    assert tell_speaker(person=room.speaker, by=HALLWAY, at=at)
    assert not tell_speaker(person=room.speaker, by=HALLWAY, at=at + 2 * DAY), "nothing new"
    mail = OutboxMail.objects.get()
    assert mail.to_person == room.speaker and "2 people" in mail.text
    token = mail.text.partition("/feedback/")[2].partition("/")[0]
    reader = queries.reader_by(token)
    assert reader is not None and reader.person == room.speaker
    through(room, at)
    assert queries.speakers_with_news(at + timedelta(hours=23)) == []
    assert not tell_speaker(person=room.speaker, by=HALLWAY, at=at + timedelta(hours=23))
    assert tell_speaker(person=room.speaker, by=HALLWAY, at=at + DAY)
    assert "1 person" in OutboxMail.objects.order_by("-pk")[0].text


def test_words_that_are_shown_are_news_too(room: Room, at: datetime) -> None:
    FeedbackFactory(session=room.session, text="", state="words")
    assert queries.speakers_with_news(at) == [] and not tell_speaker(person=room.speaker, by=HALLWAY, at=at)
    FeedbackFactory(session=room.session, text="", state="words", released_at=at)
    assert tell_speaker(person=room.speaker, by=HALLWAY, at=at)
    assert "tapped words" in OutboxMail.objects.get().text


def test_each_of_several_speakers_is_told(room: Room, at: datetime) -> None:
    other = SpeakingFactory(talk=room.session.talk).person
    through(room, at)
    for person in queries.speakers_with_news(at):
        assert tell_speaker(person=person, by=HALLWAY, at=at)
    assert {mail.to_person for mail in OutboxMail.objects.all()} == {room.speaker, other}


@pytest.mark.parametrize("why", ["hidden", "old", "blocked", "no address", "left"])
def test_nothing_is_told(why: str, room: Room, at: datetime) -> None:
    said_at = at - 31 * DAY if why == "old" else at
    through(room, said_at, hidden_at=at if why == "hidden" else None, named=why == "blocked")
    speaker = room.speaker
    if why == "blocked":
        block_person(person=speaker, by=FeedbackFactory._meta.model.objects.get().writer, at=at)
    if why == "no address":
        speaker.email = None
    if why == "left":
        speaker.left_at = at
    speaker.save()
    assert queries.speakers_with_news(at) == []
    assert not tell_speaker(person=speaker, by=HALLWAY, at=at)
    assert not OutboxMail.objects.exists() and not FeedbackReader.objects.exclude(told_at=None).exists()


def test_only_hallway_itself_tells(room: Room, at: datetime) -> None:
    with pytest.raises(Refusal):
        tell_speaker(person=room.speaker, by=room.organiser, at=at)


def test_a_link_that_is_not_true_opens_nothing(room: Room, at: datetime) -> None:
    through(room, at)
    tell_speaker(person=room.speaker, by=HALLWAY, at=at)
    reader = FeedbackReader.objects.get()
    assert queries.reader_by("") is None
    assert queries.reader_by(f"{reader.pk}.{'A' * 24}") is None
