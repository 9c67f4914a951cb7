"""A real instance for the benches: invented programmes of 1,000 and 100 talks, served as a person would serve them."""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.loader import cpu_seconds

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("HALLWAY_BENCH_PORT", "8765"))
WORDS = [
    "small",
    "databases",
    "that",
    "survive",
    "a",
    "power",
    "cut",
    "and",
    "what",
    "a",
    "community",
    "of",
    "three",
    "learned",
    "while",
    "running",
    "them",
    "in",
    "public",
    "clinics",
    "schools",
    "workshops",
    "tests",
    "queues",
    "maps",
    "sensors",
    "types",
    "parsers",
    "packages",
    "deploys",
    "reviews",
    "mentors",
    "questions",
]


@dataclass(frozen=True)
class Size:
    """How large an invented event is; BENCHMARKS has 1,000 talks, 852 speakers, 35 rooms, 2 days."""

    slug: str
    talks: int
    people: int
    rooms: int


LARGE = Size("large_conf", 1000, 852, 35)
MEDIUM = Size("medium_conf", 100, 90, 8)


@dataclass(frozen=True)
class Instance:
    """A served instance: its address, the supervising process, the folder, a signed-in organiser's cookie."""

    url: str
    pid: int
    data: Path
    cookie: str
    seconds_to_first_answer: float


def say(name: str, value: float, unit: str, **more: object) -> None:
    """Print one figure."""
    machine = f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores"
    machine += f", load {os.getloadavg()[0]:.1f}"
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "on": machine, **more}), flush=True)


def write_programme(size: Size, path: Path) -> None:
    """An invented frab schedule.json, the same every time."""
    from hallway.exchange import frab_json
    from hallway.exchange.programme import PersonIn, Programme, RoomIn, SessionIn, SlotIn, SpeakerIn, TrackIn

    chance = random.Random(size.talks)  # noqa: S311 - invented texts, the same every time

    def sentence(words: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize()

    begin = datetime(2027, 5, 13, 7, 0, tzinfo=UTC)
    sessions = []
    for number in range(size.talks):
        room, place = number % size.rooms, number // size.rooms
        per_day = -(-size.talks // size.rooms // 2)
        starts_at = begin + timedelta(days=place // per_day, minutes=35 * (place % per_day))
        speakers = chance.sample(range(size.people), chance.choice([1, 1, 1, 2]))
        guid = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        sessions.append(
            SessionIn(
                key=str(number), title=sentence(7), guid=guid, abstract=sentence(90), languages=("en",),
                language_raw="en", track=str(number % 8), speakers=tuple(SpeakerIn(str(person)) for person in speakers),
                slots=(SlotIn(str(number), starts_at, starts_at + timedelta(minutes=30), str(room), guid, number + 1),),
            )
        )  # fmt: skip
    programme = Programme(
        title=size.slug.replace("_", " ").title(), slug=size.slug, zone=ZoneInfo("Europe/Paris"),
        base_url=f"https://{size.slug}.example/",
        rooms=tuple(RoomIn(str(n), f"Room {n + 1}", position=n, capacity=80) for n in range(size.rooms)),
        tracks=tuple(TrackIn(str(n), f"Track {n + 1}") for n in range(8)),
        people=tuple(PersonIn(str(n), f"Ada Example {n + 1}", id=n + 1) for n in range(size.people)),
        sessions=tuple(sessions),
    )  # fmt: skip
    path.write_bytes(frab_json.write(programme))


def cpu_of_children() -> float:
    """Seconds of CPU used so far by the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def command(environment: dict[str, str], *arguments: str) -> str:
    """Run ``hallway`` and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "hallway", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"hallway {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from hallway.people.models import Person
from hallway.kit import clock
person = Person.objects.create(name="Bench", slug="bench", email="bench@example.org", claimed_at=clock.now(),
                               is_administrator=True)
store = SessionStore()
store[SESSION_KEY] = str(person.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = person.get_session_auth_hash()
store.save()
print("cookie", f"{settings.SESSION_COOKIE_NAME}={store.session_key}")
"""


@contextmanager
def served(folder: Path) -> Iterator[Instance]:
    """Import both events, sign an organiser in, serve, and end the server."""
    url = f"http://localhost:{PORT}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
    environment |= {"HALLWAY_DATA": str(folder / "data"), "HALLWAY_BASE_URL": url}
    command(environment, "manage", "migrate", "-v0")
    for size in (LARGE, MEDIUM):
        source = folder / f"{size.slug}.json"
        write_programme(size, source)
        before, began = cpu_of_children(), time.perf_counter()
        command(environment, "import", str(source), "--community", "bench-community", "--json")
        wall = round(time.perf_counter() - began, 1)
        say(f"import_{size.talks}", cpu_of_children() - before, "s CPU", to_reach=10, wall_s=wall)
    printed = command(environment, "manage", "shell", "--no-imports", "-c", SIGN_IN)
    cookie = next(line.split(" ", 1)[1] for line in printed.splitlines() if line.startswith("cookie "))
    with running(environment) as (pid, seconds):
        instance = Instance(url, pid, folder / "data", cookie, seconds)
        say("start_to_first_answer", instance.seconds_to_first_answer, "s", to_reach=1)
        settle(instance)
        yield instance


@contextmanager
def running(environment: dict[str, str]) -> Iterator[tuple[int, float]]:
    """Serve, and end the server: its process id, and the seconds to its first answer."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "hallway", "serve", "--port", str(PORT)], cwd=ROOT, env=environment
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{environment['HALLWAY_BASE_URL']}/healthz", timeout=1):
                    break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > 60:
                    raise SystemExit("the server did not come up") from None
                time.sleep(0.01)
        yield process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(15)


def settle(instance: Instance) -> None:
    """Wait until the sweeps have worked off what the imports left: its CPU belongs to no page."""
    before, began = cpu_seconds(instance.pid), time.perf_counter()
    with closing(sqlite3.connect(f"file:{instance.data / 'hallway.sqlite3'}?mode=ro", uri=True)) as database:
        while database.execute("SELECT count(*) FROM kit_delivery WHERE done_at IS NULL").fetchone()[0]:
            if time.perf_counter() - began > 300:
                raise SystemExit("the sweeps have still something to do after five minutes")
            time.sleep(0.2)
    time.sleep(1)
    say(
        "sweeps_after_import", cpu_seconds(instance.pid) - before, "s CPU", wall_s=round(time.perf_counter() - began, 1)
    )


def first_session(url: str, slug: str) -> str:
    """The path of one session of an event, from its schedule."""
    request = urllib.request.Request(f"{url}/e/{slug}/schedule.json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        days = json.load(answer)["schedule"]["conference"]["days"]
    address: str = next(iter(days[0]["rooms"].values()))[0]["url"]
    return address.removeprefix(url)
