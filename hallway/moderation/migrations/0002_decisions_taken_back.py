"""A decision can be taken back by whoever may decide, and says since when nothing of it holds."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def granted_appeals_took_back(apps: object, schema_editor: object) -> None:
    """What an appeal took back before says so, too."""
    rows = apps.get_model("moderation", "Appeal").objects.filter(granted=True)  # type: ignore[attr-defined]  # historical apps
    for appeal in rows.select_related("decision"):
        appeal.decision.taken_back_by_id, appeal.decision.taken_back_at = appeal.answered_by_id, appeal.answered_at
        appeal.decision.save(update_fields=["taken_back_by", "taken_back_at"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("moderation", "0001_first"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="decision",
            name="taken_back_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="taken_back_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(granted_appeals_took_back, migrations.RunPython.noop),
    ]
