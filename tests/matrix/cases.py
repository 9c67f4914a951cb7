"""What moderation has in the world: a report that waits, a decision with its link, and people who are kept out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.models import EventExclusion
from hallway.kit.links import token_of
from hallway.moderation.models import ConductCase, Decision, Report
from hallway.moderation.queries import APPEAL
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.factories import PersonFactory

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SECRET = "zyxsecret"


def make_case(session: Session, organiser: Person, decider: Person) -> dict[str, Any]:
    """Ids and tokens by what stands in the world. The reporter is somebody else, and so is whoever is kept out."""
    event = session.event
    case = ConductCase.objects.create(
        kind="session", object_id=session.pk, event=event, title=f"{SECRET} title", opened_at=datetime.now(UTC)
    )
    Report.objects.create(
        case=case, trouble="hurtful", note=SECRET, text=SECRET, reporter_key="visitor:x", at=LONG_AGO
    )  # fmt: skip
    decided = ConductCase.objects.create(
        kind="session", object_id=session.pk, event=event, opened_at=LONG_AGO, decided_at=LONG_AGO
    )
    decision = Decision.objects.create(
        case=decided, hidden=True, reason="Reason", by=decider, at=LONG_AGO, nonce=f"appeal-{event.pk}"
    )
    out = {"kind": "mute", "reason": f"{SECRET} reason", "since": LONG_AGO, "decided_by": organiser}
    at_event = EventExclusion.objects.create(event=event, person=PersonFactory(public_at=None), **out)
    around = CommunityExclusion.objects.create(
        community=event.community, person=PersonFactory(public_at=None), **out
    )  # fmt: skip
    return {
        "case": case.pk, "event_exclusion": at_event.pk, "community_exclusion": around.pk,
        "appeals/": token_of(APPEAL, decision.pk, decision.nonce),
    }  # fmt: skip
