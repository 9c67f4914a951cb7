"""An evening that is on now, with people on its list, in the database of a running demonstration.

Run as a program in that instance's environment: ``python -m tests.journeys.evening SLUG NUMBER`` prints a JSON line
with the addresses of its door and its wall.
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
NAMES = ("Ama Mensah", "Chloé N’Diaye", "Émile Dlamini", "Kofi Adjei", "Lerato Nkosi", "Naledi Botha", "Sipho Zulu")


def open_evening(folder: Path, slug: str, number: int = 7) -> dict[str, Any]:
    """Make it in a process of its own, beside the server; what its pages are called."""
    environment = {**os.environ, "HALLWAY_MODE": "demo", "HALLWAY_DATA": str(folder)}
    for name in ("HALLWAY_DATABASE_URL", "HALLWAY_VALKEY_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tests.journeys.evening", slug, str(number)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _make(slug: str, number: int) -> dict[str, Any]:
    from hallway.gathering.attendance import actions as attendance
    from hallway.gathering.attendance import queries
    from hallway.gathering.attendance.models import Registration
    from hallway.gathering.attendance.tokens import Right
    from hallway.gathering.communities.models import Community
    from hallway.gathering.communities.queries import lasting_organisers
    from hallway.gathering.events import actions as events
    from hallway.kit import clock
    from hallway.kit.links import new_code, new_nonce, token_of
    from hallway.people.models import Person

    now = clock.now()
    community = Community.objects.get(slug="jacaranda-developers")
    organiser = lasting_organisers(community.pk)[0].person
    event = events.create_event(
        community=community, title={"en": "Doors and their people", "fr": "Les portes et leurs gens"},
        zone="Africa/Johannesburg", starts_at=now - timedelta(minutes=20), ends_at=now + timedelta(hours=4),
        attendance="on_site", by=organiser, at=now,
    )  # fmt: skip
    event = events.rename_event(event=event, slug=slug, by=organiser, at=now)
    events.publish_event(event=event, by=organiser, at=now)
    event.refresh_from_db()
    admission = queries.main_admission(event)
    assert admission is not None
    people = []
    for place in range(number):
        name = NAMES[place % len(NAMES)] + (f" {place}" if place >= len(NAMES) else "")
        person = Person.objects.create(name=name, slug=f"{slug}-{place}", email=f"{slug}.{place}@example.org")
        state, guests = ("waiting", 0) if place == 3 else ("going", 2 if place == 1 else 0)
        row = Registration.objects.create(
            admission=admission, person=person, name=name, state=state, guests=guests, seats=guests + 1,
            position=place + 1, code=new_code(), nonce=new_nonce(), asked_at=now, state_at=now,
        )  # fmt: skip
        people.append({"name": name, "code": row.code, "badge": token_of(Right.BADGE, row.pk, row.nonce)})
    _helper, door = attendance.invite_helper(event=event, name="Lerato", by=organiser, at=now)
    wall = attendance.change_wall(admission=admission, by=organiser, at=now)
    return {"door": f"/door/{door}/", "wall": f"/e/{slug}/here/{wall}/", "people": people, "event": event.pk}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    django.setup()
    sys.stdout.write(json.dumps(_make(sys.argv[1], int(sys.argv[2]))) + "\n")
