from django.db import migrations
from django.utils import timezone


def one_for_each_event(apps, schema_editor):
    Admission = apps.get_model("attendance", "Admission")
    Event = apps.get_model("events", "Event")
    Admission.objects.bulk_create(
        Admission(
            event=event,
            how="none" if event.url or event.credit else "open",
            capacity=event.seats,
            told_revision=event.revision,
            created_at=timezone.now(),
        )
        for event in Event.objects.exclude(admissions__is_event=True).iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_first")]

    operations = [migrations.RunPython(one_for_each_event, migrations.RunPython.noop)]
