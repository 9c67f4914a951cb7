from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0004_banned_by_the_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="admission",
            name="call_owed",
            field=models.BooleanField(default=False),
        ),
    ]
