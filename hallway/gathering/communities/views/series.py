"""Series: how a community meets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import (
    change_series,
    end_series,
    pause_series,
    resume_series,
    start_series,
)
from hallway.gathering.communities.forms import SeriesForm
from hallway.gathering.communities.forms.series import initial_of, usual_title
from hallway.gathering.communities.models import Community, Series
from hallway.kit import access, clock
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from .founding import shown_dates
from .loading import allow, of_community
from .pages import frame


def _organiser(request: HttpRequest, community: Community) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    allow(policies.can_edit_community(request.user, community))
    return request.user


@access.ruled("can_edit_community")
@of_community
def series_list(request: HttpRequest, community: Community) -> HttpResponse:
    """All series with their next dates."""
    _organiser(request, community)
    now = clock.now()
    series = [
        (one, queries.next_dates(one, now) if one.paused_at is None else []) for one in queries.series_of(community)
    ]
    return render(request, "communities/series/list.html", {**frame(community, ""), "series": series})


@access.ruled("can_edit_community")
@of_community
def series_new(request: HttpRequest, community: Community) -> HttpResponse:
    """Begin to meet by a rule."""
    person = _organiser(request, community)
    beginning = {
        "title": usual_title("month", ["en", "fr"]),
        "starts_on": clock.now().date(),
        "zone": community.zone,
        "venue_note": "",
    }
    form = SeriesForm(request.POST or None, initial=beginning)
    if request.method == "POST" and form.is_valid() and "show" not in request.POST:
        start_series(community=community, terms=form.terms(form.cleaned_data["title"]), by=person, at=clock.now())
        messages.success(request, _("The series is begun and its next dates are made."))
        return redirect("communities:series", community.slug)
    context = {**frame(community, ""), "form": form, "series": None, **shown_dates(form)}
    return render(request, "communities/series/edit.html", context)


@access.ruled("can_edit_community")
@of_community
def series_edit(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """Change the rule, pause, resume or end."""
    person = _organiser(request, community)
    series = get_object_or_404(queries.series_of(community), pk=pk)
    if request.POST.get("do") in {"pause", "resume", "end"}:
        return _switch(request, series, person)
    form = SeriesForm(request.POST or None, initial=initial_of(series))
    if request.method == "POST" and form.is_valid() and "show" not in request.POST:
        try:
            change_series(series=series, terms=form.terms(form.cleaned_data["title"]), by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Drafts that nobody changed follow the new rule."))
            return redirect("communities:series", community.slug)
    context = {**frame(community, ""), "form": form, "series": series, **shown_dates(form)}
    return render(request, "communities/series/edit.html", context)


def _switch(request: HttpRequest, series: Series, person: Person) -> HttpResponse:
    choices = {
        "pause": (pause_series, _("The series rests. The dates already made stay.")),
        "resume": (resume_series, _("The series makes dates again.")),
        "end": (
            end_series,
            _("The series is over. Drafts that nobody changed are gone; published dates stay until you cancel them."),
        ),
    }
    action, said = choices[request.POST["do"]]
    action(series=series, by=person, at=clock.now())
    messages.success(request, said)
    return redirect("communities:series", series.community.slug)
