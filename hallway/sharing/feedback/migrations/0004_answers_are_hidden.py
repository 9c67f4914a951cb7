"""What makers answered can be reported, and hidden by the administration."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("feedback", "0003_the_line_is_there")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cardgroup",
            name="answer_hidden_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
