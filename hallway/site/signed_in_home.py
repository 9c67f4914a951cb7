"""Your hallway: what comes next for a person, what changed where they belong, and what they help to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hallway.gathering.attendance.queries import registrations_to_come
from hallway.gathering.communities import queries as communities
from hallway.gathering.communities.models import Community, TeamRole
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event, Host
from hallway.kit.localised import pick
from hallway.kit.models import FactRow
from hallway.kit.templatetags.hallway import weekday
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Release, Slot
from hallway.sharing.questions import queries as questions

SHOWN_EVENTS = 6
SHOWN_SLOTS = 4
SHOWN_CHANGES = 8
SHOWN_QUESTIONS = 4
REMEMBERED = timedelta(days=30)
MOST_EVENTS = 300
CHANGES = {
    "events.event_published": gettext_lazy("%(event)s is announced for %(day)s."),
    "events.event_postponed": gettext_lazy("%(event)s moved. It is now on %(day)s."),
    "events.event_date_settled": gettext_lazy("%(event)s has its date: %(day)s."),
    "events.event_cancelled": gettext_lazy("%(event)s does not take place."),
    "schedule.schedule_released": gettext_lazy("The programme of %(event)s has a new version, %(version)s."),
}
WITHOUT_DATE = gettext_lazy("%(event)s is postponed. Its new date is not settled yet.")
FIRST_RELEASE = gettext_lazy("The programme of %(event)s is public.")


@dataclass(frozen=True)
class Change:
    """Something that happened where the person belongs."""

    at: datetime
    sentence: str
    address: str
    is_new: bool = False


@dataclass(frozen=True)
class Step:
    """What a community the person helps to run needs next, in words, and where that is done."""

    community: Community
    role: str
    words: str
    label: str
    address: str
    is_organiser: bool
    programme_of: str  # the slug of the next event, whose programme one may write; empty without one


def of(person: Person, now: datetime, *, looked: datetime | None = None) -> dict[str, Any]:
    """The context of ``site/hallway.html``: what happened after ``looked`` is new. As many queries, however much."""
    roles = list(communities.present_roles().filter(person=person).select_related("community").order_by("since", "pk"))
    belongs = Q(memberships__person=person) | Q(pk__in=[role.community_id for role in roles])
    mine = list(communities.visible_to(person).filter(belongs).distinct().order_by("name", "pk"))
    hosted = Host.objects.filter(community__in=mine, accepted_at__isnull=False).values("event_id")
    public = events.visible_to(None).filter(Q(community__in=mine) | Q(pk__in=hosted))
    return {
        "section": "discover",
        "now": now,
        "communities": mine,
        "coming": list(events.for_rows(events.to_come(public, now))[:SHOWN_EVENTS]),
        "registered": registrations_to_come(person, now)[:SHOWN_EVENTS],
        "speaking": list(_speaking(person, now)[:SHOWN_SLOTS]),
        "changes": _what_changed(person, public, now, looked),
        "suggestions": questions.questions_to_answer(person, now, most=SHOWN_QUESTIONS),
        "zone": person.zone or "UTC",
        "steps": _steps(roles, now),
    }


def _speaking(person: Person, now: datetime) -> QuerySet[Slot]:
    """Slots to come in which the person speaks, soonest first."""
    slots = schedule.slots_visible_to(person).filter(session__talk__speakers=person, public_ends_at__gt=now)
    return slots.select_related("session__event", "session__talk", "public_room").order_by("public_starts_at", "pk")


def _what_changed(person: Person, public: QuerySet[Event], now: datetime, looked: datetime | None) -> list[Change]:
    """What happened where somebody belongs, and to what they asked, follow and answered, newest first."""
    asked = (Change(one.at, one.sentence, one.address) for one in questions.news_for(person, now - REMEMBERED))
    found = sorted([*_changes(public, now), *asked], key=lambda one: one.at, reverse=True)[:SHOWN_CHANGES]
    return [replace(one, is_new=looked is not None and one.at > looked) for one in found]


def _changes(public: QuerySet[Event], now: datetime) -> list[Change]:
    """The newest thing that happened to each event still to come."""
    known = {event.pk: event for event in events.to_come(public, now)[:MOST_EVENTS]}
    facts = FactRow.objects.filter(
        kind__in=CHANGES, at__gt=now - REMEMBERED, at__lte=now, scopes__key__in=[f"event:{pk}" for pk in known]
    )
    found: dict[int, Change] = {}
    for fact in facts.order_by("-at", "-pk")[:MOST_EVENTS]:
        event = known[fact.payload["event_id"]]
        found.setdefault(event.pk, _change(fact, event))
    return list(found.values())[:SHOWN_CHANGES]


def _change(fact: FactRow, event: Event) -> Change:
    words = {
        "event": pick(event.title).text,
        "day": _day(event),
        "version": fact.payload.get("version", ""),
    }
    is_release = fact.kind == "schedule.schedule_released"
    is_first = is_release and words["version"] == "1"
    sentence = FIRST_RELEASE if is_first else CHANGES[fact.kind]
    if fact.kind == "events.event_postponed" and event.starts_at is None:
        sentence = WITHOUT_DATE
    page = "schedule" if is_first else "schedule_changes" if is_release else "events:page"
    return Change(fact.at, str(sentence) % words, reverse(page, args=[event.slug]))


def _day(event: Event) -> str:
    return weekday(event.starts_at.astimezone(event.tz), "wide") if event.starts_at else _("a day not settled")


def _steps(roles: Iterable[TeamRole], now: datetime) -> list[Step]:
    """One line for each community: its next date and what that needs."""
    running = {role.community_id: role for role in roles if role.role != TeamRole.Role.HELPER}
    released = Release.objects.filter(event=OuterRef("pk"))
    own = Event.objects.filter(community__in=running, hidden_at=None).exclude(state=Event.State.CANCELLED)
    following: dict[int, Event] = {}
    for event in events.to_come(own, now).annotate(has_release=Exists(released))[:MOST_EVENTS]:
        following.setdefault(event.community_id, event)
    return [_step(role, following.get(pk), now) for pk, role in running.items()]


def _step(role: TeamRole, event: Event | None, now: datetime) -> Step:
    community = role.community

    def step(words: str, label: str, page: str, slug: str) -> Step:
        part = TeamRole.Role(role.role)
        programme_of = event.slug if event and page != "programme_editor" else ""
        return Step(community, str(part.label), words, label, reverse(page, args=[slug]),
                    is_organiser=part == TeamRole.Role.ORGANISER, programme_of=programme_of)  # fmt: skip

    if community.public_at is None:
        return step(_("Only the team sees it. Look once more, then publish it."), _("Look at it"), "communities:page",
                    community.slug)  # fmt: skip
    if event is None:
        return step(_("No date is set. People come back to communities that have one."), _("Set a date"), "events:new",
                    community.slug)  # fmt: skip
    words = {"event": pick(event.title).text, "day": _day(event)}
    if event.is_running(now):
        return step(_("%(event)s is on now.") % words, _("Open the programme"), "schedule", event.slug)
    if event.state == Event.State.DRAFT:
        return step(_("%(event)s on %(day)s is still a draft. Publish it so that people can plan.") % words,
                    _("Open the draft"), "events:page", event.slug)  # fmt: skip
    if not event.starts_at:
        return step(_("%(event)s has no date yet.") % words, _("Settle the date"), "events:edit", event.slug)
    if not event.has_release:  # type: ignore[attr-defined]  # annotated by the query
        return step(_("%(event)s on %(day)s has no programme yet. Add the talks and release it.") % words,
                    _("Write the programme"), "programme_editor", event.slug)  # fmt: skip
    return step(_("Next: %(event)s on %(day)s. Its programme is public.") % words, _("Look at it"), "events:page",
                event.slug)  # fmt: skip
