import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hallway.kit import instance, remembered, store
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


@pytest.mark.postgresql_only  # SQLite has one writer at a time
@pytest.mark.database
@pytest.mark.parametrize("first_look", ["before", "meanwhile"])
@pytest.mark.django_db(transaction=True)
def test_change_that_took_its_number_first_and_was_committed_last_is_noticed(first_look: str) -> None:
    make, took, done = _counter(), threading.Event(), threading.Event()
    remembered.forget()
    _bump("event:9")

    def slow() -> None:
        try:
            with transaction.atomic():
                store.bump("event:1")
                took.set()
                done.wait(20)
        finally:
            connection.close()

    if first_look == "before":
        remember("b", _counter(), lambda _made: [])
    thread = threading.Thread(target=slow)
    thread.start()
    assert took.wait(20)
    _bump("event:2")
    _bump("event:3")
    assert remember("a", make, lambda _made: ["event:1"]) == 1
    done.set()
    thread.join()
    assert [remember("a", make, lambda _made: ["event:1"]) for _ in range(2)] == [2, 2]


@pytest.mark.postgresql_only  # SQLite has one writer at a time
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_what_was_given_out_long_ago_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        _bump(f"event:{number}")
    remembered.forget()
    for late, read in ((timedelta(minutes=1), 5), (timedelta(0), 1)):
        monkeypatch.setattr(remembered, "LATE", late)
        for _look in range(2):
            remember("a", _counter(), lambda _made: [])
        assert len(remembered._since(remembered._memory.floor)) == read
