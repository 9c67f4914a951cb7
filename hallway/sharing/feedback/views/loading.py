"""Who acts, and on which session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit.actors import Visitor
from hallway.kit.refusal import NothingHere
from hallway.kit.visitors import know_again, new_visitor, visitor_of
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import visible_to

Page = Callable[Concatenate[HttpRequest, Session, ...], HttpResponse]


def session_page(page: Page) -> Callable[..., HttpResponse]:
    """Give a view ``(request, session, …)`` the session of its address, if this reader may open it."""

    @event_page
    @wraps(page)
    def opened(request: HttpRequest, event: Event, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = visible_to(reader_of(request)).filter(pk=pk, event=event)
        session = rows.select_related("talk").first()
        if session is None:
            raise NothingHere(_("There is no such session in this programme."))
        session.event = event
        return page(request, session, *args, **kwargs)

    return opened


def known_actor(request: HttpRequest) -> Person | Visitor | None:
    """Who reads: a person, a device that did something before, or nobody."""
    return reader_of(request) or visitor_of(request)


def actor_of(request: HttpRequest) -> Person | Visitor:
    """Who acts: a person, or their device."""
    return known_actor(request) or new_visitor()


def remembered(request: HttpRequest, response: HttpResponse, by: Person | Visitor) -> HttpResponse:
    """The answer, by which a device is known again."""
    return know_again(response, by) if isinstance(by, Visitor) else response


def number_in(request: HttpRequest, name: str) -> int:
    """An id that was sent, or 0, which nothing has."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def page_language() -> str:
    """The language of the page, in which somebody most likely writes."""
    return (get_language() or "en")[:2]
