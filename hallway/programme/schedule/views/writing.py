"""Forms of the programme: sessions, breaks, slots."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal
from hallway.kit.text import fold
from hallway.people import queries as people
from hallway.people.models import Person
from hallway.programme.schedule import actions, policies, queries
from hallway.programme.schedule.forms import BreakForm, PlaceForm, SessionForm, place_or_refuse
from hallway.programme.schedule.models import Session, Slot

from .editor import session_of
from .loading import event_for_team

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Doubt:
    """A new name that somebody has already: is it the same person?"""

    key: str
    name: str
    candidates: list[Person]
    answer: str


@access.ruled("can_edit_schedule")
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new session with its talk, speakers and place."""
    event, person = event_for_team(request, slug)
    form = SessionForm(request.POST or None, event=event, by=person, initial=_place_asked(request))
    return _session_page(request, event, person, form, None, None)


@access.ruled("can_edit_schedule")
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A session's texts, speakers and first place; further places stand below."""
    event, person = event_for_team(request, slug)
    session = session_of(event, pk)
    if session.kind == Session.Kind.BREAK:
        return _break_page(request, event, person, session)
    slot = session.slots.filter(removed_at=None).order_by("starts_at").first()
    form = SessionForm(
        request.POST or None, event=event, by=person, session=session, slot=slot, initial=_texts_of(session)
    )
    return _session_page(request, event, person, form, session, slot)


def _place_asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("room", "day", "start") if name in request.GET}


def _texts_of(session: Session) -> dict[str, object]:
    talk = session.talk
    return {
        "title": queries.title_of(session),
        "abstract": queries.abstract_of(session),
        "subtitle": talk.subtitle if talk else {},
        "description": talk.description if talk else {},
        "keep": list(talk.speakers.values_list("pk", flat=True)) if talk else [],
        "languages": talk.languages if talk else [],
        "level": talk.level if talk else "",
        "topics": list(talk.topics.values_list("pk", flat=True)) if talk else [],
        "kind": session.kind,
        "track": session.track_id,
        "plenum": session.plenum,
        "recording_url": session.recording_url,
        "do_not_record": session.do_not_record,
        "do_not_stream": session.do_not_stream,
    }


def _session_page(
    request: HttpRequest,
    event: Event,
    person: Person,
    form: SessionForm,
    session: Session | None,
    slot: Slot | None,
) -> HttpResponse:
    doubts: list[Doubt] = []
    if request.method == "POST" and form.is_valid():
        doubts, found = _settle(request, event, person, form.cleaned_data.get("names", []))
        if not any(not doubt.answer for doubt in doubts):
            try:
                if session is None:
                    session = actions.plan_session(event=event, plan=form.plan(found), by=person, at=clock.now())
                else:
                    actions.replan_session(session=session, slot=slot, plan=form.plan(found), by=person, at=clock.now())
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                title = pick(form.cleaned_data["title"]).text
                messages.success(request, _("“%(title)s” is saved in the draft.") % {"title": title})
                return redirect("programme_editor", event.slug)
    slots = session.slots.filter(removed_at=None).select_related("room").order_by("starts_at") if session else []
    context = {
        "event": event, "section": "events", "form": form, "session": session, "doubts": doubts, "slots": slots,
        "own_seats": queries.own_seats(session, None) if session else None,
        "may_give_seats": policies.can_give_seats(person, event),
    }  # fmt: skip
    return render(request, "schedule/session_form.html", context)


def _settle(
    request: HttpRequest, event: Event, person: Person, names: list[str]
) -> tuple[list[Doubt], list[Person | str]]:
    """For each new name the person the team says it is, or the name itself. Never by the name alone."""
    doubts: list[Doubt] = []
    found: list[Person | str] = []
    for index, name in enumerate(names):
        candidates = candidates_for(event, person, name)
        if not candidates:
            found.append(name)
            continue
        key = f"same-{index}"
        known = {str(one.pk): one for one in candidates}
        answer = request.POST.get(key, "") if request.POST.get(f"{key}-name") == name else ""
        answer = answer if answer == "new" or answer in known else ""
        doubts.append(Doubt(key, name, candidates, answer))
        found.append(known.get(answer, name))
    return doubts, found


def candidates_for(event: Event, person: Person, name: str) -> list[Person]:
    """People of that name whom the team may know of: public ones, and those who speak at this event."""
    same = Q()
    for word in name.split():
        same &= Q(name__icontains=word)
    open_to_team = Q(pk__in=people.visible_to(person).values("pk")) | Q(talks__sessions__event=event)
    rows = Person.objects.filter(same, open_to_team, left_at=None, merged_into=None).distinct()
    found = sorted(rows[: MOST_CANDIDATES * 4], key=lambda one: (fold(one.name) != fold(name), one.name))
    return found[:MOST_CANDIDATES]


@access.ruled("can_edit_schedule")
def add_break(request: HttpRequest, slug: str) -> HttpResponse:
    """Coffee, lunch: in one room or in all of them."""
    event, person = event_for_team(request, slug)
    return _break_page(request, event, person, None)


def _break_page(request: HttpRequest, event: Event, person: Person, session: Session | None) -> HttpResponse:
    slot = session.slots.filter(removed_at=None).order_by("starts_at").first() if session else None
    initial = {"title": session.title} if session else {}
    form = BreakForm(request.POST or None, event=event, slot=slot, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if session is None:
                actions.plan_session(event=event, plan=form.plan(), by=person, at=clock.now())
            else:
                actions.replan_session(session=session, slot=slot, plan=form.plan(), by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The break is saved in the draft."))
            return redirect("programme_editor", event.slug)
    context = {"event": event, "section": "events", "form": form, "session": session, "is_break": True}
    return render(request, "schedule/session_form.html", context)


@require_POST
@access.ruled("can_edit_schedule")
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a session out of the draft."""
    event, person = event_for_team(request, slug)
    session = session_of(event, pk)
    was_public = session.public_at is not None
    actions.remove_session(session=session, by=person, at=clock.now())
    if was_public:
        messages.success(request, _("Removed. It stays readable until the next version."))
    else:
        messages.success(request, _("Removed."))
    return redirect("programme_editor", slug)


@access.ruled("can_edit_schedule")
def add_slot(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One more place for a session."""
    event, person = event_for_team(request, slug)
    session = session_of(event, pk)
    form = PlaceForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            starts, ends = place_or_refuse(form)
            actions.add_slot(
                session=session, room=form.cleaned_data["room"], starts_at=starts, ends_at=ends, by=person,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It has one more place in the draft."))
            return redirect("programme_session", slug, pk)
    context = {"event": event, "section": "events", "form": form, "session": session, "is_slot": True}
    return render(request, "schedule/session_form.html", context)


@access.ruled("can_edit_schedule")
def slot(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move or remove one place of a session."""
    event, person = event_for_team(request, slug)
    found = get_object_or_404(
        Slot.objects.select_related("session__event", "session__talk", "room"),
        pk=pk, session__event=event, removed_at=None,
    )  # fmt: skip
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_slot(slot=found, by=person, at=clock.now())
        messages.success(request, _("That place is gone from the draft."))
        return redirect("programme_session", slug, found.session_id)
    form = PlaceForm(request.POST or None, event=event, slot=found)
    if request.method == "POST" and form.is_valid():
        try:
            starts, ends = place_or_refuse(form)
            actions.move_slot(
                slot=found, room=form.cleaned_data["room"], starts_at=starts, ends_at=ends, by=person, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Moved in the draft."))
            return redirect("programme_session", slug, found.session_id)
    context = {
        "event": event, "section": "events", "form": form, "session": found.session, "slot": found, "is_slot": True,
    }  # fmt: skip
    return render(request, "schedule/session_form.html", context)
