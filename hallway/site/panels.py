"""What the site puts into the frame of every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import pgettext_lazy

from hallway.kit.panels import panel

PARTS = {
    "organiser": pgettext_lazy("demonstration", "organiser"),
    "speaker": pgettext_lazy("demonstration", "speaker"),
    "attendee": pgettext_lazy("demonstration", "attendee"),
}


@panel("frame.top")
def demonstration(*, reader: Any = None, request: HttpRequest | None = None) -> str:
    """In a demonstration: who one can be by one click, and where its mail is."""
    if not settings.HALLWAY_DEMO:
        return ""
    context = {"parts": PARTS, "reader": reader}
    return render_to_string("site/demo_bar.html", context)
