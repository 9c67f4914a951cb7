"""What the schedule puts on other pages: the event's doors and art, a person's sessions."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.gathering.events.tabs import Tab, tab
from hallway.kit.panels import panel

from .art import art_of
from .models import Session


@tab(order=10)
def programme_tab(event: Event, reader: Any) -> Tab:
    """The programme, with how many sessions it has."""
    count = Session.objects.filter(event=event, public_at__isnull=False, hidden_at=None).exclude(kind="break").count()
    return Tab("programme", _("Programme"), reverse("schedule", args=[event.slug]), count or None)


@panel("event_masthead.art")
def programme_art(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The programme as a drawing: a rectangle a session, in the colour of its track."""
    drawing = art_of(event)
    if drawing is None:
        return ""
    rects = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="var(--t{})"/>',
        ((bar.x, bar.y, bar.width, bar.height, bar.hue) for bar in drawing.bars),
    )
    return format_html(
        '<svg class="art" viewBox="0 -14 {} {}" aria-hidden="true">{}</svg>',
        drawing.width,
        drawing.height + 14,
        rects,
    )
