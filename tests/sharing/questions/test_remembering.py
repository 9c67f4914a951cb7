"""Who asks: an account, a device, both, or somebody new."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from hallway.kit.visitors import COOKIE, know_again, new_visitor
from hallway.people.models import Person
from hallway.sharing.questions.remembering import acting, asker_of, remembered
from hallway.sharing.questions.tokens import trace_of, traces_of


def request_of(person: Person | None, *, device: bool) -> tuple[object, object]:
    request = RequestFactory().get("/")
    request.user = person or AnonymousUser()
    visitor = new_visitor() if device else None
    if visitor is not None:
        request.COOKIES[COOKIE] = know_again(HttpResponse(), visitor).cookies[COOKIE].value
    return request, visitor


@pytest.mark.parametrize("device", [True, False])
@pytest.mark.parametrize("person", [Person(pk=7), None])
def test_asker_is_known_by_account_and_device(person: Person | None, device: bool) -> None:
    request, visitor = request_of(person, device=device)
    asker = asker_of(request)
    assert (asker.person, asker.device) == (person, visitor)
    assert asker.traces == traces_of(*[one for one in (person, visitor) if one is not None])
    assert (asker.is_new, asker.is_two) == (person is None and not device, person is not None and device)
    if person is not None and visitor is not None:
        assert asker.by == person
        assert asker.whose(trace_of(visitor)) == visitor
        assert asker.whose(trace_of(person, named=True)) == person
        assert asker.whose("nobody's") == person


def test_somebody_new_is_a_device_once_they_act() -> None:
    request, _visitor = request_of(None, device=False)
    asker = acting(request)
    assert asker.device is not None
    assert COOKIE in remembered(HttpResponse(), asker).cookies
    assert remembered(HttpResponse(), asker_of(request_of(Person(pk=7), device=False)[0])).cookies == {}
