"""Votes, cases and followers of questions that were put together say where they came from, so that it can be undone."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('questions', '0007_why_somebody_is_muted'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='case',
            name='came_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='questions.question'),
        ),
        migrations.AddField(
            model_name='follow',
            name='came_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='questions.question'),
        ),
        migrations.AddField(
            model_name='question',
            name='merged_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='put_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='questions.question'),
        ),
        migrations.AddField(
            model_name='vote',
            name='came_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='questions.question'),
        ),
        migrations.AddField(
            model_name='vote',
            name='is_aside',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(('is_wanted', False), ('is_aside', False), _connector='OR'), name='questions_vote_counts_once'),
        ),
    ]
