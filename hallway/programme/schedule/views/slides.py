"""“I would like the slides”: counted once for each person or device, told once when they are there."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.kit import access, clock, visitors
from hallway.kit.actors import Visitor
from hallway.kit.refusal import Refusal
from hallway.programme.schedule import actions, queries
from hallway.programme.schedule.forms import SlidesForm
from hallway.programme.schedule.queries.slides import can_have_slides, count_asked, request_of
from hallway.programme.talks.queries import has_slides

from .loading import frame_of, reader_of

# A hall shares one address, so there are many; a script that throws its cookie away may not ask for ever.
ASKED = {"slides": "300/15m/ip"}
TOO_MANY = _("Too many people asked from here in a short time. Try again in a quarter of an hour.")


@access.public
@event_page
def ask(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """The button's page: that one is counted, and where to be told for whom has no account."""
    person = reader_of(request)
    session = queries.visible_to(person).filter(pk=pk, event=event).select_related("talk", "event").first()
    if session is None:
        raise Http404
    by = person or visitors.visitor_of(request)
    form = SlidesForm(request.POST if request.method == "POST" else None)
    problem: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        by = by or visitors.new_visitor()
        try:
            if not ratelimit.consume(request, app="hallway.schedule", action="slides", config=ASKED):
                raise Refusal("slides.too_many", TOO_MANY, status=429)
            actions.ask_for_slides(
                session=session, address=form.cleaned_data["address"], language=get_language() or "en", by=by,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            problem = refusal
            form.refuse(refusal)
        else:
            answer = redirect(request.path)
            return visitors.know_again(answer, by) if isinstance(by, Visitor) else answer
    context = {
        **frame_of(event), "session": session, "form": form, "asked": count_asked(session),
        "mine": request_of(session, by), "problem": problem, "may_ask": can_have_slides(session),
        "are_there": session.talk is not None and has_slides(session.talk, event.pk),
    }  # fmt: skip
    response = render(request, "schedule/slides.html", context, status=problem.status if problem else 200)
    response["Cache-Control"] = "private, no-store"
    return response
