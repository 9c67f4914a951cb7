"""Each press or decision that mutes somebody is kept, so that they are muted until the last one is taken back."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def who_is_muted_is_so_by_a_press(apps: Any, schema_editor: Any) -> None:
    """Of those muted before, whoever did it last is known; what moderation decided, moderation says itself."""
    cause = apps.get_model("questions", "MuteCause")
    for row in apps.get_model("questions", "MutedAsker").objects.filter(lifted_at=None).order_by("pk").iterator():
        cause.objects.create(muted=row, by_id=row.muted_by_id, at=row.muted_at)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("questions", "0006_rounds_of_digests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="MuteCause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cause", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "muted",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="questions.mutedasker",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="questions.question",
                    ),
                ),
            ],
        ),
        migrations.RunPython(who_is_muted_is_so_by_a_press, migrations.RunPython.noop),
    ]
