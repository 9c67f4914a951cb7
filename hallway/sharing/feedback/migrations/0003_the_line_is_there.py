from typing import Any

from django.db import migrations, models


def those_that_wait(apps: Any, schema_editor: Any) -> None:
    """Claims by a file that nobody looked at yet were asked for in one step: they wait since then."""
    waiting = apps.get_model("feedback", "Maker").objects.filter(
        how="file", proved_at=None, declined_at=None, ended_at=None
    )
    waiting.update(placed_at=models.F("asked_at"))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_who_it_is_about")]

    operations = [
        migrations.AddField("maker", "placed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(those_that_wait, migrations.RunPython.noop),
    ]
