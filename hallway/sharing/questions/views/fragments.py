"""Small answers for the script of the page: what is one's own, counts, and questions like the one being typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from hallway.gathering.events.addresses import reader_of
from hallway.kit import access, clock, store
from hallway.kit.refusal import NothingHere, Refusal

from .. import queries
from ..addresses import floor_page
from ..models import Floor
from ..remembering import asker_of
from .asking import GONE, refused_as_json, require_room_for

SHORTEST = 8
LONGEST = 500


@access.public
@require_safe
@floor_page
def mine(request: HttpRequest, floor: Floor) -> HttpResponse:
    """What this reader voted for and asked: the page is the same for everybody, this is not."""
    at = clock.now()
    found = queries.mine_on(floor, asker_of(request).traces, at)
    context = {"mine": found, "floor": floor, "at": at}
    said = {
        "voted": sorted(found.voted),
        "own": sorted(found.ids),
        "html": render_to_string("questions/mine.html", context, request) if found.asked else "",
    }
    response = JsonResponse(said)
    response["Cache-Control"] = "private, no-store"
    return response


@access.public
@require_safe
@floor_page
def votes(request: HttpRequest, floor: Floor) -> HttpResponse:
    """How many want each question answered, and what the room speaks of: for pages that hear nothing live."""
    shown = queries.questions_visible_to(None).filter(floor=floor)
    rows = shown.order_by("-votes", "pk").values_list("pk", "votes", "on_stage_at")[: queries.ON_OWN_PAGE]
    found = list(rows)
    stage = next((pk for pk, _votes, since in found if since is not None), 0)
    response = JsonResponse({"votes": {str(pk): number for pk, number, _since in found}, "stage": stage})
    return store.keep(response, [f"floor:{floor.pk}", f"votes:{floor.pk}", f"event:{floor.event_id}"])


@access.public
@require_safe
@floor_page
def similar(request: HttpRequest, floor: Floor) -> HttpResponse:
    """Questions like the one somebody types: to vote for instead of asking again, or to read the answer of."""
    text = request.GET.get("text", "").strip()[:LONGEST]
    try:
        require_room_for(request, "similar")
    except Refusal as refusal:
        return refused_as_json(refusal)
    alike = queries.similar(text, floor, reader_of(request)) if len(text) >= SHORTEST else []
    rows = [
        {"id": one.pk, "text": one.text, "language": one.language, "votes": one.votes, "answered": one.is_answered}
        for one in alike
    ]
    response = JsonResponse({"alike": rows})
    response["Cache-Control"] = "private, no-store"
    return response


@access.public
@require_safe
@floor_page
def item(request: HttpRequest, floor: Floor, pk: int) -> HttpResponse:
    """One question as lists show it, for pages that heard that something about it is new."""
    reader, at = reader_of(request), clock.now()
    question = queries.questions_visible_to(reader).filter(floor=floor, pk=pk).first()
    if question is None:
        raise NothingHere(GONE)
    question.floor = floor
    opening = queries.opening_of(floor, at)
    context = {"item": queries.question_shown(question, reader, at), "floor": floor, "opening": opening}
    response = render(request, "questions/question.html", context)
    tags = [f"floor:{floor.pk}", f"event:{floor.event_id}"]
    return store.keep(response, tags, good_until=queries.good_until(floor, opening, at))
