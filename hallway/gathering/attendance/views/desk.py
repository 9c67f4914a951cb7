"""What the team's pages share: which event, which of its lists, and who works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.refusal import NotAllowed, NothingHere
from hallway.people.models import Person

from .. import policies, queries
from ..actions.rows import NOT_TEAM
from ..models import Admission


@dataclass(frozen=True)
class Desk:
    """An event's list on the desk of somebody who runs it. ``query`` keeps the choice of a workshop's list."""

    event: Event
    lists: list[Admission]
    admission: Admission
    by: Person

    @property
    def query(self) -> str:
        return "" if self.admission.is_event else f"?list={self.admission.pk}"

    def address(self, name: str, *things: Any) -> str:
        """A page of this list."""
        return reverse(f"attendance:{name}", args=[self.event.slug, *things]) + self.query

    def back(self, name: str, *things: Any) -> HttpResponse:
        return redirect(self.address(name, *things))

    def context(self, part: str) -> dict[str, Any]:
        """What the frame of every page needs."""
        begins = self.event.starts_at
        # The same part of another list; a person or a question of this one is none of that one.
        home = reverse(f"attendance:{'registrations' if part == 'people' else part}", args=[self.event.slug])
        return {
            "desk": self, "event": self.event, "admission": self.admission, "part": part, "section": "events",
            "home": home,
            "has_begun": begins is not None and begins <= clock.now(),
        }  # fmt: skip


Page = Callable[Concatenate[HttpRequest, Desk, ...], HttpResponse]


def team_page(page: Page) -> Callable[..., HttpResponse]:
    """Give a view ``(request, desk, …)``: the event of the address, and of its lists the one ``?list=`` names.

    Whoever may not run registrations is refused; a list of another event is not found.
    """

    @access.ruled("can_run_registrations")
    @event_page
    @wraps(page)
    def opened(request: HttpRequest, event: Event, *args: Any, **kwargs: Any) -> HttpResponse:
        by = request.user
        if not isinstance(by, Person) or not policies.can_run_registrations(by, event):
            raise NotAllowed("attendance.not_team", NOT_TEAM)
        lists = queries.lists_of(event)
        wanted = request.GET.get("list", "")
        chosen = next((one for one in lists if str(one.pk) == wanted or (not wanted and one.is_event)), None)
        if chosen is None:
            raise NothingHere(_("This event has no such list."))
        return page(request, Desk(event, lists, chosen, by), *args, **kwargs)

    return opened
