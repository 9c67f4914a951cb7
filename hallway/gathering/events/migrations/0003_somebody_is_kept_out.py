import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_first_public"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EventExclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("device", models.CharField(blank=True, max_length=36)),
                (
                    "kind",
                    models.CharField(choices=[("mute", "muted"), ("ban", "banned")], max_length=4, verbose_name="kind"),
                ),
                ("reason", models.CharField(max_length=1000, verbose_name="reason")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("since", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exclusions", to="events.event"
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("device", ""), ("person__isnull", False)),
                            models.Q(("person", None), models.Q(("device", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="events_excluded_of_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None), ("person__isnull", False)),
                        fields=("event", "person", "kind"),
                        name="events_excluded_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None), ("person", None)),
                        fields=("event", "device", "kind"),
                        name="events_excluded_device_once",
                    ),
                ],
            },
        ),
    ]
