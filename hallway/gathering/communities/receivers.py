"""What communities do when something happened: old pages, leaving and merging people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hallway.kit import export, store, trail
from hallway.kit.actors import Visitor
from hallway.kit.facts import inside
from hallway.kit.localised import in_one_language
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.kit.reportable import Place, Reportable, reportable
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.people.leaving import objects_to_leaving
from hallway.people.models import Person

from . import facts, queries
from .actions import hide_community, show_community
from .actions.exclusions import fold_exclusions
from .models import (
    Community,
    CommunityExclusion,
    FounderInvitation,
    Founding,
    FoundingRequest,
    Membership,
    NetworkRequest,
    TeamInvitation,
    TeamMessage,
    TeamRole,
)
from .policies import can_view_community

trail.name_of("community", queries.names_of)
trail.name_of("parent", queries.names_of)
trail.name_of("community_exclusion", queries.excluded_names)
export.contributes("communities", queries.own_data)
reportable(
    Reportable(
        kind="community",
        label=gettext_lazy("Community"),
        find=lambda pk: Community.objects.filter(pk=pk).first(),
        can_view=can_view_community,
        title=lambda community: community.name,
        text=queries.text_of,
        excerpt=lambda community: queries.text_of(community, in_one_language),
        address=lambda community: reverse("communities:page", args=[community.slug]),
        # Its own team judges nothing about it: the administrators do.
        authors=lambda community: [role.person for role in queries.team_of(community)],
        place=lambda community: Place(),
        hide=lambda community, *, reason, by, at: hide_community(community=community, by=by, at=at),
        show=lambda community, *, by, at: show_community(community=community, by=by, at=at),
    )
)
reportable(
    Reportable(
        kind="team_message",
        label=gettext_lazy("Message to the team"),
        find=lambda pk: TeamMessage.objects.select_related("community", "writer").filter(pk=pk).first(),
        can_view=lambda reader, message: (
            queries.messages_visible_to(reader, message.community).filter(pk=message.pk).exists()
        ),
        title=lambda message: _("Message to the team of %(name)s") % {"name": message.community.name},
        text=lambda message: message.text,
        address=lambda message: reverse("communities:messages", args=[message.community.slug]),
        authors=lambda message: [message.writer or Visitor(message.device)],
        place=lambda message: Place(community_id=message.community_id),
        author_id=lambda message: message.writer_id,
    )
)


@inside(
    facts.CommunityFounded,
    facts.FoundingApproved,
    facts.CommunityEdited,
    facts.CommunityPublished,
    facts.CommunityUnpublished,
    facts.CommunityHidden,
    facts.CommunityJoined,
    facts.CommunityQuit,
    facts.BannedFromCommunity,
    facts.SeriesStarted,
    facts.SeriesChanged,
    facts.SeriesPaused,
    facts.SeriesResumed,
    facts.SeriesEnded,
)
def pages_and_lists_are_old(fact: Any, row: FactRow) -> None:
    """The community's pages, the list, and the pages of its network and chapters, which name it."""
    related = Community.objects.filter(pk=fact.community_id).values_list("pk", "parent_id", "chapters__pk")
    ids = {pk for line in related for pk in line if pk is not None} | {fact.community_id}
    store.bump("communities", "home", *(f"community:{pk}" for pk in ids))


@inside(facts.MembershipShown, facts.RoleGiven, facts.RoleChanged, facts.RoleEnded)
def pages_are_old(fact: Any, row: FactRow) -> None:
    """The page names the team and the members who want it."""
    store.bump(f"community:{fact.community_id}", f"person:{fact.person_id}")


@inside(facts.NetworkJoined, facts.NetworkLeft)
def network_pages_are_old(fact: Any, row: FactRow) -> None:
    """Both sides name each other."""
    store.bump("communities", f"community:{fact.community_id}", f"community:{fact.parent_id}")


@inside(PersonChanged)
def pages_with_their_name_are_old(fact: PersonChanged, row: FactRow) -> None:
    """Wherever the person stands with name and picture."""
    store.bump(*_pages_naming(fact.person_id))


def _pages_naming(person_id: int) -> set[str]:
    teams = TeamRole.objects.filter(person_id=person_id, ended_at=None).values_list("community_id", flat=True)
    shown = Membership.objects.filter(person_id=person_id).values_list("community_id", flat=True)
    return {f"community:{pk}" for pk in (*teams, *shown)}


@objects_to_leaving
def last_organisers_stay(person: Person) -> list[str]:
    """Why the person cannot leave yet: communities whose last organiser they are, one sentence each."""
    roles = queries.present_roles().filter(person=person, role=TeamRole.Role.ORGANISER, ends_on=None)
    return [
        _("You are the last organiser of %(community)s. Make somebody else organiser there first.")
        % {"community": role.community.name}
        for role in roles.select_related("community")
        if not queries.lasting_organisers(role.community_id).exclude(pk=role.pk).exists()
    ]


@inside(PersonLeft)
def forget_person(fact: PersonLeft, row: FactRow) -> None:
    """Memberships, roles and what they were writing go; what they did for others stays without their name."""
    gone = fact.person_id
    _refuse_last_organiser(gone)
    store.bump("communities", *_pages_naming(gone))
    for model in (Membership, TeamRole, Founding, CommunityExclusion):
        model.objects.filter(person_id=gone).delete()
    TeamInvitation.objects.filter(answered_by_id=gone).delete()
    FounderInvitation.objects.filter(used_by_id=gone).delete()
    TeamMessage.objects.filter(writer_id=gone).delete()
    for model, column in _SIGNATURES:
        model.objects.filter(**{column: gone}).update(**{column: None})


def _refuse_last_organiser(person_id: int) -> None:
    """Asked once more under the locks of their communities: the other organiser may be leaving at this moment."""
    run = TeamRole.objects.filter(person_id=person_id, role=TeamRole.Role.ORGANISER, ended_at=None)
    communities = Community.objects.filter(pk__in=run.values("community_id")).order_by("pk")
    list(communities.select_for_update().values_list("pk"))
    if sentences := last_organisers_stay(Person.objects.get(pk=person_id)):
        raise Refusal("person.needed", " ".join(sentences))


_SIGNATURES: tuple[tuple[Any, str], ...] = (
    (TeamInvitation, "invited_by_id"),
    (FounderInvitation, "invited_by_id"),
    (FoundingRequest, "asked_by_id"),
    (NetworkRequest, "asked_by_id"),
    (CommunityExclusion, "decided_by_id"),
    (CommunityExclusion, "lifted_by_id"),
)


@inside(PersonsMerged)
def merge_persons(fact: PersonsMerged, row: FactRow) -> None:
    """What the gone entry held moves to the one that stays; doubles are folded."""
    store.bump("communities", *_pages_naming(fact.gone_id))
    _fold_memberships(fact.person_id, fact.gone_id)
    _fold_roles(fact.person_id, fact.gone_id)
    fold_exclusions(CommunityExclusion.objects.all(), "community_id", fact.person_id, fact.gone_id)
    if Founding.objects.filter(person_id=fact.person_id).exists():
        Founding.objects.filter(person_id=fact.gone_id).delete()
    moved = (
        *_SIGNATURES,
        (Founding, "person_id"),
        (TeamMessage, "writer_id"),
        (TeamInvitation, "answered_by_id"),
        (FounderInvitation, "used_by_id"),
    )
    for model, column in moved:
        model.objects.filter(**{column: fact.gone_id}).update(**{column: fact.person_id})


def _fold_memberships(kept_id: int, gone_id: int) -> None:
    mine = {row.community_id: row for row in Membership.objects.filter(person_id=kept_id)}
    for row in Membership.objects.filter(person_id=gone_id):
        kept = mine.get(row.community_id)
        if kept is None:
            row.person_id = kept_id
            row.save(update_fields=["person"])
            continue
        # Whoever was a member under either entry is one; being named stays as the kept entry chose it.
        if Membership.Kind.MEMBER in (row.kind, kept.kind):
            kept.kind = Membership.Kind.MEMBER
        kept.since = min(kept.since, row.since)
        kept.save(update_fields=["kind", "since"])
        row.delete()


def _fold_roles(kept_id: int, gone_id: int) -> None:
    rank = {TeamRole.Role.HELPER: 0, TeamRole.Role.EDITOR: 1, TeamRole.Role.ORGANISER: 2}
    mine = {row.community_id: row for row in TeamRole.objects.filter(person_id=kept_id, ended_at=None)}
    for row in TeamRole.objects.filter(person_id=gone_id):
        kept = mine.get(row.community_id)
        if kept is None or row.ended_at is not None:
            row.person_id = kept_id
            row.save(update_fields=["person"])
            continue
        both = (kept, row)
        best = max(both, key=lambda role: (rank[TeamRole.Role(role.role)], role.ends_on is None))
        kept.role, kept.ends_on = best.role, best.ends_on
        kept.since = min(role.since for role in both)
        row.delete()
        kept.save(update_fields=["role", "ends_on", "since"])
