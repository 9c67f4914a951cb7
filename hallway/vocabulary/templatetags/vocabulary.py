"""Places and zones, as pages name them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.translation import get_language

from hallway.kit import clock
from hallway.vocabulary.zones import zone_label

register = template.Library()


@register.simple_tag
def zone_name(zone: str, instant: datetime | None = None) -> str:
    """``London (UTC+0)``, in French ``Londres (UTC+0)``: a zone in the page's language, at an instant or now."""
    return zone_label(zone, get_language() or "en", instant or clock.now())
