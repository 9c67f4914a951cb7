from datetime import datetime

import pytest
from django.db.models import Q

from hallway.kit.models import Revision
from hallway.kit.prepared import Prepared

pytestmark = pytest.mark.django_db


def _rows(at: datetime) -> None:
    Revision.objects.bulk_create(Revision(key=f"event:{n}", seq=n, changed_at=at) for n in range(1, 5))


def test_prepared_query_returns_what_its_query_set_would_for_each_value(at: datetime) -> None:
    _rows(at)
    later = Prepared(lambda seq: Revision.objects.filter(seq__gte=seq).order_by("seq"))
    assert later(3) == list(Revision.objects.filter(seq__gte=3).order_by("seq"))
    assert [(row.key, row.changed_at) for row in later(4)] == [("event:4", at)]


def test_prepared_query_puts_each_value_in_its_place(at: datetime) -> None:
    _rows(at)
    found = Prepared(
        lambda key, seq: Revision.objects.filter(Q(key=key) | Q(seq=seq)).order_by("seq").values_list("key", flat=True)
    )
    assert found("event:1", 3) == ["event:1", "event:3"]
    assert found("event:4", 2) == ["event:2", "event:4"]


def test_prepared_query_with_a_number_no_column_holds_finds_nothing(at: datetime) -> None:
    _rows(at)
    assert Prepared(lambda seq: Revision.objects.filter(seq=seq))(2**70) == []


def test_prepared_query_that_loses_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="has to reach the database"):
        Prepared(lambda seq: Revision.objects.filter(seq=seq + 1))(1)
