"""The server is killed between an answer and its mail: nothing is lost, and everybody is told once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from hallway.kit import clock
from hallway.kit.models import Delivery
from hallway.notices.models import OutboxMail
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Told
from tests.factories import FloorFactory, QuestionFactory, SpeakingFactory
from tests.faults.crowd import people
from tests.faults.house import house
from tests.faults.test_seats_killed import let_leases_end, wait_for_deliveries

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
FOLLOWERS, ANSWERS = 8, 6
# The first sweep that tells of an answer dies before it is done with the third follower.
DIES = """
import os, signal
from pathlib import Path
from django.conf import settings
from hallway.sharing.questions.actions import following
true, mark = following.send_notice, Path(settings.HALLWAY_DATA) / "died"
def dying(**named):
    mail = true(**named)
    if not mark.exists() and following.Told.objects.count() >= 3:
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mail
following.send_notice = dying
"""
FORGETS = (
    DIES
    + """
def forgetful(**named):
    named["dedupe_key"] = None
    return dying(**named)
following.send_notice = forgetful
following.Told.objects.create = lambda **named: None
following.Told.objects.count = lambda: 9
"""
)


def play(folder: Path, planted: str) -> list[str]:
    """Answers are written, the sweep that tells of them is killed in the middle. What is wrong afterwards, in words."""
    at = clock.now()
    floor = FloorFactory(starts_at=at - timedelta(hours=2), ends_at=at - timedelta(hours=1))
    speaker = SpeakingFactory(talk=floor.session.talk).person
    rows, followers = QuestionFactory.create_batch(ANSWERS, floor=floor), people(FOLLOWERS)
    for row in rows:
        for one in followers:
            actions.follow_question(question=row, language="en", by=one, at=at)
        actions.answer_question(question=row, text="Like this.", language="en", by=speaker, at=at)
    with house(folder, planted=planted) as served:
        until = time.monotonic() + 60
        while not (folder / "died").exists() and time.monotonic() < until:
            time.sleep(0.05)
        died = (folder / "died").exists()
        time.sleep(0.5)
        served.wait()
        let_leases_end(clock.now() + timedelta(minutes=1))
        left = wait_for_deliveries()
        connections.close_all()
    mails = Counter(OutboxMail.objects.values_list("to_address", flat=True))
    wrong = [] if died else ["nothing was killed"]
    wrong += [f"{left} were never delivered"] if left else []
    wrong += [f"{to} had {number} mails" for to, number in mails.items() if number != ANSWERS]
    wrong += [] if len(mails) == FOLLOWERS else [f"{len(mails)} people were told of {FOLLOWERS}"]
    wrong += [] if Told.objects.count() == FOLLOWERS * ANSWERS else [f"{Told.objects.count()} are noted as told"]
    return wrong + ([] if Delivery.objects.filter(done_at=None).count() == 0 else ["something is still to tell"])


def test_killed_between_answer_and_mail_tells_each_once(tmp_path: Path, figure: Callable[[str], None]) -> None:
    assert play(tmp_path / "house", DIES) == []
    figure(
        f"questions, {connection.vendor}: killed while telling of {ANSWERS} answers: {FOLLOWERS} people told once each"
    )


def test_killed_turns_red_for_a_sweep_that_does_not_write_down_whom_it_told(tmp_path: Path) -> None:
    assert play(tmp_path / "house", FORGETS) != []
