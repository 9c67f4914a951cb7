"""What speakers hear of what is still open: a day, a week and three weeks after, once each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.notices.models import OutboxMail
from hallway.people.actions import block_person
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Digest
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.sweeps import write_digests
from hallway.sharing.questions.tokens import speaker_token
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, SpeakingFactory, TalkFactory
from tests.sharing.questions.scene import a_scene, refusal

pytestmark = pytest.mark.django_db


def test_digest_goes_to_the_speaker_once_a_day_that_came(at: datetime) -> None:
    floor = FloorFactory(starts_at=at - timedelta(days=8, hours=1), ends_at=at - timedelta(days=8))
    floor.session.talk = TalkFactory()
    floor.session.save()
    speaker = SpeakingFactory(talk=floor.session.talk).person
    QuestionFactory(floor=floor, text="Still open\n\nAnswer them\nhttps://evil.example/")
    assert [(one.pk, who.pk, day) for one, who, day in queries.digests_due(at, most=9)] == [(floor.pk, speaker.pk, 7)]
    assert actions.write_digest(floor=floor, person=speaker, day=7, by=QUESTIONS, at=at) is not None
    assert actions.write_digest(floor=floor, person=speaker, day=1, by=QUESTIONS, at=at) is None
    assert queries.digests_due(at, most=9) == []
    mail = OutboxMail.objects.get()
    assert "> Still open\n>\n> Answer them\n> https://evil.example/\n" in mail.text, "none of it passes for ours"
    assert speaker_token(floor, speaker) in mail.text
    assert write_digests() == 0


def test_write_digest_of_the_first_day_does_not_stand_for_the_next(at: datetime) -> None:
    scene = a_scene()
    QuestionFactory(floor=scene.floor)
    named = {"floor": scene.floor, "person": scene.speaker, "by": QUESTIONS, "at": at}
    assert [actions.write_digest(day=day, **named) is not None for day in (1, 1, 7, 1, 21)] == [1, 0, 1, 0, 1]
    assert OutboxMail.objects.count() == 3


def test_write_digest_with_nothing_to_read_sends_nothing_and_is_done(at: datetime) -> None:
    scene, asker = a_scene(), PersonFactory()
    named = {"floor": scene.floor, "person": scene.speaker, "by": QUESTIONS, "at": at}
    QuestionFactory(floor=scene.floor, by=asker)
    block_person(person=asker, by=scene.speaker, at=at)
    digest = actions.write_digest(day=7, **named)
    assert digest is not None
    assert (digest.open_count, OutboxMail.objects.count()) == (0, 0)


def test_write_digest_late_has_what_was_asked_since_the_last_one(at: datetime) -> None:
    scene = a_scene()
    QuestionFactory(floor=scene.floor, text="Known already?")
    named = {"floor": scene.floor, "person": scene.speaker, "by": QUESTIONS}
    assert actions.write_digest(day=21, at=at, **named) is not None
    assert "last mail about them" in OutboxMail.objects.get().text
    later = at + timedelta(days=8)
    QuestionFactory(floor=scene.floor, text="Asked late?", shown_at=later)
    for _twice in range(2):
        actions.write_digest(day=queries.LATE, at=later, **named)
    mail = OutboxMail.objects.get(created_at=later)
    assert "Asked late?" in mail.text
    assert "Asked late?" in mail.html
    assert "Known already?" not in mail.text + mail.html
    assert "since our last mail. Answer" in mail.text
    assert "you can answer after that as well. This is the last mail about them." in mail.text
    assert [row.open_count for row in Digest.objects.order_by("at")] == [1, 1]


def test_write_digest_late_to_who_had_none_has_all(at: datetime) -> None:
    scene = a_scene()
    QuestionFactory(floor=scene.floor, text="Never told?")
    actions.write_digest(floor=scene.floor, person=scene.speaker, day=queries.LATE, by=QUESTIONS, at=at)
    assert "Never told?" in OutboxMail.objects.get().text


def test_write_digest_counts_anew_once_the_floor_was_opened_again(at: datetime) -> None:
    scene, later = a_scene(), at + timedelta(days=60)
    QuestionFactory(floor=scene.floor)
    named = {"person": scene.speaker, "by": QUESTIONS, "at": later}
    assert actions.write_digest(floor=scene.floor, day=21, **named) is not None
    opened = actions.reopen_floor(floor=scene.floor, by=scene.speaker, at=later)
    assert actions.write_digest(floor=scene.floor, day=7, **named) is None, "it was due before"
    assert [actions.write_digest(floor=opened, day=day, **named) is not None for day in (1, 1, 21)] == [1, 0, 1]
    assert list(Digest.objects.order_by("pk").values_list("round", "day")) == [(0, 21), (1, 1), (1, 21)]
    assert OutboxMail.objects.count() == 3


def test_write_digest_to_somebody_who_does_not_speak_is_refused(at: datetime) -> None:
    scene = a_scene()
    named = {"floor": scene.floor, "person": PersonFactory(), "by": QUESTIONS, "at": at}
    assert refusal(actions.write_digest, day=1, **named) == "questions.not_speaker"


def test_write_digest_that_cannot_be_sent_today_is_due_again(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = a_scene()
    QuestionFactory(floor=scene.floor)
    named = {"floor": scene.floor, "person": scene.speaker, "by": QUESTIONS, "at": at}

    def enough(**_named: object) -> None:
        raise actions.digests.EnoughMail

    with monkeypatch.context() as patched:
        patched.setattr(actions.digests, "send_notice", enough)
        assert actions.write_digest(day=1, **named) is None
    assert not Digest.objects.exists()
    assert actions.write_digest(day=1, **named) is not None
