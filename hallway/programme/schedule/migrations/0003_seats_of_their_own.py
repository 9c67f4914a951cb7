import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_first"), ("schedule", "0002_removing")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="admission",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="session",
                to="attendance.admission",
            ),
        ),
    ]
