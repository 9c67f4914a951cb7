"""What a speaker reads of what was said: signed in, or by the mailed link."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from .. import actions, queries
from ..models import Feedback
from .loading import number_in


@access.signed_in
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that was said to the talks of whoever is signed in."""
    by = request.user
    if not isinstance(by, Person):
        raise Http404
    return _page(request, by)


@access.by_token
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for the holder of the mailed link, with or without an account."""
    reader = queries.reader_by(token)
    if reader is None:
        return render(request, "feedback/lost.html", {"section": "talks"}, status=404)
    return _page(request, reader.person)


def _page(request: HttpRequest, person: Person) -> HttpResponse:
    status = _act(request, person) if request.method == "POST" else 200
    heard = queries.heard_by(person)
    context = {
        "section": "talks", "person": person, "heard": heard, "speaks": bool(heard) or person.speakings.exists(),
        "fewest": queries.VOICES_PRIVATE,
    }  # fmt: skip
    return render(request, "feedback/mine.html", context, status=status)


def _act(request: HttpRequest, person: Person) -> int:
    """Show a piece at the talk, or no longer. What a speaker cannot read is not there for them."""
    feedback = queries.given_to(person).filter(pk=number_in(request, "piece")).first()
    if feedback is None:
        messages.error(request, _("This text is not there any more."))
        return 404
    try:
        _publish(request, feedback, person)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return refusal.status
    return 200


def _publish(request: HttpRequest, feedback: Feedback, person: Person) -> None:
    if request.POST.get("do") == "publish":
        actions.publish_feedback(feedback=feedback, by=person, at=clock.now())
        messages.success(request, _("Everybody can read this piece at your talk now, without a name."))
    else:
        actions.unpublish_feedback(feedback=feedback, by=person, at=clock.now())
        messages.success(request, _("Only the speakers of the talk can read this piece now."))
