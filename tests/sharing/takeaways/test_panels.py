"""What takeaways put on pages of others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.kit.panels import fill
from hallway.kit.store import STORE_HEADER
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways import queries
from hallway.sharing.takeaways.actions import share_takeaway, write_shared_notes
from hallway.sharing.takeaways.models import SharedNotesRevision
from tests.factories import PersonFactory, SessionFactory, SlotFactory

pytestmark = pytest.mark.django_db


def test_event_has_the_takeaways_of_its_sessions_and_nothing_without(at: datetime) -> None:
    session = SessionFactory()
    assert not any("took home" in part for part in fill("hallway_page.below", session.event))
    share_takeaway(session=session, text="Ask **early**", is_named=False, by=PersonFactory(), at=at)
    told = "".join(fill("hallway_page.below", session.event))
    assert "<strong>early</strong>" in told
    assert session.talk.title["en"] in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# What was said\n\nMeasure first.\n\n## To read\n\nThe paper.", "Measure first. The paper."),
        ("# To read", "To read"),
        (
            "Well said.\n\n- The paper\n-  \n- The repository\n  of it\n1. A third.\n2. Last",
            "Well said. The paper · The repository of it · A third. Last",
        ),
    ],
)
def test_session_shows_the_beginning_of_shared_notes_without_headings(text: str, told: str, at: datetime) -> None:
    session = SessionFactory()
    SlotFactory(session=session, starts_at=at, ends_at=at + timedelta(minutes=45))
    write_shared_notes(session=session, text=text, base=0, by=PersonFactory(), at=at)
    assert f'<p dir="auto">{told}</p>' in "".join(fill("session_page.below", session))


def given_twice(at: datetime) -> tuple[Session, Session]:
    first = SessionFactory()
    again = SessionFactory(talk=first.talk)
    for session in (first, again):
        SlotFactory(session=session, starts_at=at, ends_at=at + timedelta(minutes=45))
        write_shared_notes(session=session, text=f"Notes of {session.pk}.", base=0, by=PersonFactory(), at=at)
    return first, again


def notes_page(session: Session) -> str:
    return f"/e/{session.event.slug}/sessions/{session.pk}/notes/"


def test_notes_go_along_with_their_talk(at: datetime, client: Client) -> None:
    first, again = given_twice(at)
    answer = client.get(f"/talks/{first.talk_id}/")
    told = answer.content.decode()
    assert notes_page(first) in told and notes_page(again) in told and f"Notes of {first.pk}." in told
    assert f"takeaways-talk:{first.talk_id}" in answer[STORE_HEADER]
    page = client.get(f"/e/{again.event.slug}/sessions/{again.pk}-{again.slug}/")
    told = page.content.decode()
    assert f"Notes of {first.pk}." in told and told.count(notes_page(again)) == 1, "its own are not those of others"
    assert f"takeaways-talk:{first.talk_id}" in page[STORE_HEADER]


def test_notes_nobody_may_read_go_along_with_nothing(at: datetime) -> None:
    first, again = given_twice(at)
    assert first.talk is not None
    SharedNotesRevision.objects.filter(page__session=again).update(hidden_at=at)
    first.hidden_at = at
    first.save()
    assert queries.notes_of_talk(first.talk, None, most=9) == []
    assert "".join(fill("talk_page.below", first.talk)).find("each time it was given") == -1


@pytest.mark.parametrize("number", [1, 3])
def test_notes_of_a_talk_are_one_query(number: int, at: datetime, django_assert_num_queries: Any) -> None:
    talk = SessionFactory().talk
    for _ in range(number):
        session = SessionFactory(talk=talk)
        SlotFactory(session=session, starts_at=at, ends_at=at + timedelta(minutes=45))
        for base, text in enumerate(("First", "Second")):
            write_shared_notes(session=session, text=text, base=base, by=PersonFactory(), at=at)
    with django_assert_num_queries(1):
        found = queries.notes_of_talk(talk, None, most=9)
    assert [row.text for row in found] == ["Second"] * number
