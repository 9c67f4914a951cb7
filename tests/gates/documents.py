"""What the documentation says is so: files it names exist, words it must explain are explained in both languages."""

from __future__ import annotations

import re
from pathlib import Path

# One word, one thing. Each stands in the glossary with its French and its name in code before its first page.
WORDS = """
community, membership, follower, member, team role, series, event, meet-up, conference, host, venue, room, admission,
registration, waiting list, check-in, call, talk, proposal, review, session, slot, release, material, question, answer,
takeaway, note, feedback, help offer, help request, meeting, round, table, connection, scouting, project, cause,
start-up community, mentor, impact, outbox, speaker, organiser, attendee, maker, founder, administrator, track, trail,
fact, refusal, panel, sweep, door, seat, edition, listing, topic, person, import, export, network, founding, invitation,
claim, break, draft, joining details, provision, search, login, seat offer, standing registration, door helper, walk-in,
workshop, questions of a session, unnamed, vote, case, queue, wall, ledger, another way, accepted answer, rendezvous,
digest, hallway, card, tool, voice, proof
""".replace("\n", " ").strip()
NAMED_FILE = re.compile(r"`((?:hallway|tests|docs|tools|benchmarks)/[\w./<>-]+|dev|pyproject\.toml|constraints\.txt)`")
PAGES = ("adding-a-feature.md", "map.md", "running.md", "operating.md", "security.md")


def violations(root: Path) -> list[str]:
    return [*_unexplained(root), *_missing_files(root), *_undecided(root)]


def _unexplained(root: Path) -> list[str]:
    """Rows of the glossary are ``| English | French | code | meaning |``."""
    rows: dict[str, list[str]] = {}
    for line in (root / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 4:
            rows[cells[0].lower()] = cells
    return [
        f"docs/glossary.md: “{word}” needs its English, French, name in code and meaning"
        for word in WORDS.split(", ")
        if word not in rows or not all(rows[word][:4])
    ]


def _missing_files(root: Path) -> list[str]:
    found = []
    for page in [*(root / "docs" / name for name in PAGES), *(root / "docs" / "decisions").glob("*.md")]:
        for name in NAMED_FILE.findall(page.read_text(encoding="utf-8")):
            if "<" not in name and not (root / name).exists():
                found.append(f"docs/{page.relative_to(root / 'docs').as_posix()}: there is no {name}")
    return found


def _undecided(root: Path) -> list[str]:
    """Decision records are numbered without gaps and say what was decided, why, and what follows."""
    found = []
    records = sorted((root / "docs" / "decisions").glob("[0-9]*.md"))
    for number, record in enumerate(records, 1):
        text = record.read_text(encoding="utf-8")
        if not record.name.startswith(f"{number:04}-"):
            found.append(f"{record.name}: expected number {number:04}")
        found += [f"{record.name}: no section “{part}”" for part in ("Why", "What follows") if f"## {part}" not in text]
    return found
