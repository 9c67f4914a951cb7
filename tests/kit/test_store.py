from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from hallway.kit.models import Revision
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER, bump, keep, tell_again
from hallway.site.middleware import StoredPagesMiddleware
from tests.factories import PersonFactory


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
def test_bump_goes_with_a_change_that_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bump("event:1")
        _ = 1 / 0
    assert not Revision.objects.exists()


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
