"""How a person's address is found from their name."""

from __future__ import annotations

import secrets

from hallway.kit.models import OldSlug
from hallway.kit.slugs import propose_slug

from .models import Person

_PROVISIONAL = "new-"


def free_slug(name: str, *, but: int | None = None) -> str:
    """A slug nobody has or ever had; ``but`` is the id of the person it is for."""
    return propose_slug(name, lambda slug: slug_taken(slug, but=but), fallback="person")


def slug_taken(slug: str, *, but: int | None = None) -> bool:
    """Whether somebody else has this address, or had it before."""
    return (
        Person.objects.filter(slug=slug).exclude(pk=but or 0).exists()
        or OldSlug.objects.filter(kind="person", slug=slug).exclude(target_id=but or 0).exists()
    )


def provisional_slug() -> str:
    """An address for somebody whose name we do not know yet; nobody is shown it."""
    return f"{_PROVISIONAL}{secrets.token_hex(8)}"


def is_provisional(slug: str) -> bool:
    """Whether the address was made before the name was known."""
    return slug.startswith(_PROVISIONAL) and len(slug) == len(_PROVISIONAL) + 16
