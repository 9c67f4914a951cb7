from collections.abc import Callable

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from hallway.kit import instance, store
from hallway.kit.remembered import one_look, remember


def _counter() -> Callable[[], int]:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    return make


def _bump(*tags: str) -> None:
    with transaction.atomic():
        store.bump(*tags)


@pytest.mark.django_db(transaction=True)
def test_remembered_thing_is_made_again_once_its_tag_was_bumped() -> None:
    make = _counter()
    _bump("event:1")
    assert [remember("a", make, lambda _made: ["event:1"]) for _ in range(2)] == [1, 1]
    _bump("event:2")
    assert remember("a", make, lambda _made: ["event:1"]) == 1
    _bump("event:1")
    assert remember("a", make, lambda _made: ["event:1"]) == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_is_remembered_from_within_a_transaction() -> None:
    make = _counter()
    with transaction.atomic():
        assert remember("a", make, lambda _made: ["event:1"]) == 1
    assert remember("a", make, lambda _made: ["event:1"]) == 2


@pytest.mark.django_db(transaction=True)
def test_request_looks_once_and_again_after_its_own_change(
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    instance.change({"site.name": "Highveld"})
    instance.value("site.name")
    with one_look():
        with django_assert_num_queries(1):
            assert [instance.value("site.name") for _ in range(3)] == ["Highveld"] * 3
        instance.change({"site.name": "Karoo"})
        assert instance.value("site.name") == "Karoo"


@pytest.mark.django_db(transaction=True)
def test_everything_is_forgotten_when_the_numbers_go_backwards() -> None:
    make = _counter()
    for _ in range(3):
        _bump("event:1")
    remember("a", make, lambda _made: ["event:1"])
    from hallway.kit.models import Revision

    Revision.objects.all().delete()
    assert remember("a", make, lambda _made: ["event:1"]) == 2
