"""The released programme in the formats of other tools, for everybody and kept by the front."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.refusal import NothingHere
from hallway.kit.store import keep

from .. import detect, ical, sessionize
from ..assembling import public_programme
from ..programme import Programme
from ..saying import losses_of

Writer = Callable[[Programme], bytes]


def _answer(event: Event, write: Writer, media_type: str, filename: str, *, as_file: bool = False) -> HttpResponse:
    response = HttpResponse(write(public_programme(event)), content_type=media_type)
    response["Content-Disposition"] = f'{"attachment" if as_file else "inline"}; filename="{filename}"'
    # Public facts: pages of other sites may fetch them from a reader's browser.
    response["Access-Control-Allow-Origin"] = "*"
    return keep(response, [f"event:{event.pk}", f"community:{event.community_id}"])


@access.public
@event_page
def schedule_xml(request: HttpRequest, event: Event) -> HttpResponse:
    """frab's XML, as conference apps read it."""
    return _answer(event, detect.WRITERS["frab-xml"], detect.MEDIA_TYPES["frab-xml"], f"{event.slug}.xml")


@access.public
@event_page
def schedule_json(request: HttpRequest, event: Event) -> HttpResponse:
    """frab's JSON."""
    return _answer(event, detect.WRITERS["frab-json"], detect.MEDIA_TYPES["frab-json"], f"{event.slug}.json")


@access.public
@event_page
def schedule_ics(request: HttpRequest, event: Event) -> HttpResponse:
    """A calendar with an entry a slot, its line of speakers in the reader's language."""

    def write(programme: Programme) -> bytes:
        return ical.write(programme, speakers_label=pgettext("calendar", "Speakers"))

    return _answer(event, write, detect.MEDIA_TYPES["ical"], f"{event.slug}.ics")


@access.public
@event_page
def schedule_csv(request: HttpRequest, event: Event) -> HttpResponse:
    """A table for spreadsheets."""
    return _answer(event, detect.WRITERS["csv"], detect.MEDIA_TYPES["csv"], f"{event.slug}.csv", as_file=True)


@access.public
@event_page
def sessionize_view(request: HttpRequest, event: Event, view: str) -> HttpResponse:
    """One view in the shape event sites know from Sessionize."""
    known = next((name for name in sessionize.VIEWS if name == view), None)
    if known is None:
        raise NothingHere(_("There is no such view. Choose All, GridSmart, Sessions, Speakers or SpeakerWall."))

    def write(programme: Programme) -> bytes:
        return sessionize.write(programme, known)

    return _answer(event, write, sessionize.MEDIA_TYPE, f"{event.slug}-{known}.json")


@access.public
@event_page
def formats(request: HttpRequest, event: Event) -> HttpResponse:
    """The programme for other tools: each format with its address, what it is for and what it cannot hold."""
    programme = public_programme(event)
    xml = settings.HALLWAY_BASE_URL + reverse("exchange:xml", args=[event.slug])
    context = {
        "event": event,
        "tab": "programme",
        "section": "events",
        "is_running": event.is_running(clock.now()),
        "canonical": reverse("exchange:formats", args=[event.slug]),
        "has_programme": bool(programme.sessions),
        "losses": {name.replace("-", "_"): losses_of(name, programme) for name in detect.WRITERS},
        "giggity": f"https://ggt.gaa.st/#url={quote(xml, safe='')}",
        "views": sessionize.VIEWS,
    }
    return keep(
        render(request, "exchange/formats.html", context), [f"event:{event.pk}", f"community:{event.community_id}"]
    )
