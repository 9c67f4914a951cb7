"""Coming in: what one registers for, the mailed link, the button behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.actors import Visitor
from hallway.kit.refusal import NothingHere, Refusal
from hallway.kit.store import keep
from hallway.people.models import Person
from hallway.people.queries import gets_mail_at

from .. import actions, queries
from ..entrance import Entrance, entrance_of, entrances, next_turn
from ..forms.registering import AddressForm, ComingForm
from ..models import Admission, Registration
from ..remembering import remember
from ..templatetags.attendance import registration_url

# Whoever holds a mailed link acts for its address; who typed an address is nobody yet.
HOLDER = Visitor("registration")
State = Registration.State


def own_page(request: HttpRequest, registration: Registration) -> str:
    """Where somebody finds their registration: in their account, or by the link alone."""
    if getattr(request.user, "pk", None) != registration.person_id:
        return registration_url(registration)
    admission = registration.admission
    if admission.is_event:
        return reverse("attendance:mine", args=[admission.event.slug])
    return reverse("attendance:mine_workshop", args=[admission.event.slug, admission.pk])


def lost(request: HttpRequest) -> HttpResponse:
    """A link that is not, or no longer, true."""
    return render(request, "attendance/lost.html", {"section": "events"}, status=404)


@access.public
@event_page
def register(request: HttpRequest, event: Event, admission_id: int | None = None) -> HttpResponse:
    """What one registers for, and the one button: signed out it mails a link, signed in it registers."""
    now, person = clock.now(), reader_of(request)
    entrance = _entrance(event, admission_id)
    mine = queries.registration_of(person, entrance.admission)
    if mine is not None and mine.state in queries.ALIVE:
        return redirect(own_page(request, mine))
    if person is not None:
        return _signed_in(request, entrance, person, mine)
    form = AddressForm(request.POST if request.method == "POST" else None, request=request)
    status = 429 if form.is_bound and not form.is_valid() and form.is_busy else 200
    if form.is_bound and form.is_valid():
        try:
            _mail_link(form.cleaned_data["address"], entrance.admission)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            context = {**_about(entrance), "address": form.cleaned_data["address"]}
            return render(request, "attendance/sent.html", context)
    response = render(request, "attendance/register.html", {**_about(entrance), "form": form}, status=status)
    tags = [f"event:{event.pk}", f"community:{event.community_id}", f"seats:{event.pk}"]
    return keep(response, tags, good_until=next_turn(entrance.admission, now))


def _entrance(event: Event, admission_id: int | None) -> Entrance:
    for one in entrances([event], clock.now())[event.pk]:
        if one.admission.pk == admission_id or (admission_id is None and one.admission.is_event):
            return one
    raise NothingHere(_("You cannot register for this here. Look at the event’s page."))


def _about(entrance: Entrance) -> dict[str, Any]:
    admission = entrance.admission
    where = "" if admission.is_event else f"/{admission.pk}"
    return {
        "entrance": entrance,
        "admission": admission,
        "event": admission.event,
        "section": "events",
        "canonical": f"{reverse('attendance:register', args=[admission.event.slug]).rstrip('/')}{where}/",
    }


def _mail_link(address: str, admission: Admission) -> None:
    language = (get_language() or "en")[:2]
    actions.request_place(admission=admission, address=address, language=language, by=HOLDER, at=clock.now())


def _signed_in(request: HttpRequest, entrance: Entrance, person: Person, mine: Registration | None) -> HttpResponse:
    admission = entrance.admission
    form = ComingForm(
        request.POST if request.method == "POST" else None,
        admission=admission,
        name=mine.name if mine and mine.name else person.name,
        asks_message=entrance.asks,
    )

    def act() -> Registration:
        message = form.cleaned_data.get("message", "")
        return actions.register(
            admission=admission, person=person, message=message, by=person, at=clock.now(), **form.said
        )

    context = {"coming": form, "mine": mine}
    return _answer(request, form, act, "attendance/register.html", lambda: {**_about(entrance), **context})


def _answer(
    request: HttpRequest,
    form: ComingForm,
    act: Callable[[], Registration],
    template: str,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """The form, what was typed kept; or on to the page of the registration it made."""
    status = 200
    if form.is_bound and form.is_valid():
        try:
            registration = act()
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            response = redirect(f"{own_page(request, registration)}?done=registered")
            remember(request, response, registration)
            return response
    return render(request, template, context(), status=status)


@access.by_token
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: who comes, and the button. Opening it changes nothing, since mail scanners do."""
    found = queries.request_by(token)
    if found is None:
        return lost(request)
    admission = found.admission
    if found.registration is not None:
        return _there_already(request, found.registration, admission)
    if found.expires_at <= clock.now():
        return _too_old(request, admission)

    def act(form: ComingForm) -> Registration:
        message = form.cleaned_data.get("message", "")
        return actions.confirm_request(request=found, message=message, by=HOLDER, at=clock.now(), **form.said)

    return _behind_link(request, admission, found.address, act)


@access.by_token
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Behind an invitation of the team: the same form; whoever holds it need not wait for a yes."""
    found = queries.invitation_by(token)
    if found is None:
        return lost(request)
    admission = found.admission
    if found.withdrawn_at is not None:
        context = {"event": admission.event, "section": "events"}
        return render(request, "attendance/taken_back.html", context, status=410)
    if found.registration is not None and found.registration.state in queries.ALIVE:
        return _there_already(request, found.registration, admission)

    def act(form: ComingForm) -> Registration:
        language = (get_language() or "en")[:2]
        return actions.accept_invitation(invitation=found, language=language, by=HOLDER, at=clock.now(), **form.said)

    return _behind_link(request, admission, found.address, act, invited=True)


def _there_already(request: HttpRequest, registration: Registration, admission: Admission) -> HttpResponse:
    registration.admission = admission
    response = redirect(own_page(request, registration))
    remember(request, response, registration)
    return response


def _too_old(request: HttpRequest, admission: Admission) -> HttpResponse:
    now = clock.now()
    entrance = entrance_of(admission, queries.seats_of(admission, now), now)
    context = {**_about(entrance), "form": AddressForm(request=request), "too_old": True}
    return render(request, "attendance/register.html", context, status=410)


def _behind_link(
    request: HttpRequest,
    admission: Admission,
    address: str,
    act: Callable[[ComingForm], Registration],
    *,
    invited: bool = False,
) -> HttpResponse:
    posted = request.method == "POST"
    # Whoever opens the page holds the mail, so it may say the name that belongs to the address.
    known = None if posted else gets_mail_at(address)
    there = queries.registration_of(known, admission)
    if there is not None and (there.state in queries.ALIVE or (there.state == State.DECLINED and not invited)):
        return _there_already(request, there, admission)
    form = ComingForm(
        request.POST if posted else None,
        admission=admission,
        name=known.name if known else "",
        asks_message=admission.how == Admission.How.APPROVAL and not invited,
    )

    def context() -> dict[str, Any]:
        now = clock.now()
        entrance = entrance_of(admission, queries.seats_of(admission, now), now)
        may = entrance.is_open or (invited and entrance.state == "invited")
        about = {name: value for name, value in _about(entrance).items() if name != "canonical"}
        return {**about, "coming": form, "address": address, "invited": invited, "may": may}

    return _answer(request, form, lambda: act(form), "attendance/confirm.html", context)
