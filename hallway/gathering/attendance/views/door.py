"""The door: the list of those who come, on the phones of helpers and of the team, with network or without."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from heapq import nsmallest
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.gathering.events.queries import is_hidden
from hallway.kit import access, clock, live
from hallway.kit.actors import Actor, Visitor
from hallway.kit.links import as_typed, token_of
from hallway.kit.refusal import NothingHere, Refusal, require
from hallway.vocabulary.folding import fold

from .. import actions, policies, queries
from ..actions.book import BookAnswer, Line, said_when
from ..actions.door import NOT_DOOR, STAYS_AFTER
from ..entries import Book, Entry, book_of, seats_going
from ..forms.door import WalkInForm, lines_in
from ..models import Admission, CheckIn, DoorHelper, Registration
from ..tokens import Right

State = Registration.State
ON_A_PAGE = 100
MOST_ALIKE = 3
LETTERS = {
    State.GOING: "g", State.OFFERED: "o", State.WAITING: "w", State.ASKED: "a", State.DECLINED: "d",
    State.GIVEN_UP: "u",
}  # fmt: skip
ONLINE = "n"


@dataclass(frozen=True)
class Door:
    """A door somebody stands at: whose, by which right, until when, and under which address."""

    admission: Admission
    by: Actor
    helper: DoorHelper | None
    until: datetime
    path: str

    @property
    def event(self) -> Event:
        return self.admission.event


def door_by(token: str) -> Door:
    """The door a helper's link is for, open or not. 404 for links that are not true."""
    helper = queries.helper_by(token)
    admission = queries.main_admission(helper.event) if helper is not None else None
    if helper is None or admission is None:
        raise NothingHere(_("There is no door behind this link. Ask the team for a new one."))
    path = reverse("attendance:helper_door", args=[token])
    return Door(admission, Visitor(f"door-{helper.pk}"), helper, policies.door_ends(helper), path)


def refuse_unless_open(door: Door, at: datetime) -> None:
    """Say why a helper's link opens nothing now."""
    helper = door.helper
    if helper is None:
        return
    if is_hidden(door.event):
        raise Refusal(
            "attendance.link_ended", _("This event is hidden at the moment, so its door is closed."), status=410
        )
    if policies.can_open_door(helper, at):
        return
    if at < helper.opens_at:
        words = _("This link opens the door on %(day)s at %(time)s. Keep it until then.")
        raise Refusal("attendance.link_too_early", words % said_when(door.admission, helper.opens_at), status=403)
    words = _("This link to the door ended on %(day)s at %(time)s. Ask the team for a new one.")
    raise Refusal("attendance.link_ended", words % said_when(door.admission, door.until), status=410)


def counter_of(admission: Admission) -> dict[str, Any]:
    """How many are here of how many, and where a page hears on: after what these figures hold already."""
    scope = f"door:{admission.event_id}"
    after = live.newest(scope)
    return {
        "came": book_of(admission).came, "going": seats_going(admission), "live": f"/live/public/{scope}?after={after}",
    }  # fmt: skip


def door_of_team(request: HttpRequest, event: Event) -> Door:
    """The door of an event for its team."""
    reader = reader_of(request)
    require(policies.can_run_door(reader, event), "attendance.not_door", NOT_DOOR)
    admission = queries.main_admission(event)
    if reader is None or admission is None or event.starts_at is None:
        raise NothingHere(_("This event has no door: it has no date yet."))
    until = (event.ends_at or event.starts_at) + STAYS_AFTER
    return Door(admission, reader, None, until, reverse("attendance:team_door", args=[event.slug]))


def in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refusals as a code and a sentence; nothing is kept on the way."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(*args, **kwargs)
        except Refusal as refusal:
            told = {"code": refusal.code, "detail": str(refusal.sentence)}
            response = JsonResponse(told, status=refusal.status)
        response["Cache-Control"] = "private, no-store"
        return response

    return answered


@access.by_token
def helper_door(request: HttpRequest, token: str) -> HttpResponse:
    """The door for whoever holds a helper's link."""
    door = door_by(token)
    try:
        refuse_unless_open(door, clock.now())
    except Refusal as refusal:
        context = {"event": door.event, "refusal": refusal, "door": door}
        return render(request, "attendance/door_closed.html", context, status=refusal.status)
    return _page(request, door)


@access.ruled("can_run_door")
@event_page
def team_door(request: HttpRequest, event: Event) -> HttpResponse:
    """The same for the team, signed in."""
    return _page(request, door_of_team(request, event))


@access.by_token
@gzip_page
@in_json
def helper_list(request: HttpRequest, token: str) -> HttpResponse:
    """Who comes and who is here, or what changed since a line."""
    door = door_by(token)
    refuse_unless_open(door, clock.now())
    return _list(request, door)


@access.ruled("can_run_door")
@gzip_page
@in_json
@event_page
def team_list(request: HttpRequest, event: Event) -> HttpResponse:
    return _list(request, door_of_team(request, event))


@access.by_token
@in_json
def helper_book(request: HttpRequest, token: str) -> HttpResponse:
    """Lines a helper's device brings; those done before the link ended are taken even a little later."""
    return _book(request, door_by(token))


@access.ruled("can_run_door")
@in_json
@event_page
def team_book(request: HttpRequest, event: Event) -> HttpResponse:
    return _book(request, door_of_team(request, event))


def _list(request: HttpRequest, door: Door) -> HttpResponse:
    after, rev = request.GET.get("after", ""), request.GET.get("rev", "")
    known = int(after) if after.isascii() and after.isdecimal() and len(after) <= 18 else None
    return JsonResponse(changes(door, known, rev))


def _book(request: HttpRequest, door: Door) -> HttpResponse:
    if request.method != "POST":
        raise Refusal("attendance.only_post", _("Lines are sent here by the page of the door."), status=405)
    at = clock.now()
    lines, unread, after = lines_in(request.body)
    answer = _written(door, lines, at)
    told: dict[str, Any] = {
        "kept": [str(uid) for uid in answer.kept],
        "refused": [
            {"uid": line.uid, "code": line.code, "detail": str(line.sentence)} for line in [*unread, *answer.refused]
        ],
    }
    try:
        refuse_unless_open(door, at)
        told |= changes(door, after, str(request.GET.get("rev", "")))
    except Refusal as refusal:
        told["ended"] = str(refusal.sentence)
    return JsonResponse(told)


def _written(door: Door, lines: list[Line], at: datetime) -> BookAnswer:
    return actions.write_in_book(admission=door.admission, lines=lines, by=door.by, at=at, helper=door.helper)


def changes(door: Door, after: int | None, rev: str) -> dict[str, Any]:
    """The whole list, or who came or went since the line ``after`` when the list itself is still ``rev``."""
    admission = door.admission
    book, present = book_of(admission), revision_of(admission)
    told: dict[str, Any] = {"rev": present, "last": book.last_id, "came": book.came}
    if after is None or after > book.last_id or rev != present:
        rows = list(_rows(admission))
        told["going"] = sum(row[3] for row in rows if row[2] == "g")
        told["rows"] = [[*row[:4], book.seats_of(row[0]), *row[4:]] for row in rows]
        told["walk_ins"] = [[str(key), entry.name, entry.seats] for key, entry in book.walked_in.items()]
        return told
    told["going"] = seats_going(admission)
    lines = CheckIn.objects.filter(admission=admission, pk__gt=after).values_list("registration_id", "walk_in")
    touched = set(lines)
    told["here"] = [[pk, book.seats_of(pk)] for pk, _walk in touched if pk is not None]
    told["walk_ins"] = [_walked_in(walk, book) for _pk, walk in touched if walk is not None]
    return told


def _walked_in(walk: UUID, book: Book) -> list[Any]:
    entry = book.entries[walk]
    return [str(walk), entry.name, entry.seats]


def revision_of(admission: Admission) -> str:
    """Another text whenever the list of people is another: somebody new, another state, name or number of guests."""
    columns = ("pk", "name", "state", "seats", "online")
    people = list(listed(admission).order_by("pk").values_list(*columns))
    return hashlib.sha256(repr(people).encode()).hexdigest()[:12]


def listed(admission: Admission) -> Any:
    """Those a door has to know of; not those who left Hallway."""
    return admission.registrations.exclude(state=State.GIVEN_UP, name="")


def _rows(admission: Admission) -> Iterable[tuple[int, str, str, int, str, str]]:
    """Id, name, state, seats, and by what a device knows a badge or a code without holding either."""
    columns = ("pk", "name", "state", "seats", "online", "nonce", "code")
    for pk, name, state, seats, online, nonce, code in listed(admission).order_by("pk").values_list(*columns):
        badge = token_of(Right.BADGE, pk, nonce)
        yield pk, name, _letter(state, online), seats, _known_by(badge, 16), _known_by(f"{admission.pk}:{code}", 6)


def _letter(state: str, online: bool) -> str:
    """How somebody stands; whoever is not simply going ("g") is let in knowingly."""
    return ONLINE if online and state == State.GOING else LETTERS[State(state)]


def _known_by(text: str, size: int) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:size]).decode().rstrip("=")


def _page(request: HttpRequest, door: Door) -> HttpResponse:
    """The page itself: works by reload, and takes the whole list onto the device where scripts run."""
    if request.method == "POST":
        return _by_form(request, door)
    words = request.GET.get("q", "")[:100]
    admission, book = door.admission, book_of(door.admission)
    number = request.GET.get("page", "1")
    page = min(int(number), 1_000) if number.isascii() and number.isdecimal() and len(number) < 5 else 1
    rows = found(admission, words)
    shown = rows[max(page - 1, 0) * ON_A_PAGE : max(page, 1) * ON_A_PAGE]
    for row in shown:
        row.here = book.seats_of(row.pk)  # type: ignore[attr-defined]  # for the template alone
        row.letter = _letter(row.state, row.online)  # type: ignore[attr-defined]  # for the template alone
    context = {
        "event": door.event, "admission": admission, "door": door, "rows": shown, "words": words, "came": book.came,
        "going": seats_going(admission), "walk_ins": [] if words else _standing(book, rows),
        "more": page + 1 if len(rows) > page * ON_A_PAGE else None, "form": WalkInForm(),
        "until": int(door.until.timestamp() * 1000), "live": f"/live/public/door:{door.event.pk}",
    }  # fmt: skip
    response = render(request, "attendance/door.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def found(admission: Admission, words: str) -> list[Registration]:
    """Those whose name has all the words, or whose code it is; by name."""
    code, wanted = as_typed(words), fold(words).split()
    rows = [
        row
        for row in listed(admission).only("admission", "name", "state", "seats", "online", "code", "guests")
        if not words or row.code == code or all(word in fold(row.name) for word in wanted)
    ]
    return sorted(rows, key=lambda row: (fold(row.name), row.pk))


def _standing(book: Book, rows: list[Registration]) -> list[tuple[UUID, Entry, list[Registration]]]:
    """Those who walked in and are here, each with whom they may be."""
    here = [(key, entry) for key, entry in book.walked_in.items() if entry.seats]
    going = by_word(rows) if here else {}
    return [(key, entry, alike(entry.name, going)) for key, entry in here]


Called = tuple[frozenset[str], str, int, Registration]


def by_word(rows: Iterable[Registration]) -> dict[str, list[Called]]:
    """Those going to the place, under each word of their name: its words, the name folded, their id, and who it is."""
    found: dict[str, list[Called]] = {}
    for row in rows:
        if row.state == State.GOING and not row.online:
            folded = fold(row.name)
            words = frozenset(folded.split())
            for word in words:
                found.setdefault(word, []).append((words, folded, row.pk, row))
    return found


def alike(name: str, going: Mapping[str, list[Called]]) -> list[Registration]:
    """Those of whom somebody who walked in may be one, having registered since: the likeliest first.

    All words of one name are in the other: people say less at a door than they type. Whoever stands there decides.
    ``going`` is what :func:`by_word` found.
    """
    said = set(fold(name).split())
    near = {
        (len(said ^ words), folded, pk): row
        for word in said
        for words, folded, pk, row in going.get(word, ())
        if said <= words or words <= said
    }
    return [near[key] for key in nsmallest(MOST_ALIKE, near)]


def _by_form(request: HttpRequest, door: Door) -> HttpResponse:
    """One press of a button without scripts."""
    at = clock.now()
    try:
        lines = _lines_of(request, door, at)
        if lines:
            for refused in _written(door, lines, at).refused:
                messages.error(request, str(refused.sentence))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    words = request.POST.get("q", "")[:100]
    return redirect(f"{door.path}?{urlencode({'q': words})}" if words else door.path)


def _lines_of(request: HttpRequest, door: Door, at: datetime) -> list[Line]:
    if "same" in request.POST:
        return _same(request.POST["same"], door, at)
    line = _line_of(request, door, at)
    return [] if line is None else [line]


def _same(pressed: str, door: Door, at: datetime) -> list[Line]:
    """Somebody who walked in is somebody registered: as many are here as before, and they sit on one chair."""
    key, _space, number = pressed.partition(" ")
    try:
        walk, pk = UUID(key), int(number[:18])
    except ValueError:
        return []
    seats, row = book_of(door.admission).seats_of(walk), door.admission.registrations.filter(pk=pk).first()
    if row is None or not seats:
        return []
    if row.state != State.GOING or row.online:
        raise Refusal("attendance.no_seat_here", _("This person has no seat here any more. Nothing was changed."))
    out = Line(uuid4(), CheckIn.Kind.UNDONE, CheckIn.How.LIST, at, walk_in=walk, seats=seats)
    if row.came_at is not None:
        return [out]
    return [Line(uuid4(), CheckIn.Kind.CAME, CheckIn.How.LIST, at, registration_id=row.pk, seats=seats), out]


def _line_of(request: HttpRequest, door: Door, at: datetime) -> Line | None:
    """What was pressed as a line; None for what was pressed twice, or is nothing."""
    kind = CheckIn.Kind.UNDONE if "out" in request.POST else CheckIn.Kind.CAME
    pressed = request.POST.get("out") or request.POST.get("in") or ""
    if "walk_in" in request.POST:
        form = WalkInForm({"name": request.POST.get("name") or "-", "form": request.POST.get("form")})
        if not form.is_valid():
            return None
        walk, name = form.cleaned_data["form"], form.cleaned_data["name"]
        called = "" if name == "-" else name
        return Line(walk, kind, CheckIn.How.WALKED_IN, at, walk_in=walk, name=called)
    if pressed.isascii() and pressed.isdecimal() and len(pressed) <= 18:
        row = door.admission.registrations.filter(pk=int(pressed)).first()
        if row is None or (kind == CheckIn.Kind.CAME) == (row.came_at is not None):
            return None
        by_code = kind == CheckIn.Kind.CAME and row.code == as_typed(request.POST.get("q", "")[:100])
        how = CheckIn.How.CODE if by_code else CheckIn.How.LIST
        return Line(uuid4(), kind, how, at, registration_id=row.pk, seats=row.guests + 1)
    try:
        return Line(uuid4(), CheckIn.Kind.UNDONE, CheckIn.How.WALKED_IN, at, walk_in=UUID(pressed))
    except ValueError:
        return None
