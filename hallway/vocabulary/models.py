from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language

from hallway.kit.privacy import Privacy


class Topic(models.Model):
    """A subject people speak about, named in both languages."""

    slug = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    aliases = models.TextField(blank=True)

    privacy: ClassVar = Privacy(retention="for ever", public=("id", "slug", "name_en", "name_fr", "aliases"))

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the page's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en
