"""Cuts the facts of one past programme for the demonstration: titles, speakers' names, rooms and times, nothing else.

    python -m tools.cut_devfest ../shared/data/devfest-toulouse-2018/firebase-data.json

The source is the site of DevFest Toulouse 2018 by GDG Toulouse (MIT licence), credited in NOTICE and on the page.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from hallway.exchange import hoverboard

ZONE = ZoneInfo("Europe/Paris")
TARGET = Path(__file__).resolve().parent.parent / "hallway/site/demo/content/devfest-toulouse-2018.csv"


def main() -> None:
    """Read the site's export and write one row a slot."""
    programme = hoverboard.read(Path(sys.argv[1]).read_bytes(), zone=ZONE)
    names = {person.key: person.name for person in programme.people}
    rooms = {room.key: room.name for room in programme.rooms}
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "date", "start", "end", "room", "title", "language", "type", "break", "speakers"])
        for session, slot in programme.slots():
            starts, ends = slot.starts_at.astimezone(ZONE), slot.ends_at.astimezone(ZONE)
            speakers = ", ".join(names[speaker.person] for speaker in session.speakers)
            writer.writerow(
                [
                    session.key[-40:],
                    starts.date().isoformat(),
                    f"{starts:%H:%M}",
                    f"{ends:%H:%M}",
                    rooms.get(slot.room or "", ""),
                    session.title,
                    " ".join(session.languages),
                    session.kind,
                    "yes" if session.is_break else "",
                    speakers,
                ]
            )


if __name__ == "__main__":
    main()
