"""What changed from version to version: a page, a feed, and a session's calendar file."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar
from icalendar import Event as Entry

from hallway.gathering.events.calendars import status_of
from hallway.gathering.events.models import Event
from hallway.kit import access, store
from hallway.kit.localised import pick
from hallway.kit.text import plain
from hallway.programme.schedule import queries
from hallway.programme.schedule.models import Release
from hallway.programme.schedule.templatetags.schedule import place_words

from .loading import Moved, event_for, frame_of, reader_of

MOST_RELEASES = 50
MOST_CHANGES = 200


@access.public
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Every released version, newest first, and what changed in it."""
    try:
        event = event_for(request, slug)
    except Moved as moved:
        return redirect("schedule_changes", moved.slug, permanent=True)
    releases = list(event.releases.defer("placements")[:MOST_RELEASES])
    context = {
        **frame_of(event),
        "canonical": reverse("schedule_changes", args=[slug]),
        "versions": [(release, release.changes[:MOST_CHANGES]) for release in releases],
        "public_ids": set(queries.visible_to(None).filter(event=event).values_list("pk", flat=True)),
    }
    return store.keep(render(request, "schedule/changes.html", context), [f"event:{event.pk}"])


@access.public
def changes_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as an Atom feed."""
    try:
        event = event_for(request, slug)
    except Moved as moved:
        return redirect("schedule_changes_feed", moved.slug, permanent=True)
    response = HttpResponse(feed_of(event), content_type="application/atom+xml; charset=utf-8")
    return store.keep(response, [f"event:{event.pk}"])


def feed_of(event: Event) -> bytes:
    """Atom (RFC 4287), one entry a version."""
    base = settings.HALLWAY_BASE_URL
    page = base + reverse("schedule_changes", args=[event.slug])
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    SubElement(feed, "id").text = page
    SubElement(feed, "title").text = _("%(event)s: what changed") % {"event": pick(event.title).text}
    SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    SubElement(feed, "link", rel="self", href=base + reverse("schedule_changes_feed", args=[event.slug]))
    author = SubElement(feed, "author")
    SubElement(author, "name").text = event.community.name
    releases = list(event.releases.defer("placements")[:MOST_RELEASES])
    SubElement(feed, "updated").text = (releases[0].released_at if releases else event.updated_at).isoformat()
    for release in releases:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = f"{page}#v{release.number}"
        SubElement(entry, "title").text = _("Version %(version)s") % {"version": release.version}
        SubElement(entry, "link", rel="alternate", type="text/html", href=f"{page}#v{release.number}")
        SubElement(entry, "updated").text = release.released_at.isoformat()
        SubElement(entry, "content", type="text").text = "\n".join(sentences_of(release, event))
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def sentences_of(release: Release, event: Event) -> list[str]:
    """What a version says, a line each."""
    lines = [plain(pick(release.note).text, limit=1_000)] if release.note else []
    if not release.changes:
        count = len(release.placements)
        first = ngettext(
            "The first version, with %(count)s session.", "The first version, with %(count)s sessions.", count
        )
        return [*lines, first % {"count": count}]
    for change in release.changes[:MOST_CHANGES]:
        words = {
            "title": pick(change["title"]).text,
            "before": place_words(change["before"], event.zone),
            "after": place_words(change["after"], event.zone),
        }
        sentence = {
            "new": _("New: %(title)s, %(after)s"),
            "moved": _("Moved: %(title)s, from %(before)s to %(after)s"),
            "removed": _("Taken out: %(title)s, %(before)s"),
        }[change["what"]]
        lines.append(sentence % words)
    return lines


@access.public
def calendar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One session for a calendar, each of its slots."""
    session = (
        queries.visible_to(reader_of(request))
        .filter(pk=pk, event__slug=slug)
        .select_related("event__venue", "talk")
        .first()
    )
    if session is None:
        raise Http404
    address = settings.HALLWAY_BASE_URL + reverse("session", args=[slug, pk, session.slug])
    host, tz = urlsplit(settings.HALLWAY_BASE_URL).hostname or "hallway.invalid", session.event.tz
    book = Calendar()
    book.add("prodid", "-//Hallway//schedule//EN")
    book.add("version", "2.0")
    venue = session.event.venue.name if session.event.venue else ""
    for slot in session.slots.filter(public_at__isnull=False).select_related("public_room"):
        entry = Entry()
        entry.add("uid", f"{slot.guid}@{host}")  # as in the whole programme's calendar, so that it is kept once
        entry.add("dtstamp", session.updated_at)
        entry.add("sequence", slot.sequence)
        entry.add("dtstart", slot.public_starts_at and slot.public_starts_at.astimezone(tz))
        entry.add("dtend", slot.public_ends_at and slot.public_ends_at.astimezone(tz))
        entry.add("status", status_of(session.event))
        entry.add("summary", pick(queries.title_of(session)).text)
        entry.add("description", plain(pick(queries.abstract_of(session)).text, limit=2_000))
        where = [slot.public_room.name if slot.public_room else "", venue]
        entry.add("location", ", ".join(part for part in where if part))
        entry.add("url", address)
        book.add_component(entry)
    book.add_missing_timezones()
    response = HttpResponse(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{session.slug}.ics"'
    return store.keep(response, [f"event:{session.event_id}"])
