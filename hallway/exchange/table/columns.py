"""Opens a CSV file and suggests what its columns hold."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from hallway.exchange.findings import Unreadable, found
from hallway.exchange.opening import as_text, checked_size, encoding_of

# Our column names, and the headers in English and French that mean them, without accents, in order of weight.
_HEADERS: dict[str, str] = {
    "title": "title|titre|session title|titre de la session|talk|talk title|session|sujet|subject|intitule",
    "start": "start|starts at|start time|begin|from|debut|heure de debut|starts|time|heure|horaire",
    "end": "end|ends at|end time|until|to|fin|heure de fin|ends|finish",
    "date": "date|day|jour|journee|start date|date de debut",
    "end_date": "end date|date de fin",
    "duration": "duration|duree|length|minutes|duration minutes|duree minutes|duration min|duree min",
    "room": "room|salle|location|lieu|place|stage|scene|venue",
    "speakers": "speakers|speaker|speaker names|intervenants|intervenant|intervenante|intervenantes|orateurs"
    "|presenter|presenters|conferenciers|noms des intervenants|names|noms|by|par",
    "abstract": "abstract|resume|summary|accroche|short description",
    "description": "description|details|texte|content|contenu|long description",
    "subtitle": "subtitle|sous-titre|sous titre",
    "track": "track|parcours|piste|thematique|theme|category|categorie",
    "type": "type|format|kind|genre|session type|type de session|session format",
    "level": "level|niveau|difficulty|difficulte",
    "language": "language|langue|lang|languages|langues",
    "tags": "tags|etiquettes|keywords|mots-cles|mots cles|topics|sujets|themes|labels",
    "url": "url|link|lien|page|address|adresse",
    "recording_url": "recording|video|enregistrement|recording url|youtube",
    "code": "code",
    "id": "id|identifier|identifiant|number|numero|guid|uuid|session id",
    "do_not_record": "do not record|no recording|ne pas enregistrer",
    "break": "break|pause|is break",
}
COLUMNS = tuple(_HEADERS)
_BY_HEADER = {header: column for column, headers in _HEADERS.items() for header in headers.split("|")}
_MOST_CELL = 200_000
_MOST_COLUMNS = 200  # each is a choice in a page, and every row is filled up to their number
_PREVIEW_ROWS = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """A file's header, its first rows, how it is written, and which column we would take for what.

    `mapping` goes from COLUMNS to headers of the file.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping[str, str]
    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header and all its rows, each as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str


def suggest(data: bytes) -> Preview:
    """What the organiser is shown before importing. Raises Unreadable for what is no table."""
    sheet = open_sheet(data)
    return Preview(sheet.header, sheet.rows[:_PREVIEW_ROWS], suggested(sheet.header), sheet.encoding, sheet.delimiter)


def suggested(header: tuple[str, ...]) -> dict[str, str]:
    """COLUMNS to headers, by the headers' names; each is used once, the first match wins."""
    mapping: dict[str, str] = {}
    for name in header:
        column = _BY_HEADER.get(_plain(name))
        if column is not None:
            mapping.setdefault(column, name)
    return mapping


def _plain(header: str) -> str:
    bare = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold())
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return re.sub(r"[\s_:()/*.]+", " ", bare).strip()


def open_sheet(data: bytes) -> Sheet:
    """The table, whatever its delimiter and encoding. Raises Unreadable when it is none."""
    text, encoding = _decoded(checked_size(data))
    first = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(_MOST_CELL)
    try:
        lines = [tuple(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as problem:
        raise Unreadable(found("not-well-formed", detail=f"CSV, {problem}")) from None
    lines = [row for row in lines if any(cell.strip() for cell in row)]
    if len(lines) < 1 or len(lines[0]) < 2:
        raise Unreadable(found("unknown-dialect", format="CSV"))
    if len(lines[0]) > _MOST_COLUMNS:
        raise Unreadable(found("too-many-columns", limit=_MOST_COLUMNS))
    header = _unique(tuple(cell.strip() for cell in lines[0]))
    width = len(header)
    rows = tuple((row + ("",) * width)[:width] for row in lines[1:])
    return Sheet(header, rows, encoding, delimiter)


def _unique(header: tuple[str, ...]) -> tuple[str, ...]:
    """Headers told apart when they repeat or are empty."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 and name else f"{name or '?'} ({seen[name]})")
    return tuple(names)


def _decoded(data: bytes) -> tuple[str, str]:
    encoding = encoding_of(data)
    try:
        return as_text(data, encoding), encoding
    except Unreadable as problem:
        if problem.code != "wrong-encoding" or encoding != "utf-8":
            raise
    return as_text(data, "cp1252"), "cp1252"
