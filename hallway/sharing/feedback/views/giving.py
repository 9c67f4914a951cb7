"""The page on which one says something to the speakers of a session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import title_of
from hallway.programme.schedule.views.loading import frame_of

from .. import actions, policies, queries
from ..forms import FeedbackForm
from ..models import Feedback
from .loading import actor_of, known_actor, page_language, remembered, session_page


@access.public
@never_cache
@session_page
def give(request: HttpRequest, session: Session) -> HttpResponse:
    """Words to tap and a text; what one said before, while it can be changed."""
    now, by = clock.now(), actor_of(request)
    own = queries.own_feedback(known_actor(request), session)
    if request.method == "POST" and request.POST.get("do") == "take_back" and own is not None:
        actions.take_back_feedback(feedback=own, by=by, at=now)
        messages.success(request, _("You took your feedback back. Nobody can read it any more."))
        return redirect("feedback:give", session.event.slug, session.pk)
    form = _form(request, own, by)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            actions.give_feedback(session=session, language=page_language(), by=by, at=now, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            response = redirect(f"{reverse('feedback:give', args=[session.event.slug, session.pk])}?done=1")
            return remembered(request, response, by)
    context = {**_about(session, own, by, now), "form": form, "done": own is not None and "done" in request.GET}
    return render(request, "feedback/give.html", context, status=status)


def _form(request: HttpRequest, own: Feedback | None, by: Any) -> FeedbackForm:
    names = ("words", "text", "named", "may_publish")
    return FeedbackForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(own, name) for name in names} if own else None,
        name=by.name if isinstance(by, Person) else "",
    )


def _about(session: Session, own: Feedback | None, by: Any, now: datetime) -> dict[str, Any]:
    window = queries.window_of(session)
    changes_until = None
    if own is not None:
        own.session = session
        changes_until = queries.changes_until(own)
    return {
        **frame_of(session.event),
        "session": session,
        "title": title_of(session),
        "speakers": queries.speakers_of(session.talk) if session.talk else [],
        "takes": policies.takes_feedback(session),
        "is_speaker": policies.is_speaker(by, session),
        "may": policies.can_give_feedback(by, session),
        "window": window,
        "state": window.state(now) if window else "before",
        "own": own,
        "changes_until": changes_until,
        "can_change": changes_until is not None and now < changes_until,
    }
