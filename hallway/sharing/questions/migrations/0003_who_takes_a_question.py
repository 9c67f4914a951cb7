"""A speaker says which question they answer, and moderators without an account have a link that can be renewed."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("questions", "0002_floors_of_sessions"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="question",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="floor",
            name="moderator_links",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
