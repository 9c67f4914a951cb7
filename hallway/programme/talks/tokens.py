"""The link with which a speaker brings slides without signing in; how links are made is in ``kit/links.py``."""

from __future__ import annotations

from django.conf import settings

from hallway.kit.links import id_in, is_true, token_of

from .models import Speaking

MATERIALS = "hallway.talks.materials"

__all__ = ["MATERIALS", "address_for", "id_in", "is_true"]


def address_for(speaking: Speaking) -> str:
    """The whole address that is mailed to a speaker."""
    return f"{settings.HALLWAY_BASE_URL}/slides/{token_of(MATERIALS, speaking.pk, speaking.nonce)}/"
