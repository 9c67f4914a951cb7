"""What belongs to a talk can be reported, and hidden by an administrator."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("talks", "0003_materials")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="material",
            name="hidden_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
