"""Publishing, taking back, postponing, cancelling and deleting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hallway.kit import access, clock
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal

from .. import actions, policies
from ..addresses import event_page
from ..forms import CancelForm, PostponeForm
from ..models import Event
from .editing import by_of, refuse_unless, say_moved


@access.ruled("can_run_event")
@event_page
def publish_event(request: HttpRequest, event: Event) -> HttpResponse:
    if request.method == "POST":
        actions.publish_event(event=event, by=by_of(request), at=clock.now())
        messages.success(request, _("The event is published. Everybody can see it now."))
    return redirect("events:page", slug=event.slug)


@access.ruled("can_run_event")
@event_page
def unpublish_event(request: HttpRequest, event: Event) -> HttpResponse:
    if request.method == "POST":
        actions.unpublish_event(event=event, by=by_of(request), at=clock.now())
        messages.success(request, _("The event is a draft again. Only the team sees it."))
    return redirect("events:page", slug=event.slug)


@access.ruled("can_run_event")
@event_page
def postpone_event(request: HttpRequest, event: Event) -> HttpResponse:
    """A new date, or none yet."""
    by = by_of(request)
    refuse_unless(policies.can_run_event(by, event))
    form = PostponeForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.postpone_event(
                event=event,
                starts_at=data["starts_at"],
                ends_at=data["ends_at"],
                reason=data["reason"],
                by=by,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say_moved(request, form)
            messages.success(request, _("The event is postponed. Followers and members get a mail."))
            return redirect("events:page", slug=event.slug)
    context = {
        "event": event, "form": form, "section": "events", "touches": "postpone",
        "heading": _("Postpone “%(title)s”") % {"title": pick(event.title).text},
        "words": _("The page says so on top, calendars follow, and followers and members get one mail."),
        "button": _("Postpone"),
    }  # fmt: skip
    return render(request, "events/step.html", context)


@access.ruled("can_run_event")
@event_page
def cancel_event(request: HttpRequest, event: Event) -> HttpResponse:
    """It does not take place, and why."""
    by = by_of(request)
    refuse_unless(policies.can_run_event(by, event))
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_event(event=event, reason=form.cleaned_data["reason"], by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The event is cancelled. Followers and members get a mail."))
            return redirect("events:page", slug=event.slug)
    context = {
        "event": event, "form": form, "section": "events", "touches": "cancel",
        "heading": _("Cancel “%(title)s”") % {"title": pick(event.title).text},
        "words": _("The page stays and says so on top, calendars follow, and followers and members get one mail."),
        "button": _("Cancel the event"),
    }  # fmt: skip
    return render(request, "events/step.html", context)


@access.ruled("can_run_event")
@event_page
def delete_event(request: HttpRequest, event: Event) -> HttpResponse:
    """Delete a draft nobody saw."""
    by = by_of(request)
    refuse_unless(policies.can_run_event(by, event))
    if request.method == "POST":
        actions.delete_event(event=event, by=by, at=clock.now())
        messages.success(request, _("The draft is gone."))
        return redirect("events:community", slug=event.community.slug)
    context = {
        "event": event, "section": "events",
        "heading": _("Delete “%(title)s”") % {"title": pick(event.title).text},
        "words": _("The draft, its rooms and its programme go for good. Nobody outside the team saw it."),
        "button": _("Delete the draft"),
    }  # fmt: skip
    return render(request, "events/step.html", context)
