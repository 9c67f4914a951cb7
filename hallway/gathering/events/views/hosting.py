"""Co-hosting: the organisers ask, the other community answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hallway.kit import access, clock
from hallway.kit.refusal import Refusal

from .. import actions, policies
from ..addresses import event_page
from ..forms import InviteHostForm
from ..models import Event, Host
from .editing import by_of, refuse_unless


@access.ruled("can_edit_event")
@event_page
def hosts(request: HttpRequest, event: Event) -> HttpResponse:
    """Who co-hosts, who was asked, and asking another."""
    by = by_of(request)
    refuse_unless(policies.can_edit_event(by, event))
    form = InviteHostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_host(event=event, community=form.cleaned_data["community"], by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Its organisers get a mail and can answer."))
            return redirect("events:hosts", slug=event.slug)
    rows = event.hosts.select_related("community").order_by("invited_at")
    context = {
        "event": event, "form": form, "hosts": rows, "part": "hosts", "section": "events",
        "can_run": policies.can_run_event(by, event),
    }  # fmt: skip
    return render(request, "events/edit_hosts.html", context)


@access.ruled("can_answer_host")
def host(request: HttpRequest, host_id: int) -> HttpResponse:
    """An invitation to co-host, for the organisers of the community that was asked."""
    by = by_of(request)
    row = get_object_or_404(Host.objects.select_related("event__community", "event__venue", "community"), pk=host_id)
    if not policies.can_answer_host(by, row):
        raise Http404
    if request.method != "POST":
        return render(request, "events/host.html", {"host": row, "event": row.event, "section": "events"})
    at, answer = clock.now(), request.POST.get("answer")
    if answer == "accept":
        actions.accept_host(host=row, by=by, at=at)
        messages.success(request, _("Your community co-hosts this event now. You can edit it."))
        return redirect("events:page", slug=row.event.slug)
    if answer == "withdraw":
        actions.withdraw_host(host=row, by=by, at=at)
        messages.success(request, _("Your community no longer co-hosts this event."))
        return redirect("events:community", slug=row.community.slug)
    actions.decline_host(host=row, by=by, at=at)
    messages.success(request, _("You declined. The organisers see it."))
    return redirect("events:community", slug=row.community.slug)


@access.ruled("can_run_event")
@event_page
def withdraw_host(request: HttpRequest, event: Event, host_id: int) -> HttpResponse:
    if request.method == "POST":
        row = get_object_or_404(Host.objects.select_related("community", "event__community"), pk=host_id, event=event)
        actions.withdraw_host(host=row, by=by_of(request), at=clock.now())
        messages.success(request, _("That is ended."))
    return redirect("events:hosts", slug=event.slug)
