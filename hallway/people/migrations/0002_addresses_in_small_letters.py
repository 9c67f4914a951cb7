from django.db import migrations
from django.db.models.functions import Lower


def small_letters(apps, schema_editor):
    Person = apps.get_model("people", "Person")
    for person in Person.objects.exclude(email=None).exclude(email=Lower("email")):
        # Two entries that differ by capitals stay two: only an administrator can put them together.
        if not Person.objects.filter(email=person.email.lower()).exists():
            Person.objects.filter(pk=person.pk).update(email=person.email.lower())


class Migration(migrations.Migration):
    dependencies = [("people", "0001_first")]

    operations = [migrations.RunPython(small_letters, migrations.RunPython.noop)]
