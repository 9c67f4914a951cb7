"""The team's queue, on a phone: texts to speakers, read before they are."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import actions, policies, queries
from ..actions.reviewing import NOT_TEAM
from ..forms import ReasonForm
from ..models import Feedback

A_PAGE = 20
_READ = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,9})")


@access.ruled("can_review_event")
@event_page
def queue(request: HttpRequest, event: Event) -> HttpResponse:
    """What waits, oldest first: let all of it through, or each, or say why not."""
    by = request.user
    if not isinstance(by, Person):
        raise Http404
    require(policies.can_review_event(by, event), "feedback.not_team", NOT_TEAM)
    reason_form, refused_id, status = ReasonForm(), 0, 200
    if request.method == "POST":
        if request.POST.get("do") != "refuse":
            return _release(request, event, by)
        reason_form = ReasonForm(request.POST)
        pk, revision = _as_read(request.POST.get("read", ""))
        feedback = queries.to_review(by, event).filter(pk=pk).select_related("session__event__community").first()
        if feedback is None:
            messages.error(request, _("Somebody of the team decided about this text in the meantime."))
            return redirect("feedback:queue", event.slug)
        if reason_form.is_valid():
            return _refuse(request, feedback, revision, reason_form.cleaned_data["reason"], by)
        refused_id, status = pk, 400
    waiting = queries.to_review(by, event)
    decided = Feedback.objects.filter(session__event=event)
    context = {
        "event": event, "section": "events", "tab": "", "texts": list(waiting[:A_PAGE]), "number": waiting.count(),
        "others": queries.to_review(None, event).count() - waiting.count(),
        "through": decided.filter(state=Feedback.State.RELEASED).count(),
        "refused": decided.filter(state=Feedback.State.REFUSED).count(),
        "reason_form": reason_form, "refused_id": refused_id,
    }  # fmt: skip
    return render(request, "feedback/queue.html", context, status=status)


def _as_read(value: str) -> tuple[int, int]:
    match = _READ.fullmatch(value)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _release(request: HttpRequest, event: Event, by: Person) -> HttpResponse:
    read = [_as_read(value) for value in request.POST.getlist("read")[:A_PAGE]]
    done, again = actions.release_feedback(event=event, as_read=read, by=by, at=clock.now())
    if done:
        words = ngettext("%(n)s text is with its speaker.", "%(n)s texts are with their speakers.", len(done))
        messages.success(request, words % {"n": len(done)})
    if again:
        messages.warning(request, _("A text was changed by its writer in the meantime. Read it again, then decide."))
    return redirect("feedback:queue", event.slug)


def _refuse(request: HttpRequest, feedback: Feedback, revision: int, reason: str, by: Person) -> HttpResponse:
    try:
        actions.refuse_feedback(feedback=feedback, revision=revision, reason=reason, by=by, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("The speaker does not get this text. Its writer reads why."))
    return redirect("feedback:queue", feedback.session.event.slug)
