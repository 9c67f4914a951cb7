"""Somebody without an account, known again by their device."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hallway.kit.visitors import COOKIE, KNOWN, know_again, new_visitor, visitor_of


def test_device_is_known_again_by_its_cookie_and_by_nothing_else() -> None:
    visitor, response = new_visitor(), HttpResponse()
    know_again(response, visitor)
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    request = RequestFactory().get("/")
    assert visitor_of(request) is None
    request.COOKIES[COOKIE] = cookie.value
    assert visitor_of(request) == visitor
    assert visitor.actor_key not in cookie.value


def test_flag_beside_it_may_be_read_by_scripts_stays_as_long_and_says_nothing_else() -> None:
    response = know_again(HttpResponse(), new_visitor())
    flag = response.cookies[KNOWN]
    assert flag.value == "1"
    assert not flag["httponly"]
    assert flag["samesite"] == "Lax"
    assert flag["max-age"] == response.cookies[COOKIE]["max-age"]


@pytest.mark.parametrize("forged", ["", "x", "visitor:1", "ImEi:1abcde:aaaaaaaaaaaaaaaaaaaaaaaaaaa", "0" * 4_000])
def test_cookie_that_is_not_ours_is_nobody(forged: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = forged
    assert visitor_of(request) is None
