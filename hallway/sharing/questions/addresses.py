"""From the code in an address to the floor the reader may open: 404, or on to the address as we write it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import reader_of
from hallway.kit.links import as_typed
from hallway.kit.refusal import NothingHere

from . import queries
from .models import Floor

LONGEST_TYPED = 20
Page = Callable[Concatenate[HttpRequest, Floor, ...], HttpResponse]


def floor_page(page: Page) -> Callable[..., HttpResponse]:
    """Give a view ``(request, floor, …)`` its floor for the ``code`` of the address.

    Stands under the access rule. Floors of sessions the reader may not open answer 404 like those that do not exist;
    small letters, spaces and hyphens lead on to the address.
    """

    @wraps(page)
    def opened(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = as_typed(code)
        floor = queries.floor_by_code(typed, reader_of(request))
        if floor is None:
            raise no_such_floor(code)
        if typed == code or request.method not in {"GET", "HEAD"} or request.resolver_match is None:
            return page(request, floor, *args, **kwargs)
        address = reverse(request.resolver_match.view_name, kwargs={"code": typed, **kwargs})
        words = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{address}?{words}" if words else address)

    return opened


def no_such_floor(code: str) -> NothingHere:
    """For letters that are no session's the reader may open: why, and the field in which to correct them."""
    sentence = _("No session has this code. Look at the wall again, or find the session in the programme.")
    typed = f"?{urlencode({'code': code})}" if len(code) <= LONGEST_TYPED else ""
    return NothingHere(sentence, way=reverse("questions:code") + typed, words=_("Type the code again"))


def no_such_question(floor: Floor, sentence: str) -> NothingHere:
    """For a question that is not there: why, and the way to the others."""
    return NothingHere(sentence, way=room_page(floor), words=_("All questions of this session"))


def room_page(floor: Floor) -> str:
    """The address of the room page, as the code on a slide says it."""
    return reverse("questions:floor", kwargs={"code": floor.code})
