from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction

from hallway.kit.models import InstanceValue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]


def test_writers_of_one_process_wait_for_each_other() -> None:
    order: list[str] = []
    inside = threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                InstanceValue.objects.update_or_create(key="tests.a", defaults={"value": 1})
                inside.set()
                time.sleep(0.2)
                order.append("slow")
        finally:
            connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert inside.wait(5)
    with transaction.atomic():
        order.append("quick")
        InstanceValue.objects.update_or_create(key="tests.b", defaults={"value": 1})
    writer.join(5)
    assert order == ["slow", "quick"]


def test_the_lock_is_free_again_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    with transaction.atomic():
        InstanceValue.objects.update_or_create(key="tests.c", defaults={"value": 1})
    assert connection.get_autocommit()
