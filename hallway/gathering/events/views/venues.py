"""The venues of a community."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hallway.kit import access, clock
from hallway.kit.refusal import Refusal

from .. import actions
from ..actions.venues import FIELDS
from ..forms import VenueForm, venues_for
from ..models import Venue
from .editing import by_of, own_community


@access.ruled("can_edit_venue")
def venues(request: HttpRequest, slug: str) -> HttpResponse:
    """All venues of a community."""
    community = own_community(request, slug)
    context = {"community": community, "venues": venues_for([community.pk]), "section": "communities"}
    return render(request, "events/venues.html", context)


@access.ruled("can_edit_venue")
def venue(request: HttpRequest, slug: str, venue_id: int | None = None) -> HttpResponse:
    """Add a venue, or change one."""
    community, by = own_community(request, slug), by_of(request)
    row = get_object_or_404(Venue, pk=venue_id, community=community) if venue_id else None
    usual = {"place_name": community.place_name, "country": community.country}
    form = VenueForm(request.POST or None, initial={name: getattr(row, name) for name in FIELDS} if row else usual)
    if request.method == "POST" and form.is_valid():
        try:
            if row:
                actions.edit_venue(venue=row, changes=form.cleaned_data, by=by, at=clock.now())
            else:
                actions.add_venue(community=community, **form.cleaned_data, by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:venues", slug=slug)
    return render(request, "events/venue.html", {"community": community, "form": form, "venue": row})


@access.ruled("can_edit_venue")
def remove_venue(request: HttpRequest, slug: str, venue_id: int) -> HttpResponse:
    community = own_community(request, slug)
    if request.method == "POST":
        row = get_object_or_404(Venue, pk=venue_id, community=community)
        actions.remove_venue(venue=row, by=by_of(request), at=clock.now())
        messages.success(request, _("The venue is gone."))
    return redirect("events:venues", slug=slug)
