"""What organisers write: new events, the sections of an event, rooms, copies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hallway.gathering.communities.models import Community
from hallway.gathering.communities.queries import visible_to as visible_communities
from hallway.kit import access, clock
from hallway.kit.localised import pick
from hallway.kit.refusal import NotAllowed, NothingHere, Refusal
from hallway.kit.slugs import is_well_formed
from hallway.people.models import Person

from .. import actions, joining_words, policies, queries
from ..addresses import event_page
from ..forms import SECTIONS, CopyForm, NewEventForm, RoomForm, ScopeForm, SectionForm, WhatForm
from ..models import Event, Room

ROOM_FIELDS = ("name", "capacity", "position", "note", "equipment", "access")


def by_of(request: HttpRequest) -> Person:
    """The signed-in person an action is done by."""
    if not isinstance(request.user, Person):
        raise NotAllowed("people.signed_out", _("Sign in first."))
    return request.user


def refuse_unless(allowed: bool) -> None:
    """The page of those who may not: a sentence, not a form that fails later."""
    if not allowed:
        raise NotAllowed("event.not_yours", _("Only organisers of this event may change it."))


def own_community(request: HttpRequest, slug: str) -> Community:
    """The community at an address, for its organisers."""
    if not is_well_formed(slug):
        raise Http404
    community = get_object_or_404(visible_communities(by_of(request)), slug=slug)
    refuse_unless(policies.can_create_event(by_of(request), community))
    return community


@access.ruled("can_create_event")
def new_event(request: HttpRequest, slug: str) -> HttpResponse:
    """One screen: what, when, where."""
    community = own_community(request, slug)
    form = NewEventForm(request.POST or None, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            event = _create(form, community, by_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say_moved(request, form)
            messages.success(request, _("The draft is made. Only the team sees it until you publish it."))
            return redirect("events:edit", slug=event.slug)
    return render(request, "events/new.html", {"form": form, "community": community, "section": "communities"})


def _create(form: NewEventForm, community: Community, by: Person) -> Event:
    data, at = form.cleaned_data, clock.now()
    with transaction.atomic():
        venue = data.get("venue")
        if venue is None and data["place"]:
            venue = actions.add_venue(
                community=community,
                name=data["place"],
                place_name=data["town"],
                country=community.country,
                by=by,
                at=at,
            )
        return actions.create_event(
            community=community,
            title=data["title"],
            zone=data["zone"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            attendance=data["attendance"],
            venue=venue,
            by=by,
            at=at,
        )


def say_moved(request: HttpRequest, form: Any) -> None:
    """A time the clock skips was moved: say so."""
    if getattr(form, "moved", None):
        messages.warning(
            request,
            _("The clocks go forward that night, so the time you gave does not exist. It was moved forward as well."),
        )


@access.ruled("can_edit_event")
@event_page
def edit_event(request: HttpRequest, event: Event, section: str = "what") -> HttpResponse:
    """One section of the event: what, when, where, words, joining."""
    by = by_of(request)
    refuse_unless(policies.can_edit_event(by, event))
    made = SECTIONS.get(section)
    if made is None:
        raise NothingHere(_("There is no such section."))
    form = made(request.POST or None, event=event)
    scope = ScopeForm(request.POST if "scope" in request.POST else None)
    if request.method == "POST" and form.is_valid():
        chosen = scope.cleaned_data["scope"] if scope.is_bound and scope.is_valid() else "this"
        if chosen != "this" and "confirmed" not in request.POST:
            return _preview(request, event, section, form, chosen)
        try:
            event = _save(form, event, chosen, by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say_moved(request, form)
            messages.success(request, _("Saved."))
            return redirect("events:edit_section", slug=event.slug, section=section)
    context = {
        "event": event, "form": form, "part": section, "scope": scope, "section": "events",
        "found": _found(event), "others": queries.in_scope(event, "all", clock.now()),
    }  # fmt: skip
    return render(request, "events/edit.html", context)


def _save(form: SectionForm, event: Event, scope: str, by: Person) -> Event:
    at = clock.now()
    event = actions.edit_editions(event=event, changes=form.changes(), scope=scope, by=by, at=at)
    if isinstance(form, WhatForm):
        event = actions.rename_event(event=event, slug=form.cleaned_data["slug"], by=by, at=at)
    return event


def _preview(request: HttpRequest, event: Event, section: str, form: SectionForm, scope: str) -> HttpResponse:
    """Which dates an edit reaches, in words, before it does."""
    changed = [name for name, value in form.changes().items() if name == "topics" or getattr(event, name) != value]
    touched = [
        (edition, [form_label(form, name) for name in changed if name in edition.overridden])
        for edition in queries.in_scope(event, scope, clock.now())
    ]
    context = {
        "event": event, "touched": touched, "part": section, "section": "events",
        "given": [(name, value) for name, values in request.POST.lists() for value in values],
    }  # fmt: skip
    return render(request, "events/edit_preview.html", context)


def form_label(form: SectionForm, name: str) -> str:
    """What a field of the event is called on the form."""
    words = {"starts_at": _("the time it starts"), "ends_at": _("the time it ends")}
    return words.get(name) or str(form.fields[name].label)


def _found(event: Event) -> list[joining_words.Finding]:
    """Joining details that stand where everybody can read them."""
    if not event.pk:
        return []
    texts = [
        *event.title.values(), *event.tagline.values(), *event.description.values(), *event.reason.values(), event.url,
    ]  # fmt: skip
    return list(dict.fromkeys(finding for text in texts for finding in joining_words.found_in(text)))


@access.ruled("can_edit_programme")
@event_page
def edit_rooms(request: HttpRequest, event: Event, room_id: int | None = None) -> HttpResponse:
    """The rooms of an event: the list, and one more or one changed."""
    by = by_of(request)
    refuse_unless(policies.can_edit_programme(by, event))
    room = get_object_or_404(Room, pk=room_id, event=event) if room_id else None
    initial = {name: getattr(room, name) for name in ROOM_FIELDS} if room else {}
    form = RoomForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if room:
                actions.edit_room(room=room, changes=form.changes(), by=by, at=clock.now())
            else:
                actions.add_room(event=event, **form.changes(), by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:rooms", slug=event.slug)
    context = {
        "event": event, "form": form, "room": room, "rooms": event.rooms.all(), "part": "rooms", "section": "events",
        "only_rooms": not policies.can_edit_event(by, event),
    }  # fmt: skip
    return render(request, "events/edit_rooms.html", context)


@access.ruled("can_edit_programme")
@event_page
def remove_room(request: HttpRequest, event: Event, room_id: int) -> HttpResponse:
    if request.method == "POST":
        room = get_object_or_404(Room, pk=room_id, event=event)
        actions.remove_room(room=room, by=by_of(request), at=clock.now())
        messages.success(request, _("The room is gone."))
    return redirect("events:rooms", slug=event.slug)


@access.ruled("can_edit_event")
@event_page
def copy_event(request: HttpRequest, event: Event) -> HttpResponse:
    """Draft another event like this one."""
    by = by_of(request)
    refuse_unless(policies.can_create_event(by, event.community))
    form = CopyForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            copied = actions.copy_event(event=event, starts_at=form.cleaned_data["starts_at"], by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say_moved(request, form)
            messages.success(request, _("The copy is a draft. Only the team sees it until you publish it."))
            return redirect("events:edit", slug=copied.slug)
    context = {
        "event": event, "form": form, "section": "events",
        "heading": _("Copy “%(title)s”") % {"title": pick(event.title).text},
        "words": _("Words, place, rooms, joining details and how people register come along; the programme does not."),
        "button": _("Make the copy"),
    }  # fmt: skip
    return render(request, "events/step.html", context)
