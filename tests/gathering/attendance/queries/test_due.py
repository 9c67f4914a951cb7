"""What the clock has to do for seats, without reading what is long over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from hallway.gathering.attendance import queries
from hallway.gathering.attendance.models import Admission
from hallway.gathering.events.models import Event
from tests.factories import AdmissionFactory, EventFactory

pytestmark = pytest.mark.django_db


def changed(at: datetime, **when: object) -> Admission:
    """A list whose people were told how its event stood before it was edited."""
    admission: Admission = AdmissionFactory(event=EventFactory(starts_at=at, ends_at=None), told={"state": "published"})
    Event.objects.filter(pk=admission.event_id).update(revision=F("revision") + 1, **when)
    return admission


def test_with_news_is_what_can_still_come_and_what_has_no_date(at: datetime) -> None:
    today = changed(at - timedelta(hours=1))
    long_one = changed(at - timedelta(days=90), ends_at=at + timedelta(days=1))
    changed(at - timedelta(days=101))
    again = changed(at - timedelta(days=200), starts_at=at + timedelta(days=20))
    without = changed(at - timedelta(days=200), state=Event.State.DATE_OPEN, starts_at=None)
    AdmissionFactory(event=EventFactory(starts_at=at), told={"state": "published"})
    assert queries.with_news(at) == [today, long_one, again, without]


@pytest.mark.sqlite_only
def test_with_news_begins_at_the_events_that_are_near(at: datetime) -> None:
    """Asked every few seconds: of a hundred thousand lists that are over it reads none.

    PostgreSQL plans by what it counted in its tables, so that a plan over a few rows says nothing there.
    """
    changed(at)
    with CaptureQueriesContext(connection) as asked:
        queries.with_news(at)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[0]['sql']}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "events_starts_at" in plan
    assert "SCAN attendance_admission" not in plan
