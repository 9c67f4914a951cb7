from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from hallway.kit import access
from tests.factories import PersonFactory


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


@pytest.mark.parametrize("rule", [access.signed_in, access.ruled("can_edit_event")])
def test_strangers_are_asked_to_sign_in_and_come_back(rule: object) -> None:
    request = HttpRequest()
    request.path, request.user = "/e/conf/edit/", AnonymousUser()
    answer = rule(page)(request)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/e/conf/edit/")


@pytest.mark.django_db
def test_people_who_signed_in_get_through() -> None:
    request = HttpRequest()
    request.user = PersonFactory()
    assert access.signed_in(page)(request).content == b"inside"


def test_every_rule_leaves_its_name() -> None:
    rules = [access.public(page).access_rule]
    rules += [access.ruled("can_x")(page).access_rule, access.by_token(page).access_rule]
    assert rules == ["public", "can_x", "token"]
