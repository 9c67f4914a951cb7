"""An evening two days ago whose questions are still open, and the same talk elsewhere, in a running demonstration.

Run as a program in that instance's environment: ``python -m tests.journeys.asked_evening SLUG`` prints a JSON line
with its addresses and people, and writes the speaker's first digest.
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
QUESTIONS = (
    ("en", "How do you keep the roof dry?"), ("en", "Where does the power come from?"),
    ("fr", "Et quand il ne pleut pas ?"), ("en", "Who reads the gauge at night?"),
    ("en", "Which radio do you use?"), ("en", "Is there a recording?"),
)  # fmt: skip


def open_asked_evening(folder: Path, slug: str, url: str) -> dict[str, Any]:
    """Make it in a process of its own, beside the server; what its pages are called."""
    environment = {**os.environ, "HALLWAY_MODE": "demo", "HALLWAY_DATA": str(folder), "HALLWAY_BASE_URL": url}
    for name in ("HALLWAY_DATABASE_URL", "HALLWAY_VALKEY_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tests.journeys.asked_evening", slug]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _make(slug: str) -> dict[str, Any]:
    from hallway.gathering.communities.models import Community
    from hallway.gathering.communities.queries import lasting_organisers
    from hallway.kit import clock
    from hallway.people.models import Person
    from hallway.programme.talks.models import Speaking, Talk
    from hallway.sharing.questions import actions
    from hallway.sharing.questions.models import Floor
    from hallway.sharing.questions.sweeps import write_digests

    now = clock.now()
    community = Community.objects.get(slug="jacaranda-developers")
    organiser = lasting_organisers(community.pk)[0].person
    speaker = _person(Person, f"{slug}-speaker", "Peter Odongo", now)
    talk = Talk.objects.create(
        title={"en": "Measuring rain with radio", "fr": "Mesurer la pluie par radio"}, public_at=now, created_at=now,
        updated_at=now, written_by=speaker.actor_key,
    )  # fmt: skip
    Speaking.objects.create(talk=talk, person=speaker, position=0)
    past = _evening(community, slug, talk, now - timedelta(days=2), organiser)
    elsewhere = _evening(community, f"{slug}-again", talk, now + timedelta(days=5), organiser)
    floor = Floor.objects.get(session=past)
    asked_at = floor.ends_at - timedelta(minutes=20) if floor.ends_at else now
    askers, ids = [], []
    for number, (language, text) in enumerate(QUESTIONS):
        asker = _person(Person, f"{slug}-{number}", f"Asker {number}", now)
        question = actions.ask_question(
            floor=floor, text=text, language=language, named=True, tell=True, by=asker, at=asked_at
        )
        askers.append(asker.email)
        ids.append(question.pk)
    write_digests()
    return {
        "floor": f"/q/{floor.code}/", "questions": ids, "askers": askers, "speaker": speaker.email,
        "hallway": f"/e/{slug}/hallway/", "elsewhere": f"/e/{slug}-again/sessions/{elsewhere.pk}/", "code": floor.code,
    }  # fmt: skip


def _person(model: Any, slug: str, name: str, now: Any) -> Any:
    return model.objects.create(name=name, slug=slug, email=f"{slug}@example.org", public_at=now, claimed_at=now)


def _evening(community: Any, slug: str, talk: Any, starts_at: Any, organiser: Any) -> Any:
    """An evening with one session of an hour, released."""
    from hallway.gathering.events import actions as events
    from hallway.kit import clock
    from hallway.programme.schedule import actions as schedule

    at = min(starts_at, clock.now()) - timedelta(days=1)
    event = events.create_event(
        community=community, title={"en": "Rain evening", "fr": "Soirée pluie"}, zone="Africa/Johannesburg",
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), attendance="on_site", by=organiser, at=at,
    )  # fmt: skip
    event = events.rename_event(event=event, slug=slug, by=organiser, at=at)
    events.publish_event(event=event, by=organiser, at=at)
    event.refresh_from_db()
    room = events.add_room(event=event, name="Loft", by=organiser, at=at)
    session = schedule.add_session(event=event, kind="talk", talk=talk, by=organiser, at=at)
    schedule.add_slot(
        session=session, room=room, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), by=organiser, at=at,
    )  # fmt: skip
    schedule.release_schedule(event=event, version="1", note={}, by=organiser, at=at)
    return session


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    django.setup()
    sys.stdout.write(json.dumps(_make(sys.argv[1])) + "\n")
