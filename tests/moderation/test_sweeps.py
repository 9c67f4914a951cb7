from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.moderation import sweeps
from hallway.moderation.models import ConductCase
from tests.moderation.matters import case_of, matter

pytestmark = pytest.mark.django_db


def test_sweeps_tell_once_and_forget_in_time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sweeps.tell_of_reports() == 0
    case = case_of(matter().session, now)
    assert sweeps.tell_of_reports() == 1
    assert sweeps.tell_of_reports() == 0
    ConductCase.objects.filter(pk=case.pk).update(decided_at=now - timedelta(days=181))
    assert sweeps.forget_old_cases() == 1
