"""Writing a note beside a session, and all one's notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule

from . import actions, queries
from .models import Note

A_PAGE = 30


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; every page here asks for that first."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def revision_in(request: HttpRequest) -> int:
    """The revision a text grew from; what is no number grew from none."""
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def seen_in(request: HttpRequest) -> datetime | None:
    """When the two texts that somebody chooses from were as the page showed them; None for what is no time."""
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None


@require_POST
@access.signed_in
@event_page
def save(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """Save what was written beside a session: for the script as JSON, for the button as a page."""
    person = person_of(request)
    session = schedule.visible_to(person).filter(pk=pk, event=event).select_related("event", "talk").first()
    if session is None:
        raise Http404
    if request.POST.get("person", str(person.pk)) != str(person.pk):
        # A device that another person signed in on since must not hand over what the one before had written.
        raise Refusal("note.other_person", _("These notes are of another account. Sign in with it to save them."))
    note = actions.save_note(
        session=session, text=request.POST.get("text", ""), revision=revision_in(request), by=person, at=clock.now()
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(said_of(note))
    if note is not None and note.other_text:
        return redirect("agenda:note", note.pk)
    messages.success(request, _("Your notes are saved. Only you can read them."))
    return redirect("session", event.slug, session.pk, session.slug)


def said_of(note: Note | None) -> dict[str, Any]:
    """What the script needs to know."""
    if note is None:
        return {"revision": 0}
    settle = reverse("agenda:note", args=[note.pk]) if note.other_text else ""
    return {"revision": note.revision, "saved_at": note.updated_at.isoformat(), "settle": settle}


@access.signed_in
def notes(request: HttpRequest) -> HttpResponse:
    """All one's notes, latest first, searched by word."""
    person, words = person_of(request), request.GET.get("q", "")[:200]
    page = Paginator(queries.written_notes(person, words), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page": page, "rows": rows, "words": words, "open": queries.sessions_still_open(person, rows),
        "zone": queries.zone_of_notes(person), "any": bool(rows) or queries.visible_to(person).exists(),
    }  # fmt: skip
    return render(request, "agenda/notes.html", context)


@require_safe
@access.signed_in
def as_file(request: HttpRequest) -> HttpResponse:
    """All one's notes as one Markdown file."""
    text = queries.as_markdown(queries.written_notes(person_of(request)))
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="notes.md"'
    return response


@access.signed_in
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """One note: change it, delete it, or make one text of two."""
    person = person_of(request)
    found = queries.visible_to(person).select_related("session__event", "event").filter(pk=pk).first()
    if found is None:
        raise Http404
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            return _changed(request, found, person)
        except Refusal as refusal:
            problem = refusal
            found.refresh_from_db()
    context = {
        "note": found, "problem": problem, "longest": actions.LONGEST, "zone": queries.zone_of_notes(person),
        "typed": request.POST.get("text", found.text) if problem else found.text,
        "is_open": found.session_id in queries.sessions_still_open(person, [found]),
    }  # fmt: skip
    return render(request, "agenda/note.html", context, status=problem.status if problem else 200)


def _changed(request: HttpRequest, found: Note, person: Person) -> HttpResponse:
    """Do what was pressed. Raises Refusal."""
    pressed, at, revision = request.POST.get("do"), clock.now(), revision_in(request)
    if pressed == "forget":
        actions.forget_note(note=found, by=person, at=at)
        messages.success(request, _("The note is deleted."))
        return redirect("agenda:notes")
    texts = {"this": found.text, "other": found.other_text, "both": f"{found.text}\n\n{found.other_text}"}
    if pressed in texts:
        actions.settle_note(note=found, text=texts[pressed], seen=seen_in(request), by=person, at=at)
    else:
        text = request.POST.get("text", "")
        found = actions.rewrite_note(note=found, text=text, revision=revision, by=person, at=at)
        if found.other_text:
            return redirect("agenda:note", found.pk)
    messages.success(request, _("Saved."))
    return redirect("agenda:note", found.pk)
