"""Finding the event of an address, for readers and for its team."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.refusal import require
from hallway.kit.slugs import forwarded
from hallway.people.models import Person
from hallway.programme.schedule import policies


class Moved(Exception):  # noqa: N818 - not an error, an address that is now another
    """The event has another slug now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def reader_of(request: HttpRequest) -> Person | None:
    """The person who reads, or None."""
    return request.user if isinstance(request.user, Person) else None


def event_for(request: HttpRequest, slug: str) -> Event:
    """The event of an address, if this reader may open it. Raises Http404, or Moved for an old address."""
    visible = events.visible_to(reader_of(request)).select_related("community", "venue")
    event = visible.filter(slug=slug).first()
    if event is None:
        moved = forwarded("event", slug)
        event = visible.filter(pk=moved).first() if moved else None
        if event is None:
            raise Http404
        raise Moved(event.slug)
    return event


def event_for_team(request: HttpRequest, slug: str) -> tuple[Event, Person]:
    """The event of an address and the person who edits its programme. Refuses everybody else."""
    event = event_for(request, slug)
    person = reader_of(request)
    require(
        person is not None and policies.can_edit_schedule(person, event),
        "schedule.cannot_edit",
        _("Only the programme’s team can open this page. Ask an organiser to add you."),
    )
    if person is None:
        raise Http404
    return event, person


def frame_of(event: Event, tab: str = "programme") -> dict[str, object]:
    """What the masthead of an event's pages needs."""
    return {"event": event, "tab": tab, "section": "events", "is_running": event.is_running(clock.now())}
