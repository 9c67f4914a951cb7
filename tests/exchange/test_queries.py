"""Whether a file's event is here already, also when the file does not name it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallway.exchange.programme import Programme, SessionIn
from hallway.exchange.queries import event_of as known_event
from tests.exchange.programmes import small_programme
from tests.exchange.stored import bring_in, event_of
from tests.factories import CommunityFactory

pytestmark = pytest.mark.django_db


def nameless(keep: int = 5) -> Programme:
    """The small programme as a tool writes it that knows no event and has identifiers of its own."""
    sessions = tuple(
        replace(session, key=f"other:{session.key}", guid="", slots=tuple(replace(s, guid="") for s in session.slots))
        for session in small_programme().sessions[:keep]
    )
    return replace(small_programme(), title="all", slug="", sessions=sessions)


def renamed(session: SessionIn) -> SessionIn:
    return replace(session, title=f"{session.title} autrement")


def test_same_programme_in_a_format_without_a_title_does_not_double() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    run = bring_in(nameless(), community=community)
    assert (run.event_id, run.report["made"], run.report["gone"]) == (event.pk, 1, 0)  # what has no time is not known
    assert event.sessions.filter(removed_at=None, slots__isnull=False).distinct().count() == 4


def test_few_or_other_sessions_at_the_same_times_are_another_event() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    assert known_event(community, nameless()) == event
    assert known_event(CommunityFactory(), nameless()) is None
    assert known_event(community, nameless(keep=1)) is None
    others = tuple(renamed(session) for session in nameless().sessions[:2]) + nameless().sessions[2:]
    assert known_event(community, replace(nameless(), sessions=others)) is None
