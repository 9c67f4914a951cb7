"""Blocks in open streams."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test.utils import CaptureQueriesContext

from hallway.kit import live
from hallway.people import actions
from hallway.people.queries import blocks_among
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_neither_of_two_whom_a_block_keeps_apart_gets_the_others_words(at: datetime) -> None:
    one, other, third = PersonFactory.create_batch(3)
    actions.block_person(person=other, by=one, at=at)
    channel = "public/tests:1"
    asked = [(channel, one.pk), (channel, other.pk), (channel, third.pk), (channel, None)]
    assert live.admit(asked) == [{other.pk}, {one.pk}, frozenset(), frozenset()]
    actions.unblock_person(person=other, by=one, at=at)
    assert live.admit(asked) == [frozenset()] * 4


def test_blocks_of_many_are_read_with_one_query(
    at: datetime, django_assert_num_queries: type[CaptureQueriesContext]
) -> None:
    one, other, third = PersonFactory.create_batch(3)
    actions.block_person(person=other, by=one, at=at)
    actions.block_person(person=third, by=one, at=at)
    for many in ({one.pk, third.pk}, {one.pk, third.pk, *range(10_000_000, 10_000_600)}):
        with django_assert_num_queries(1):
            assert blocks_among(many) == {one.pk: {other.pk, third.pk}, third.pk: {one.pk}}


def test_a_block_and_its_end_have_the_streams_of_both_looked_at(
    at: datetime, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(live, "_again", [lambda persons, channels: heard.append((persons, channels))])
    one, other = PersonFactory.create_batch(2)
    with django_capture_on_commit_callbacks(execute=True):
        actions.block_person(person=other, by=one, at=at)
        actions.unblock_person(person=other, by=one, at=at)
    assert heard == [(sorted([one.pk, other.pk]), [])] * 2
