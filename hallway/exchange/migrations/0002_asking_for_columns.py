from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_first")]

    operations = [
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("columns", "waiting to hear what its columns hold"),
                    ("waiting", "waiting to be checked"),
                    ("checked", "checked, nothing stored yet"),
                    ("agreed", "waiting to be imported"),
                    ("done", "imported"),
                    ("refused", "refused"),
                    ("undone", "undone"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
    ]
