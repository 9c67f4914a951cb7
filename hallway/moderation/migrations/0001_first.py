import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("communities", "0003_somebody_is_kept_out"),
        ("events", "0003_somebody_is_kept_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConductCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                ("title", models.CharField(blank=True, max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conduct_cases",
                        to="communities.community",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conduct_cases",
                        to="events.event",
                    ),
                ),
                ("subjects", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hidden", models.BooleanField(default=False)),
                (
                    "exclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "They stay as they are"),
                            ("mute", "They read, and write nothing"),
                            ("ban", "They take no part"),
                        ],
                        max_length=4,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                ("at", models.DateTimeField()),
                ("nonce", models.CharField(max_length=32)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision",
                        to="moderation.conductcase",
                    ),
                ),
                (
                    "community_exclusion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="communities.communityexclusion",
                    ),
                ),
                (
                    "event_exclusion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="events.eventexclusion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="why")),
                ("language", models.CharField(default="en", max_length=8)),
                ("at", models.DateTimeField()),
                ("granted", models.BooleanField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeal", to="moderation.decision"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "trouble",
                    models.CharField(
                        choices=[
                            ("hurtful", "It insults, threatens or harasses somebody"),
                            ("demeaning", "It demeans people for who they are"),
                            ("private", "It gives away something private"),
                            ("unwanted", "It is advertising, or has nothing to do with this"),
                            ("false", "Somebody pretends to be somebody else"),
                            ("conduct", "Somebody behaved badly at an event"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                        verbose_name="what is wrong",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="in your words")),
                ("text", models.TextField(blank=True)),
                ("reporter_key", models.CharField(max_length=60)),
                ("language", models.CharField(default="en", max_length=8)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="moderation.conductcase"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="conductcase",
            index=models.Index(condition=models.Q(("told_at", None)), fields=["opened_at"], name="moderation_untold"),
        ),
        migrations.AddConstraint(
            model_name="conductcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None), ("event__isnull", False)),
                fields=("kind", "object_id", "event"),
                name="moderation_one_open_case_at_an_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="conductcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("community__isnull", False), ("decided_at", None), ("event", None)),
                fields=("kind", "object_id", "community"),
                name="moderation_one_open_case_in_a_community",
            ),
        ),
        migrations.AddConstraint(
            model_name="conductcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("community", None), ("decided_at", None), ("event", None)),
                fields=("kind", "object_id"),
                name="moderation_one_open_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="conductcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("event", None), ("community", None), _connector="OR"),
                name="moderation_case_in_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exclusion", ""), ("hidden", False)),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="moderation_measures_have_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("granted", None)),
                    models.Q(("answered_at__isnull", False), ("granted__isnull", False)),
                    _connector="OR",
                ),
                name="moderation_appeal_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("case", "reporter_key"), name="moderation_reported_once"),
        ),
    ]
