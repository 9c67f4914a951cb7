"""What the team does before and while the door is open: links for helpers, the code for the wall, paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.gathering.events.views.editing import by_of
from hallway.kit import access, clock
from hallway.kit.links import token_of
from hallway.kit.localised import pick
from hallway.kit.qr import qr_svg
from hallway.kit.refusal import NothingHere, Refusal
from hallway.kit.templatetags.hallway import days, say_clock
from hallway.vocabulary.folding import fold

from .. import actions, printing
from ..actions.door import ON_PAPER, people_on_paper
from ..entries import book_of, seats_going
from ..forms.door import HelperForm
from ..models import Admission, DoorHelper, Registration
from ..tokens import Right
from .door import Door, counter_of, door_of_team
from .wall import poster_of, wall_address

State = Registration.State
SHOWN_ONCE = "attendance.helper_shown"


@access.ruled("can_run_door")
@event_page
def control(request: HttpRequest, event: Event) -> HttpResponse:
    """Everything about the door of an event on one page."""
    door = door_of_team(request, event)
    form, at = HelperForm(), clock.now()
    if request.method == "POST":
        form = HelperForm(request.POST)
        try:
            if _done(request, door, form, at):
                return redirect("attendance:door_control", slug=event.slug)
        except Refusal as refusal:
            form.refuse(refusal)
    helpers = list(event.door_helpers.select_related("made_by").order_by("-made_at", "-pk"))
    for helper in helpers:
        helper.is_open = helper.ended_at is None and at < helper.expires_at  # type: ignore[attr-defined]  # for the page
    context = {
        "event": event, "door": door, "admission": door.admission, "form": form, "helpers": helpers,
        "link": _link(request, helpers), "wall": door.admission.wall_nonce and wall_address(door.admission),
        "prints": printing.available(), "section": "events", **counter_of(door.admission),
    }  # fmt: skip
    response = render(request, "attendance/door_control.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _done(request: HttpRequest, door: Door, form: HelperForm, at: datetime) -> bool:
    """Do what was pressed; whether it was done."""
    by = door.by
    pressed = request.POST.get("do")
    if pressed == "wall":
        actions.change_wall(admission=door.admission, by=by, at=at)
        messages.success(request, _("The wall has a new code. An older one opens nothing any more."))
        return True
    if pressed == "end":
        number = request.POST.get("helper", "")
        pk = int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else 0
        helper = get_object_or_404(DoorHelper.objects.select_related("event"), pk=pk, event=door.event)
        actions.end_helper(helper=helper, by=by, at=at)
        messages.success(request, _("The link of %(name)s has ended.") % {"name": helper.name})
        return True
    if pressed != "invite" or not form.is_valid():
        return False
    helper, _token = actions.invite_helper(event=door.event, name=form.cleaned_data["name"], by=by, at=at)
    request.session[SHOWN_ONCE] = helper.pk
    return True


def _link(request: HttpRequest, helpers: list[DoorHelper]) -> dict[str, Any] | None:
    """The link that was just made: it is shown this once."""
    pk = request.session.pop(SHOWN_ONCE, None) if request.method == "GET" else None
    helper = next((row for row in helpers if row.pk == pk), None)
    if helper is None:
        return None
    token = token_of(Right.DOOR, helper.pk, helper.nonce)
    address = settings.HALLWAY_BASE_URL + reverse("attendance:helper_door", args=[token])
    label = _("QR code with the link for %(name)s") % {"name": helper.name}
    return {"helper": helper, "address": address, "code": qr_svg(address, label=label)}


@access.ruled("can_run_door")
@event_page
def paper(request: HttpRequest, event: Event) -> HttpResponse:
    """The door list as a page to print, without anything installed: noted for those on it, as every list on paper."""
    door = door_of_team(request, event)
    if request.method != "POST":
        return redirect("attendance:door_control", slug=event.slug)
    rows = _by_name(people_on_paper(door.admission, "list"))
    if rows:
        actions.print_people(admission=door.admission, what="list", by=by_of(request), at=clock.now())
    book = book_of(door.admission)
    for row in rows:
        row.here = book.seats_of(row.pk)  # type: ignore[attr-defined]  # for the template alone
    context = {
        "event": event,
        "rows": rows,
        "going": seats_going(door.admission),
        "at": clock.now(),
        "blanks": "123456",
    }
    response = render(request, "attendance/door_paper.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _by_name(rows: Iterable[Registration]) -> list[Registration]:
    return sorted(rows, key=lambda row: (fold(row.name), row.pk))


@access.ruled("can_run_door")
@event_page
def printed(request: HttpRequest, event: Event, what: str) -> HttpResponse:
    """Badges, the poster or the door list as PDF. What names people is a POST, noted for those who are on it."""
    door = door_of_team(request, event)
    makers = {"badges": _badges, "poster": _poster, "list": _door_list}
    if what not in makers:
        raise NothingHere(_("There is nothing of this kind to print."))
    if what in ON_PAPER:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        actions.print_people(admission=door.admission, what=what, by=by_of(request), at=clock.now())
    made = makers[what](door.admission, (get_language() or "en")[:2])
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}-{what}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _badges(admission: Admission, language: str) -> bytes:
    badges = []
    for row in _by_name(people_on_paper(admission, "badges")):
        badges.append(printing.Badge(row.name, row.code, token_of(Right.BADGE, row.pk, row.nonce)))
        badges += [printing.Badge("", guest_of=row.name) for _guest in range(row.guests)]
    return printing.badge_sheet(
        badges, event_title=pick(admission.event.title).text, language=language, hue=admission.event.hue
    )


def _when(event: Event) -> str:
    starts_at = event.starts_at
    clock_time = say_clock(starts_at.astimezone(event.tz)) if starts_at else ""
    return f"{days(starts_at, event.ends_at, event.zone)}, {clock_time}" if starts_at else ""


def _poster(admission: Admission, language: str) -> bytes:
    event = admission.event
    where = event.venue.name if event.venue is not None else ""
    return printing.poster(
        pick(event.title).text, when=_when(event), where=where, qr_text=poster_of(admission), language=language,
        hue=event.hue,
    )  # fmt: skip


def _door_list(admission: Admission, language: str) -> bytes:
    book = book_of(admission)
    rows = [
        printing.DoorRow(
            row.name, row.code, state="" if row.state == State.GOING else str(row.get_state_display()),
            guests=[""] * row.guests, came=book.seats_of(row.pk) > 0,
        )
        for row in _by_name(people_on_paper(admission, "list"))
    ]  # fmt: skip
    as_of = clock.now().astimezone(admission.event.tz)
    return printing.door_list(
        rows, event_title=pick(admission.event.title).text, language=language, when=_when(admission.event),
        as_of=say_clock(as_of), hue=admission.event.hue,
    )  # fmt: skip
