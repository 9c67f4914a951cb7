"""What happened to reports. Who reported something, and what, is in nobody's trail but their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class ThingReported(Fact):
    """Somebody reported something. No trail of a team or a subject shows it."""

    kind = "moderation.thing_reported"
    sentence = gettext_noop("%(by)s reported something")
    case_id: int
    report_id: int

    def scopes(self) -> Iterable[str]:
        return ()


class _ForItsTeam:
    event_id: int | None
    community_id: int | None

    def scopes(self) -> Iterable[str]:
        """The trail of those who may decide: of an event, a community, or the instance."""
        if self.event_id:
            yield f"event:{self.event_id}"
        if self.community_id:
            yield f"community:{self.community_id}"
        if not self.event_id and not self.community_id:
            yield "instance"


@dataclass(frozen=True)
class CaseOpened(_ForItsTeam, Fact):
    """Somebody who may decide looks at something that nobody reported."""

    kind = "moderation.case_opened"
    sentence = gettext_noop("%(by)s opened a conduct case")
    case_id: int
    event_id: int | None
    community_id: int | None


@dataclass(frozen=True)
class CaseDecided(_ForItsTeam, Fact):
    """A case was decided. ``community_id`` is that of the event, if it belongs to one."""

    kind = "moderation.case_decided"
    sentence = gettext_noop("%(by)s decided a conduct case")
    case_id: int
    decision_id: int
    event_id: int | None
    community_id: int | None


@dataclass(frozen=True)
class DecisionAppealed(_ForItsTeam, Fact):
    """Whoever a decision is about asked that somebody else looks at it again."""

    kind = "moderation.decision_appealed"
    sentence = gettext_noop("A decision about a conduct case is to be looked at again")
    decision_id: int
    event_id: int | None
    community_id: int | None


@dataclass(frozen=True)
class AppealAnswered(_ForItsTeam, Fact):
    """Somebody else looked at a decision again; ``granted`` says that it was taken back."""

    kind = "moderation.appeal_answered"
    sentence = gettext_noop("%(by)s looked at a decision about a conduct case again")
    decision_id: int
    granted: bool
    event_id: int | None
    community_id: int | None


@dataclass(frozen=True)
class DecisionTakenBack(_ForItsTeam, Fact):
    """Whoever may decide took a decision back, without being asked by an appeal."""

    kind = "moderation.decision_taken_back"
    sentence = gettext_noop("%(by)s took back a decision about a conduct case")
    decision_id: int
    event_id: int | None
    community_id: int | None


@dataclass(frozen=True)
class DecidersTold(Fact):
    """Those who may decide were told that reports wait. It shows in nobody's trail."""

    kind = "moderation.deciders_told"
    sentence = ""
    case_ids: list[int]

    def scopes(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class CasesForgotten(Fact):
    """Cases decided half a year ago are deleted, with reports and copies. It shows in nobody's trail."""

    kind = "moderation.cases_forgotten"
    sentence = ""
    count: int

    def scopes(self) -> Iterable[str]:
        return ()
