"""One question: what was said, its answers, who has it as well, and going on in person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import may_take_part
from hallway.kit import access, clock
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.text import plain

from .. import actions, policies, queries
from ..actions.answering import NOT_ANSWERING
from ..actions.meeting import NOT_THERE
from ..addresses import no_such_floor
from ..forms import AnswerForm, CaseForm, FollowForm, MeetForm
from ..forms.languages import page_language
from ..models import Answer, Floor, Question
from ..remembering import Asker, acting, asker_of, remembered
from .asking import require_room_for
from .gone import question_gone

CASE_IDS = "case_%s"  # its fields stand on one page with those of an answer


@dataclass
class Thread:
    """A question that somebody opened, and who they are."""

    request: HttpRequest
    floor: Floor
    question: Question
    hand: Asker
    at: datetime

    def back(self, part: str = "") -> HttpResponse:
        """To the page, where one was."""
        return remembered(redirect(f"{self.question.address}{f'#{part}' if part else ''}"), self.hand)


def open_thread(request: HttpRequest, code: str, pk: int) -> Thread | HttpResponse:
    """The question of an address; a page that says what to do where it is not there (any more)."""
    hand = acting(request) if request.method == "POST" else asker_of(request)
    floor = queries.floor_by_code(code, hand.person)
    if floor is None:
        raise no_such_floor(code)
    question = queries.question_at(floor, pk, hand.person)
    if question is None and hand.traces:
        question = queries.own_question(pk, floor, hand.traces)
    if question is None or question.state == Question.State.MERGED:
        return question_gone(request, floor, pk, hand)
    question.floor = floor
    return Thread(request, floor, question, hand, clock.now())


@access.public
@never_cache
def thread(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The page of one question, and the forms on it."""
    found = open_thread(request, code, pk)
    if isinstance(found, HttpResponse):
        return found
    if request.method != "POST":
        return _page(found)
    act = _ACTS.get(request.POST.get("do", ""))
    return found.back() if act is None else act(found)


def _page(found: Thread, *, status: int = 200, **forms: Any) -> HttpResponse:
    floor, question, hand = found.floor, found.question, found.hand
    answers = queries.answers_in_order(question, hand.person)
    cases = queries.cases_of(question, hand.person)
    marks = queries.marks_by(hand.traces, answers)
    occasions = queries.occasions(floor, found.at)
    is_asker = question.asker_key in hand.traces
    says = answering(found)
    speaks = policies.is_speaker(hand.person, floor)
    context = {
        "section": "events",
        "event": floor.event,
        "floor": floor,
        "session": floor.session,
        "question": question,
        "summary": plain(question.text, limit=80),
        "standing": queries.standing(question, floor, found.at),
        "answers": answers,
        "marked": {f"{kind}-{pk}" for pk, kind in marks},
        "helped": any(one.helped for one in answers),
        "cases": cases,
        "own_case": next((one for one in cases if one.author_key in hand.traces), None),
        "hidden_case": queries.hidden_case(question, hand.traces),
        "is_asker": is_asker,
        "may_accept": is_asker or speaks,
        "may_reopen": policies.can_reopen(hand.person, floor, found.at),
        "is_open": floor.is_open(found.at),
        "is_shown": question.state == Question.State.SHOWN,
        "says": says,
        "follow": queries.follow_of(question, hand.person),
        "ledger": queries.ledger_of(floor),
        "meetings": queries.meetings_of(question, hand.person, found.at),
        "occasions": occasions,
        "may_meet": says == "form",
        "answer_form": AnswerForm(event=floor.event),
        "case_form": CaseForm(event=floor.event, has_account=hand.person is not None, auto_id=CASE_IDS),
        "follow_form": FollowForm(prefix="follow"),
        "meet_form": MeetForm(occasions=occasions, zone=floor.event.tz, prefix="meet"),
        **forms,
    }
    response = render(found.request, "questions/thread/page.html", context, status=status)
    return remembered(response, hand) if found.request.method == "POST" else response


def answering(found: Thread) -> str:
    """Whether the reader may answer ("form"), or the reason why not, which the page says in words."""
    person, floor = found.hand.person, found.floor
    if policies.can_answer(person, floor, found.at):
        return "form"
    if floor.event.state == Event.State.CANCELLED:
        return "off"
    if floor.paused_at is not None:
        return "paused"
    if not floor.is_open(found.at):
        closes = floor.closes_at
        return "closed" if closes is not None and closes <= found.at else "not_yet"
    if person is None:
        return "sign_in"
    if not may_take_part(person, floor.event):
        return "kept_out"
    return "was_not_there" if floor.event.is_over(found.at) else "not_there"


def _tried(found: Thread, form: Any, name: str, act: Callable[[], object], part: str, done: str) -> HttpResponse:
    """Do it, and go back to where one was; or the page with what was typed, and the reason beside it."""
    status = 200
    if form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(found.request, done)
            return found.back(part)
    return _page(found, status=status, **{name: form})


def _answer(found: Thread) -> HttpResponse:
    person = found.hand.person
    form = AnswerForm(found.request.POST, event=found.floor.event)

    def act() -> Answer:
        if person is None:
            raise NotAllowed("questions.not_answering", NOT_ANSWERING)
        return actions.answer_question(question=found.question, by=person, at=found.at, **form.cleaned_data)

    done = _("Your answer is here. Whoever follows the question hears of it by mail.")
    return _tried(found, form, "answer_form", act, "answers", done)


def _case(found: Thread) -> HttpResponse:
    has_account = found.hand.person is not None
    form = CaseForm(found.request.POST, event=found.floor.event, has_account=has_account, auto_id=CASE_IDS)

    def act() -> object:
        require_room_for(found.request, "case")
        hand = found.hand
        return actions.tell_case(question=found.question, by=hand.by, also=hand.also, at=found.at, **form.said)

    return _tried(found, form, "case_form", act, "cases", _("Your case stands with the question."))


def _follow(found: Thread) -> HttpResponse:
    done = _("You hear of each answer by mail, once.")
    if found.hand.person is not None:
        _begin_following(found, "")
        messages.success(found.request, done)
        return found.back("follow")
    form = FollowForm(found.request.POST, prefix="follow")

    def act() -> None:
        require_room_for(found.request, "follow")
        _begin_following(found, form.cleaned_data["address"])

    return _tried(found, form, "follow_form", act, "follow", done)


def _begin_following(found: Thread, address: str) -> None:
    actions.follow_question(
        question=found.question, address=address, language=page_language(), by=found.hand.by, at=found.at
    )


def _unfollow(found: Thread) -> HttpResponse:
    follow = queries.follow_of(found.question, found.hand.person)
    if follow is not None:
        actions.end_following(follow=follow, by=found.hand.by, at=found.at)
        messages.success(found.request, _("You hear no more of this question."))
    return found.back("follow")


def _meet(found: Thread) -> HttpResponse:
    person, floor = found.hand.person, found.floor
    occasions = queries.occasions(floor, found.at)
    form = MeetForm(found.request.POST, occasions=occasions, zone=floor.event.tz, prefix="meet")

    def act() -> object:
        if person is None:
            raise NotAllowed("questions.not_there", NOT_THERE)
        place = form.cleaned_data["place"]
        return actions.propose_rendezvous(
            question=found.question, place=place, starts_at=form.starts_at, by=person, at=found.at
        )

    return _tried(found, form, "meet_form", act, "meet", _("It stands here. Whoever comes sees who else does."))


def _reopen(found: Thread) -> HttpResponse:
    actions.reopen_floor(floor=found.floor, by=found.hand.by, at=found.at)
    messages.success(found.request, _("Questions are open for thirty days more."))
    return found.back()


_ACTS: dict[str, Callable[[Thread], HttpResponse]] = {
    "answer": _answer,
    "case": _case,
    "follow": _follow,
    "unfollow": _unfollow,
    "meet": _meet,
    "reopen": _reopen,
}
