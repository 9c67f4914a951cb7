"""What is due for slides: reminding speakers, telling those who waited, forgetting addresses."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import sweep

from .actions.slides import forget_slides_requests, remind_of_slides, tell_slides_arrived
from .models import Session
from .queries.slides import missing_slides, to_be_told

SLIDES = SystemPerson("slides")


@sweep(every=timedelta(minutes=1))
def remind_speakers_of_slides() -> int:
    """A day and a week after a session, those speakers whose slides are missing."""
    now = clock.now()
    return sum(remind_of_slides(missing=missing, by=SLIDES, at=now) for missing in missing_slides(now))


@sweep(every=timedelta(seconds=30))
def tell_who_waits_for_slides() -> int:
    """Everybody who asked for slides that are there now, once."""
    now = clock.now()
    return sum(
        tell_slides_arrived(request=row, address=_address(row.session), by=SLIDES, at=now) for row in to_be_told(now)
    )


def _address(session: Session) -> str:
    return settings.HALLWAY_BASE_URL + reverse("session", args=[session.event.slug, session.pk, session.slug])


@sweep(every=timedelta(hours=6))
def forget_who_waited_in_vain() -> int:
    """Addresses for slides that never came."""
    return forget_slides_requests(by=SLIDES, at=clock.now())
