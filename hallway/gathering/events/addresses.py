"""From the slug in an address to the event the reader may open: 404, or on to the present address of an old one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from hallway.kit.refusal import NothingHere
from hallway.people.models import Person

from . import queries
from .models import Event

Page = Callable[Concatenate[HttpRequest, Event, ...], HttpResponse]


def reader_of(request: HttpRequest) -> Person | None:
    """The person who reads, or None."""
    return request.user if isinstance(request.user, Person) else None


def event_page(page: Page) -> Callable[..., HttpResponse]:
    """Give a view ``(request, event, …)`` its event for the ``slug`` of the address.

    Stands under the access rule. Events the reader may not open answer 404 like those that do not exist; an old slug
    of one they may open redirects, keeping the rest of the address.
    """

    @wraps(page)
    def opened(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        person = reader_of(request)
        event = queries.find(slug, person)
        if event is not None:
            return page(request, event, *args, **kwargs)
        present = queries.present_slug(slug, person)
        if present is None:
            raise NothingHere(_("There is no event at this address."))
        return HttpResponsePermanentRedirect(request.get_full_path().replace(f"/{slug}/", f"/{present}/", 1))

    return opened
