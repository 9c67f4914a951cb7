"""Reads of communities used more than once."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.translation import gettext as _

from hallway.kit import clock, slugs
from hallway.kit.actors import Actor, Visitor
from hallway.kit.localised import Says, in_every_language
from hallway.kit.models import FactRow, OldSlug
from hallway.kit.text import fold
from hallway.people.models import Person
from hallway.people.queries import addresses_of, administrators, blocked_with

from .facts import TeamInvitationResent, TeamInvited
from .models import (
    Community,
    CommunityExclusion,
    Exclusion,
    FounderInvitation,
    Founding,
    FoundingRequest,
    Membership,
    NetworkRequest,
    Series,
    TeamInvitation,
    TeamMessage,
    TeamRole,
)
from .recurrence import occurrences

SomeExclusion = TypeVar("SomeExclusion", bound=Exclusion)


def visible_to(person: Person | None) -> QuerySet[Community]:
    """Communities the reader may open: public ones, and those they help to run."""
    allowed = Q(public_at__isnull=False, hidden_at=None)
    if person is not None:
        if person.is_administrator:
            return Community.objects.all()
        allowed |= Q(pk__in=present_roles().filter(person=person).values("community_id"))
    return Community.objects.filter(allowed)


def present_roles() -> QuerySet[TeamRole]:
    """Team roles that hold today."""
    today = clock.now().date()
    return TeamRole.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), ended_at=None)


def role_of(person: Person | None, community_id: int) -> str | None:
    """``organiser``, ``editor``, ``helper`` or None: what the person is in the team today."""
    if person is None or not person.pk:
        return None
    return present_roles().filter(person=person, community_id=community_id).values_list("role", flat=True).first()


def names_of(ids: set[int]) -> dict[int, str]:
    """Names by id, for the trail."""
    return dict(Community.objects.filter(pk__in=ids).values_list("pk", "name"))


def team_of(community: Community) -> QuerySet[TeamRole]:
    """The team today: organisers first, then by how long they have been there."""
    organisers_first = Case(When(role=TeamRole.Role.ORGANISER, then=0), default=1)
    roles = present_roles().filter(community=community).select_related("person")
    return roles.order_by(organisers_first, "since", "pk")


def lasting_organisers(community_id: int) -> QuerySet[TeamRole]:
    """Organisers without an end date: a community always keeps one of them."""
    return present_roles().filter(community_id=community_id, role=TeamRole.Role.ORGANISER, ends_on=None)


def shown_members(community: Community, reader: Person | None = None) -> QuerySet[Membership]:
    """Members who chose to be named, but for those whom a block keeps from this reader. Nobody else ever is."""
    named = Membership.objects.filter(community=community, shown_at__isnull=False, person__left_at=None)
    if reader is not None:
        named = named.exclude(person__in=blocked_with(reader))
    return named.select_related("person").order_by("shown_at", "pk")


def member_counts(ids: list[int]) -> dict[int, int]:
    """How many members (not followers) each community has."""
    rows = Membership.objects.filter(community_id__in=ids, kind=Membership.Kind.MEMBER)
    return dict(rows.values_list("community_id").annotate(Count("pk")).order_by())


def listed(person: Person | None, *, words: str = "", topic: str = "", language: str = "") -> QuerySet[Community]:
    """Communities for the list page: each word in name or place; one topic's slug; one language's code."""
    found = visible_to(person).filter(public_at__isnull=False, hidden_at=None)
    if topic:
        found = found.filter(topics__slug=topic)
    if words or language:
        found = found.filter(pk__in=_matching(found, fold(words).split(), language))
    return found.order_by("name", "pk")


def _matching(among: QuerySet[Community], words: list[str], language: str) -> list[int]:
    # Neither database folds accents or looks into JSON lists alike; a thousand names are folded in a few milliseconds.
    rows = among.order_by().values_list("pk", "name", "place_name", "languages")
    return [
        pk
        for pk, name, place, languages in rows
        if (not language or language in languages) and all(word in fold(f"{name} {place}") for word in words)
    ]


def is_slug_taken(slug: str, community_id: int = 0) -> bool:
    """Whether an address is or was another community's. Communities and events share no addresses."""
    return (
        slug in slugs.RESERVED
        or Community.objects.filter(slug=slug).exclude(pk=community_id).exists()
        or OldSlug.objects.filter(kind="community", slug=slug).exclude(target_id=community_id).exists()
    )


def hash_token(token: str) -> str:
    """What is stored of a mailed token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def invitation_of(community: Community, token: str) -> TeamInvitation | None:
    """The invitation a link belongs to, whatever became of it."""
    return (
        TeamInvitation.objects.filter(community=community, token_hash=hash_token(token))
        .select_related("community", "invited_by")
        .first()
    )


def open_invitations(community: Community) -> QuerySet[TeamInvitation]:
    """Invitations nobody answered or withdrew, also those that ran out in the last ninety days."""
    return (
        TeamInvitation.objects.filter(community=community, answered_at=None, withdrawn_at=None)
        .select_related("invited_by")
        .order_by("created_at", "pk")
    )


def invitations_lately(community: Community, by: Person | None, at: datetime) -> int:
    """How many invitations this community, or this person anywhere, has mailed within a day; again counts again."""
    mine = Q(scopes__key=f"community:{community.pk}") | (Q(by_key=by.actor_key) if by else Q())
    mailed = FactRow.objects.filter(
        kind__in=[TeamInvited.kind, TeamInvitationResent.kind], at__gt=at - timedelta(days=1)
    )
    return mailed.filter(mine).distinct().count()


def founder_invitation_of(person: Person, at: datetime) -> FounderInvitation | None:
    """An unused invitation to found a community, sent to one of the person's addresses."""
    mine = Q(pk=None)
    for address in addresses_of(person):
        mine |= Q(address__iexact=address)
    return FounderInvitation.objects.filter(mine, used_at=None, expires_at__gt=at).order_by("expires_at").first()


def waiting_foundings() -> QuerySet[FoundingRequest]:
    """New communities an administrator has still to look at, oldest first."""
    return FoundingRequest.objects.filter(decided_at=None).select_related("community", "asked_by").order_by("asked_at")


def series_of(community: Community) -> QuerySet[Series]:
    """The series that are not over, oldest first."""
    return Series.objects.filter(community=community, ended_at=None).order_by("starts_on", "pk")


def rules_of(ids: list[int]) -> dict[int, str]:
    """The rule by which each community meets: of its oldest series that is neither over nor paused."""
    running = Series.objects.filter(community_id__in=ids, ended_at=None, paused_at=None).order_by("-starts_on", "-pk")
    return dict(running.values_list("community_id", "rule"))


def next_dates(series: Series, after: datetime, count: int = 3) -> list[datetime]:
    """The next beginnings a series' rule makes, whether or not it is paused."""
    return occurrences(series.rule, series.starts_on, series.local_time, series.zone, after, count)


def network_question_of(community: Community) -> NetworkRequest | None:
    """The unanswered question to a parent network, if any."""
    return NetworkRequest.objects.filter(community=community).select_related("parent").first()


def network_questions_to(community: Community) -> QuerySet[NetworkRequest]:
    """Communities that asked this one to be their network."""
    return NetworkRequest.objects.filter(parent=community).select_related("community").order_by("asked_at")


def chapters_of(community: Community, person: Person | None) -> QuerySet[Community]:
    """The communities of this network that the reader may open."""
    return visible_to(person).filter(parent=community).order_by("name", "pk")


def holding(exclusions: QuerySet[SomeExclusion], who: Actor | None, at: datetime) -> QuerySet[SomeExclusion]:
    """Those of the exclusions that hold for a person or a device at an instant. Hallway itself is never excluded."""
    if isinstance(who, Person):
        mine = Q(person=who.pk)
    elif isinstance(who, Visitor):
        mine = Q(person=None, device=who.device)
    else:
        return exclusions.none()
    return exclusions.filter(mine, Q(until=None) | Q(until__gt=at), lifted_at=None)


def names_of_excluded(exclusions: QuerySet[SomeExclusion]) -> dict[int, str]:
    """For the trail: whom exclusions are about, by id. A device has no name."""
    return {pk: name or _("a visitor") for pk, name in exclusions.values_list("pk", "person__name")}


def excluded_names(ids: set[int]) -> dict[int, str]:
    """The same for exclusions from communities."""
    return names_of_excluded(CommunityExclusion.objects.filter(pk__in=ids))


def who_reads_messages(community: Community, writer: Actor) -> list[Person]:
    """Organisers who get what somebody writes to the team, but for those whom a block stands between.

    Where that leaves nobody, whoever looks after the site.
    """
    apart = blocked_with(writer) if isinstance(writer, Person) else set()
    roles = team_of(community).filter(role=TeamRole.Role.ORGANISER, person__left_at=None)
    team = [role.person for role in roles if role.person_id not in apart]
    return team or [person for person in administrators() if person.pk not in apart]


def messages_visible_to(person: Person | None, community: Community) -> QuerySet[TeamMessage]:
    """What people wrote to the team, latest first, for its organisers: not across a block."""
    rows = TeamMessage.objects.filter(community=community).select_related("writer").order_by("-at", "-pk")
    if person is None:
        return rows.none()
    if not person.is_administrator and role_of(person, community.pk) != TeamRole.Role.ORGANISER:
        return rows.none()
    # Two conditions: a writer without an account is no row that "not among these" would keep.
    return rows.filter(Q(writer=None) | ~Q(writer__in=blocked_with(person)))


def messages_lately(by: Actor, community: Community, at: datetime) -> QuerySet[TeamMessage]:
    """What a person, or a device, wrote to a team within a day."""
    mine = Q(writer=by.pk) if isinstance(by, Person) else Q(writer=None, device=getattr(by, "device", ""))
    return TeamMessage.objects.filter(mine, community=community, at__gt=at - timedelta(days=1))


def messages_from(address: str, at: datetime) -> int:
    """How many messages to whichever teams named an address for the answer within a day."""
    return TeamMessage.objects.filter(address=address, at__gt=at - timedelta(days=1)).count()


def messages_of_visitors(community: Community, at: datetime) -> int:
    """How many messages a team had within a day from people without an account."""
    return TeamMessage.objects.filter(community=community, writer=None, at__gt=at - timedelta(days=1)).count()


def own_data(person: Person) -> dict[str, Any]:
    """For the export: where a person belongs and helps, and what they founded, answered and asked."""
    named = ("community__name", "community__slug")
    invitations = TeamInvitation.objects.order_by("created_at")
    answered = invitations.filter(answered_by=person)
    founding = Founding.objects.filter(person=person).first()
    data = {
        "memberships": Membership.objects.filter(person=person).values(*named, "kind", "since", "shown_at"),
        "team_roles": TeamRole.objects.filter(person=person).values(*named, "role", "since", "ends_on", "ended_at"),
        "invitations_answered": answered.values(*named, "role", "accepted", "answered_at"),
        "invitations_sent": invitations.filter(invited_by=person).values(*named, "role", "created_at"),
        "foundings_asked": FoundingRequest.objects.filter(asked_by=person).values(
            *named, "asked_at", "decided_at", "approved", "reason"
        ),
        "networks_asked": NetworkRequest.objects.filter(asked_by=person).values(*named, "parent__name", "asked_at"),
        "invitations_to_found": FounderInvitation.objects.filter(used_by=person).values("created_at", "used_at"),
        "exclusions": CommunityExclusion.objects.filter(person=person).values(
            *named, "kind", "reason", "since", "until", "lifted_at"
        ),
        "messages_to_teams": TeamMessage.objects.filter(writer=person).values(*named, "about", "text", "address", "at"),
        "founders_invited": FounderInvitation.objects.filter(invited_by=person).values("created_at", "used_at"),
    }
    found = {name: list(rows) for name, rows in data.items() if rows}
    return {**found, "founding": founding.answers} if founding else found


def text_of(community: Community, says: Says = in_every_language) -> str:
    """What a community says of itself, for a report of it."""
    said = (*says(community.tagline), *says(community.description), *says(community.conduct))
    return "\n\n".join(part for part in (community.name, *said) if part)
