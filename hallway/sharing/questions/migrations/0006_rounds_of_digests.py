"""The days on which speakers are written to count anew when questions are opened again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def count_what_was_opened_again(apps: Any, schema_editor: Any) -> None:
    """A floor that was opened again before, was so once at least."""
    apps.get_model("questions", "Floor").objects.exclude(reopened_until=None).update(reopenings=1)


def forget_later_rounds(apps: Any, schema_editor: Any) -> None:
    """Without rounds each day stands once."""
    apps.get_model("questions", "Digest").objects.filter(round__gt=0).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("questions", "0005_who_heard_of_the_room"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="floor",
            name="reopenings",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="digest",
            name="round",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RemoveConstraint(
            model_name="digest",
            name="questions_digest_once",
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                fields=("floor", "person", "round", "day"), name="questions_digest_once"
            ),
        ),
        migrations.RunPython(count_what_was_opened_again, forget_later_rounds),
    ]
