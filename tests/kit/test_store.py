from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from hallway.kit import backplane, store
from hallway.kit.held import held
from hallway.kit.models import Revision
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER, bump, bumped_last, carry, keep, tell_again
from hallway.site.middleware import StoredPagesMiddleware
from tests.factories import PersonFactory
from tests.pages_last import pages_come_last


@pytest.mark.django_db
def test_bump_gives_every_tag_a_higher_place() -> None:
    with transaction.atomic():
        bump("event:1", "home")
        bump("event:1")
    places = dict(Revision.objects.values_list("key", "seq"))
    assert places["event:1"] > places["home"]


@pytest.mark.django_db(transaction=True)
def test_bump_refused_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        bump("event:1")


@pytest.mark.django_db
def test_bumped_last_writes_once_at_the_outer_end_and_nothing_after_an_exception() -> None:
    with transaction.atomic(), bumped_last():
        bump("event:1")
        with bumped_last():
            bump("event:2", "event:1")
        assert not Revision.objects.exists(), "a page's revision held while others are waited for"
    places = dict(Revision.objects.values_list("key", "seq"))
    assert (set(places), len(set(places.values()))) == ({"event:1", "event:2"}, 1)
    with pytest.raises(ZeroDivisionError), transaction.atomic(), bumped_last():
        bump("event:3")
        _ = 1 / 0
    with transaction.atomic():
        bump("event:4")
    assert set(Revision.objects.values_list("key", flat=True)) == {"event:1", "event:2", "event:4"}


@pytest.mark.django_db
def test_lock_after_a_page_is_noticed_and_after_gathered_ones_is_none() -> None:
    person = PersonFactory()
    with pages_come_last():
        with transaction.atomic(), bumped_last():
            store.bump("event:1")
            held(person, "people.gone")
        with transaction.atomic():
            held(person, "people.gone")
        with pytest.raises(AssertionError, match=r"people\.Person is locked"), transaction.atomic():
            store.bump("event:1")
            held(person, "people.gone")


@pytest.mark.django_db
def test_bump_goes_with_a_change_that_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bump("event:1")
        _ = 1 / 0
    assert not Revision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_change_stands_and_its_other_hooks_run_when_valkey_is_away(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HALLWAY_VALKEY_URL = "redis://127.0.0.1:1"
    backplane.valkey.cache_clear()
    told: list[str] = []
    try:
        with transaction.atomic():
            bump("event:1")
            transaction.on_commit(lambda: told.append("after it"))
    finally:
        backplane.valkey.cache_clear()
    assert told == ["after it"]
    assert Revision.objects.filter(key="event:1").exists()
    assert "in on_commit()" in caplog.text


@pytest.mark.django_db
def test_tell_again_names_what_changed_lately() -> None:
    with transaction.atomic():
        bump("event:1", "event:2")
    assert tell_again(timedelta(seconds=30)) == 2
    Revision.objects.update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert tell_again(timedelta(seconds=30)) == 0


def test_keep_marks_with_tags_and_an_end() -> None:
    until = datetime(2026, 10, 8, tzinfo=UTC)
    response = keep(HttpResponse("page"), ["event:1"], good_until=until, query=["day"])
    assert response[STORE_HEADER] == "event:1 instance"
    assert response[UNTIL_HEADER] == str(int(until.timestamp()))


def _through(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    return StoredPagesMiddleware(lambda _request: response)(request)


def _request(*, method: str = "GET") -> HttpRequest:
    request = HttpRequest()
    request.method = method
    request.user = AnonymousUser()
    return request


def test_a_page_for_everyone_keeps_its_mark() -> None:
    response = _through(_request(), keep(HttpResponse("page"), ["home"]))
    assert STORE_HEADER in response
    assert response["Cache-Control"] == "public, no-cache"


def test_a_page_carries_the_tags_of_its_panels() -> None:
    request = _request()
    carry(request, "seats:1", "home")
    carry(request, "seats:2")
    carry(None, "seats:3")
    assert _through(request, keep(HttpResponse("page"), ["home"]))[STORE_HEADER] == "home instance seats:1 seats:2"
    assert STORE_HEADER not in _through(request, HttpResponse("not stored"))


def test_a_page_is_good_as_long_as_it_and_each_of_its_panels_is() -> None:
    early, late = datetime(2026, 10, 8, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC)
    for own, carried in ((early, [late]), (late, [late, early]), (None, [late, early]), (early, [])):
        request = _request()
        for until in carried:
            carry(request, "seats:1", good_until=until)
        response = _through(request, keep(HttpResponse("page"), ["home"], good_until=own))
        assert response[UNTIL_HEADER] == str(int(early.timestamp()))


def test_a_page_with_a_cookie_loses_its_mark() -> None:
    response = keep(HttpResponse("page"), ["home"])
    response.set_cookie("leak", "1")
    assert STORE_HEADER not in _through(_request(), response)


def test_an_answer_to_a_post_or_an_error_loses_its_mark() -> None:
    assert STORE_HEADER not in _through(_request(method="POST"), keep(HttpResponse("page"), ["home"]))
    assert STORE_HEADER not in _through(_request(), keep(HttpResponse("page", status=404), ["home"]))


@pytest.mark.django_db
def test_a_signed_in_answer_loses_its_mark(client: Client) -> None:
    client.force_login(PersonFactory())
    assert STORE_HEADER not in client.get("/communities/")
    assert STORE_HEADER in Client().get("/communities/")
