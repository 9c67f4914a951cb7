"""Who asks: the account that is signed in, and the device by its cookie, which may have asked before signing in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from hallway.gathering.events.addresses import reader_of
from hallway.kit.actors import Visitor
from hallway.kit.visitors import know_again, new_visitor, visitor_of
from hallway.people.models import Person

from .tokens import traces_of


@dataclass(frozen=True)
class Asker:
    """The person who reads, if any, and the device, if it ever did anything."""

    person: Person | None
    device: Visitor | None

    @property
    def traces(self) -> tuple[str, ...]:
        """By what they are known again."""
        return traces_of(*self.actors)

    @property
    def actors(self) -> list[Person | Visitor]:
        """All that somebody may act as: what they did before they signed in is theirs as well."""
        return [one for one in (self.person, self.device) if one is not None]

    @property
    def also(self) -> list[Person | Visitor]:
        """Beside who acts: the device, where that is an account."""
        return [one for one in self.actors if one != self.by]

    @property
    def is_two(self) -> bool:
        """Whether both an account and a device may have done something here."""
        return len(self.actors) > 1

    @property
    def is_new(self) -> bool:
        """Whether nothing is known of them: no account, and a device that never did anything."""
        return self.person is None and self.device is None

    def whose(self, trace: str) -> Person | Visitor:
        """Which of the two a trace is of; who acts now for one that is of neither."""
        return next((one for one in self.actors if trace in traces_of(one)), self.by)

    @property
    def by(self) -> Person | Visitor:
        """Who acts. Of somebody new nothing is kept until :func:`acting` gives them a device."""
        return self.person or self.device or NOBODY


NOBODY = Visitor("nobody")


def asker_of(request: HttpRequest) -> Asker:
    """Who reads this page."""
    return Asker(reader_of(request), visitor_of(request))


def acting(request: HttpRequest) -> Asker:
    """Who does something with this request; somebody new is a device from now on."""
    asker = asker_of(request)
    return Asker(None, new_visitor()) if asker.is_new else asker


def remembered(response: HttpResponse, asker: Asker) -> HttpResponse:
    """Let the device be known by its next request."""
    return know_again(response, asker.device) if asker.device is not None else response
