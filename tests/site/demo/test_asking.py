"""The last evenings have their questions, and the rooms that are on are played while somebody looks on."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.test import override_settings

from hallway.kit import clock
from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Floor, Question
from hallway.site.demo import asking, reading
from hallway.site.sweeps import play_the_room


def test_questions_and_room_are_written_in_both_languages_and_fit() -> None:
    for name in ("questions", "room", "teaching"):
        written = reading.questions(name)
        assert {one.language for one in written} == {"en", "fr"}
        assert all(one.text and len(one.text) <= 500 for one in written)
        assert len({one.text for one in written}) == len(written)
    assert len(reading.questions("room")) >= asking.ROOMS * asking.ROOM_ASKS
    assert len(reading.questions("teaching")) >= asking.TEACHING_ROOMS * asking.ROOM_ASKS
    assert len(reading.questions("questions")) >= asking.EVENINGS * asking.ASKED


def test_demonstration_has_past_ledgers_and_rooms_that_go_on(now: time_machine.Traveller) -> None:
    past = Floor.objects.filter(ends_at__lte=clock.now(), questions__isnull=False).distinct()
    ledgers = [one for one in queries.ledgers_of(past).values()]
    assert len(ledgers) >= asking.EVENINGS
    assert all(one.asked == asking.ASKED for one in ledgers)
    whole = sum(ledgers, queries.Ledger())
    assert min(whole.live, whole.later, whole.open) > 3
    rooms = asking.live_floors(clock.now())
    assert {one.questions.count() for one in rooms} == {asking.ROOM_BEGINS_WITH}
    for floors in (rooms, past.filter(event__community__slug="quai-des-devs")):
        texts = list(Question.objects.filter(floor__in=floors).values_list("text", flat=True))
        assert texts and len(set(texts)) == len(texts), "no page lists the same question twice"
    assert play_the_room() == 0, "nobody plays outside the demonstration"
    with override_settings(HALLWAY_DEMO=True):
        done = 0
        for _beat in range(len(rooms) * len(asking.TURNS) * 6):
            done += play_the_room()
            assert play_the_room() == 0, "once a beat"
            now.shift(asking.STEP)
    assert done > 20
    for room in rooms:
        asked = room.questions.count()
        assert asking.ROOM_BEGINS_WITH < asked <= asking.ROOM_ASKS
        assert queries.ledger_of(room).live > 0
    now.shift(timedelta(days=30))
    assert asking.play(clock.now()) == 0


def test_room_that_somebody_closed_is_left_alone(now: time_machine.Traveller) -> None:
    Floor.objects.update(paused_at=clock.now())
    before = Question.objects.count()
    for _beat in range(24):
        asking.play(clock.now())
        now.shift(asking.STEP)
    assert Question.objects.count() == before
