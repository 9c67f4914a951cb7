"""After an event: who came, in numbers, and how that was at earlier ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.policies import can_run_event
from hallway.kit import clock

from .. import queries
from ..crowds import Turnout, foresight_for, turnouts_of
from ..models import Admission, CheckIn
from .desk import Desk, team_page

EARLIER = 11
WIDTH, HEIGHT, GAP = 48, 100, 12
WAYS: dict[str, str | Promise] = {
    CheckIn.How.SELF: _("by themselves, with the code on the wall"),
    CheckIn.How.SCANNED: _("scanned at the door"),
    CheckIn.How.CODE: _("by their six characters"),
    CheckIn.How.LIST: _("ticked on the list"),
    CheckIn.How.WALKED_IN: _("let in at the door without a registration"),
}


@dataclass(frozen=True)
class Bar:
    """One event in the drawing: where its bar stands and how high it is."""

    x: int
    y: int
    height: int
    turnout: Turnout
    is_this: bool


@team_page
def after(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Came, walked in, absent, by how; and the share of earlier events beside it. Nothing about single persons."""
    at = clock.now()
    is_over = desk.admission.is_over(at)
    this = turnouts_of([desk.admission])[0]
    earlier: list[Turnout] = []
    coming: Admission | None = None
    if desk.admission.is_event and can_run_event(desk.by, desk.event):
        others = queries.closed_events_of(desk.event.community, at).exclude(pk=desk.admission.pk)
        if begins := desk.event.starts_at:
            others = others.filter(event__starts_at__lt=begins)
        earlier = [one for one in turnouts_of(others[:EARLIER]) if one.share is not None]
        coming = queries.dates_of(desk.event.series, at).first() if is_over and desk.event.series else None
    context = {
        **desk.context("after"), "is_over": is_over, "this": this, "earlier": earlier,
        "ways": [(name, this.ways[how]) for how, name in WAYS.items() if this.ways[how]],
        "bars": bars_of([*reversed(earlier), this]) if earlier and this.share is not None else [],
        "coming": coming, "foresight": foresight_for(coming, at) if coming else None,
        "height": HEIGHT, "width": (len(earlier) + 1) * (WIDTH + GAP),
    }  # fmt: skip
    return render(request, "attendance/team/after.html", context)


def bars_of(turnouts: list[Turnout]) -> list[Bar]:
    """Side by side, the last of them the event the page is about; each as high as its share of a hundred."""
    bars = []
    for number, one in enumerate(turnouts):
        height = max(1, one.share or 0)
        x = number * (WIDTH + GAP)
        bars.append(Bar(x, HEIGHT - height, height, one, number == len(turnouts) - 1))
    return bars
