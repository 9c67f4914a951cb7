from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit import clock
from hallway.moderation.actions import decide_case
from hallway.moderation.models import ConductCase, Decision
from tests.moderation.matters import WHY, case_of, matter, team_of


@pytest.fixture
def now() -> datetime:
    """Policies look at the clock."""
    return clock.now()


@pytest.fixture
def case(now: datetime) -> ConductCase:
    return case_of(matter().session, now)


@pytest.fixture
def decided(case: ConductCase, now: datetime) -> Decision:
    return decide_case(case=case, hide=True, exclusion="mute", reason=WHY, by=team_of(case)[0], at=now)
