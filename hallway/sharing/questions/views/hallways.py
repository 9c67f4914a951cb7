"""What stays open: the Hallway of an event and of a community, and what one can help with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.communities.models import Community
from hallway.gathering.communities.views.loading import of_community, page_of
from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit import access, clock, store
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from .. import actions, queries
from ..forms import HelpForm
from ..models import HelpOffer

A_PAGE = 20
SHOWS = ("open", "answered", "all")
# Votes are counted on the page of each session; here they may be this old, so that a vote builds no page anew.
FRESH = timedelta(minutes=1)


def _shown(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in SHOWS else SHOWS[0]


def _query(**given: Any) -> str:
    kept = urlencode({name: value for name, value in given.items() if value})
    return f"{kept}&" if kept else ""


@access.public
@event_page
def of_event(request: HttpRequest, event: Event) -> HttpResponse:
    """What was asked over all sessions of an event, and what became of it. Other packages add below."""
    reader, show = reader_of(request), _shown(request)
    floors = queries.asked_sessions(event, reader)
    wanted = request.GET.get("session", "")
    chosen = next((one.session_id for one in floors if str(one.session_id) == wanted), 0)
    rows = queries.questions_of_event(event, reader, show=show, session_id=chosen)
    page = Paginator(rows, A_PAGE).get_page(page_of(request))
    questions = list(page.object_list)
    context = {
        "section": "events",
        "event": event,
        "tab": "hallway",
        "canonical": reverse("questions:event", args=[event.slug]),
        "show": show,
        "chosen": chosen,
        "floors": floors,
        "page": page,
        "questions": questions,
        "ledger": queries.ledger_of_event(event, reader),
        "pager_query": _query(show=show if show != SHOWS[0] else "", session=chosen),
    }
    response = render(request, "questions/hallways/event.html", context)
    tags = [f"event:{event.pk}", f"questions:event:{event.pk}", *(f"floor:{one.floor_id}" for one in questions)]
    return store.keep(response, tags, good_until=clock.now() + FRESH, query=["show", "session", "page"])


@access.public
@of_community
def of_one_community(request: HttpRequest, community: Community) -> HttpResponse:
    """What is open over all events of a community, the newest first."""
    reader, show = reader_of(request), _shown(request)
    page = Paginator(queries.questions_of_community(community, reader, show=show), A_PAGE).get_page(page_of(request))
    questions = list(page.object_list)
    context = {
        "section": "communities",
        "community": community,
        "tab": "hallway",
        "canonical": reverse("questions:community", args=[community.slug]),
        "show": show,
        "page": page,
        "questions": questions,
        "ledger": queries.ledger_of_community(community, reader),
        "pager_query": _query(show=show if show != SHOWS[0] else ""),
    }
    response = render(request, "questions/hallways/community.html", context)
    events = {one.floor.event_id for one in questions}
    tags = [
        f"community:{community.pk}", f"questions:community:{community.pk}",
        *(f"event:{pk}" for pk in events), *(f"floor:{one.floor_id}" for one in questions),
    ]  # fmt: skip
    return store.keep(response, tags, good_until=clock.now() + FRESH, query=["show", "page"])


@access.signed_in
def helping(request: HttpRequest) -> HttpResponse:
    """Which topics one can help with: open questions on them are shown on one's own first page."""
    person = request.user
    if not isinstance(person, Person):
        return redirect("account_login")
    offered = HelpOffer.objects.filter(person=person).select_related("topic")
    form = HelpForm(
        request.POST if request.method == "POST" else None, initial={"topics": [one.topic for one in offered]}
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            actions.offer_help(topics=form.cleaned_data["topics"], by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Saved. Open questions on these topics come to your first page."))
            return redirect("home")
    return render(request, "questions/hallways/helping.html", {"form": form, "section": "discover"}, status=status)
