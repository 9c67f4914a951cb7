"""The team's list: how full it is, who waits for a yes, who is on it; the number of seats, open or closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import npgettext_lazy

from hallway.kit import clock
from hallway.kit.text import clean
from hallway.vocabulary.folding import fold

from .. import actions, queries
from ..actions.outlook import seats_outlook
from ..crowds import NOBODY, Crowd, crowds_of
from ..entrance import why_not
from ..entries import walked_in_seats
from ..forms.team import DeclineForm, SeatsForm
from ..models import Admission, AdmissionQuestion, Registration
from .desk import Desk, team_page

State = Registration.State
A_PAGE = 50
MOST_ON_TOP = 20
# Each stands under its number and agrees with it.
NAMES = {
    State.GOING.value: npgettext_lazy("under a number", "going", "going", "number"),
    State.OFFERED.value: npgettext_lazy("under a number", "seat on offer", "seats on offer", "number"),
    State.WAITING.value: npgettext_lazy("under a number", "in line", "in line", "number"),
    State.ASKED.value: npgettext_lazy("under a number", "asked", "asked", "number"),
    State.GIVEN_UP.value: npgettext_lazy("under a number", "gave up", "gave up", "number"),
    State.DECLINED.value: npgettext_lazy("under a number", "declined", "declined", "number"),
}
_QUERY = re.compile(r"[A-Za-z0-9=&%+._-]{1,500}")


@dataclass(frozen=True)
class Line:
    """A person on the list: the registration, its answers, and its place in line."""

    registration: Registration
    answers: list[tuple[AdmissionQuestion, str]]
    place: int | None = None


@dataclass(frozen=True)
class Glance:
    """How full it is: seats for those who hold one, people for the others. Who walked in sits on a seat, too."""

    crowds: dict[str, Crowd]
    total: int | None
    walked_in: int = 0

    def _of(self, state: str) -> Crowd:
        return self.crowds.get(state, NOBODY)

    @property
    def going(self) -> Crowd:
        return self._of(State.GOING)

    @property
    def offered(self) -> Crowd:
        return self._of(State.OFFERED)

    @property
    def free(self) -> int | None:
        """Seats nobody holds, below zero where more people go than there are; None for any number."""
        held = self.going.seats + self.offered.seats + self.walked_in
        return None if self.total is None else self.total - held

    @property
    def over(self) -> int:
        return max(0, -(self.free or 0))

    @property
    def shares(self) -> tuple[int, int]:
        """How long the bars of those going and of seats on offer are, of a thousand."""
        total = self.total or 1
        going = min(1000, 1000 * self.going.seats // total)
        return going, min(1000 - going, 1000 * self.offered.seats // total)

    @property
    def figures(self) -> list[tuple[str, str, int]]:
        """``(state, its name, how many)``, each a filter of the list."""
        seats: dict[str, int] = {State.GOING: self.going.seats, State.OFFERED: self.offered.seats}
        numbers = {state: seats.get(state, self._of(state).people) for state in NAMES}
        return [(state, name % {"number": numbers[state]}, numbers[state]) for state, name in NAMES.items()]


def glance_at(admission: Admission) -> Glance:
    """How full it is now; one query more while the door is open."""
    walked_in = walked_in_seats([admission], clock.now()).get(admission.pk, 0)
    return Glance(crowds_of([admission]).get(admission.pk, {}), admission.seats, walked_in)


@team_page
def registrations(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How full it is, who waits for a yes, and everybody, found by name and state."""
    words = clean(request.GET.get("q", "")[:100], limit=400, one_line=True)
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    glance = glance_at(desk.admission)
    page = Paginator(_matching(desk.admission, state, words), A_PAGE).get_page(request.GET.get("page"))
    # Whoever looks for somebody finds the list at once.
    is_top = state in {"", State.ASKED} and not words and page.number == 1
    asked = list(_asked(desk.admission)) if is_top and glance.crowds.get(State.ASKED) else []
    lines = _lines(desk.admission, [*asked, *_rows(desk.admission, list(page.object_list))])
    kept = {name: value for name, value in (("state", state), ("q", words)) if value}
    where = {"list": request.GET["list"]} if desk.query else {}
    context = {
        **desk.context("people"), "glance": glance, "asked": lines[: len(asked)], "lines": lines[len(asked) :],
        "page": page, "state": state, "words": words, "why_not": why_not(desk.admission, clock.now()),
        "seats_form": SeatsForm(initial={"seats": desk.admission.capacity}), "decline_form": DeclineForm(),
        "pager_query": f"{urlencode({**where, **kept})}&" if where or kept else "",
        "back": urlencode({**kept, **({"page": page.number} if page.number > 1 else {})}),
        "filters": _filters(glance, where, words),
    }  # fmt: skip
    return render(request, "attendance/team/registrations.html", context)


def _filters(glance: Glance, where: dict[str, str], words: str) -> list[dict[str, Any]]:
    """The figures of the glance as links that narrow the list."""
    found = {"q": words} if words else {}
    return [
        {"state": state, "name": name, "number": number, "query": urlencode({**where, "state": state, **found})}
        for state, name, number in glance.figures
    ]


def _matching(admission: Admission, state: str, words: str) -> list[int]:
    """Those in line as they stand there, all others by name; without a state those that are on.

    The database of one machine puts Émile after Zoé, so that names are sorted here, as at the door.
    """
    if state == State.WAITING:
        rows = queries.line_of(admission)
    else:
        rows = admission.registrations.filter(state__in=[state] if state else queries.ALIVE)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(person__name__icontains=words))
    found = list(rows.values_list("pk", "name", "person__name", "position"))
    if state != State.WAITING:
        found.sort(key=lambda one: (fold(one[1] or one[2] or ""), one[3]))
    return [one[0] for one in found]


def _rows(admission: Admission, ids: Sequence[int]) -> list[Registration]:
    rows = admission.registrations.select_related("person").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def _asked(admission: Admission) -> QuerySet[Registration]:
    """Those who wait for a yes, longest first."""
    rows = admission.registrations.filter(state=State.ASKED).select_related("person")
    return rows.order_by("position")[:MOST_ON_TOP]


def _lines(admission: Admission, rows: list[Registration]) -> list[Line]:
    questions = list(admission.questions.all())
    said = queries.answers_of(rows) if questions and rows else {}
    places: dict[int, int] = {}
    if any(row.state == State.WAITING for row in rows) and admission.rule != Admission.Rule.LOTTERY:
        ids = queries.line_of(admission).values_list("pk", flat=True)
        places = {pk: number for number, pk in enumerate(ids, start=1)}
    lines = []
    for row in rows:
        row.admission = admission
        answers = said.get(row.pk, {})
        lines.append(
            Line(row, [(one, one.words(answers[one.pk])) for one in questions if one.pk in answers], places.get(row.pk))
        )
    return lines


@team_page
def person(request: HttpRequest, desk: Desk, registration_id: int) -> HttpResponse:
    """One person of the list; a yes, or a no with its reason."""
    rows = Registration.objects.select_related("person").filter(admission=desk.admission)
    row = get_object_or_404(rows, pk=registration_id)
    form = DeclineForm(request.POST if request.POST.get("do") == "decline" else None)
    if request.method == "POST":
        said = _decide(request, desk, row, form)
        if said:
            messages.success(request, said)
            return redirect(_list_address(desk, request.POST.get("back", "")))
        row.refresh_from_db()
    context = {
        **desk.context("people"), "line": _lines(desk.admission, [row])[0], "row": row, "decline_form": form,
        "is_alive": row.state in queries.ALIVE, "offers": list(row.offers.order_by("made_at")),
        "back": clean_query(request.POST.get("back", "")),
    }  # fmt: skip
    return render(request, "attendance/team/person.html", context)


def _decide(request: HttpRequest, desk: Desk, row: Registration, form: DeclineForm) -> str:
    """What the pressed button says; empty when its form is not right yet."""
    row.admission = desk.admission
    name, at, wanted = row.name or row.person.name, clock.now(), request.POST.get("do")
    if wanted == "approve":
        seated = actions.approve_registration(registration=row, by=desk.by, at=at).state == State.GOING
        said = _("Yes to %(name)s: they have a seat.") if seated else _("Yes to %(name)s: they stand in line.")
        return said % {"name": name}
    if wanted != "decline" or not form.is_valid():
        return ""
    actions.decline_registration(registration=row, reason=form.cleaned_data["reason"], by=desk.by, at=at)
    return _("Declined. %(name)s gets a mail with your reason.") % {"name": name}


def clean_query(given: str) -> str:
    """The part of an address after the question mark that a form brings back, if it is like ours."""
    return given if _QUERY.fullmatch(given) else ""


def _list_address(desk: Desk, given: str) -> str:
    address, query = desk.address("registrations"), clean_query(given)
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{query}"


@team_page
def seats(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another number of seats: first what it does and whom it touches, then doing it."""
    given = request.POST if request.method == "POST" else request.GET if "seats" in request.GET else None
    form = SeatsForm(given, initial={"seats": desk.admission.capacity})
    outlook = None
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["seats"]
        if request.method == "POST":
            actions.change_seats(admission=desk.admission, seats=number, by=desk.by, at=clock.now())
            messages.success(request, _("The number of seats is changed. Those it touches get a mail."))
            return desk.back("registrations")
        outlook = seats_outlook(admission=desk.admission, capacity=number, at=clock.now())
    context = {
        **desk.context("people"), "form": form, "outlook": outlook, "glance": glance_at(desk.admission),
        "is_same": outlook is not None and form.cleaned_data["seats"] == desk.admission.capacity,
    }  # fmt: skip
    return render(request, "attendance/team/seats.html", context)


@team_page
def opening(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Close registration now, or open it."""
    if request.method == "POST":
        at, wanted = clock.now(), request.POST.get("do")
        if wanted == "close":
            actions.change_admission(admission=desk.admission, changes={"closes_at": at}, by=desk.by, at=at)
            messages.success(request, _("Registration is closed. Those in line still get seats that become free."))
        elif wanted == "open":
            changes: dict[str, Any] = {"opens_at": None}
            closes_at = desk.admission.closes_at
            if closes_at is not None and closes_at <= at:  # one that is still to come stays as it was planned
                changes["closes_at"] = None
            actions.change_admission(admission=desk.admission, changes=changes, by=desk.by, at=at)
            messages.success(request, _("Registration is open."))
    return desk.back("registrations")
