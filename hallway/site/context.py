"""What the frame of every page shows: the name of the instance, its languages, its address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hallway.kit import instance


def frame(request: HttpRequest) -> dict[str, Any]:
    """``instance_name``, ``canonical`` (the address without language) and ``other_languages`` for the frame."""
    return {
        "instance_name": SimpleLazyObject(lambda: instance.value("site.name")),
        "base_url": settings.HALLWAY_BASE_URL,
        "is_demo": settings.HALLWAY_DEMO,
        "languages": settings.LANGUAGES,
    }
