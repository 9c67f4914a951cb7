from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from hallway.notices.models import OutboxMail
from hallway.sharing.feedback import sweeps
from hallway.sharing.feedback.models import CardGroup, Feedback
from tests.factories import NOW, PersonFactory
from tests.factories.feedback import CardFactory, FeedbackFactory, MakerFactory

from .conftest import Room

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_what_is_due_is_done_once(room: Room) -> None:
    FeedbackFactory(session=room.session, state="released", released_at=NOW)
    card = CardFactory()
    CardGroup.objects.filter(pk=card.group_id).update(answer="Yes", answered_at=NOW)
    assert (sweeps.tell_speakers(), sweeps.tell_speakers()) == (1, 0)
    assert (sweeps.tell_card_writers(), sweeps.tell_card_writers()) == (1, 0)
    assert OutboxMail.objects.count() == 2


def test_teams_hear_of_what_waits_for_half_a_day(room: Room) -> None:
    FeedbackFactory(session=room.session)
    for hours, told in ((11, 0), (13, 1), (24 * 31, 0)):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert sweeps.remind_teams() == told
    assert OutboxMail.objects.get().to_person == room.organiser


def test_a_proof_that_waits_is_looked_after_until_it_lapses() -> None:
    administrator, maker = PersonFactory(is_administrator=True), MakerFactory(how="file", proved_at=None, placed_at=NOW)
    for days, done in ((6, 0), (8, 1), (31, 1)):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            assert sweeps.look_after_proofs() == done
    assert [mail.to_person for mail in OutboxMail.objects.order_by("pk")] == [administrator, maker.person]


def test_old_words_are_forgotten(room: Room) -> None:
    FeedbackFactory(session=room.session, state="refused", reason="No", decided_at=NOW)
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        assert sweeps.forget_what_is_over() == 1
    assert Feedback.objects.get().text == ""
