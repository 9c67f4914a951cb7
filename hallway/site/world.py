"""The globe on the first page: what is to come, drawn around a place."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.gathering.events.models import Event
from hallway.kit.globe import Dot, globe
from hallway.kit.localised import UNKNOWN, pick
from hallway.kit.templatetags.hallway import say_when
from hallway.vocabulary.outline import world_land

from .around import Around, Centre, home_of, position_of

# Where the globe is turned when nothing is known: most land in sight.
ANYWHERE = (18.0, 12.0)
NAMED_ON_PHONES = 3


def draw(around: Around, now: datetime) -> SafeString:
    """The markup of the globe around the centre, with a name at the first event of each town."""
    centre = around.centre
    middle = (centre.latitude, centre.longitude) if centre else ANYWHERE
    dots = _dots(around, now)
    return globe(middle, dots, land=world_land(), label=_label(centre, len(dots)))


def _dots(around: Around, now: datetime) -> list[Dot]:
    """Towns with something to come, soonest first, then towns where a community is."""
    dots: dict[tuple[float, float], Dot] = {}
    for event in around.everything:
        spot = position_of(event)
        if spot is not None:
            dots.setdefault(_town(spot), _event_dot(event, spot, now, far=len(dots) >= NAMED_ON_PHONES))
    for community in around.communities:
        spot = home_of(community)
        if spot is not None:
            dots.setdefault(_town(spot), Dot(spot.latitude, spot.longitude))
    return list(dots.values())


def _town(spot: Centre) -> tuple[float, float]:
    """About ten kilometres count as the same point on a globe."""
    return round(spot.latitude, 1), round(spot.longitude, 1)


def _event_dot(event: Event, spot: Centre, now: datetime, *, far: bool) -> Dot:
    title, live = pick(event.title), event.is_running(now)
    day = say_when(event.starts_at.astimezone(event.tz), "MMMd") if event.starts_at else _("date not settled")
    return Dot(
        lat=spot.latitude,
        lon=spot.longitude,
        label=title.text,
        sub=_("On now") if live else ", ".join(filter(None, (spot.name, day))),
        url=reverse("events:page", args=[event.slug]),
        size=17,
        live=live,
        far=far and not live,
        language="" if title.language == UNKNOWN else title.language,
    )


def _label(centre: Centre | None, towns: int) -> str:
    if centre is None:
        return _("The world. Nothing is planned yet.")
    return ngettext(
        "The world drawn around %(place)s: %(count)s town with communities or events. The list below has the nearest.",
        "The world drawn around %(place)s: %(count)s towns with communities or events. The list below has the nearest.",
        towns,
    ) % {"place": centre.name, "count": towns}
