"""What is said, read and told in the same moment, on the real database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.feedback.actions import (
    answer_cards,
    give_feedback,
    join_cards,
    publish_feedback,
    release_feedback,
    tell_card_writer,
    tell_speaker,
    write_card,
)
from hallway.sharing.feedback.models import Card, CardGroup, Feedback, Product
from tests.factories import EventFactory, PersonFactory, SessionFactory, SlotFactory, SpeakingFactory, TeamRoleFactory
from tests.factories.feedback import CardFactory, FeedbackFactory, MakerFactory
from tests.faults.test_races import at_once

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
HALLWAY = SystemPerson("notices")


@pytest.fixture
def session(at: datetime) -> Session:
    event = EventFactory(starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=5))
    made: Session = SessionFactory(event=event)
    SlotFactory(session=made, starts_at=at - timedelta(minutes=30), ends_at=at + timedelta(minutes=10))
    SpeakingFactory(talk=made.talk)
    return made


def again(session: Session) -> Session:
    return Session.objects.select_related("event__community", "talk").get(pk=session.pk)


def test_a_double_click_is_one_feedback_and_one_card(session: Session, at: datetime) -> None:
    by = Visitor("device")

    def both() -> None:
        give_feedback(session=again(session), words=["clear"], text="Kind", by=by, at=at)
        write_card(session=again(session), tool="Kiln", kind="friction", text="It stops", by=by, at=at)

    assert at_once(*[both] * 6) == []
    assert (Feedback.objects.count(), Card.objects.count(), Product.objects.count()) == (1, 1, 1)


def test_three_voices_at_once_are_three_and_shown(session: Session, at: datetime) -> None:
    calls = [
        lambda n=number: give_feedback(session=again(session), words=["clear"], by=Visitor(str(n)), at=at)
        for number in range(3)
    ]
    assert at_once(*calls) == []
    assert Feedback.objects.filter(released_at=at).count() == 3


def test_cards_of_the_same_words_at_once_stand_together(session: Session, at: datetime) -> None:
    calls = [
        lambda n=number: write_card(
            session=again(session), tool=f"{'KILN' if n % 2 else 'Kiln'}", kind="friction", text="It stops",
            by=Visitor(str(n)), at=at,
        )
        for number in range(6)
    ]  # fmt: skip
    assert at_once(*calls) == []
    assert (Product.objects.count(), CardGroup.objects.count(), Card.objects.count()) == (1, 1, 6)


def test_a_text_changed_while_it_is_released_is_never_out_unread(session: Session, at: datetime) -> None:
    writer = PersonFactory()
    organiser = TeamRoleFactory(community=session.event.community).person
    given = give_feedback(session=session, text="Kind", by=writer, at=at)

    def change() -> None:
        give_feedback(session=again(session), text="Rude", by=Person.objects.get(pk=writer.pk), at=at)

    def release() -> None:
        by = Person.objects.get(pk=organiser.pk)
        release_feedback(event=again(session).event, as_read=[(given.pk, given.revision)], by=by, at=at)

    assert at_once(change, release) == []
    row = Feedback.objects.get()
    assert (row.text, row.state) == ("Rude", "held")


def test_words_changed_while_the_text_is_released_keep_it_out(session: Session, at: datetime) -> None:
    writer = PersonFactory()
    organiser = TeamRoleFactory(community=session.event.community).person
    given = give_feedback(session=session, text="Kind", words=["clear"], by=writer, at=at)

    def change() -> None:
        by = Person.objects.get(pk=writer.pk)
        give_feedback(session=again(session), text="Kind", words=["joy"], by=by, at=at)

    def release() -> None:
        by = Person.objects.get(pk=organiser.pk)
        for revision in (1, 2):
            release_feedback(event=again(session).event, as_read=[(given.pk, revision)], by=by, at=at)

    at_once(change, release)
    release()
    row = Feedback.objects.get()
    assert (row.words, row.state, row.released_at) == (["joy"], "released", at)


def test_speaker_and_card_writer_are_told_once_by_many_sweeps(session: Session, at: datetime) -> None:
    FeedbackFactory(session=session, state="released", released_at=at, may_publish=True)
    speaker = Person.objects.get(speakings__talk=session.talk_id)
    maker = MakerFactory()
    card = CardFactory(product=maker.product)
    answer_cards(group=card.group, text="Yes", by=maker.person, at=at)
    told = [lambda: tell_speaker(person=Person.objects.get(pk=speaker.pk), by=HALLWAY, at=at)] * 4
    told += [lambda: tell_card_writer(card_id=card.pk, by=HALLWAY, at=at)] * 4
    assert at_once(*told) == []
    assert OutboxMail.objects.count() == 2


def test_publishing_twice_at_once_is_once(session: Session, at: datetime) -> None:
    piece = FeedbackFactory(session=session, state="released", released_at=at, may_publish=True)
    speaker = Person.objects.get(speakings__talk=session.talk_id)
    calls = [
        lambda: publish_feedback(
            feedback=Feedback.objects.get(pk=piece.pk), by=Person.objects.get(pk=speaker.pk), at=at
        )
    ] * 4
    assert at_once(*calls) == []


def test_joining_crosswise_loses_no_card(at: datetime) -> None:
    maker = MakerFactory()
    one, other = (CardFactory(product=maker.product, likeness=key) for key in "ab")

    def join(kept: int, gone: int) -> None:
        groups = CardGroup.objects.select_related("product")
        join_cards(
            group=groups.get(pk=kept), other=groups.get(pk=gone), by=Person.objects.get(pk=maker.person_id), at=at
        )

    at_once(lambda: join(one.group_id, other.group_id), lambda: join(other.group_id, one.group_id))
    assert Card.objects.count() == 2 and CardGroup.objects.count() == 1
