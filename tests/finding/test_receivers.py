from __future__ import annotations

from datetime import datetime

import pytest

from hallway.finding.models import SearchEntry
from hallway.kit import sweeps
from hallway.kit.actors import SystemPerson
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Talk
from tests.programme.schedule.test_views import programme

pytestmark = pytest.mark.django_db


def test_released_talk_and_its_correction_are_found_after_the_sweep(at: datetime) -> None:
    programme(1, at)
    sweeps.run_due()
    assert SearchEntry.objects.get(kind="talk").folded.startswith("talk 0")
    edit_talk(talk=Talk.objects.get(), changes={"title": {"en": "Loops"}}, by=SystemPerson("importer"), at=at)
    sweeps.run_due()
    assert SearchEntry.objects.get(kind="talk").folded_title == "loops"
