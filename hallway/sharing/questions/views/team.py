"""For the team: every session of an event with its room, its wall and its sheet; and the sheet itself."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit import access, clock, store
from hallway.kit.localised import pick
from hallway.kit.qr import qr_file, qr_svg
from hallway.kit.refusal import NothingHere, require
from hallway.kit.templatetags.hallway import days, say_clock
from hallway.people.models import Person
from hallway.programme.schedule.queries.visible import title_of

from .. import actions, policies, printing, queries
from ..addresses import floor_page, room_page
from ..models import Floor
from .room import podium_of

NOT_TEAM = gettext_lazy("Only the event’s team sees this page. Speakers find their room on the page of their session.")


@access.ruled("can_moderate_event")
@event_page
def rooms(request: HttpRequest, event: Event) -> HttpResponse:
    """Each session with what is asked there, and the ways to its room, wall and sheet; a wall for each room.

    Who is muted at the event is let in again here, whatever became of their questions.
    """
    reader = reader_of(request)
    require(policies.can_moderate_event(reader, event), "questions.not_team", NOT_TEAM)
    muted = queries.muted_at(event)
    if request.method == "POST":
        return _let_ask_again(request, muted)
    floors = list(queries.floors_of_event(event, reader))
    context = {
        "event": event, "groups": _by_time(floors), "walls": list(event.rooms.all()), "muted": muted,
        "section": "events",
    }  # fmt: skip
    response = render(request, "questions/rooms.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _by_time(floors: list[Floor]) -> dict[str, list[dict[str, Any]]]:
    """What is on now, what comes, and what is over, the latest of that first."""
    ledgers, waiting, at = queries.ledgers_of(floors), queries.waiting_on(floors), clock.now()
    places = queries.places_of(floors)
    groups: dict[str, list[dict[str, Any]]] = {"now": [], "coming": [], "over": []}
    for one in sorted(floors, key=lambda floor: floor.starts_at is None):  # what has no time yet comes last
        when = "now" if one.is_live(at) else "over" if one.is_over(at) else "coming"
        groups[when].append({
            "floor": one, "title": title_of(one.session), "ledger": ledgers[one.pk],
            "waiting": waiting.get(one.pk, 0), "place": places.get(one.session_id, ""),
        })  # fmt: skip
    groups["over"].reverse()
    return groups


def _let_ask_again(request: HttpRequest, muted: list[queries.Muted]) -> HttpResponse:
    found = next((one.row for one in muted if str(one.row.pk) == request.POST.get("muted")), None)
    if found is None:
        raise NothingHere(_("They are not muted any more. Open the page anew."))
    actions.let_ask_again(muted=found, by=cast(Person, request.user), at=clock.now())
    messages.success(request, _("They can ask again from now on."))
    return redirect(f"{request.path}#muted")


def _sheet(floor: Floor) -> dict[str, Any]:
    address = room_page(floor)
    host = settings.HALLWAY_BASE_URL.partition("://")[2]
    event, starts = floor.event, floor.starts_at
    clock_time = say_clock(starts.astimezone(event.tz)) if starts else ""
    return {
        "qr_text": settings.HALLWAY_BASE_URL + address, "address": f"{host}{address.removesuffix(floor.code + '/')}",
        "when": f"{days(starts, floor.ends_at, event.zone)}, {clock_time}" if starts else "",
    }  # fmt: skip


PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


@access.public
@require_safe
@floor_page
def code_file(request: HttpRequest, floor: Floor, kind: str) -> HttpResponse:
    """The code alone, for a slide. The wall shows it to everybody."""
    picture = qr_file(settings.HALLWAY_BASE_URL + room_page(floor), kind)
    response = HttpResponse(picture, content_type=PICTURES[kind])
    response["Content-Disposition"] = f'attachment; filename="{floor.event.slug}-{floor.code}.{kind}"'
    return store.keep(response, [f"event:{floor.event_id}", f"floor:{floor.pk}"])


@access.ruled("can_moderate")
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as a page to print, without anything installed."""
    floor = podium_of(request, code).floor
    sheet = _sheet(floor)
    context = sheet | {
        "floor": floor, "event": floor.event, "title": title_of(floor.session), "prints": printing.available(),
        "code": qr_svg(sheet["qr_text"], label=_("QR code to ask and vote")),
    }  # fmt: skip
    response = render(request, "questions/poster.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@access.ruled("can_moderate")
@require_safe
def poster_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as a PDF in the page's language."""
    floor = podium_of(request, code).floor
    event = floor.event
    made = printing.room_poster(
        pick(title_of(floor.session)).text, event_title=pick(event.title).text, code=floor.code,
        language=(get_language() or "en")[:2], hue=event.hue, **_sheet(floor),
    )  # fmt: skip
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}-{floor.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
