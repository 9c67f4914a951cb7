from django.db import migrations, models
from django.db.models import F


def those_public_now(apps, schema_editor):
    apps.get_model("events", "Event").objects.filter(public_at__isnull=False).update(first_public_at=F("public_at"))


class Migration(migrations.Migration):
    dependencies = [("events", "0001_first")]

    operations = [
        migrations.AddField("event", "first_public_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(those_public_now, migrations.RunPython.noop),
    ]
