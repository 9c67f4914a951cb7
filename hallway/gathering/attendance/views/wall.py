"""The code on the wall: people say themselves that they are here. And the page that shows it to a room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.actors import Visitor
from hallway.kit.links import token_of
from hallway.kit.qr import qr_svg
from hallway.kit.refusal import NothingHere, Refusal
from hallway.kit.slugs import forwarded

from .. import actions, queries
from ..actions.book import refuse_unless_running
from ..entries import book_of
from ..forms.door import CodeForm, WalkInForm
from ..models import Admission, Registration
from ..remembering import remembered
from ..tokens import Right
from .door import counter_of, door_of_team

COOKIE = "hallway_here"
KEPT = timedelta(days=2)
_SALT = "hallway.attendance.wall"
# Codes that were wrong, within a quarter of an hour: by one device, from one network address, at one event. A room
# shares an address, so there are many; all together they are as nothing to the billion codes there are.
WRONG_CODES = {"device": "8/15m/key", "address": "60/15m/ip", "event": "300/15m/key"}
# People who walk in without a registration, within the same time: a hall of a thousand may, a script for ever may not.
WALK_INS = {"walk_in_address": "300/15m/ip", "walk_in_event": "1500/15m/key"}


@dataclass
class Device:
    """What this device did at walls lately: whose code was typed here, by admission."""

    id: UUID
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def visitor(self) -> Visitor:
        return Visitor(f"device-{self.id}")

    def walk_in(self, admission: Admission) -> UUID:
        """The one number under which somebody walks in with this device."""
        return uuid5(self.id, f"walk-in:{admission.pk}")


def device_of(request: HttpRequest) -> Device:
    """The device as its cookie says; a new one for a cookie that is not ours."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT)
        return Device(UUID(kept["id"]), kept["seen"])
    except signing.BadSignature:
        return Device(uuid4())


def know_again(response: HttpResponse, device: Device) -> HttpResponse:
    response.set_cookie(
        COOKIE, signing.dumps({"id": str(device.id), "seen": device.seen}, salt=_SALT),
        max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    return response


@access.by_token
def here(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """“I’m here”: one button for whom the page knows, the code or a name for everybody else."""
    admission = queries.admission_by_wall(token)
    if admission is None or not _is_called(admission.event, slug):
        return render(request, "attendance/here_lost.html", {}, status=404)
    device, at = device_of(request), clock.now()
    forms: dict[str, Form] = {"code": CodeForm(), "walk": WalkInForm(initial={"form": device.walk_in(admission)})}
    problem: Refusal | None = None
    try:
        refuse_unless_running(admission, at)
        if request.method == "POST" and _done(request, admission, device, forms, at):
            return know_again(redirect(request.path), device)
    except Refusal as refusal:
        problem = refusal
    book = book_of(admission)
    row, walked = _recognised(request, admission, device), book.entries.get(device.walk_in(admission))
    is_walk_in = walked is not None and walked.seats > 0
    is_going = row is not None and row.state == Registration.State.GOING
    context = {
        "event": admission.event, "admission": admission, "problem": problem, "forms": forms, "row": row,
        # Whoever walked in and stands in line besides has the one chair they sit on.
        "is_here": (row is not None and book.seats_of(row.pk) > 0) or (is_walk_in and not is_going),
        "was_here": row is None and walked is not None, "walked": walked if is_walk_in else None,
    }  # fmt: skip
    status = problem.status if problem is not None and request.method == "POST" else 200
    return know_again(render(request, "attendance/here.html", context, status=status), device)


def _is_called(event: Event, slug: str) -> bool:
    return event.slug == slug or forwarded("event", slug) == event.pk


def _recognised(request: HttpRequest, admission: Admission, device: Device) -> Registration | None:
    """Whose code was typed here, who is signed in, or whom the device knows from registering."""
    typed = device.seen.get(str(admission.pk))
    if typed is not None:
        return admission.registrations.filter(pk=typed).first()
    row = queries.registration_of(reader_of(request), admission)
    if row is not None:
        return row
    return next((found for found in remembered(request) if found.admission_id == admission.pk), None)


def _done(request: HttpRequest, admission: Admission, device: Device, forms: dict[str, Form], at: datetime) -> bool:
    """Do what was pressed; whether there is nothing more to say. Raises Refusal."""
    pressed = request.POST.get("do")
    if pressed == "code":
        return _by_code(request, admission, device, forms, at)
    if pressed == "walk":
        form = forms["walk"] = WalkInForm(request.POST)
        if not form.is_valid():
            return False
        number, name = form.cleaned_data["form"], form.cleaned_data["name"]
        _refuse_a_flood(request, admission)
        actions.walk_in(admission=admission, name=name, walk_in=number, by=device.visitor, at=at)
        return True
    row = _recognised(request, admission, device)
    if row is None:
        raise Refusal("attendance.unknown", _("Type your code or your name, so that the door knows who came."))
    walked_in = device.walk_in(admission) if pressed == "same" else None
    actions.check_self_in(registration=row, walked_in=walked_in, by=device.visitor, at=at)
    return True


def _refuse_a_flood(request: HttpRequest, admission: Admission) -> None:
    for action, key in {"walk_in_address": None, "walk_in_event": str(admission.pk)}.items():
        if not ratelimit.consume(request, app="hallway.wall", action=action, config=WALK_INS, key=key):
            raise Refusal(
                "attendance.too_many_walk_ins",
                _("Too many people said their name here in a short time. Say yours at the door."),
                status=429,
            )


def _by_code(request: HttpRequest, admission: Admission, device: Device, forms: dict[str, Form], at: datetime) -> bool:
    """Check somebody in by the six characters; each that are wrong count against whoever guesses."""
    form = forms["code"] = CodeForm(request.POST)
    if not form.is_valid():
        return False
    keys = {"device": str(device.id), "address": None, "event": str(admission.pk)}
    counted = []
    for action, key in keys.items():
        used = ratelimit.consume(request, app="hallway.wall", action=action, config=WRONG_CODES, key=key)
        if not used:
            raise Refusal(
                "attendance.too_many_codes",
                _("Too many codes were wrong. Wait a quarter of an hour, or say your name at the door."),
                status=429,
            )
        counted.append(used)
    row = admission.registrations.filter(code=form.cleaned_data["code"]).first()
    if row is None:
        sentence = _("Nobody at this event has this code. Look at your mail again, or say your name at the door.")
        form.add_error("code", sentence)
        return False
    for used in counted:
        used.rollback()
    device.seen[str(admission.pk)] = row.pk
    actions.check_self_in(registration=row, by=device.visitor, at=at)
    return True


def wall_address(admission: Admission) -> str:
    """What the code on the wall says."""
    token = token_of(Right.WALL, admission.pk, admission.wall_nonce)
    return settings.HALLWAY_BASE_URL + reverse("attendance:here", args=[admission.event.slug, token])


@access.ruled("can_run_door")
@event_page
def projector(request: HttpRequest, event: Event) -> HttpResponse:
    """The code for a whole room: huge, with words in both languages and how many are here."""
    admission = door_of_team(request, event).admission
    if not admission.wall_nonce:
        messages.info(request, _("There is no code for the wall yet. Make one here."))
        return redirect("attendance:door_control", slug=event.slug)
    context: dict[str, Any] = {
        "event": event, "code": qr_svg(wall_address(admission), label=_("QR code to check in")),
        **counter_of(admission),
    }  # fmt: skip
    return render(request, "attendance/door_wall.html", context)


def poster_of(admission: Admission) -> str:
    """The address for those without a camera; refused while there is no code."""
    if not admission.wall_nonce:
        raise NothingHere(_("There is no code for the wall yet. Make one on the page of the door."))
    return wall_address(admission)
