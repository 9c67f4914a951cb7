"""Reporting something: for anybody, in three taps."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.refusal import NothingHere, Refusal
from hallway.kit.reportable import KINDS, Reportable, seen
from hallway.kit.text import plain
from hallway.kit.visitors import know_again, new_visitor, visitor_of
from hallway.moderation import policies, queries
from hallway.moderation.actions import open_case, report_thing
from hallway.moderation.actions.reporting import place_of, subjects_of
from hallway.moderation.forms import ReportForm
from hallway.moderation.models import ConductCase
from hallway.people.models import Person

# Without an account, from one network address. A room shares one, so there are some.
PACE = {"visitor": "30/h/ip"}


@access.public
@never_cache
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What is wrong with it, and words if somebody wants to add any."""
    reader = request.user if isinstance(request.user, Person) else None
    thing = seen(kind, pk, reader)
    if thing is None:
        raise NothingHere(_("What you want to report is not there any more."))
    what = KINDS[kind]
    event, community = place_of(what.place(thing), None)
    places = queries.places_of(reader, clock.now()) if reader is not None and not (event or community) else []
    form = ReportForm(request.POST or None, places=places)
    visitor = None if reader is not None else visitor_of(request) or new_visitor()
    if request.method == "POST":
        form.is_valid()
        try:
            if reader is not None and "open" in request.POST:
                case = open_case(what=what, thing=thing, where=form.event, by=reader, at=clock.now())
                return redirect("moderation:case", case.pk)
            if form.is_valid():
                _send(request, form, what, thing, reader, visitor)
                response = redirect(f"{request.path}?sent")
                return response if visitor is None else know_again(response, visitor)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        **_about(what, thing, event, community, reader), "form": form, "section": "",
        "sent": "sent" in request.GET and request.method == "GET",
        "may_decide": reader is not None and _may_decide(reader, what, thing, event, community, places),
    }  # fmt: skip
    return render(request, "moderation/report.html", context)


def _send(request: HttpRequest, form: ReportForm, what: Reportable, thing: Any, reader: Any, visitor: Any) -> None:
    if reader is None and not ratelimit.consume(request, app="hallway.report", action="visitor", config=PACE):
        raise Refusal(
            "report.flood",
            _("Very many reports come from your network. Sign in to send yours, or come back in an hour."),
            status=429,
        )
    given = form.cleaned_data
    report_thing(
        what=what, thing=thing, trouble=given["trouble"], note=given["note"], where=form.event,
        by=reader or visitor, at=clock.now(),
    )  # fmt: skip


def _may_decide(
    reader: Person, what: Reportable, thing: Any, event: Event | None, community: Community | None, places: list[Event]
) -> bool:
    """Whether the reader runs where it belongs, or an event at which it may have happened."""
    subjects = subjects_of(what, thing)
    here = [(event, community)] if event or community or not places else [(one, None) for one in places]
    return any(policies.can_open_case(reader, ConductCase(event=one, community=other), subjects) for one, other in here)


def _about(
    what: Reportable, thing: Any, event: Event | None, community: Community | None, reader: Person | None
) -> dict[str, Any]:
    """What the page says of the thing: its kind, title and beginning, whose it is, and who hears of it."""
    subjects = subjects_of(what, thing)
    blockable = [person for person in subjects if reader is not None and person.pk != reader.pk]
    return {
        "what": what,
        "title": what.title(thing),
        "excerpt": plain((what.excerpt or what.text)(thing), limit=240),
        "address": what.address(thing),
        "authors": subjects,
        "to_block": blockable[0] if len(subjects) == 1 and blockable else None,
        "event": event,
        "community": community,
    }
