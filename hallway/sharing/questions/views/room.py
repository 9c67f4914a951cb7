"""The room on a phone: for moderators and speakers, signed in or by a link.

Everything is a form that works without JavaScript; ``room.js`` sends it without leaving the page, and fetches the page
anew when something happened. What everybody may see comes at once by the floor's stream, of which nothing is left out
here: a moderator sees all. Of a question that waits to be let in those who are signed in hear by the stream of
moderators; whoever came by a link is nobody to the hub, so their page asks every few seconds as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.communities import queries as communities
from hallway.gathering.events.addresses import reader_of
from hallway.kit import access, clock
from hallway.kit.actors import Actor
from hallway.kit.links import as_typed, id_in, is_true
from hallway.kit.qr import qr_svg
from hallway.kit.refusal import NothingHere, Refusal, require
from hallway.people.models import Person
from hallway.programme.schedule.queries.visible import title_of

from .. import actions, policies, queries
from ..actions.room import NOT_MODERATOR
from ..actions.texts import typed_name
from ..addresses import no_such_floor
from ..models import Floor, Question
from ..queries import RoomNow
from ..tokens import Right, moderator_nonce, moderator_token
from .pressing import READY, press

NAME = "questions.moderator_name"
HOLDS = "questions.moderator_holds"
MOST_NAMED = 8


@dataclass(frozen=True)
class Podium:
    """Where somebody stands who moderates or speaks: on which floor, by which right, under which name and address."""

    floor: Floor
    by: Actor
    person: Person | None
    name: str
    path: str
    holds: bool = False  # of somebody without an account: whether this device took them over last

    @property
    def has_it(self) -> bool:
        """Whether the questions are with them now."""
        if self.person is not None:
            return self.floor.moderator_id == self.person.pk
        return self.holds and self.floor.moderator_id is None and self.floor.moderator_name == self.name


def podium_by(request: HttpRequest, token: str) -> Podium:
    """The floor a link for moderators is for. 404 for links that are not true, or not any more."""
    rows = queries.floors_visible_to(None).select_related("event__community", "session__talk", "moderator")
    floor = rows.filter(pk=id_in(token)).first()
    if floor is None or not is_true(Right.MODERATE, token, floor.pk, moderator_nonce(floor)):
        sentence = _(
            "This link for moderators has ended, or part of it is missing. Ask the team or the speaker for the new one."
        )
        raise NothingHere(sentence, way=reverse("questions:code"), words=_("Ask in a room, by its code"))
    name, holds = request.session.get(NAME, ""), request.session.get(HOLDS) == floor.pk
    path = reverse("questions:room_by_link", args=[token])
    return Podium(floor, policies.moderator_link(floor), None, name or _("somebody with the link"), path, holds)


def podium_of(request: HttpRequest, code: str) -> Podium:
    """The floor of a code, for those signed in who may moderate it."""
    reader = reader_of(request)
    floor = queries.floor_by_code(as_typed(code), reader)
    if floor is None:
        raise no_such_floor(code)
    require(policies.can_moderate(reader, floor), "questions.not_moderator", NOT_MODERATOR)
    if reader is None:
        raise Http404
    return Podium(floor, reader, reader, reader.name, reverse("questions:room", args=[floor.code]))


@access.ruled("can_moderate")
def room(request: HttpRequest, code: str) -> HttpResponse:
    """The room for the team and the speakers."""
    return _page(request, lambda: podium_of(request, code))


@access.by_token
def room_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for a moderator without an account."""
    return _page(request, lambda: podium_by(request, token))


def _page(request: HttpRequest, opened: Callable[[], Podium]) -> HttpResponse:
    at, kept, podium = clock.now(), _kept(request), opened()
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            done = _pressed(request, podium, at)
            return redirect(f"{podium.path}?{_with(kept, done=done)}" if done or kept else podium.path)
        except Refusal as refusal:
            context |= {"problem": refusal, "typed": request.POST}
            status = refusal.status
            podium = opened()  # as it is now
    response = render(request, _template(request), context | _context(request, podium, kept, at), status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _template(request: HttpRequest) -> str:
    if "big" in request.GET:
        return "questions/room_big.html"
    return "questions/room_merge.html" if "merge" in request.GET else "questions/room.html"


def _kept(request: HttpRequest) -> QueryDict:
    """What stays in the address from one press to the next: the order, and big type."""
    kept = QueryDict(mutable=True)
    for name in ("order", "big"):
        if name in request.GET:
            kept[name] = request.GET[name][:20]
    return kept


def _with(kept: QueryDict, **more: str) -> str:
    asked = kept.copy()
    for name, text in more.items():
        if text:
            asked[name] = text
    return asked.urlencode()


def _pressed(request: HttpRequest, podium: Podium, at: datetime) -> str:
    """Do what was pressed; what can be undone is named for the next page."""
    if request.POST.get("do") == "name":
        name = request.session[NAME] = typed_name(request.POST.get("name", ""))
        if podium.has_it:  # the others read the new one at once
            actions.hand_over_floor(floor=podium.floor, name=name, by=podium.by, at=at)
        return ""
    done = press(request.POST, podium.floor, podium.by, podium.name, at)
    if request.POST.get("do") == "take_over" and podium.person is None:
        request.session[HOLDS] = podium.floor.pk
    return done


def _context(request: HttpRequest, podium: Podium, kept: QueryDict, at: datetime) -> dict[str, Any]:
    floor, wanted = podium.floor, request.GET.get("order", "")
    order = wanted if wanted in Floor.Order.values else floor.order
    now = queries.room_now(floor, order)
    context = {
        "podium": podium, "floor": floor, "event": floor.event, "session": floor.session, "now": now, "order": order,
        "title": title_of(floor.session), "over": floor.is_over(at), "open": floor.is_open(at),
        "is_shut": floor.is_shut(at),
        "on": floor.is_live(at), "at": at, "kept": kept.urlencode(), "here": f"{podium.path}?{kept.urlencode()}",
        "orders": _orders(podium, kept), "ready": READY, "live": f"/live/public/floor:{floor.pk}",
        "room_channel": f"{'room' if podium.person else 'public/room'}:{floor.pk}",
        "follows": "merge" not in request.GET,
        "speaks": policies.is_speaker(podium.by, floor), "undo": _undo(request, now), "link": None,
        "others": _others(podium) if podium.has_it else [], "ledger": queries.ledger_of(floor),
    }  # fmt: skip
    if podium.person is not None:  # whoever is here signed in may give the link to others: policies.can_run_floor
        context["link"] = link_of(floor)
    if "big" in request.GET:
        context |= _big(request, now)
    elif "merge" in request.GET:
        context |= _merging(request, podium, now)
    return context


def _orders(podium: Podium, kept: QueryDict) -> list[tuple[str, str, str]]:
    """The three orders, their words and addresses."""
    words = {Floor.Order.VOTES: _("By votes"), Floor.Order.TIME: _("By time"), Floor.Order.NEXT: _("Whose turn")}
    return [(order, text, f"{podium.path}?{_with(kept, order=order)}") for order, text in words.items()]


def link_of(floor: Floor) -> dict[str, Any]:
    """The link for moderators without an account, as text and as a code to scan."""
    address = settings.HALLWAY_BASE_URL + reverse("questions:room_by_link", args=[moderator_token(floor)])
    return {"address": address, "code": qr_svg(address, label=_("QR code with the link for moderators"))}


def _others(podium: Podium) -> list[Person]:
    """To whom one can hand over by name: those who speak, then the team."""
    speakers = list(queries.speakers_of(podium.floor)[:MOST_NAMED])
    roles = communities.team_of(podium.floor.event.community).select_related("person")[:MOST_NAMED]
    found = {one.pk: one for one in [*speakers, *(role.person for role in roles)]}
    return [one for one in found.values() if one != podium.person][:MOST_NAMED]


UNDONE: dict[str, tuple[str, Callable[[RoomNow, int], Question | None]]] = {
    "take": ("leave", lambda now, pk: now.stage if now.stage and now.stage.pk == pk else None),
    "answer": ("unanswer", lambda now, pk: next((one for one in now.answered if one.pk == pk), None)),
    "refuse": ("take_back", lambda now, pk: next((one for one in now.refused if one.pk == pk), None)),
    "merge": ("separate", lambda now, pk: next((one for one in now.merged if one.pk == pk and one.merged_at), None)),
}


def _undo(request: HttpRequest, now: RoomNow) -> dict[str, Any] | None:
    """What was done a moment ago, while it still stands, and how it is undone."""
    verb, _dot, number = request.GET.get("done", "").partition(".")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else 0
    words = {"take": _("Being answered now."), "answer": _("Answered in the room."), "refuse": _("Not shown.")}
    words |= {"let_in": _("It is shown now."), "merge": _("Put together. Its votes stand with the other one.")}
    words["separate"] = _("Both questions stand by themselves again, each with its votes.")
    if verb in {"mute", "take_back_mute", "unmute"}:
        every = [*now.on_stage_first(), *now.waiting, *now.answered, *now.refused, *now.later]
        found = next((one for one in every if one.pk == pk and one.is_muted), None)  # type: ignore[attr-defined]  # set by the query
        return _undo_mute(found, verb) if found else None
    if verb in UNDONE:
        do, find = UNDONE[verb]
        question = find(now, pk)
        return {"question": question, "do": do, "words": words[verb]} if question else None
    return {"question": None, "words": words[verb]} if verb in words else None


def _undo_mute(question: Question, verb: str) -> dict[str, Any]:
    """One's own press is taken back alone: where another decision holds, they stay muted, and it says so."""
    if verb == "mute":
        sentence = _("Whoever asked this asks no more at this event.")
        return {"question": question, "do": "take_back_mute", "words": sentence}
    return {"question": None, "words": _("You took that back. They stay muted: another decision still holds.")}


def _big(request: HttpRequest, now: RoomNow) -> dict[str, Any]:
    """One question at a time, with the one before and the one after."""
    rows = now.on_stage_first()
    pks = [str(one.pk) for one in rows]
    wanted = request.GET.get("big", "")
    place = pks.index(wanted) if wanted in pks else 0
    return {
        "question": rows[place] if rows else None, "place": place + 1, "of": len(rows),
        "before": pks[place - 1] if place else None, "after": pks[place + 1] if place + 1 < len(rows) else None,
    }  # fmt: skip


def _merging(request: HttpRequest, podium: Podium, now: RoomNow) -> dict[str, Any]:
    """The question to put away, and those it may repeat, the likeliest first; or the one that was chosen.

    Choosing does nothing yet: the next page shows both in full, so that a thumb that slipped sees it.
    """
    every = {str(one.pk): one for one in [*now.waiting, *now.on_stage_first()]}
    question = every.get(request.GET.get("merge", ""))
    if question is None:
        sentence = _("This question is settled already. Go back to the questions of the room.")
        raise NothingHere(sentence, way=podium.path, words=_("Back to the questions"))
    shown = [*now.on_stage_first(), *now.later, *now.answered]
    others = [one for one in shown if one != question]
    into = next((one for one in others if str(one.pk) == request.GET.get("into", "")), None)
    return {"question": question, "into": into, "alike": [] if into else queries.others_alike(question, others)}
