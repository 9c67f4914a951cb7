"""Asking, voting and telling one's case: from the code on a slide or from the session's page, in two taps.

Each of them is a form that works by itself. A script that sends the same form and asks for JSON gets the same answer
in JSON.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hallway.gathering.events.addresses import reader_of
from hallway.kit import access, clock, store
from hallway.kit.refusal import Refusal

from .. import actions, policies, queries
from ..actions.asking import NOT_YOURS
from ..addresses import floor_page, no_such_floor, no_such_question, room_page
from ..forms.asking import AskForm, CaseForm, CodeForm, EditForm
from ..models import Floor, Question
from ..remembering import Asker, acting, asker_of, remembered
from ..tokens import trace_of
from .gone import question_gone

# What one network address may send in a minute. A whole room shares one, so there are many; what one person or one
# floor bears is counted by the actions. Devices nobody has seen before get half of what a floor takes, so that whoever
# drops their cookie each time leaves room for the others; a known one is stopped long before it has used up the room's.
PACES = {
    "ask": 120, "ask_new": 30, "ask_own": 12, "vote": 6000, "case": 120, "mark": 600, "follow": 60, "similar": 1200,
}  # fmt: skip
HTTP_TOO_MANY = 429
TOO_MANY = gettext_lazy("Very much comes from your network at this moment. Wait a minute and send it again.")
GONE = gettext_lazy("There is no such question here. It may have been taken back.")


def require_room_for(request: HttpRequest, action: str, *, whose: str = "") -> None:
    """Refuse what comes from a network address too often within a minute, or from somebody by their trace.

    A number is all that is kept: a room that votes is not slowed down by a list of its votes.
    """
    minute = int(clock.now().timestamp() // 60)
    key = f"hallway.questions:{action}:{whose or get_ip(request)}:{minute}"
    cache.add(key, 0, 120)
    if cache.incr(key) > PACES[action]:
        raise Refusal("questions.busy", TOO_MANY, status=HTTP_TOO_MANY)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script sent the form."""
    return "application/json" in request.headers.get("Accept", "")


def refused_as_json(refusal: Refusal) -> JsonResponse:
    """Why not, for a script to show beside the field it is about."""
    said = {"code": refusal.code, "detail": str(refusal.sentence), "field": refusal.field or ""}
    return JsonResponse(said, status=refusal.status if refusal.status == HTTP_TOO_MANY else 200)


@access.public
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """One field for the code on a wall, for those without a camera."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        floor = queries.floor_by_code(form.cleaned_data["code"], reader_of(request))
        if floor is not None:
            return redirect(room_page(floor))
        form.add_error("code", _("No session has this code. Look at the wall again: it has six letters and figures."))
    return store.keep(render(request, "questions/code.html", {"form": form, "section": "events"}), ["questions"])


@access.public
@floor_page
def floor(request: HttpRequest, floor: Floor) -> HttpResponse:
    """The room page: what was asked, and the field to ask in."""
    if request.method == "POST":
        return _ask(request, floor)
    return _room(request, floor, AskForm(event=floor.event, person=reader_of(request)))


def _ask(request: HttpRequest, floor: Floor) -> HttpResponse:
    asker, at = acting(request), clock.now()
    form = AskForm(request.POST, event=floor.event, person=asker.person)
    status = 400
    if form.is_valid():
        try:
            _require_room_to_ask(request, asker_of(request))
            question = actions.ask_question(floor=floor, **form.said, by=asker.by, also=asker.also, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return remembered(_asked(request, floor, question, asker, form.promise), asker)
    if wants_json(request):
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        # What somebody typed wrongly is an answer of the form, and no failure for a browser to report.
        return JsonResponse({"errors": errors}, status=status if status == HTTP_TOO_MANY else 200)
    return _room(request, floor, form, status=status)


def _require_room_to_ask(request: HttpRequest, asker: Asker) -> None:
    """What one device sends beyond its own pace takes nothing from the others of its network."""
    if not asker.is_new:
        require_room_for(request, "ask_own", whose=trace_of(asker.by))
    require_room_for(request, "ask_new" if asker.is_new else "ask")


def _asked(request: HttpRequest, floor: Floor, question: Question, asker: Asker, promise: str) -> HttpResponse:
    waits = question.state == Question.State.HELD
    sentence = _("Your question is in. A moderator looks at it first.") if waits else _("Your question is in.")
    sentence = f"{sentence} {promise}".strip()
    if not wants_json(request):
        messages.success(request, sentence)
        return _told_there(floor)
    at = clock.now()
    mine = queries.mine_on(floor, asker.traces, at)
    said: dict[str, Any] = {"id": question.pk, "state": question.state, "message": sentence}
    said["mine"] = render_to_string("questions/mine.html", {"mine": mine, "floor": floor, "at": at}, request)
    if not waits:
        item = queries.question_shown(question, asker.person, at)
        context = {"item": item, "floor": floor, "opening": queries.opening_of(floor, at)}
        said["html"] = render_to_string("questions/question.html", context, request)
    return JsonResponse(said)


def _told_there(floor: Floor) -> HttpResponse:
    """The floor's page, where its message stands, with what one asked below it."""
    return redirect(f"{room_page(floor)}?mine#told")


def _room(request: HttpRequest, floor: Floor, form: AskForm, *, status: int = 200) -> HttpResponse:
    reader, at = reader_of(request), clock.now()
    order = request.GET.get("order", "top")
    session = floor.session
    session.event = floor.event
    shown = queries.floor_shown(session, reader, at, order=order if order in queries.ORDERS else "top")
    if shown is None:
        raise no_such_floor(floor.code)
    is_personal = reader is not None or "mine" in request.GET or form.is_bound
    asker = asker_of(request)
    opening = queries.opening_of(floor, at)
    context = {
        "shown": shown, "floor": floor, "event": floor.event, "session": session, "form": form, "opening": opening,
        "order": order if order in queries.ORDERS else "top", "at": at, "section": "events", "is_personal": is_personal,
        "mine": queries.mine_on(floor, asker.traces, at) if is_personal else queries.Mine(),
        "may_moderate": reader is not None and policies.can_moderate(reader, floor),
        "canonical": room_page(floor),
    }  # fmt: skip
    response = render(request, "questions/floor.html", context, status=status)
    if is_personal:
        response["Cache-Control"] = "private, no-store"
        return response
    tags = {*shown.tags, f"event:{floor.event_id}"}
    return store.keep(response, tags, good_until=queries.good_until(floor, opening, at), query=("order",))


@access.public
@require_POST
def vote(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Want a question answered, or no longer: the same button twice. A script says which (``want``)."""
    try:
        require_room_for(request, "vote")  # before anything is read, since a flood is cheap to send
        return _voted(request, code, pk=pk)
    except Refusal as refusal:
        if wants_json(request):
            return refused_as_json(refusal)
        messages.error(request, str(refusal.sentence))
        return redirect(f"{reverse('questions:floor', kwargs={'code': code})}?mine#told")


@floor_page
def _voted(request: HttpRequest, floor: Floor, pk: int) -> HttpResponse:
    asker = acting(request)
    votes, is_wanted = _vote(question_on(floor, pk), asker, request.POST.get("want", ""), clock.now())
    if wants_json(request):
        return remembered(JsonResponse({"id": pk, "votes": votes, "voted": is_wanted}), asker)
    return remembered(redirect(f"{room_page(floor)}?mine#question-{pk}"), asker)


def _vote(question: Question, asker: Asker, wants: str, at: datetime) -> tuple[int, bool]:
    """One vote for a person and their device together; without a wish the button turns. How many want it now, and
    whether this asker does.
    """
    whose: dict[str, Any] = {"question": question, "by": asker.by, "also": asker.also, "at": at}
    had = False
    if asker.is_two or wants != "yes":
        had = question.vote_rows.filter(voter_key__in=asker.traces, is_wanted=True).exists()
    if had and wants != "yes":
        return actions.take_back_vote(**whose).votes, False
    if had or wants == "no" or question.asker_key in asker.traces:
        return question.votes, had
    return actions.vote_for(**whose).votes, True


def question_on(floor: Floor, pk: int) -> Question:
    """A question of a floor; 404 for one that never was, or is of another floor."""
    question = floor.questions.filter(pk=pk).first()
    if question is None:
        raise no_such_question(floor, str(GONE))
    question.floor = floor
    return question


@access.public
@floor_page
def me_too(request: HttpRequest, floor: Floor, pk: int) -> HttpResponse:
    """Somebody has the same question, and says how it is with them."""
    asker, at = acting(request) if request.method == "POST" else asker_of(request), clock.now()
    visible = queries.questions_visible_to(asker.person).filter(floor=floor, pk=pk)
    question = visible.first()
    if question is None:
        return question_gone(request, floor, pk, asker)
    question.floor = floor
    own = queries.own_case(question, asker.traces)
    about: dict[str, Any] = {"event": floor.event, "person": asker.person, "kept": own.language if own else ""}
    form, status = CaseForm(**about, initial=_as_told(own)), 200
    if request.method == "POST":
        form = CaseForm(request.POST, **about)
        try:
            if _told(request, question, form, asker):
                return remembered(redirect(f"/q/{floor.code}/{pk}/"), asker)
            status = 400
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    item = queries.question_shown(question, asker.person, at)
    context = {
        "form": form, "item": item, "floor": floor, "event": floor.event, "own": own, "section": "events",
        "opening": queries.opening_of(floor, at), "session": floor.session,
    }  # fmt: skip
    return _private(render(request, "questions/me_too.html", context, status=status))


def _as_told(own: Any) -> dict[str, Any]:
    if own is None:
        return {}
    return {"text": own.text, "language": own.language, "named": bool(own.name), "name": own.name}


def _told(request: HttpRequest, question: Question, form: CaseForm, asker: Asker) -> bool:
    """Do what was pressed; whether it is done. Raises Refusal."""
    form.is_valid()
    require_room_for(request, "case")
    own = queries.own_case(question, asker.traces)
    if request.POST.get("do") == "withdraw":
        if own is not None:
            actions.withdraw_case(case=own, by=asker.whose(own.author_key), at=clock.now())
            messages.success(request, _("What you wrote is gone, and the vote that came with it."))
        return True
    if not form.is_valid():
        return False
    actions.tell_case(question=question, **form.said, by=asker.by, also=asker.also, at=clock.now())
    messages.success(request, _("Your case stands with the question, and your vote counts."))
    return True


@access.public
@floor_page
def edit(request: HttpRequest, floor: Floor, pk: int) -> HttpResponse:
    """Within five minutes: other words for one's question, or no question at all."""
    asker, at = asker_of(request), clock.now()
    question = question_on(floor, pk)
    if question.asker_key not in asker.traces:
        messages.error(request, str(NOT_YOURS))
        return _told_there(floor)
    form, status = EditForm(initial={"text": question.text}), 200
    if request.method == "POST":
        form = EditForm(request.POST)
        form.is_valid()
        by = asker.whose(question.asker_key)
        try:
            if request.POST.get("do") == "withdraw":
                actions.withdraw_question(question=question, by=by, at=at)
                messages.success(request, _("Your question is taken back. Nobody sees it any more."))
                return _told_there(floor)
            actions.edit_question(question=question, text=form.cleaned_data["text"], by=by, at=at)
            messages.success(request, _("Your question has its new words."))
            return _told_there(floor)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    context = {
        "form": form, "question": question, "floor": floor,
        "own": queries.Own(question, queries.standing(question, floor, at), queries.editable_until(question, at)),
        "event": floor.event, "session": floor.session, "section": "events",
    }  # fmt: skip
    return _private(render(request, "questions/edit.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
