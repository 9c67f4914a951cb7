from django.db import migrations, models

KINDS = ("talk", "person", "community", "event", "question", "product")


class Migration(migrations.Migration):
    dependencies = [("finding", "0003_questions_are_found")]

    operations = [
        migrations.AlterField(
            "searchentry", "kind", models.CharField(choices=[(kind, kind.title()) for kind in KINDS], max_length=10)
        ),
    ]
