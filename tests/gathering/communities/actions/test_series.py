from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from hallway.gathering.communities.actions import (
    change_series,
    end_series,
    pause_series,
    resume_series,
    start_series,
)
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import TeamRoleFactory

from .test_founding import terms

pytestmark = pytest.mark.django_db


def test_start_and_change_series_announce_what_changed(at: datetime) -> None:
    role = TeamRoleFactory()
    series = start_series(community=role.community, terms=terms(at), by=role.person, at=at)
    wanted = replace(terms(at), rule="FREQ=WEEKLY;BYDAY=TU", seats=None)
    assert change_series(series=series, terms=wanted, by=role.person, at=at) == ["rule", "seats"]
    assert change_series(series=series, terms=wanted, by=role.person, at=at) == []
    row = FactRow.objects.get(kind="communities.series_changed")
    assert row.payload["fields"] == ["rule", "seats"]


def test_start_series_refuses_an_unknown_rule_and_helpers(at: datetime) -> None:
    role = TeamRoleFactory()
    with pytest.raises(Refusal, match=r"series\.unknown_rule"):
        start_series(community=role.community, terms=replace(terms(at), rule="FREQ=HOURLY"), by=role.person, at=at)
    helper = TeamRoleFactory(community=role.community, role="helper")
    with pytest.raises(NotAllowed):
        start_series(community=role.community, terms=terms(at), by=helper.person, at=at)


def test_pause_resume_and_end_once_each(at: datetime) -> None:
    role = TeamRoleFactory()
    series = start_series(community=role.community, terms=terms(at), by=role.person, at=at)
    for action in (pause_series, resume_series, end_series):
        for _ in range(2):
            action(series=series, by=role.person, at=at)
    rows = FactRow.objects.filter(kind__startswith="communities.series_").order_by("pk")
    kinds = list(rows.values_list("kind", flat=True))
    assert kinds == [f"communities.series_{what}" for what in ("started", "paused", "resumed", "ended")]
    with pytest.raises(Refusal, match=r"series\.ended"):
        change_series(series=series, terms=replace(terms(at), seats=5), by=role.person, at=at)
