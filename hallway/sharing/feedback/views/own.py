"""What one said to speakers and makers, in one place, however long ago."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.gathering.events.addresses import reader_of
from hallway.kit import access, clock
from hallway.kit.actors import Visitor
from hallway.kit.refusal import Refusal
from hallway.kit.visitors import visitor_of
from hallway.people.models import Person

from .. import actions, queries
from ..models import Card, Feedback
from .loading import number_in

A_PAGE = 20


@access.public
@never_cache
def said(request: HttpRequest) -> HttpResponse:
    """With an account and on this device, without one too: look at it, change it, take it back."""
    reader = reader_of(request)
    actors = {one.actor_key: one for one in (reader, visitor_of(request)) if one is not None}
    if request.method == "POST":
        try:
            _take_back(request, actors)
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        return redirect(request.get_full_path())
    page = Paginator(queries.said_by(actors), A_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    pieces = [
        {
            "own": one,
            # What a device said is changed on its page only while nobody is signed in there.
            "may_open": one.is_open and (one.feedback is None or reader is None or one.feedback.writer_id == reader.pk),
            "can_change": one.feedback is not None and now < queries.changes_until(one.feedback),
        }
        for one in queries.owned(list(page), reader)
    ]
    return render(request, "feedback/said.html", {"section": "", "page": page, "pieces": pieces})


def _take_back(request: HttpRequest, actors: dict[str, Person | Visitor]) -> None:
    now = clock.now()
    feedback = Feedback.objects.filter(pk=number_in(request, "feedback"), writer_key__in=actors).first()
    card = Card.objects.filter(pk=number_in(request, "card"), writer_key__in=actors).first()
    if feedback is not None:
        actions.take_back_feedback(feedback=feedback, by=actors[feedback.writer_key], at=now)
        messages.success(request, _("You took your feedback back. Nobody can read it any more."))
    elif card is not None:
        actions.take_back_card(card=card, by=actors[card.writer_key], at=now)
        messages.success(request, _("You took your card back. Nobody can read it any more."))
    else:
        messages.error(request, _("This is not there any more."))
