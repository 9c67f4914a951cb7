from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0003_workshops_out_of_the_programme"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("self", "by themselves"),
                    ("silence", "no answer in time"),
                    ("left", "left Hallway"),
                    ("banned", "banned by the team"),
                ],
                max_length=7,
            ),
        ),
    ]
