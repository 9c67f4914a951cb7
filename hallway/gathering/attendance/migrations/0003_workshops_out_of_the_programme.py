from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0002_admissions_of_events")]

    operations = [
        migrations.AddField(
            model_name="admission",
            name="off_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
