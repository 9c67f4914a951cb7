"""The shared notes of a session: reading, writing, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit import access, clock, store
from hallway.kit.refusal import Refusal, require
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways import actions, policies, queries
from hallway.sharing.takeaways.actions.showing import CANNOT_WRITE
from hallway.sharing.takeaways.forms import SharedNotesForm
from hallway.sharing.takeaways.models import SharedNotes

from .loading import frame_of, session_of

A_PAGE = 200


@access.public
@event_page
def page(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """The page as it is now. Its team opens or closes it here."""
    reader, now = reader_of(request), clock.now()
    session = session_of(event, pk, reader)
    if request.method == "POST" and reader is not None:
        actions.lock_shared_notes(session=session, lock=request.POST.get("lock", ""), by=reader, at=now)
        messages.success(request, _("Saved."))
        return redirect("takeaways:shared", event.slug, pk)
    closes = queries.closes_at(session)
    may_lock = policies.can_lock_notes(reader, session)
    kept = SharedNotes.objects.filter(session=session).first()
    context = {
        **frame_of(session), "revision": queries.current_revision(session),
        "is_open": queries.are_notes_open(session, now), "closes_at": closes, "may_lock": may_lock,
        "lock": kept.lock if kept else "", "locks": SharedNotes.Lock.choices,
        "canonical": reverse("takeaways:shared", args=[event.slug, pk]),
    }  # fmt: skip
    response = render(request, "takeaways/shared.html", context)
    until = closes if closes is not None and closes > now else None
    return store.keep(response, [f"event:{event.pk}", *queries.tags_of([pk])], good_until=until)


@access.ruled("can_write_notes")
@event_page
def write(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """Write along. Whoever wrote at the same time as somebody else sees both texts and makes one of them."""
    person = reader_of(request)
    session = session_of(event, pk, person)
    require(policies.can_write_here(person, session), "takeaways.cannot_write", CANNOT_WRITE)
    if person is None:
        raise Http404
    if request.method != "POST" and not policies.can_write_notes(person, session, clock.now()):
        return redirect("takeaways:shared", event.slug, pk)
    now = queries.current_revision(session)
    form = SharedNotesForm(
        request.POST or None, initial={"text": now.text if now else "", "base": now.number if now else 0}
    )
    beside: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.write_shared_notes(
                session=session, text=data["text"], base=data["base"], by=person, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if not made.is_aside:
                messages.success(request, _("Saved. Everybody can read it now."))
                return redirect("takeaways:shared", event.slug, pk)
            theirs = queries.current_revision(session)
            text, number = (theirs.text, theirs.number) if theirs is not None else ("", 0)
            form = SharedNotesForm(initial={"text": data["text"], "base": number})
            beside = {"theirs": theirs, "lines": list(queries.difference(text, data["text"])), "mine": made}
    context = {**frame_of(session), "form": form, **beside}
    return render(request, "takeaways/shared_write.html", context)


@access.public
@event_page
def history(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """Who changed the page, and when."""
    reader = reader_of(request)
    session = session_of(event, pk, reader)
    rows = queries.revisions_of(session, reader, most=A_PAGE)
    context = {**frame_of(session), "rows": rows, "canonical": reverse("takeaways:history", args=[event.slug, pk])}
    response = render(request, "takeaways/history.html", context)
    return store.keep(response, [f"event:{event.pk}", *queries.tags_of([pk])])


@access.public
@event_page
def revision(request: HttpRequest, event: Event, pk: int, number: int) -> HttpResponse:
    """What one revision changed. From here the page goes back to it; its team hides it."""
    reader = reader_of(request)
    session = session_of(event, pk, reader)
    found = queries.revision_with_before(session, number, reader)
    if found is None:
        raise Http404
    row, before = found
    if request.method == "POST" and reader is not None:
        return _done(request, session, number)
    may_hide, may_show = policies.can_hide_here(reader, session), policies.can_show_again(reader, row, session)
    current = queries.current_revision(session)
    is_read = row.hidden_at is None or may_hide
    context = {
        **frame_of(session), "revision": row, "before": before, "is_read": is_read, "may_hide": may_hide,
        "may_show": may_show,
        "lines": list(queries.difference(before.text if before else "", row.text)) if is_read else [],
        "is_current": current is not None and current.pk == row.pk,
        "may_revert": row.hidden_at is None and policies.can_write_notes(reader, session, clock.now()),
        "canonical": reverse("takeaways:revision", args=[event.slug, pk, number]),
    }  # fmt: skip
    response = render(request, "takeaways/revision.html", context)
    return store.keep(response, [f"event:{event.pk}", *queries.tags_of([pk])])


def _done(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """Go back to this revision, hide it, or show it again. Raises Refusal."""
    person, at, pressed = reader_of(request), clock.now(), request.POST.get("do")
    found = queries.revision_with_before(session, number, None)
    if person is None or found is None:
        raise Http404
    if pressed == "hide":
        actions.hide_revision(revision=found[0], by=person, at=at)
        messages.success(request, _("Hidden. The page is what it was before."))
    elif pressed == "show":
        actions.show_revision(revision=found[0], by=person, at=at)
        messages.success(request, _("It can be read again."))
    else:
        actions.revert_shared_notes(session=session, number=number, by=person, at=at)
        messages.success(request, _("The page is again what it was in this revision."))
        return redirect("takeaways:shared", session.event.slug, session.pk)
    return redirect("takeaways:revision", session.event.slug, session.pk, number)
