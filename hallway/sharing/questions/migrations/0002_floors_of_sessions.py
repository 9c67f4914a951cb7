import secrets

from django.db import migrations
from django.db.models import Max, Min, Q

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def one_for_each_session(apps, schema_editor):
    Floor = apps.get_model("questions", "Floor")
    Session = apps.get_model("schedule", "Session")
    taken = set(Floor.objects.values_list("code", flat=True))

    def free_code():
        code = ""
        while not code or code in taken:
            code = "".join(secrets.choice(ALPHABET) for _place in range(6))
        taken.add(code)
        return code

    released = Q(slots__public_at__isnull=False)
    rows = Session.objects.filter(public_at__isnull=False, floor=None).exclude(kind="break").select_related("event")
    timed = rows.annotate(
        begins=Min("slots__public_starts_at", filter=released), ends=Max("slots__public_ends_at", filter=released)
    )
    Floor.objects.bulk_create(
        (
            Floor(
                session=session,
                event=session.event,
                code=free_code(),
                nonce=secrets.token_urlsafe(16),
                starts_at=session.begins or session.event.starts_at,
                ends_at=session.ends or session.event.ends_at or session.begins or session.event.starts_at,
            )
            for session in timed.iterator()
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("questions", "0001_first")]

    operations = [migrations.RunPython(one_for_each_session, migrations.RunPython.noop)]
