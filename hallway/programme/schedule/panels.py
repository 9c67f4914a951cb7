"""What the schedule puts on other pages: doors and drawings, the talks of an evening, a person's sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.gathering.communities.tabs import tab as community_tab
from hallway.gathering.events.models import Event
from hallway.gathering.events.structured import sub_events
from hallway.gathering.events.tabs import tab
from hallway.kit import clock
from hallway.kit.localised import pick
from hallway.kit.panels import panel
from hallway.kit.tabs import Tab
from hallway.kit.templatetags.hallway import say_when
from hallway.people.models import Person
from hallway.programme.talks.models import Speaking, Talk

from . import policies
from .art import GREY, MONTHS, Month, art_of, year_of
from .models import Session
from .queries.ahead import count_talks, talk_count, talks_ahead
from .queries.library import listed, public_talks, talks_of
from .queries.reading import first_places, session_count
from .structured import part_data

MOST_TALKS = 100
MOST_PARTS = 100


@tab(order=10)
def programme_tab(event: Event, reader: Any) -> Tab:
    """The programme, with how many sessions it has."""
    return Tab("programme", _("Programme"), reverse("schedule", args=[event.slug]), session_count(event) or None)


@panel("event_masthead.art")
def programme_art(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The programme as a drawing, in the colours of its tracks; a script marks where it stands now."""
    drawing = art_of(event)
    return "" if drawing is None else render_to_string("schedule/art.html", {"drawing": drawing, "grey": GREY})


@panel("community_page.art")
def doors(community: Community, *, reader: Any = None, request: Any = None) -> str:
    """Twelve months as doors, the higher the more talks; the last one stands open."""
    months = year_of(community, clock.now())
    if not months:
        return ""
    drawn = [_door(index, month) for index, month in enumerate(months)]
    return render_to_string("schedule/doors.html", {"doors": drawn, "hue": community.hue})


def _door(index: int, month: Month) -> dict[str, Any]:
    return {
        "x": index * 36,
        "y": 147 - month.height,
        "knob": index * 36 + 20,
        "knob_y": round(134 - month.height * 0.42),
        "shade": f"{0.4 + 0.05 * index:.2f}",
        "open": index == MONTHS - 1 and month.events > 0,
        "events": month.events,
        "talks": month.talks,
        "month": say_when(month.begins, "yMMMM"),
    }


@panel("event_row.left")
def talks_in_a_row(event: Event, among: Sequence[Event], *, reader: Any = None, request: Any = None) -> str:
    """How many talks the programme has, asked once for the whole list."""
    count_talks(among)
    count = talk_count(event)
    words = ngettext("%(n)s talk", "%(n)s talks", count) % {"n": count}
    return format_html("<b>{}</b>", words) if count else ""


@panel("event_next.programme")
def talks_of_the_next(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The talks of an evening; of a conference those that are on or come next, and how many there are."""
    talks = talks_ahead(event, clock.now())
    if not talks:
        return ""
    more = talk_count(event) - len(talks)
    return render_to_string("schedule/next_talks.html", {"event": event, "talks": talks, "more": more})


@sub_events
def sessions_of(event: Event, base_url: str) -> list[dict[str, Any]]:
    """The sessions as parts of the event, for machines that read its page."""
    parts: list[dict[str, Any]] = []
    if not session_count(event):
        return parts
    for pk, slug, own_title, talk_title, *_event, room, starts, ends in first_places(event, MOST_PARTS):
        address = base_url + reverse("session", args=[event.slug, pk, slug])
        when = (starts.astimezone(event.tz), ends.astimezone(event.tz), room or "")
        parts.append(part_data(event, pick(own_title or talk_title).text, address, when, base_url))
    return parts


@community_tab(order=20)
def talks_tab(community: Community, reader: Any) -> Tab | None:
    """The talks given at a community's events, once there are any."""
    count = public_talks(community=community).count()
    address = reverse("community_talks", args=[community.slug])
    return Tab("talks", _("Talks"), address, count) if count else None


@panel("person_page.below")
def talks_of_a_person(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """Everything somebody gave, over all events."""
    talks = list(talks_of(person)[:MOST_TALKS])
    if not talks:
        return ""
    return render_to_string("schedule/person_talks.html", {"talks": listed(talks), "total": len(talks)})


@panel("person_merge.moves", order=10)
def talks_that_move(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """How many talks an entry has, in programmes or not."""
    count = Speaking.objects.filter(person=person).count()
    words = ngettext("%(n)s talk moves.", "%(n)s talks move.", count)
    return format_html("<li>{}</li>", words % {"n": count}) if count else ""


@panel("person_merge.entry")
def talks_of_an_entry(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """Titles of a few talks, so that one sees who it is."""
    titles = [pick(talk.title).text for talk in Talk.objects.filter(speakings__person=person).order_by("-pk")[:3]]
    items = format_html_join("", '<li dir="auto">{}</li>', ((title,) for title in titles))
    return format_html('<ul class="plain small">{}</ul>', items) if titles else ""


@panel("schedule_page.team")
@panel("event_about.team")
def programme_for_the_team(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The way to the editor, from the event's own page and from the programme."""
    if not policies.can_edit_schedule(reader, event):
        return ""
    address = reverse("programme_editor", args=[event.slug])
    return format_html('<p><a class="button small" href="{}">{}</a></p>', address, _("Write the programme"))


@panel("session_page.side", order=10)
def session_for_the_team(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """The way to a session's form, for those who may change it."""
    if reader is None or not policies.can_edit_schedule(reader, session.event):
        return ""
    address = reverse("programme_session", args=[session.event.slug, session.pk])
    return format_html('<p><a class="button small" href="{}">{}</a></p>', address, _("Edit this session"))


@panel("session_page.head")
def session_preview(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """The picture that links to a session carry elsewhere."""
    address = settings.HALLWAY_BASE_URL + reverse("session_preview", args=[session.event.slug, session.pk])
    return format_html(
        '<meta property="og:image" content="{}?lang={}"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta name="twitter:card" content="summary_large_image">',
        address,
        (get_language() or "en")[:2],
    )
