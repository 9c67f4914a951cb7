from __future__ import annotations

from typing import ClassVar

from django.db import models

from .privacy import Privacy


class Revision(models.Model):
    """The last change of a thing that stored pages depend on. ``seq`` grows over the whole table."""

    key = models.CharField(primary_key=True, max_length=120)
    seq = models.BigIntegerField(db_index=True)
    changed_at = models.DateTimeField()

    privacy: ClassVar = Privacy(retention="for ever, one row a thing", public=("key", "seq", "changed_at"))


class FactRow(models.Model):
    """Something that happened. Written in the transaction that made it happen; ids only, no names."""

    kind = models.CharField(max_length=100, db_index=True)
    payload = models.JSONField(default=dict)
    by_key = models.CharField(max_length=100, db_index=True)
    at = models.DateTimeField(db_index=True)

    privacy: ClassVar = Privacy(
        retention="as long as what it is about", community=("id", "kind", "payload", "by_key", "at")
    )


class FactScope(models.Model):
    """In whose trail a fact shows: ``community:3``, ``event:14``, ``instance``."""

    fact = models.ForeignKey(FactRow, on_delete=models.CASCADE, related_name="scopes")
    key = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "fact"], name="kit_scope_key")]

    privacy: ClassVar = Privacy(retention="with its fact", community=("id", "fact", "key"))


class Delivery(models.Model):
    """A fact that a ``later`` receiver has still to hear. Claimed by lease, retried, then marked."""

    fact = models.ForeignKey(FactRow, on_delete=models.CASCADE, related_name="deliveries")
    receiver = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fact", "receiver"], name="kit_delivery_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="kit_delivery_due"),
        ]

    privacy: ClassVar = Privacy(
        retention="thirty days after it was done",
        secret=("id", "fact", "receiver", "due_at", "claimed_until", "attempts", "done_at", "error"),
    )


class InstanceValue(models.Model):
    """One setting of the instance, changed on the settings page; packages declare theirs in ``kit.instance``."""

    key = models.CharField(primary_key=True, max_length=100)
    value = models.JSONField(null=True)

    privacy: ClassVar = Privacy(retention="for ever", public=("key",), secret=("value",))


class OldSlug(models.Model):
    """An address something had before. It redirects for ever and is never given away again."""

    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=100)
    target_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "slug"], name="kit_old_slug_once")]

    privacy: ClassVar = Privacy(retention="for ever", public=("id", "kind", "slug", "target_id"))
