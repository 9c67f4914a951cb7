"""Where somebody stands, and all they can do about it: by the link from their mail, or signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hallway.gathering.communities.views.writing import write_page
from hallway.gathering.events.actions import write_about_event
from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import may_take_part
from hallway.gathering.events.queries import is_hidden
from hallway.kit import access, clock
from hallway.kit.links import token_of
from hallway.kit.localised import pick
from hallway.kit.qr import qr_svg
from hallway.kit.refusal import NothingHere, Refusal

from .. import actions, queries
from ..calendars import calendar_file
from ..entrance import entrance_of, why_not
from ..forms.registering import ComingForm, ShownForm
from ..models import Admission, Registration, StandingRegistration, StillComing
from ..remembering import remember, remembered
from ..templatetags.attendance import registration_url
from ..tokens import Right
from .attending import lost, own_page
from .lists import SAID as LISTS

State = Registration.State
TO_DO = ("give-up", "take", "coming")
# What a page says after its button, named in its address: a message in a session would make every page of somebody
# without an account personal from then on.
SAID: dict[str, str | Promise] = {
    "registered": _("Done. A mail with the same is on its way to you."),
    "taken": _("The seat is yours. A mail with a file for your calendar is on its way."),
    "given-up": _("Given up. Thank you for saying so: somebody else can come."),
    "coming": _("Good to know that you come."),
    "saved": _("Saved."),
    "alone": _("You come alone now. If a seat is free for you, it is kept for you from this moment."),
    "not-every-time": _(
        "You are no longer counted in every time. Dates you are registered for stay until you give them up."
    ),
    "every-time": _(
        "You are counted in for every date from now on. Before each we write to you, and one tap skips it."
    ),
}
# Where somebody stands by then may be another state: a page opened again does not say what was true for a moment only.
HOLDS: dict[str, tuple[str, ...]] = {
    "registered": (State.GOING, State.WAITING, State.ASKED),
    "taken": (State.GOING,),
    "coming": (State.GOING,),
    "given-up": (State.GIVEN_UP,),
    "alone": (State.GOING, State.WAITING, State.OFFERED),
}
# What lists are called that name somebody: files and paper.
TAKEN = {what: name for what, (name, _purpose) in LISTS.items()} | {"list": _("Door list"), "badges": _("Badges")}
MOST_NAMES = 60
OFF = (Event.State.CANCELLED, Event.State.POSTPONED, Event.State.DRAFT)


def theirs(view: Callable[[HttpRequest, Registration], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the registration its link is for; a page with a way on where the link is not true."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        found = queries.registration_by(token)
        if found is None or found.person.left_at is not None:
            return lost(request)
        return view(request, found)

    return opened


@access.by_token
@never_cache
@theirs
def registration(request: HttpRequest, row: Registration) -> HttpResponse:
    """Where they stand, by the link alone. Opening it does nothing but let this device know them again."""
    response = _page(request, row)
    remember(request, response, row)
    return response


@access.signed_in
@event_page
def mine(request: HttpRequest, event: Event, admission_id: int | None = None) -> HttpResponse:
    """Where the person who is signed in stands."""
    rows = Registration.objects.select_related("person", "admission__event__community", "admission__event__venue")
    which: dict[str, Any] = {"is_event": True} if admission_id is None else {"pk": admission_id}
    row = rows.filter(person=reader_of(request), admission__in=Admission.objects.filter(event=event, **which)).first()
    if row is not None:
        return _page(request, row)
    if admission_id is None:
        return redirect("attendance:register", slug=event.slug)
    if not queries.visible_to(reader_of(request)).filter(event=event, is_event=False, pk=admission_id).exists():
        raise NothingHere(_("There is no such workshop at this event."))
    return redirect("attendance:register_workshop", slug=event.slug, admission_id=admission_id)


def _page(
    request: HttpRequest,
    row: Registration,
    *,
    change: ComingForm | None = None,
    again: ComingForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    now, admission = clock.now(), row.admission
    event = admission.event
    goes = row.state == State.GOING
    is_off = event.state in OFF or admission.off_at is not None or is_hidden(event)
    is_over = admission.is_over(now)
    asked = _open_question(row) if goes and not is_over else None
    do = request.GET.get("do")
    context: dict[str, Any] = {
        "row": row, "admission": admission, "event": event, "section": "events", "goes": goes,
        "is_off": is_off, "is_over": is_over, "is_alive": row.state in queries.ALIVE and not is_over,
        "asked": asked, "do": do if do in TO_DO else "", "refusal": refusal,
        "is_on": admission.begins_at is not None and admission.begins_at <= now,
        "said": _said(request.GET.get("done", ""), row) if refusal is None else None,
        "joining": event.joining if goes and not is_off and not is_over else None,
        "exports": [(one, TAKEN.get(one.what, one.what)) for one in row.exports.select_related("by").order_by("at")],
        **_line(row, is_over=is_over),
    }  # fmt: skip
    at_door = queries.known_at_door(row) if goes and not is_over and not is_off else None
    if at_door is not None and at_door != row:
        context |= {"at_door": at_door, "at_door_page": own_page(request, at_door)}
    elif at_door is not None:
        badge = token_of(Right.BADGE, row.pk, row.nonce)
        context["qr"] = qr_svg(badge, label=str(_("Your code for the door: %(code)s") % {"code": row.code}))
    if context["is_alive"]:
        answers = queries.answers_of([row]).get(row.pk, {})
        context["has_workshops"] = admission.is_event and queries.has_workshops(row)
        context["change"] = change or ComingForm(admission=admission, registration=row, answers=answers)
        context["lacks_answers"] = any(one.required and not answers.get(one.pk) for one in context["change"].questions)
    if row.state == State.GIVEN_UP and why_not(admission, now) == "":
        context["again"] = again or ComingForm(
            admission=admission, name=row.name or row.person.name, asks_message=_asks(admission)
        )
        context["entrance"] = entrance_of(admission, queries.seats_of(admission, now), now)
    if row.state in queries.ALIVE and admission.is_event:
        context["shown"] = ShownForm(initial={"shown": row.shown})
    if admission.is_event and not is_off and not is_over:
        people = list(queries.seen_by(row)[: MOST_NAMES + 1])
        context["people"], context["more"] = people[:MOST_NAMES], len(people) > MOST_NAMES
    if event.series_id is not None and admission.is_event:
        context["series"] = event.series
        context["every_time"] = queries.standing_in(row.person, event.series)
    return render(request, "attendance/registration.html", context, status=refusal.status if refusal else 200)


def _said(done: str, row: Registration) -> str | Promise | None:
    """What the button just did, unless somebody stands elsewhere by now."""
    return SAID.get(done) if row.state in HOLDS.get(done, tuple(State.values)) else None


def _asks(admission: Admission) -> bool:
    """Whether the team reads a sentence before it says yes or no."""
    return admission.how == Admission.How.APPROVAL


def _open_question(row: Registration) -> StillComing | None:
    """Whether they still come, asked about the present date and not answered yet."""
    begins = row.admission.begins_at
    rows = row.asked_again.filter(answered_at=None)
    return rows.filter(starts_at=begins).order_by("-asked_at").first() if begins else None


def _line(row: Registration, *, is_over: bool) -> dict[str, Any]:
    """How the line goes for somebody who stands in it, and whether a free seat is theirs for the taking."""
    if row.state not in {State.WAITING, State.OFFERED} or is_over:
        return {}
    now = clock.now()
    seats = queries.seats_of(row.admission, now)
    stands = queries.standing_of(row)
    hurry = row.admission.is_first_come(now)
    free = max(seats.free or 0, 0)
    fits = seats.free is None or free >= row.seats
    return {
        "seats": seats,
        "stands": stands,
        "hurry": hurry,
        "first_come_from": None if hurry else row.admission.first_come_from,
        "may_take": row.state == State.OFFERED or (hurry and fits),
        "holds_line": not hurry and stands.ahead == 0 and 0 < free < row.seats,
        "free": free,
    }


def _button(act: Callable[[HttpRequest, Registration], str], do: str = "") -> Callable[..., HttpResponse]:
    """A button of the page: one action, then the page again. Its address opened only shows what it does."""

    @access.by_token
    @never_cache
    @theirs
    def pressed(request: HttpRequest, row: Registration) -> HttpResponse:
        page = own_page(request, row)
        if request.method != "POST":
            return redirect(f"{page}?do={do}" if do else page)
        try:
            done = act(request, row)
        except Refusal as refusal:
            now = queries.registration_by(token_of(Right.REGISTRATION, row.pk, row.nonce)) or row
            return _page(request, now, refusal=refusal)
        return redirect(f"{page}?done={done}")

    return pressed


def _take(request: HttpRequest, row: Registration) -> str:
    actions.take_seat(registration=row, by=row.person, at=clock.now())
    return "taken"


def _give_up(request: HttpRequest, row: Registration) -> str:
    actions.give_up_seat(registration=row, by=row.person, at=clock.now())
    return "given-up"


def _coming(request: HttpRequest, row: Registration) -> str:
    actions.confirm_coming(registration=row, by=row.person, at=clock.now())
    return "coming"


def _shown(request: HttpRequest, row: Registration) -> str:
    actions.change_registration(registration=row, shown=request.POST.get("shown", ""), by=row.person, at=clock.now())
    return "saved"


def _alone(request: HttpRequest, row: Registration) -> str:
    actions.change_registration(registration=row, guests=0, by=row.person, at=clock.now())
    return "alone"


def _every_time(request: HttpRequest, row: Registration) -> str:
    series = row.admission.event.series
    if series is None:
        raise Refusal("attendance.no_series", _("This event has no further dates to be counted in for."))
    if request.POST.get("do") == "end":
        if standing := queries.standing_in(row.person, series):
            actions.count_me_out(standing=standing, by=row.person, at=clock.now())
        return "not-every-time"
    actions.count_me_in(series=series, person=row.person, guests=row.guests, by=row.person, at=clock.now())
    return "every-time"


take = _button(_take, "take")
give_up = _button(_give_up, "give-up")
coming = _button(_coming, "coming")
shown = _button(_shown)
alone = _button(_alone)
every_time = _button(_every_time)


@access.signed_in
@require_POST
def end_every_time(request: HttpRequest, standing_id: int) -> HttpResponse:
    """No longer every time, from the list of what is one's own."""
    standing = get_object_or_404(StandingRegistration, pk=standing_id, person=reader_of(request))
    actions.count_me_out(standing=standing, by=standing.person, at=clock.now())
    messages.success(request, str(SAID["not-every-time"]))
    return redirect("me")


@access.by_token
@never_cache
@theirs
def change(request: HttpRequest, row: Registration) -> HttpResponse:
    """Another name, other guests, other answers; what was typed stays where it cannot be done."""
    if request.method != "POST":
        return redirect(own_page(request, row))
    form = ComingForm(request.POST, admission=row.admission, registration=row)
    if not form.is_valid():
        return _page(request, row, change=form)
    said = form.said
    guests = said["guests"] if "guests" in form.fields else None
    try:
        actions.change_registration(
            registration=row, name=said["name"], guests=guests, answers=said["answers"], by=row.person, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, row, change=form, refusal=refusal)
    return redirect(f"{own_page(request, row)}?done=saved")


@access.by_token
@never_cache
@theirs
def again(request: HttpRequest, row: Registration) -> HttpResponse:
    """They gave it up and come after all: the link still is theirs, so no other mail is needed."""
    if request.method != "POST":
        return redirect(own_page(request, row))
    form = ComingForm(request.POST, admission=row.admission, asks_message=_asks(row.admission))
    if not form.is_valid():
        return _page(request, row, again=form)
    message = form.cleaned_data.get("message", "")
    try:
        actions.register(
            admission=row.admission, person=row.person, message=message, by=row.person, at=clock.now(), **form.said
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, row, again=form, refusal=refusal)
    return redirect(f"{own_page(request, row)}?done=registered")


@access.by_token
@never_cache
@theirs
def write(request: HttpRequest, row: Registration) -> HttpResponse:
    """A few words to the team, who find the registration beside them. The link says who it is, so nothing is typed."""
    event = row.admission.event
    path = reverse("attendance:person", args=[event.slug, row.pk])
    return write_page(
        request,
        event.community,
        writer=row.person,
        back=own_page(request, row),
        about=pick(event.title).text,
        may_write=lambda by: may_take_part(by, event),
        send=partial(
            write_about_event, event=event, path=path if row.admission.is_event else f"{path}?list={row.admission_id}"
        ),
    )


@access.by_token
@never_cache
@theirs
def calendar(request: HttpRequest, row: Registration) -> HttpResponse:
    """What they go to, as a file for their calendar."""
    url = settings.HALLWAY_BASE_URL + registration_url(row)
    file = calendar_file(row, queries.known_at_door(row), (get_language() or "en")[:2], url, at=clock.now())
    if file is None:
        raise NothingHere(_("This has no date yet, so there is nothing to put into a calendar."))
    response = HttpResponse(file.text, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.filename}"'
    return response


@access.public
@never_cache
@event_page
def where(request: HttpRequest, event: Event) -> HttpResponse:
    """A line for the event's page, asked for by devices that registered: where they stand. Never stored."""
    rows = [row for row in remembered(request) if row.admission.event_id == event.pk and row.admission.is_event]
    alive = [row for row in rows if row.state in queries.ALIVE]
    return render(request, "attendance/where.html", {"row": alive[0]}) if alive else HttpResponse(status=204)
