from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="searchentry", name="zone", field=models.CharField(default="UTC", max_length=64)
        ),
    ]
