"""What happened to communities. Invited addresses are never in a fact, only the ids of invitations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class FoundingKept(Fact):
    """Somebody wrote on the screens of founding a community, or gave it up. Nobody else's trail shows it."""

    kind = "communities.founding_kept"
    sentence = ""
    person_id: int

    def scopes(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class CommunityFounded(Fact):
    """A community was founded; ``waits`` when an administrator has still to approve it."""

    kind = "communities.community_founded"
    sentence = gettext_noop("%(by)s founded %(community)s")
    community_id: int
    waits: bool = False


@dataclass(frozen=True)
class FoundingApproved(Fact):
    """An administrator approved a new community; it is public."""

    kind = "communities.founding_approved"
    sentence = gettext_noop("%(by)s approved the founding")
    community_id: int


@dataclass(frozen=True)
class FoundingDeclined(Fact):
    """An administrator declined a new community and said why."""

    kind = "communities.founding_declined"
    sentence = gettext_noop("%(by)s declined the founding")
    community_id: int


@dataclass(frozen=True)
class FounderInvited(Fact):
    """An administrator invited an address to found a community."""

    kind = "communities.founder_invited"
    sentence = gettext_noop("%(by)s invited somebody to found a community")
    invitation_id: int

    def scopes(self) -> Iterable[str]:
        return ("instance",)


@dataclass(frozen=True)
class CommunityEdited(Fact):
    """Something a community says of itself changed; ``fields`` names the columns."""

    kind = "communities.community_edited"
    sentence = gettext_noop("%(by)s changed the community’s page")
    community_id: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommunityPublished(Fact):
    """The community's page can be seen by everybody."""

    kind = "communities.community_published"
    sentence = gettext_noop("%(by)s published the community")
    community_id: int


@dataclass(frozen=True)
class CommunityUnpublished(Fact):
    """The team took the community's page back."""

    kind = "communities.community_unpublished"
    sentence = gettext_noop("%(by)s took the community’s page back")
    community_id: int


@dataclass(frozen=True)
class CommunityHidden(Fact):
    """An administrator hid the community, or showed it again."""

    kind = "communities.community_hidden"
    sentence = gettext_noop("%(by)s changed whether the community is hidden")
    community_id: int
    hidden: bool = True


class _OnlyInTheirOwnTrail:
    person_id: int

    def scopes(self) -> Iterable[str]:
        """Who follows or joined is nobody's business but theirs; the community shows a number."""
        return (f"person:{self.person_id}",)


@dataclass(frozen=True)
class CommunityJoined(_OnlyInTheirOwnTrail, Fact):
    """A person follows a community or became a member of it."""

    kind = "communities.community_joined"
    sentence = gettext_noop("%(person)s joined %(community)s")
    community_id: int
    person_id: int
    membership: str


@dataclass(frozen=True)
class CommunityQuit(_OnlyInTheirOwnTrail, Fact):
    """A person stopped following a community or being a member of it."""

    kind = "communities.community_quit"
    sentence = gettext_noop("%(person)s gave up their membership of %(community)s")
    community_id: int
    person_id: int


@dataclass(frozen=True)
class MembershipShown(_OnlyInTheirOwnTrail, Fact):
    """A member chose to be named on the community's page, or no longer."""

    kind = "communities.membership_shown"
    sentence = gettext_noop("%(person)s chose whether their name is shown at %(community)s")
    community_id: int
    person_id: int
    shown: bool


@dataclass(frozen=True)
class TeamInvited(Fact):
    """An address was asked to help run a community."""

    kind = "communities.team_invited"
    sentence = gettext_noop("%(by)s invited somebody to the team")
    community_id: int
    invitation_id: int
    role: str


@dataclass(frozen=True)
class TeamInvitationResent(Fact):
    """An invitation was mailed again, with a new link."""

    kind = "communities.team_invitation_resent"
    sentence = gettext_noop("%(by)s sent an invitation again")
    community_id: int
    invitation_id: int


@dataclass(frozen=True)
class TeamInvitationWithdrawn(Fact):
    """An invitation was taken back before it was answered."""

    kind = "communities.team_invitation_withdrawn"
    sentence = gettext_noop("%(by)s withdrew an invitation")
    community_id: int
    invitation_id: int


@dataclass(frozen=True)
class TeamInvitationDeclined(Fact):
    """Whoever was invited does not want to."""

    kind = "communities.team_invitation_declined"
    sentence = gettext_noop("An invitation was declined")
    community_id: int
    invitation_id: int


@dataclass(frozen=True)
class RoleGiven(Fact):
    """A person joined the team."""

    kind = "communities.role_given"
    sentence = gettext_noop("%(person)s joined the team")
    community_id: int
    person_id: int
    role: str


@dataclass(frozen=True)
class RoleChanged(Fact):
    """Role or end date of somebody in the team changed. ``ends_on`` is an ISO date or None."""

    kind = "communities.role_changed"
    sentence = gettext_noop("%(by)s changed the role of %(person)s")
    community_id: int
    person_id: int
    role: str
    ends_on: str | None = None


@dataclass(frozen=True)
class RoleEnded(Fact):
    """Somebody is no longer in the team: removed, gone by themselves, or on the day that was set."""

    kind = "communities.role_ended"
    sentence = gettext_noop("%(person)s left the team (%(by)s)")
    community_id: int
    person_id: int
    role: str


@dataclass(frozen=True)
class SeriesStarted(Fact):
    """A community meets by a new rule. Events make the next three editions, public with the community, inside."""

    kind = "communities.series_started"
    sentence = gettext_noop("%(by)s started a series of meet-ups")
    community_id: int
    series_id: int


@dataclass(frozen=True)
class SeriesChanged(Fact):
    """A series' rule or usual values changed; ``fields`` names the columns. Events follow, inside."""

    kind = "communities.series_changed"
    sentence = gettext_noop("%(by)s changed a series of meet-ups")
    community_id: int
    series_id: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeriesPaused(Fact):
    """A series makes no new dates until it is resumed."""

    kind = "communities.series_paused"
    sentence = gettext_noop("%(by)s paused a series of meet-ups")
    community_id: int
    series_id: int


@dataclass(frozen=True)
class SeriesResumed(Fact):
    """A paused series makes dates again."""

    kind = "communities.series_resumed"
    sentence = gettext_noop("%(by)s resumed a series of meet-ups")
    community_id: int
    series_id: int


@dataclass(frozen=True)
class SeriesEnded(Fact):
    """A series is over for good."""

    kind = "communities.series_ended"
    sentence = gettext_noop("%(by)s ended a series of meet-ups")
    community_id: int
    series_id: int


class _InBothTrails:
    community_id: int
    parent_id: int

    def scopes(self) -> Iterable[str]:
        return (f"community:{self.community_id}", f"community:{self.parent_id}")


@dataclass(frozen=True)
class NetworkAsked(_InBothTrails, Fact):
    """A community asked another to be its parent network."""

    kind = "communities.network_asked"
    sentence = gettext_noop("%(by)s asked for %(community)s to join the network %(parent)s")
    community_id: int
    parent_id: int


@dataclass(frozen=True)
class NetworkJoined(_InBothTrails, Fact):
    """A community became a chapter of its parent network."""

    kind = "communities.network_joined"
    sentence = gettext_noop("%(community)s joined the network %(parent)s")
    community_id: int
    parent_id: int


@dataclass(frozen=True)
class NetworkDeclined(_InBothTrails, Fact):
    """The network's organisers said no, or the community took the question back."""

    kind = "communities.network_declined"
    sentence = gettext_noop("The request of %(community)s to the network %(parent)s was closed")
    community_id: int
    parent_id: int


@dataclass(frozen=True)
class NetworkLeft(_InBothTrails, Fact):
    """A community is no longer a chapter."""

    kind = "communities.network_left"
    sentence = gettext_noop("%(community)s left the network %(parent)s")
    community_id: int
    parent_id: int


@dataclass(frozen=True)
class BannedFromCommunity(Fact):
    """Somebody takes no part in a community, until the instant its row says or for good."""

    kind = "communities.banned"
    sentence = gettext_noop("%(by)s banned %(community_exclusion)s from %(community)s")
    community_id: int
    community_exclusion_id: int


@dataclass(frozen=True)
class MutedInCommunity(Fact):
    """Somebody reads a community's pages and writes nothing there."""

    kind = "communities.muted"
    sentence = gettext_noop("%(by)s muted %(community_exclusion)s at %(community)s")
    community_id: int
    community_exclusion_id: int


@dataclass(frozen=True)
class CommunityExclusionLifted(Fact):
    """Somebody takes part in a community, or writes there, again."""

    kind = "communities.exclusion_lifted"
    sentence = gettext_noop("%(by)s lets %(community_exclusion)s take part in %(community)s again")
    community_id: int
    community_exclusion_id: int


@dataclass(frozen=True)
class TeamWrittenTo(Fact):
    """Somebody wrote to the team from a page. Who it was is the team's and their own business: no trail says it."""

    kind = "communities.team_written_to"
    sentence = gettext_noop("Somebody wrote to the team")
    community_id: int
    message_id: int
