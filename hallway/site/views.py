from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from hallway.gathering.events import queries as events
from hallway.kit import access, clock, instance
from hallway.kit.store import keep
from hallway.people.models import Person
from hallway.vocabulary.places import find_place

from . import around, first_start, signed_in_home, world

LOOKED, LOOKED_BEFORE = "hallway_looked", "hallway_looked_before"
ONE_LOOK = timedelta(minutes=30)


@access.public
def home(request: HttpRequest) -> HttpResponse:
    """What is on around a place, for somebody who just arrived; one's own hallway for who signed in."""
    if first_start.is_due():
        return redirect("instance_start")
    if isinstance(request.user, Person):
        now = clock.now()
        looked = last_look(request, now)
        return render(request, "site/hallway.html", signed_in_home.of(request.user, now, looked=looked))
    near = request.GET.get("near", "").strip()
    chosen = around.chosen_place(near)
    if chosen is None and "near" in request.GET:
        return _to_place(request, near)
    wide = request.GET.get("wider") == "1"
    now = clock.now()
    found = around.look_around(chosen, wide=wide, now=now)
    page = render(request, "site/home.html", _context(found, now))
    tags = ["home", "events", "communities", *events.seat_tags(found.coming)]
    return keep(page, tags, good_until=events.next_turn(now), query=["near", "wider"])


def last_look(request: HttpRequest, now: datetime) -> datetime | None:
    """When somebody last looked at their hallway with this login, before now; None for the first time.

    Coming back within half an hour is the same look, so that what is new stays marked while one reads it.
    """
    before, current = (_moment(request.session.get(name)) for name in (LOOKED_BEFORE, LOOKED))
    if current is not None and now - current <= ONE_LOOK:
        return before
    request.session[LOOKED_BEFORE] = current.isoformat() if current is not None else None
    request.session[LOOKED] = now.isoformat()
    return current


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _to_place(request: HttpRequest, near: str) -> HttpResponse:
    """One address a place, however it was typed; a sentence and suggestions for a name nobody knows."""
    found = find_place(near, limit=1) if near else []
    kept = {name: request.GET[name] for name in ("wider", "lang") if name in request.GET}
    if found or not near:
        query = urlencode({**({"near": found[0].id} if found else {}), **kept})
        return redirect(f"/?{query}" if query else "/")
    now = clock.now()
    context = _context(around.look_around(None, wide=False, now=now), now)
    language = get_language() or "en"
    suggested = [(place.id, place.called(language), place.country) for place in around.suggestions(near)]
    typed = near[: around.LONGEST_NEAR]
    return render(request, "site/home.html", {**context, "unknown": typed, "suggested": suggested})


def _context(found: around.Around, now: datetime) -> dict[str, object]:
    return {
        "section": "discover",
        "canonical": "/",
        "around": found,
        "near_km": around.NEAR_KM,
        "now": now,
        "globe": world.draw(found, now),
        "structured": _structured(),
    }


def _structured() -> dict[str, object]:
    """The site in the words of schema.org, for search engines."""
    base = settings.HALLWAY_BASE_URL
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": instance.value("site.name"),
        "url": f"{base}/",
        "inLanguage": get_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{base}/search?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
