"""Where organisers say that one registers for a session."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hallway.kit import access, clock
from hallway.kit.refusal import Refusal, require
from hallway.programme.schedule import actions, policies, queries
from hallway.programme.schedule.actions.seats import NOT_ORGANISER
from hallway.programme.schedule.forms import SeatsForm

from .editor import session_of
from .loading import event_for_team


@access.ruled("can_give_seats")
def own_seats(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How many seats a session has of its own; more, fewer, or none."""
    event, person = event_for_team(request, slug)
    require(policies.can_give_seats(person, event), "schedule.cannot_give_seats", NOT_ORGANISER)
    session = session_of(event, pk)
    found = queries.own_seats(session, None)
    if request.method == "POST" and "remove" in request.POST:
        actions.take_seats_from_session(session=session, by=person, at=clock.now())
        messages.success(request, _("This session has no seats of its own any more."))
        return redirect("programme_session", slug, pk)
    form = SeatsForm(request.POST or None, initial={"seats": found.seats.total if found else None})
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_session_seats(session=session, seats=form.cleaned_data["seats"], by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme_session", slug, pk)
    context = {
        "event": event, "section": "events", "form": form, "session": session, "own_seats": found,
        "is_over_full": found is not None and (found.seats.free or 0) < 0,
        "has_more_times": session.slots.filter(removed_at=None).count() > 1,
    }  # fmt: skip
    return render(request, "schedule/own_seats_form.html", context)
