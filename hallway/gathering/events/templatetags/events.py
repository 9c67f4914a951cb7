from __future__ import annotations

from typing import Any

from django import template

from hallway.gathering.events.models import Event
from hallway.gathering.events.tabs import Tab, tabs_of

register = template.Library()


@register.simple_tag(takes_context=True)
def event_tabs(context: Any, event: Event) -> list[Tab]:
    user = getattr(context.get("request"), "user", None)
    return tabs_of(event, user if user is not None and user.is_authenticated else None)
