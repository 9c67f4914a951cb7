"""Parts of an event's page. Higher packages register theirs; the masthead shows them as doors, with counts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit.tabs import Tab, Tabs

from .models import Event

_DOORS: Tabs[Event] = Tabs()
tab = _DOORS.add
tabs_of = _DOORS.of


@tab(order=90)
def about(event: Event, reader: Any) -> Tab:
    return Tab("about", _("About"), reverse("events:page", args=[event.slug]))
