from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import Refusal
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.sharing.feedback.actions import ask_by_file, forget_old_feedback
from hallway.sharing.feedback.models import Card, CardGroup, Feedback, FeedbackReader, Maker
from tests.factories import PersonFactory, SessionFactory, SpeakingFactory
from tests.factories.feedback import CardFactory, CardGroupFactory, FeedbackFactory, MakerFactory, ProductFactory

pytestmark = pytest.mark.django_db(transaction=False)
HALLWAY = SystemPerson("feedback")
DAY = timedelta(days=1)


def left(person: Person, at: datetime) -> None:
    from django.db import transaction

    with transaction.atomic():
        announce(PersonLeft(person_id=person.pk), by=HALLWAY, at=at)


def merged(gone: Person, kept: Person, at: datetime) -> None:
    from django.db import transaction

    with transaction.atomic():
        announce(PersonsMerged(person_id=kept.pk, gone_id=gone.pk), by=HALLWAY, at=at)


def test_words_whose_time_is_over_are_forgotten(at: datetime) -> None:
    old, young = at - 61 * DAY, at - 29 * DAY
    refused = FeedbackFactory(state="refused", reason="No", decided_at=at - 31 * DAY, writer_key="person:1")
    fresh = FeedbackFactory(state="refused", reason="No", decided_at=young)
    device = FeedbackFactory(writer=None, writer_key="visitor:a", changed_at=old)
    carded = CardFactory(writer=None, writer_key="visitor:b", address="a@example.org", written_at=old)
    fixed = CardFactory(writer=None, address="b@example.org", fix_told_at=at - 31 * DAY)
    ancient = CardFactory(writer=None, address="c@example.org", written_at=at - 366 * DAY)
    MakerFactory(proved_at=None, asked_at=at - 31 * DAY), MakerFactory(ended_at=at - 31 * DAY)
    kept = MakerFactory()
    assert forget_old_feedback(by=HALLWAY, at=at) == 8
    for row in (refused, fresh, device, carded, fixed, ancient):
        row.refresh_from_db()
    assert (refused.text, refused.reason, refused.state, refused.words) == ("", "", "words", ["clear"])
    assert fresh.text and device.writer_key == "" and device.text
    assert (carded.writer_key, carded.address) == ("", "a@example.org")
    assert fixed.address == ancient.address == ""
    assert Maker.objects.get() == kept
    assert forget_old_feedback(by=HALLWAY, at=at) == 0
    assert FactRow.objects.filter(kind="feedback.feedback_forgotten").count() == 1
    with pytest.raises(Refusal):
        forget_old_feedback(by=PersonFactory(), at=at)


def test_who_leaves_takes_the_words_along_and_leaves_the_counts(at: datetime) -> None:
    person, administrator = PersonFactory(), PersonFactory(is_administrator=True)
    FeedbackFactory(
        writer=person, state="released", may_publish=True, published_at=at, named=True, released_at=at,
        decided_by=person,
    )  # fmt: skip
    CardFactory(writer=person, named=True)
    CardGroupFactory(answer="Yes.", answered_at=at, answered_by=person, fixed_at=at, fixed_by=person)
    MakerFactory(person=person, checked_by=administrator)
    FeedbackReader.objects.create(person=person, nonce="x")
    left(person, at)
    said, card, group, maker = (
        Feedback.objects.get(),
        Card.objects.get(),
        CardGroup.objects.exclude(answer="").get(),
        Maker.objects.get(),
    )
    assert (said.text, said.words, said.state, said.writer, said.writer_key) == ("", ["clear"], "words", None, "")
    assert (said.published_at, said.named, said.decided_by) == (None, False, None)
    assert (card.text, card.writer, card.writer_key, card.likeness) == ("", None, "", "")
    assert (group.answer, group.answered_by, group.fixed_by) == ("Yes.", None, None)
    assert (maker.person, maker.address, maker.ended_at) == (None, "", at)
    assert not FeedbackReader.objects.exists()
    left(administrator, at)
    assert Maker.objects.get().checked_by is None


def test_two_who_are_one_said_it_once(at: datetime) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    session = SessionFactory()
    FeedbackFactory(
        session=session, writer=gone, text="gone", state="released", may_publish=True, released_at=at, published_at=at
    )
    FeedbackFactory(session=session, writer=kept, text="kept")
    FeedbackFactory(writer=gone, decided_by=gone)
    CardFactory(writer=gone)
    product = ProductFactory()
    ask_by_file(product=product, by=gone, at=at), ask_by_file(product=product, by=kept, at=at)
    alone = ask_by_file(product=ProductFactory(), by=gone, at=at)
    MakerFactory(person=gone)
    merged(gone, kept, at)
    assert sorted(Feedback.objects.values_list("writer", "writer_key")) == [(kept.pk, kept.actor_key)] * 2
    assert Feedback.objects.get(session=session).text == "kept\n\ngone"
    assert Revision.objects.filter(key=f"feedback:{session.talk_id}").exists(), "its talk shows it no longer"
    assert Feedback.objects.filter(decided_by=kept).count() == 1
    assert Card.objects.get().writer_key == kept.actor_key
    assert list(Maker.objects.values_list("person", flat=True)) == [kept.pk] * 3
    assert Maker.objects.filter(pk=alone.pk).exists(), "what only one of them asked for is still asked for"


@pytest.mark.parametrize("both", [False, True])
def test_the_mailed_link_goes_with_the_person(both: bool, at: datetime) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    reader = FeedbackReader.objects.create(person=gone, nonce="x")
    piece = FeedbackFactory()
    reader.told.add(piece)
    if both:
        FeedbackReader.objects.create(person=kept, nonce="y")
    merged(gone, kept, at)
    row = FeedbackReader.objects.get()
    assert (row.person, row.nonce) == (kept, "y" if both else "x")
    assert row.told.get() == piece


def test_whom_it_is_about_goes_with_the_person(at: datetime) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    one, other = FeedbackFactory(), FeedbackFactory()
    one.about.set([kept, gone])
    other.about.set([gone])
    merged(gone, kept, at)
    assert [list(row.about.all()) for row in (one, other)] == [[kept], [kept]]
    left(kept, at)
    assert not one.about.exists()


def shown(at: datetime, **more: Any) -> dict[str, Any]:
    return {"state": "released", "may_publish": True, "released_at": at, "published_at": at} | more


def said_twice(kept: dict[str, Any], gone: dict[str, Any], at: datetime) -> Feedback:
    """What is left where two entries that are one spoke to the same session."""
    session, keep, other = SessionFactory(), PersonFactory(), PersonFactory()
    FeedbackFactory(session=session, writer=keep, **kept)
    FeedbackFactory(session=session, writer=other, **gone)
    merged(other, keep, at)
    left_over = Feedback.objects.get()
    assert (left_over.writer, left_over.writer_key) == (keep, keep.actor_key)
    return left_over


def test_two_texts_of_one_person_stand_in_one_and_wait_where_the_team_has_not_read_both(at: datetime) -> None:
    row = said_twice(
        {"text": "Mine.", "named": True, "words": ["clear"], **shown(at)},
        {"text": "Theirs.", "words": ["joy"], "state": "refused", "reason": "No", "decided_at": at}, at,
    )  # fmt: skip
    assert (row.text, row.words, row.state) == ("Mine.\n\nTheirs.", ["clear"], "held")
    assert (row.named, row.may_publish, row.released_at, row.published_at) == (False, False, None, None)
    assert (row.revision, row.changed_at) == (2, at)
    assert Revision.objects.filter(key=f"feedback:{row.talk_id}").exists(), "its talk shows it no longer"


@pytest.mark.parametrize("both", [True, False])
def test_two_texts_that_were_read_are_shown_as_far_as_both_were(both: bool, at: datetime) -> None:
    row = said_twice(
        {"text": "Mine.", **shown(at)},
        {"text": "Theirs.", **shown(at, published_at=at if both else None, hidden_at=at)}, at,
    )  # fmt: skip
    assert (row.text, row.state, row.released_at) == ("Mine.\n\nTheirs.", "released", at)
    assert (row.published_at, row.hidden_at) == (at if both else None, at)


def test_text_beside_words_alone_stays_as_it_was_read(at: datetime) -> None:
    words = {"text": "", "state": "words", "words": ["joy"]}
    row = said_twice(words, {"text": "Theirs.", **shown(at)}, at)
    assert (row.text, row.words, row.published_at) == ("Theirs.", ["joy"], at)


def test_same_text_twice_is_one_and_words_of_either_stay(at: datetime) -> None:
    row = said_twice({"text": "Same.", "words": []}, {"text": "Same.", "words": ["joy"]}, at)
    assert (row.text, row.words, row.revision) == ("Same.", ["joy"], 1)


def test_speaker_who_turns_out_to_have_praised_themselves_is_not_counted(at: datetime) -> None:
    speaker, other = SpeakingFactory(person=PersonFactory()), PersonFactory()
    session = SessionFactory(talk=speaker.talk)
    own = FeedbackFactory(session=session, writer=other, **shown(at))
    theirs = FeedbackFactory(session=session)
    for row in (own, theirs):
        row.about.set([speaker.person])
    merged(other, speaker.person, at)
    assert Feedback.objects.get() == theirs
    assert Revision.objects.filter(key=f"feedback:{speaker.talk_id}").exists(), "its talk shows it no longer"
