"""Which entries of a file are one session in several slots, and which merely share an identifier."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from hallway.exchange.programme import SessionIn, SlotIn
from hallway.exchange.report import Report

MOST_KEY = 300
_USUAL = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as read: a session without key and slots, its slot if it has one, its identifiers,
    strongest first.

    A token reads `guid:…`, `code:…`, `id:…`, `uid:…`, `url:…`.
    """

    session: SessionIn
    slot: SlotIn | None
    tokens: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    session: SessionIn
    tokens: dict[str, None]
    slots: list[SlotIn] = field(default_factory=list)


def read_guid(raw: object) -> str:
    """The UUID in its usual writing, or an empty text when it is none."""
    if isinstance(raw, str) and _USUAL.fullmatch(raw):
        return raw
    try:
        return str(uuid.UUID(raw.strip())) if isinstance(raw, str) and len(raw) <= 50 else ""
    except ValueError:
        return ""


def made_key(*parts: object) -> str:
    """A key for what has no identifier, the same for the same parts."""
    return "made:" + hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:20]


def short_key(key: str) -> str:
    """The key itself, or one made from it when it is longer than MOST_KEY characters."""
    return key if len(key) <= MOST_KEY else made_key(key)


def gather(entries: Iterable[Entry], report: Report) -> tuple[SessionIn, ...]:
    """Entries that share an identifier and all their content become one session with several slots.

    Nothing else is joined: entries with one identifier and different content stay several sessions, told
    apart by title, start and room, and the report says so. The very same slot twice is refused. Every
    session and slot gets its key.
    """
    groups: list[_Group] = []
    known: dict[tuple[str, SessionIn], _Group] = {}
    for entry in entries:
        content = _content(entry.session)
        group = next((known[token, content] for token in entry.tokens if (token, content) in known), None)
        if group is None:
            group = _Group(entry.session, {})
            groups.append(group)
        for token in entry.tokens:
            group.tokens[token] = None
            known[token, content] = group
        if entry.slot is not None:
            _take_slot(group, entry.slot, report)
    return _with_keys(groups, report)


def _content(session: SessionIn) -> SessionIn:
    """What must agree for two entries to be one session: everything but identifiers and addresses."""
    return replace(session, key="", guid="", code="", slug="", url="", origin_url="", feedback_url="", slots=())


def _take_slot(group: _Group, slot: SlotIn, report: Report) -> None:
    same = (slot.starts_at, slot.ends_at, slot.room)
    if any((kept.starts_at, kept.ends_at, kept.room) == same for kept in group.slots):
        report.refuse("repeated-entry", title=group.session.title)
    else:
        group.slots.append(slot)


def _with_keys(groups: Sequence[_Group], report: Report) -> tuple[SessionIn, ...]:
    holders: defaultdict[str, int] = defaultdict(int)
    for group in groups:
        for token in group.tokens:
            holders[token] += 1
    for token, count in holders.items():
        if count > 1 and not token.startswith("url:"):
            report.warn("repeated-id", value=token.partition(":")[2])
    taken: set[str] = set()
    guids: set[str] = set()
    sessions = []
    for group in groups:
        key = next((token for token in group.tokens if holders[token] == 1 and token not in taken), "")
        session = replace(group.session, key=_free(key or _fallback(group), taken))
        if session.guid and holders[f"guid:{session.guid}"] > 1:
            session = replace(session, guid="")
        sessions.append(replace(session, slots=_slots_with_keys(session.key, group.slots, guids)))
    return tuple(sessions)


def _fallback(group: _Group) -> str:
    first = group.slots[0] if group.slots else None
    return made_key(
        group.session.title, first.starts_at.isoformat() if first else "", (first.room if first else "") or ""
    )


def _free(key: str, taken: set[str]) -> str:
    key = short_key(key)
    number, candidate = 1, key
    while candidate in taken:
        number += 1
        candidate = f"{key}#{number}"
    taken.add(candidate)
    return candidate


def _slots_with_keys(session_key: str, slots: Sequence[SlotIn], guids: set[str]) -> tuple[SlotIn, ...]:
    """Slots keep their guid unless another slot has it already; keys follow the order in the file."""
    keyed = []
    for number, slot in enumerate(slots, start=1):
        guid = slot.guid if slot.guid not in guids else ""
        guids.add(guid)
        keyed.append(replace(slot, key=f"slot:{guid}" if guid else f"{session_key}/{number}", guid=guid))
    return tuple(keyed)
