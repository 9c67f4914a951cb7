"""Doubles that were put together before that could be undone stand where they were put, for when that one moves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.models import F


def they_were_put_where_they_stand(apps: Any, schema_editor: Any) -> None:
    """By themselves they cannot be separated: when they were put together is not known."""
    questions = apps.get_model("questions", "Question").objects
    questions.filter(state="merged", put_into=None).update(put_into=F("merged_into"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("questions", "0008_doubles_are_separated_again"),
    ]

    operations: ClassVar = [
        migrations.RunPython(they_were_put_where_they_stand, migrations.RunPython.noop),
    ]
