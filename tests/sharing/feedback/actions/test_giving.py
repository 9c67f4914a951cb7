from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from hallway.gathering.events.actions.exclusions import mute_at_event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow, FactScope, Revision
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.sharing.feedback.actions import (
    giving,
    publish_feedback,
    refuse_feedback,
    release_feedback,
    take_back_feedback,
)
from hallway.sharing.feedback.actions.giving import give_feedback
from hallway.sharing.feedback.models import Feedback
from tests.between import just_before
from tests.factories import PersonFactory, SessionFactory, SlotFactory, SpeakingFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refused(room: Room, at: datetime, by: Any, **said: Any) -> str:
    with pytest.raises(Refusal) as caught:
        give_feedback(session=room.session, by=by, at=at, **{"words": ["clear"], **said})
    assert str(caught.value.sentence)
    return caught.value.code


def test_give_text_and_words_waits_for_the_team(room: Room, at: datetime) -> None:
    person = PersonFactory()
    made = give_feedback(
        session=room.session, words=["slides", "clear", "nonsense"], text="Bravo.", named=True, may_publish=True,
        language="fr", by=person, at=at,
    )  # fmt: skip
    assert (made.words, made.text, made.state, made.language) == (["clear", "slides"], "Bravo.", "held", "fr")
    assert (made.writer, made.writer_key, made.named, made.may_publish) == (person, person.actor_key, True, True)
    assert made.talk_id == room.session.talk_id and made.released_at is None
    fact = FactRow.objects.get(kind="feedback.feedback_given")
    assert fact.by_key == person.actor_key
    assert not FactScope.objects.filter(fact=fact).exists(), "a trail would say who wrote"


def test_give_by_a_device_is_never_named(room: Room, at: datetime, visitor: Visitor) -> None:
    made = give_feedback(session=room.session, words=["joy"], named=True, may_publish=True, by=visitor, at=at)
    assert (made.writer, made.named, made.may_publish, made.state) == (None, False, False, "words")


def test_give_twice_is_one_and_changes_it(room: Room, at: datetime, visitor: Visitor) -> None:
    give_feedback(session=room.session, words=["clear"], text="One", by=visitor, at=at)
    give_feedback(session=room.session, words=["clear"], text="One", language="fr", by=visitor, at=at)
    assert FactRow.objects.filter(kind="feedback.feedback_given").count() == 1
    give_feedback(session=room.session, words=["too_fast"], text="One", by=visitor, at=at + timedelta(hours=1))
    row = Feedback.objects.get()
    assert (row.words, row.state, row.revision, row.written_at) == (["too_fast"], "held", 2, at)


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        ([], "", "feedback.empty"),
        (["nonsense"], "", "feedback.empty"),
        (["clear", "learned", "use_it", "examples", "pace", "honest"], "", "feedback.too_many_words"),
    ],
)
def test_give_nothing_or_too_much_is_refused(
    words: list[str], text: str, code: str, room: Room, at: datetime, visitor: Visitor
) -> None:
    assert refused(room, at, visitor, words=words, text=text) == code


def test_speaker_cannot_speak_to_themselves(room: Room, at: datetime) -> None:
    assert refused(room, at, room.speaker) == "feedback.not_here"


@pytest.mark.parametrize("change", ["feedback_url", "kind", "talk", "cancelled", "speakers", "hidden"])
def test_nothing_is_taken_where_it_is_not_asked_for(change: str, room: Room, at: datetime, visitor: Visitor) -> None:
    session = room.session
    if change == "feedback_url":
        session.feedback_url = "https://feedback.example/"
    elif change == "kind":
        session.kind = "break"
    elif change == "talk":
        session.talk = None
    elif change == "cancelled":
        session.event.state = "cancelled"
    elif change == "speakers":
        session.talk.speakings.all().delete()
    else:
        session.hidden_at = at
        session.save()
    assert refused(room, at, visitor) == "feedback.not_here"


def test_who_is_muted_says_nothing_here(room: Room, at: datetime) -> None:
    person = PersonFactory()
    mute_at_event(event=room.session.event, who=person, reason="Shouted", by=room.organiser, at=at)
    assert refused(room, at, person) == "feedback.not_here"


def test_hallway_itself_says_nothing(room: Room, at: datetime) -> None:
    assert refused(room, at, SystemPerson("demo")) == "feedback.not_here"


def test_it_opens_after_the_first_quarter_and_closes_after_two_weeks(
    room: Room, at: datetime, visitor: Visitor
) -> None:
    begun = at - timedelta(minutes=30)
    assert refused(room, begun - DAY, visitor) == "feedback.too_early"
    assert refused(room, begun + timedelta(minutes=9, seconds=59), visitor) == "feedback.too_early"
    ends = at + timedelta(minutes=10)
    assert refused(room, ends + 14 * DAY, visitor) == "feedback.too_late"
    give_feedback(session=room.session, words=["clear"], by=visitor, at=begun + timedelta(minutes=10))
    other = Visitor("other")
    give_feedback(session=room.session, words=["clear"], by=other, at=ends + 14 * DAY - timedelta(seconds=1))
    assert Feedback.objects.count() == 2


def test_a_session_without_a_time_has_to_wait(at: datetime, visitor: Visitor) -> None:
    session = SessionFactory()
    SpeakingFactory(talk=session.talk)
    with pytest.raises(Refusal) as caught:
        give_feedback(session=session, words=["clear"], by=visitor, at=at)
    assert caught.value.code == "feedback.no_time"


def test_a_second_occasion_keeps_it_open(room: Room, at: datetime, visitor: Visitor) -> None:
    later = at + 10 * DAY
    SlotFactory(session=room.session, starts_at=later, ends_at=later + timedelta(hours=1))
    give_feedback(session=room.session, words=["clear"], by=visitor, at=at + 20 * DAY)
    assert Feedback.objects.count() == 1


def test_change_until_the_end_of_the_next_day(room: Room, at: datetime, visitor: Visitor) -> None:
    give_feedback(session=room.session, words=["clear"], by=visitor, at=at)
    # Written on 8 October in Johannesburg (UTC+2): until the 10th, midnight there.
    last = datetime.fromisoformat("2026-10-09T21:59:59+00:00")
    give_feedback(session=room.session, words=["joy"], by=visitor, at=last)
    assert refused(room, last + timedelta(seconds=1), visitor, words=["clear"]) == "feedback.settled"
    give_feedback(session=room.session, words=["joy"], by=visitor, at=last + timedelta(seconds=1))
    assert Feedback.objects.get().words == ["joy"]


def test_what_was_refused_is_written_anew_for_two_weeks(room: Room, at: datetime, visitor: Visitor) -> None:
    given = give_feedback(session=room.session, words=["clear"], text="Idiot.", by=visitor, at=at)
    refuse_feedback(feedback=given, revision=1, reason="No insults", by=room.organiser, at=at + 9 * DAY)
    # Refused on 17 October in Johannesburg: until the end of the 31st there, though the session took feedback until
    # the 22nd.
    last = datetime.fromisoformat("2026-10-31T21:59:59+00:00")
    over = last + timedelta(seconds=1)
    assert refused(room, over, visitor, text="Too fast for me.") == "feedback.settled"
    give_feedback(session=room.session, words=["joy"], text="Idiot.", by=visitor, at=last)
    assert Feedback.objects.get().state == "refused", "nobody reads the same text again"
    give_feedback(session=room.session, words=["joy"], text="Too fast for me.", by=visitor, at=last)
    row = Feedback.objects.get()
    assert (row.state, row.reason, row.written_at) == ("held", "", last)
    give_feedback(session=room.session, words=["joy"], text="A bit too fast for me.", by=visitor, at=over)
    assert refused(room, over + DAY, visitor, text="x") == "feedback.settled"


def test_another_text_is_read_again_and_shown_no_longer(room: Room, at: datetime) -> None:
    person = PersonFactory()
    given = give_feedback(session=room.session, text="Kind.", may_publish=True, by=person, at=at)
    release_feedback(event=room.session.event, as_read=[(given.pk, 1)], by=room.organiser, at=at)
    publish_feedback(feedback=given, by=room.speaker, at=at)
    revision = Revision.objects.get(key=f"feedback:{given.talk_id}").seq
    give_feedback(session=room.session, text="Rude.", may_publish=True, by=person, at=at)
    row = Feedback.objects.get()
    assert (row.state, row.published_at, row.released_at, row.decided_by) == ("held", None, None, None)
    assert Revision.objects.get(key=f"feedback:{given.talk_id}").seq > revision


def test_taking_the_yes_back_takes_the_piece_down(room: Room, at: datetime) -> None:
    person = PersonFactory()
    given = give_feedback(session=room.session, text="Kind.", may_publish=True, by=person, at=at)
    release_feedback(event=room.session.event, as_read=[(given.pk, 1)], by=room.organiser, at=at)
    publish_feedback(feedback=given, by=room.speaker, at=at)
    give_feedback(session=room.session, text="Kind.", may_publish=False, by=person, at=at)
    row = Feedback.objects.get()
    assert (row.state, row.published_at) == ("released", None)


def test_a_text_taken_away_leaves_the_words(room: Room, at: datetime, visitor: Visitor) -> None:
    give_feedback(session=room.session, words=["clear"], text="Kind.", by=visitor, at=at)
    give_feedback(session=room.session, words=["clear"], by=visitor, at=at)
    assert Feedback.objects.get().state == "words"


def test_the_third_voice_shows_the_words(room: Room, at: datetime) -> None:
    for number in range(2):
        give_feedback(session=room.session, words=["clear"], by=Visitor(str(number)), at=at)
    give_feedback(session=room.session, text="No word tapped", by=Visitor("text"), at=at)
    assert not Feedback.objects.exclude(released_at=None).exists()
    give_feedback(session=room.session, words=["joy"], by=Visitor("third"), at=at)
    assert Feedback.objects.filter(released_at=at, state="words").count() == 3
    assert Feedback.objects.get(state="held").released_at is None


def test_a_device_says_only_so_much_a_day(room: Room, at: datetime, visitor: Visitor) -> None:
    for number in range(giving.MOST_A_DAY):
        give_feedback(session=room.session, text=str(number), by=visitor, at=at)
    session = SessionFactory(event=room.session.event)
    SpeakingFactory(talk=session.talk)
    SlotFactory(session=session, starts_at=at - timedelta(hours=1), ends_at=at)
    with pytest.raises(Refusal) as caught:
        give_feedback(session=session, words=["clear"], by=visitor, at=at)
    assert (caught.value.code, caught.value.status) == ("pace.too_often", 429)


def test_changing_ones_mind_without_end_is_slowed_down_too(room: Room, at: datetime, visitor: Visitor) -> None:
    for number in range(giving.MOST_A_DAY):
        give_feedback(session=room.session, text=str(number), by=visitor, at=at)
    assert refused(room, at, visitor, text="once more") == "pace.too_often"


def test_invented_devices_find_the_door_closed_and_people_do_not(
    room: Room, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "MOST_VISITORS", 2)
    for number in range(2):
        give_feedback(session=room.session, words=["clear"], by=Visitor(str(number)), at=at)
    assert refused(room, at, Visitor("third")) == "feedback.crowded"
    give_feedback(session=room.session, words=["clear"], by=PersonFactory(), at=at)


def test_a_session_that_is_gone_takes_nothing(room: Room, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallway.sharing.feedback.policies.can_give_feedback", lambda by, session: True)
    type(room.session).objects.filter(pk=room.session.pk).delete()
    assert refused(room, at, PersonFactory()) == "feedback.session_gone"


def test_take_back_is_its_writers_alone(room: Room, at: datetime, visitor: Visitor) -> None:
    given = give_feedback(session=room.session, text="Hm.", by=visitor, at=at)
    others: list[Person | Visitor] = [room.speaker, room.organiser, Visitor("other")]
    for other in others:
        with pytest.raises(Refusal) as caught:
            take_back_feedback(feedback=given, by=other, at=at)
        assert caught.value.code == "feedback.not_yours"
    take_back_feedback(feedback=given, by=visitor, at=at + 40 * DAY)
    assert not Feedback.objects.exists()
    assert Revision.objects.filter(key=f"feedback:{given.talk_id}").exists()
    with pytest.raises(Refusal) as caught:
        take_back_feedback(feedback=given, by=visitor, at=at)
    assert caught.value.code == "feedback.gone"


def test_nobody_takes_back_what_has_no_writer_any_more(at: datetime) -> None:
    orphan = FeedbackFactory(writer=None, writer_key="")
    with pytest.raises(Refusal):
        take_back_feedback(feedback=orphan, by=Visitor(""), at=at)


@pytest.mark.parametrize("before", [False, True], ids=["for the first time", "changing it"])
def test_writer_muted_while_the_page_was_open_gives_nothing(
    before: bool, room: Room, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, hallway = PersonFactory(), SystemPerson("tests")
    if before:
        give_feedback(session=room.session, words=["clear"], by=by, at=at)
    mute = partial(mute_at_event, event=room.session.event, who=by, reason="x", by=hallway, at=at)
    just_before(giving, "stay", mute, monkeypatch)
    assert refused(room, at, by, text="More") == "feedback.not_here"
    assert not Feedback.objects.exclude(text="").exists()
