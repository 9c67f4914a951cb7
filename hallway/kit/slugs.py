"""Addresses of things: ``[a-z0-9_-]{4,}``, one of a kind, old ones redirect for ever."""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Callable

from django.core.validators import RegexValidator
from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .models import OldSlug

MOST_COUNTED = 20
RESERVED = frozenset({"about", "admin", "calendar", "import", "instance", "login", "search", "static", "media", "live"})

validate_slug = RegexValidator(
    r"^[a-z0-9_-]{4,60}\Z",
    _("Use 4 to 60 lower-case letters without accents, figures, hyphens or underscores."),
)


def propose_slug(text: str, taken: Callable[[str], bool], *, fallback: str = "item") -> str:
    """A free slug for a text; letters outside a–z are transliterated as far as Unicode allows."""
    stem = slugify(text)[:50].strip("-_") or fallback
    if len(stem) < 4:
        stem = f"{stem}-{fallback}"
    candidate, number = stem, 2
    while candidate in RESERVED or taken(candidate):
        # A thousand of one name: counting up to the next free number would ask a thousand times.
        end = str(number) if number <= MOST_COUNTED else secrets.token_hex(3)
        candidate, number = f"{stem}-{end}", number + 1
    return candidate


def one_at_a_time(kind: str) -> None:
    """Let nobody else choose an address of this kind until the transaction ends; then "is it taken" stays true.

    SQLite lets one transaction write at a time anyway.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("one_at_a_time() belongs inside the transaction of the change")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"slug:{kind}".encode())])


def remember_slug(kind: str, old: str, target_id: int) -> None:
    """Keep an address redirecting after its thing was renamed."""
    OldSlug.objects.update_or_create(kind=kind, slug=old, defaults={"target_id": target_id})


def forwarded(kind: str, slug: str) -> int | None:
    """The id of the thing that once had this address, if any."""
    row = OldSlug.objects.filter(kind=kind, slug=slug).first()
    return row.target_id if row else None


def is_well_formed(slug: str) -> bool:
    """Whether a slug could be an address at all."""
    return re.fullmatch(r"[a-z0-9_-]{4,60}", slug) is not None
