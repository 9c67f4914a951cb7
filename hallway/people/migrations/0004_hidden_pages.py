from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_somebody_is_blocked")]

    operations = [migrations.AddField("person", "hidden_at", models.DateTimeField(blank=True, null=True))]
