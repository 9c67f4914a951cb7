"""What importing and exporting put on other pages: files beside a programme, ways in for the team."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.localised import pick
from hallway.kit.panels import panel
from hallway.kit.templatetags.hallway import icon

from . import detect, policies

FILES = (("ics", "ical"), ("xml", "frab-xml"), ("json", "frab-json"), ("csv", "csv"))


@panel("schedule_page.head")
def files_for_programs(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The programme in other formats, for apps that look for it."""
    return format_html_join(
        "",
        '<link rel="alternate" type="{}" href="{}" title="{}">',
        (
            (
                detect.MEDIA_TYPES[format].partition(";")[0],
                reverse(f"exchange:{name}", args=[event.slug]),
                _title(event),
            )
            for name, format in FILES
        ),
    )


def _title(event: Event) -> str:
    return pick(event.title).text


@panel("schedule_page.foot")
def files_for_people(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The programme as a calendar, for apps and for spreadsheets."""
    labels = {"ics": _("Calendar file"), "xml": "XML", "json": "JSON", "csv": "CSV"}
    links = ((reverse(f"exchange:{name}", args=[event.slug]), labels[name]) for name, _format in FILES)
    files = format_html_join("", '<a href="{}">{}</a>', links)
    return format_html(
        '{}<a href="{}">{}</a>', files, reverse("exchange:formats", args=[event.slug]), _("For other tools")
    )


@panel("community_page.organise", order=60)
def import_into_community(community: Community, *, reader: Any = None, request: Any = None) -> str:
    """Among what the team does."""
    if not policies.can_import(reader, community):
        return ""
    address = reverse("exchange:into_community", args=[community.slug])
    return _item(address, _("Import a programme"))


@panel("event_about.team", order=60)
def import_into_event(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """Beside "Write the programme"."""
    if not policies.can_import(reader, event.community, event):
        return ""
    address = reverse("exchange:into_event", args=[event.slug])
    return format_html('<p><a class="button small quiet" href="{}">{}</a></p>', address, _("Import a programme"))


@panel("event_new.instead")
def import_instead(community: Community, *, reader: Any = None, request: Any = None) -> str:
    """On the page that plans an event: for those whose programme is in another tool."""
    if not policies.can_import(reader, community):
        return ""
    address = reverse("exchange:into_community", args=[community.slug])
    words = _("Is your programme in another tool already?")
    return format_html('<p>{} <a href="{}">{}</a></p>', words, address, _("Import a programme instead"))


def _item(address: str, words: str) -> str:
    return format_html('<li><a href="{}">{}<span>{}</span></a></li>', address, icon("upload"), words)
