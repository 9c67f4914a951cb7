"""Makes the demonstration on its first start; on later ones only brings the conference to the present."""

from __future__ import annotations

import sys
from datetime import timedelta

from django.db import transaction

from hallway.kit import clock
from hallway.kit.facts import announce
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.site.facts import DemonstrationPrepared

from . import asking, attendees, communities, conference, keeping, meetups, real, saying
from .people import DEMONSTRATION, settle_people

FOUNDED = timedelta(days=420)


def prepare() -> bool:
    """Make everything unless it is there. Returns whether anything was made. All of it or, when it fails, nothing."""
    now = clock.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        if FactRow.objects.filter(kind=DemonstrationPrepared.kind).exists():
            return conference.bring_to_now(now)
        if Person.objects.exists():
            raise Refusal(
                "site.no_demonstration",
                "People use this data folder for real, and a demonstration lets anybody sign in as anybody. "
                "Name another folder with --data.",
            )
        say("Inventing people and communities …")
        founded = now - FOUNDED
        people = settle_people(founded)
        made = communities.found_all(people, founded)
        say("Holding twelve months of meet-ups …")
        meetups.hold_all(made, people, now)
        say("Opening a conference …")
        conference.hold(made, people, now)
        real.show_past_programme(people, founded + timedelta(days=90))
        communities.gather_members(made, people, founded)
        say("Filling the chairs …")
        attendees.gather_all(made, people, now)
        say("Asking questions …")
        asking.ask_all(made, now)
        say("Telling the speakers …")
        saying.say_all(made, people, now)
        say("Keeping what was said …")
        keeping.keep_all(made, people, now)
        announce(DemonstrationPrepared(), by=DEMONSTRATION, at=now)
    return True


def say(words: str) -> None:
    """Progress, for the person at the keyboard."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
