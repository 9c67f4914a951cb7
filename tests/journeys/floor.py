"""A session that is on now, with questions, in the database of a running demonstration.

Run as a program in that instance's environment: ``python -m tests.journeys.floor WORD`` prints a JSON line with the
addresses of its pages.
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
SHOWN = ("Who pays for the captions?", "How did you find the first venue without a budget?", "Is the code free?")
HELD = ("How did you find your first venue, without any budget?", "Buy my course, it is cheap")


def open_floor(folder: Path, word: str) -> dict[str, Any]:
    """Make it in a process of its own, beside the server; what its pages are called."""
    environment = {**os.environ, "HALLWAY_MODE": "demo", "HALLWAY_DATA": str(folder)}
    for name in ("HALLWAY_DATABASE_URL", "HALLWAY_VALKEY_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tests.journeys.floor", word]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _make(word: str) -> dict[str, Any]:
    from hallway.gathering.communities.models import Community
    from hallway.kit import clock
    from hallway.kit.visitors import new_visitor
    from hallway.sharing.questions import actions
    from hallway.sharing.questions.policies import QUESTIONS
    from hallway.sharing.questions.tokens import moderator_token
    from tests.factories import EventFactory, FloorFactory, PersonFactory, SessionFactory, SpeakingFactory, TalkFactory

    now = clock.now()
    times = {"starts_at": now - timedelta(minutes=10), "ends_at": now + timedelta(hours=1)}
    community = Community.objects.get(slug="jacaranda-developers")
    title = {"en": "Starting a workshop", "fr": "Lancer un atelier"}
    event = EventFactory(community=community, slug=word, title=title, **times)
    talk = TalkFactory(title=title)
    SpeakingFactory(talk=talk, person=PersonFactory(name="Thabo Nkosi", slug=f"thabo-{word}", email=None))
    session = SessionFactory(event=event, talk=talk, slug=word)
    floor = FloorFactory(session=session, event=event, queue=False, **times)
    for text in SHOWN:
        actions.ask_question(floor=floor, text=text, language="en", by=new_visitor(), at=now)
    actions.change_floor(floor=floor, changes={"queue": True}, by=QUESTIONS, at=now)
    for text in HELD:
        actions.ask_question(floor=floor, text=text, language="en", by=new_visitor(), at=now)
    return {
        "room": f"/q/room/{moderator_token(floor)}/", "team": f"/q/{floor.code}/room/", "code": floor.code,
        "wall": f"/q/{floor.code}/wall/", "ask": f"/q/{floor.code}/", "event": event.slug,
    }  # fmt: skip


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    django.setup()
    sys.stdout.write(json.dumps(_make(sys.argv[1])) + "\n")
