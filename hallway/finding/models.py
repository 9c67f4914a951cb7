from __future__ import annotations

from typing import ClassVar

from django.db import models

from hallway.kit.privacy import Privacy


class SearchEntry(models.Model):
    """A public thing as the search sees it: folded words, and what a result shows. Kept by receivers."""

    class Kind(models.TextChoices):
        TALK = "talk"
        PERSON = "person"
        COMMUNITY = "community"
        EVENT = "event"
        QUESTION = "question"
        PRODUCT = "product"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.BigIntegerField()
    title = models.JSONField(default=dict)
    detail = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    folded_title = models.TextField()
    folded = models.TextField()
    at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        verbose_name_plural = "search entries"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "object_id"], name="finding_entry_once")]

    privacy: ClassVar = Privacy(
        retention="as long as its thing is public",
        public=("id", "kind", "object_id", "title", "detail", "url", "folded_title", "folded", "at", "zone"),
    )
