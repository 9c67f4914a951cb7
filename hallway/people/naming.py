"""How a person's address is found from their name."""

from __future__ import annotations

from hallway.kit.slugs import propose_slug

from .models import Person


def free_slug(name: str) -> str:
    """A slug nobody has yet."""
    return propose_slug(name, lambda slug: Person.objects.filter(slug=slug).exists(), fallback="person")
