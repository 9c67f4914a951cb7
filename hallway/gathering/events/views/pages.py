"""Pages everybody reads: the event, the lists, the preview picture."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hallway.gathering.communities.queries import visible_to as visible_communities
from hallway.kit import access, clock
from hallway.kit import text as user_text
from hallway.kit.localised import pick
from hallway.kit.refusal import NothingHere
from hallway.kit.slugs import is_well_formed
from hallway.kit.store import keep
from hallway.kit.templatetags.hallway import days, say_when
from hallway.vocabulary.languages import language_name
from hallway.vocabulary.places import country_name

from .. import policies, preview, queries, structured
from ..addresses import event_page, reader_of
from ..models import Event
from ..queries import Wanted
from ..templatetags.events import place_of

A_PAGE = 40
FILTERS = ("when", "language", "country", "topic", "online", "page")


@access.public
@event_page
def event(request: HttpRequest, event: Event) -> HttpResponse:
    """What the event is, where, when, by whom."""
    person, now = reader_of(request), clock.now()
    hosts = queries.accepted_hosts(event)
    words = pick(event.tagline).text or user_text.plain(pick(event.description).text, limit=200)
    context: dict[str, Any] = {
        "event": event,
        "hosts": hosts,
        "rooms": event.rooms.all(),
        "topics": event.topics.all(),
        "spoken": [language_name(code, get_language() or "en") for code in event.languages],
        "summary": words,
        "data": structured.event_data(event, hosts, settings.HALLWAY_BASE_URL),
        "is_team": person is not None and policies.can_edit_programme(person, event),
        "may_edit": person is not None and policies.can_edit_event(person, event),
        "may_run": person is not None and policies.can_run_event(person, event),
        "hosting": queries.hosts_run_by(person, event),
        "joining": event.joining if policies.can_see_joining(person, event) else None,
        "section": "events",
        "canonical": reverse("events:page", args=[event.slug]),
    }
    tags = [f"event:{event.pk}", *(f"community:{community.pk}" for community in (event.community, *hosts))]
    tags += queries.seat_tags([event])
    return keep(render(request, "events/event.html", context), tags, good_until=queries.turn_of(event, now))


@access.public
def events(request: HttpRequest) -> HttpResponse:
    """Everything that is on: to come or over, by month, narrowed to what the reader wants."""
    among = queries.visible_to(reader_of(request)).exclude(state=Event.State.DRAFT)
    context = {**_list(request, among), "canonical": reverse("events:list")}
    response = render(request, "events/events.html", {**context, "section": "events"})
    if not context["is_asked_well"]:
        return response
    tags = ["events", *queries.seat_tags(context["page"])]
    return keep(response, tags, good_until=queries.next_turn(clock.now()), query=FILTERS)


@access.public
def community_events(request: HttpRequest, slug: str) -> HttpResponse:
    """All events of one community, those it co-hosts among them."""
    person = reader_of(request)
    community = visible_communities(person).filter(slug=slug).first() if is_well_formed(slug) else None
    if community is None:
        raise NothingHere(_("There is no community at this address."))
    among = queries.of_community(queries.visible_to(person), community)
    context = {
        **_list(request, among),
        "community": community,
        "tab": "meetups",
        "can_create": person is not None and policies.can_create_event(person, community),
        "section": "communities",
        "canonical": reverse("events:community", args=[slug]),
    }
    response = render(request, "events/community_events.html", context)
    if not context["is_asked_well"]:
        return response
    turn = queries.next_turn(clock.now(), among=among)
    tags = [f"community:{community.pk}", *queries.seat_tags(context["page"])]
    return keep(response, tags, good_until=turn, query=FILTERS)


def _list(request: HttpRequest, among: QuerySet[Event]) -> dict[str, Any]:
    """A page of a list of events, and the filters that make sense for it."""
    now, asked = clock.now(), request.GET
    past = asked.get("when") == "past"
    events = queries.gone_by(among, now) if past else queries.to_come(among, now)
    offered = _offered(events)
    wanted = Wanted(
        language=_one_of(asked.get("language", ""), offered["tongues"]),
        country=_one_of(asked.get("country", ""), offered["countries"]),
        topic=_one_of(asked.get("topic", ""), offered["topics"]),
        online=asked.get("online") == "1",
    )
    try:
        page = Paginator(queries.for_rows(queries.matching(events, wanted)), A_PAGE).page(asked.get("page") or 1)
    except InvalidPage:
        raise NothingHere(_("There is no such page in this list.")) from None
    given = {name: value for name, value in asked.items() if name in FILTERS and value}
    kept = {name: value for name, value in _as_given(wanted, past).items() if value}
    return {
        "months": _by_month(page.object_list),
        "page": page,
        "past": past,
        "wanted": wanted,
        "is_narrowed": wanted != Wanted(),
        "kept": kept,
        "is_asked_well": {name: value for name, value in given.items() if name != "page"} == kept,
        **offered,
    }


def _as_given(wanted: Wanted, past: bool) -> dict[str, str]:
    return {
        "when": "past" if past else "",
        "language": wanted.language,
        "country": wanted.country,
        "topic": wanted.topic,
        "online": "1" if wanted.online else "",
    }


def _offered(events: QuerySet[Event]) -> dict[str, list[tuple[str, str]]]:
    page_language = get_language() or "en"
    french = page_language.startswith("fr")
    countries = [(code, country_name(code, page_language)) for code in queries.countries_of(events)]
    languages = [(code, language_name(code, page_language)) for code in queries.languages_of(events)]
    return {
        "countries": sorted(countries, key=lambda entry: entry[1]),
        "tongues": sorted(languages, key=lambda entry: entry[1]),
        "topics": [(slug, fr if french else en) for slug, en, fr in queries.topics_of(events)],
    }


def _one_of(value: str, offered: list[tuple[str, str]]) -> str:
    return value if any(value == code for code, _name in offered) else ""


def _by_month(events: Iterable[Event]) -> list[tuple[str, list[Event]]]:
    """Events in groups under the name of their month, ``October 2026``; those without a date under none."""

    def name(event: Event) -> str:
        if event.starts_at is None:
            return ""
        local = event.starts_at.astimezone(event.tz)
        words = say_when(local, "yMMMM")
        return words[:1].upper() + words[1:]

    return [(month, list(group)) for month, group in groupby(events, key=name)]


@access.public
@event_page
def preview_picture(request: HttpRequest, event: Event) -> HttpResponse:
    """The picture for links to the event, 1200 × 630."""
    lines = [days(event.starts_at, event.ends_at, event.zone)] if event.starts_at else [_("Date to come")]
    lines += [line for line in (place_of(event), event.community.name) if line]
    marks = {Event.State.CANCELLED: _("Cancelled"), Event.State.POSTPONED: _("Postponed")}
    picture = preview.draw_preview(
        title=pick(event.title).text, lines=lines, hue=event.hue, mark=marks.get(Event.State(event.state), "")
    )
    tags = [f"event:{event.pk}", f"community:{event.community_id}"]
    return keep(HttpResponse(picture, content_type="image/png"), tags)
