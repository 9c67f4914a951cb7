"""Calendar feeds of a community, a series and an event."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.communities.models import Series
from hallway.gathering.communities.queries import visible_to as visible_communities
from hallway.kit import access
from hallway.kit.localised import pick
from hallway.kit.refusal import NothingHere
from hallway.kit.slugs import is_well_formed
from hallway.kit.store import keep

from .. import calendars, queries
from ..addresses import event_page
from ..models import Event

MOST = 300


def _feed(filename: str, tags: list[str], events: Any, **about: Any) -> HttpResponse:
    body = calendars.calendar_of(events, base_url=settings.HALLWAY_BASE_URL, **about)
    response = HttpResponse(body, content_type=calendars.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    # Readers of a feed are programs: what the public sees, whoever asks.
    return keep(response, tags)


def _newest(events: QuerySet[Event]) -> list[Event]:
    """The newest few hundred, oldest first; without a look at the clock, so that the same rows give the same file."""
    return sorted(
        queries.for_rows(events).order_by("-starts_at", "-id")[:MOST],
        key=lambda event: (str(event.starts_at), event.pk),
    )


@access.public
def community_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public event a community runs or co-hosts."""
    community = visible_communities(None).filter(slug=slug).first() if is_well_formed(slug) else None
    if community is None:
        raise NothingHere(_("There is no community at this address."))
    return _feed(
        slug,
        [f"community:{community.pk}"],
        _newest(queries.of_community(queries.visible_to(None), community)),
        name=community.name,
        hue=community.hue,
        page=reverse("communities:page", args=[slug]),
        source=reverse("events:community_calendar", args=[slug]),
    )


@access.public
def series_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public edition of a series."""
    if not is_well_formed(slug):
        raise Http404
    public = visible_communities(None)
    series = get_object_or_404(Series.objects.select_related("community").filter(community__in=public), slug=slug)
    return _feed(
        slug,
        [f"community:{series.community_id}"],
        _newest(queries.visible_to(None).filter(series=series)),
        name=calendars.series_name(series),
        hue=series.community.hue,
        page=reverse("communities:page", args=[series.community.slug]),
        source=reverse("events:series_calendar", args=[slug]),
    )


@access.public
@event_page
def event_calendar(request: HttpRequest, event: Event) -> HttpResponse:
    """The event itself; its sessions are in the schedule's own file."""
    return _feed(
        event.slug,
        [f"event:{event.pk}"],
        [event],
        name=pick(event.title).text,
        hue=event.hue,
        page=reverse("events:page", args=[event.slug]),
        source=reverse("events:calendar", args=[event.slug]),
    )
