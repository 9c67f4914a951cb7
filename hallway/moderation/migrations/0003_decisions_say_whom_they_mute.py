"""Decisions that muted an unnamed asker before say so with the mute, so that taking one back leaves the others."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations


def decisions_are_causes(apps: Any, schema_editor: Any) -> None:
    """Those that hold and fall into the mute that stands now; the press they were taken for is theirs."""
    causes = apps.get_model("questions", "MuteCause").objects
    rows = apps.get_model("moderation", "Decision").objects.filter(
        exclusion="mute", taken_back_at=None, event_exclusion=None, community_exclusion=None, case__kind="question"
    )
    for decision in rows.select_related("case").order_by("pk"):
        question = apps.get_model("questions", "Question").objects.filter(pk=decision.case.object_id).first()
        if question is None:
            continue
        muted = apps.get_model("questions", "MutedAsker").objects.filter(
            event_id=question.floor.event_id, asker_key=question.asker_key, lifted_at=None, muted_at__lte=decision.at
        )
        for row in muted:
            causes.filter(muted=row, cause="", by_id=decision.by_id, at=decision.at).delete()
            causes.create(
                muted=row, cause=f"conduct-{decision.case_id}", question=question, by_id=decision.by_id, at=decision.at
            )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("moderation", "0002_decisions_taken_back"),
        ("questions", "0007_why_somebody_is_muted"),
    ]

    operations: ClassVar = [
        migrations.RunPython(decisions_are_causes, migrations.RunPython.noop),
    ]
