"""A talk that is on now, and that is given again elsewhere, in the database of a running demonstration.

Run as a program in that instance's environment: ``python -m tests.journeys.rooms SLUG`` prints a JSON line with the
code of its floor, the link for moderators, and the addresses of both sessions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def open_room(folder: Path, slug: str, offset: int = 0) -> dict[str, Any]:
    """Make it in a process of its own, beside the server, whose clock is moved by so many seconds."""
    environment = {
        **os.environ, "HALLWAY_MODE": "demo", "HALLWAY_DATA": str(folder), "HALLWAY_CLOCK_OFFSET": str(offset),
    }  # fmt: skip
    for name in ("HALLWAY_DATABASE_URL", "HALLWAY_VALKEY_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tests.journeys.rooms", slug]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _make(slug: str) -> dict[str, Any]:
    from django.db import transaction

    from hallway.gathering.communities.models import Community
    from hallway.gathering.communities.queries import lasting_organisers
    from hallway.gathering.events import actions as events
    from hallway.kit import clock
    from hallway.people.models import Person
    from hallway.programme.schedule import actions as schedule
    from hallway.programme.talks.actions import write_talk
    from hallway.sharing.questions.models import Floor
    from hallway.sharing.questions.tokens import moderator_token

    now = clock.now()
    jacaranda, lake = (Community.objects.get(slug=one) for one in ("jacaranda-developers", "lake-code"))
    organiser, other = (lasting_organisers(one.pk)[0].person for one in (jacaranda, lake))
    speaker = Person.objects.get(slug="khanyi-zulu")
    with transaction.atomic():
        talk = write_talk(
            title={"en": "Clocks, and why they lie", "fr": "Les horloges, et pourquoi elles mentent"},
            languages=["en"], speakers=[speaker], by=organiser, at=now,
        )  # fmt: skip
        sessions = []
        for community, by, begins, end in (
            (jacaranda, organiser, now - timedelta(minutes=20), ""),
            (lake, other, now + timedelta(days=12), "-again"),
        ):
            event = events.create_event(
                community=community, title={"en": "An evening of clocks", "fr": "Une soirée d’horloges"},
                zone="Africa/Johannesburg", starts_at=begins, ends_at=begins + timedelta(hours=3),
                attendance="on_site", by=by, at=now,
            )  # fmt: skip
            event = events.rename_event(event=event, slug=slug + end, by=by, at=now)
            events.publish_event(event=event, by=by, at=now)
            event.refresh_from_db()
            slots = [schedule.NewSlot(begins, begins + timedelta(hours=1), None)]
            new = schedule.NewSession(kind="talk", talk=talk, title={}, track=None, plenum=False, slots=slots)
            schedule.add_sessions_in_bulk(event=event, sessions=[new], by=by, at=now)
            schedule.release_schedule(event=event, by=by, at=now)
            sessions.append(event.sessions.get())
    floor = Floor.objects.get(session=sessions[0])
    address, again = (f"/e/{one.event.slug}/sessions/{one.pk}-{one.slug}/" for one in sessions)
    return {
        "code": floor.code, "moderate": f"/q/room/{moderator_token(floor)}/", "session": address, "again": again,
        "speaker": speaker.email, "hallway": f"/e/{slug}/hallway/",
    }  # fmt: skip


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    django.setup()
    sys.stdout.write(json.dumps(_make(sys.argv[1])) + "\n")
