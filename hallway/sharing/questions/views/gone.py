"""Instead of a question that is not shown, or not any more: what to do now, and what was typed for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hallway.people.models import Person

from .. import queries
from ..models import Floor, Question
from ..remembering import Asker

TYPED = ("text", "meet-place")  # of an answer or a case, of a place to meet at


def question_gone(request: HttpRequest, floor: Floor, pk: int, hand: Asker) -> HttpResponse:
    """A page with a way on; one that was put together with another leads there. What was typed is never lost."""
    typed = next((text for name in TYPED if (text := request.POST.get(name, "").strip())), "")
    stays = _stands_with(floor, pk, hand.person)
    if stays is not None and not typed:
        return redirect(stays.address)
    own = queries.hidden_question(pk, floor, hand.traces)
    context = {"floor": floor, "stays": stays, "own": own, "typed": typed, "section": "events"}
    return render(request, "questions/thread/gone.html", context, status=404)


def _stands_with(floor: Floor, pk: int, reader: Person | None) -> Question | None:
    double = floor.questions.filter(pk=pk).select_related("merged_into").first()
    stays = double.merged_into if double is not None else None
    if stays is None or queries.question_at(floor, stays.pk, reader) is None:
        return None
    stays.floor = floor
    return stays
