"""Writing to the team about an event, for anybody."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from hallway.gathering.communities.views.writing import write_page
from hallway.kit import access
from hallway.kit.localised import pick

from .. import policies
from ..actions import write_about_event
from ..addresses import event_page, reader_of
from ..models import Event


@access.public
@never_cache
@event_page
def write(request: HttpRequest, event: Event) -> HttpResponse:
    """A few words to those who run it."""
    return write_page(
        request,
        event.community,
        writer=reader_of(request),
        back=reverse("events:page", args=[event.slug]),
        about=pick(event.title).text,
        may_write=lambda by: policies.may_take_part(by, event),
        send=partial(write_about_event, event=event),
    )
