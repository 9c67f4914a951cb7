"""A talk that is on now, given elsewhere next month, in the database of a running demonstration; and its mail server.

Run as a program in that instance's environment: ``python -m tests.journeys.said talk SLUG`` prints a JSON line with the
addresses of its pages, ``… mail PORT`` sends the instance's mail to a server on this machine, ``… mail 0`` keeps it
in the house again.
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


def said(folder: Path, what: str, word: str) -> dict[str, Any]:
    """Do it in a process of its own, beside the server."""
    environment = {**os.environ, "HALLWAY_MODE": "demo", "HALLWAY_DATA": str(folder)}
    for name in ("HALLWAY_DATABASE_URL", "HALLWAY_VALKEY_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tests.journeys.said", what, word]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _talk(slug: str) -> dict[str, Any]:
    from hallway.gathering.communities.models import Community
    from hallway.gathering.communities.queries import lasting_organisers
    from hallway.gathering.events import actions as events
    from hallway.kit import clock
    from hallway.people.models import Person
    from hallway.programme.schedule.actions import NewSession, NewSlot, add_sessions_in_bulk, release_schedule
    from hallway.programme.schedule.models import Session
    from hallway.programme.talks.actions import write_talk

    now = clock.now()
    community = Community.objects.get(slug="jacaranda-developers")
    by = lasting_organisers(community.pk)[0].person
    speaker = Person.objects.create(name=f"Zola {slug}", slug=f"{slug}-zola", email=f"{slug}.zola@example.org")
    talk = write_talk(title={"en": f"Kettles {slug}"}, speakers=[speaker], public=True, by=by, at=now)
    pages = []
    for number, begins in enumerate((now - timedelta(minutes=20), now + timedelta(days=30))):
        event = events.create_event(
            community=community, title={"en": f"Kettles {number}", "fr": f"Bouilloires {number}"},
            zone="Africa/Johannesburg", starts_at=begins - timedelta(minutes=5), ends_at=begins + timedelta(hours=3),
            attendance="on_site", by=by, at=now,
        )  # fmt: skip
        event = events.rename_event(event=event, slug=f"{slug}-{number}", by=by, at=now)
        events.publish_event(event=event, by=by, at=now)
        slot = NewSlot(begins, begins + timedelta(minutes=40), None)
        new = NewSession(kind=Session.Kind.TALK, talk=talk, slots=[slot])
        add_sessions_in_bulk(event=event, sessions=[new], by=by, at=now)
        release_schedule(event=event, by=by, at=now)
        session = Session.objects.get(event=event)
        pages.append(f"/e/{event.slug}/sessions/{session.pk}-{session.slug}/")
    return {"session": pages[0], "elsewhere": pages[1], "talk": f"/talks/{talk.pk}/", "speaker": speaker.email}


def _mail(port: str) -> dict[str, Any]:
    from django.db import transaction

    from hallway.kit import instance

    with transaction.atomic():
        instance.change(
            {
                "notices.smtp_host": "127.0.0.1" if port != "0" else "",
                "notices.smtp_port": int(port) or 587,
                "notices.smtp_tls": "none",
                "notices.mail_from": "Hallway <hallway@example.org>" if port != "0" else "",
            }
        )
    return {}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    django.setup()
    sys.stdout.write(json.dumps({"talk": _talk, "mail": _mail}[sys.argv[1]](sys.argv[2])) + "\n")
