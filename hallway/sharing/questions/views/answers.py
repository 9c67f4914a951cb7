"""Buttons on one answer, one case and one meeting in person, and the page on which an answer is written anew."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from hallway.kit import access
from hallway.kit.actors import Actor
from hallway.kit.refusal import NotAllowed, NothingHere, Refusal

from .. import actions, policies, queries
from ..actions.answering import NOT_YOURS
from ..actions.meeting import NOT_THERE
from ..forms import EditForm
from ..models import Answer, Mark
from ..tokens import traces_of
from .asking import require_room_for
from .thread import Thread, open_thread

THERE = gettext_lazy("This is not there any more. Go back to the question.")


@access.public
@never_cache
def answer(request: HttpRequest, code: str, pk: int, answer_id: int) -> HttpResponse:
    """Marks, what settled it, taking it back; who wrote it opens the page to write it anew."""
    found = open_thread(request, code, pk)
    if isinstance(found, HttpResponse):
        return found
    row = queries.answers_visible_to(found.hand.person).filter(question=found.question, pk=answer_id).first()
    if row is None:
        raise NothingHere(THERE, way=found.question.address, words=_("Back to the question"))
    row.question = found.question
    if request.method != "POST":
        is_mine = found.hand.person is not None and policies.can_change_answer(found.hand.person, row)
        return _edit_page(found, row, EditForm(initial={"text": row.text})) if is_mine else found.back(_part(row))
    act = _ON_AN_ANSWER.get(request.POST.get("do", ""))
    return found.back(_part(row)) if act is None else act(found, row)


def _part(row: Answer) -> str:
    return f"answer-{row.pk}"


def _edit_page(found: Thread, row: Answer, form: EditForm, *, status: int = 200) -> HttpResponse:
    context = {
        "section": "events", "event": found.floor.event, "question": found.question, "answer": row, "form": form,
    }  # fmt: skip
    return render(found.request, "questions/thread/edit.html", context, status=status)


def _edit(found: Thread, row: Answer) -> HttpResponse:
    form, status = EditForm(found.request.POST), 200
    if form.is_valid():
        try:
            if found.hand.person is None:
                raise NotAllowed("questions.not_your_answer", NOT_YOURS)
            actions.edit_answer(answer=row, text=form.cleaned_data["text"], by=found.hand.person, at=found.at)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(found.request, _("Your answer is changed."))
            return found.back(_part(row))
    return _edit_page(found, row, form, status=status)


def _withdraw(found: Thread, row: Answer) -> HttpResponse:
    if found.hand.person is None:
        raise NotAllowed("questions.not_your_answer", NOT_YOURS)
    actions.withdraw_answer(answer=row, by=found.hand.person, at=found.at)
    messages.success(found.request, _("Your answer is taken back."))
    return found.back("answers")


def _mark(found: Thread, row: Answer) -> HttpResponse:
    """The same button again takes the mark back, also one from before somebody signed in."""
    require_room_for(found.request, "mark")
    kind = found.request.POST["do"]
    marked = [one for one in found.hand.actors if (row.pk, kind) in queries.marks_by(traces_of(one), [row])]
    for one in marked or [found.hand.by]:
        actions.mark_answer(answer=row, kind=kind, by=one, at=found.at, marked=not marked)
    return found.back(_part(row))


def _accept(found: Thread, row: Answer) -> HttpResponse:
    by: Actor = next((one for one in found.hand.actors if policies.can_accept(one, found.question)), found.hand.by)
    is_accepted = found.request.POST["do"] == "accept"
    actions.accept_answer(answer=row, by=by, at=found.at, accepted=is_accepted)
    return found.back(_part(row))


_ON_AN_ANSWER: dict[str, Callable[[Thread, Answer], HttpResponse]] = {
    "edit": _edit,
    "withdraw": _withdraw,
    Mark.Kind.HELPED.value: _mark,
    Mark.Kind.TRIED.value: _mark,
    "accept": _accept,
    "unaccept": _accept,
}


@access.public
@never_cache
def case(request: HttpRequest, code: str, pk: int, case_id: int) -> HttpResponse:
    """Take one's case back."""
    found = open_thread(request, code, pk)
    if isinstance(found, HttpResponse):
        return found
    row = next((one for one in queries.cases_of(found.question, found.hand.person) if one.pk == case_id), None)
    if row is None:
        raise NothingHere(THERE, way=found.question.address, words=_("Back to the question"))
    if request.method == "POST":
        by = next((one for one in found.hand.actors if policies.can_change_case(one, row)), found.hand.by)
        actions.withdraw_case(case=row, by=by, at=found.at)
        messages.success(request, _("Your case is taken back."))
    return found.back("cases")


@access.public
@never_cache
def meeting(request: HttpRequest, code: str, pk: int, meeting_id: int) -> HttpResponse:
    """Come, stay away, or call it off."""
    found = open_thread(request, code, pk)
    if isinstance(found, HttpResponse):
        return found
    shown = queries.meetings_of(found.question, found.hand.person, found.at)
    row = next((one.row for one in shown if one.row.pk == meeting_id), None)
    if row is None:
        raise NothingHere(THERE, way=found.question.address, words=_("Back to the question"))
    row.question = found.question
    if request.method == "POST":
        person, what = found.hand.person, request.POST.get("do", "")
        if person is None:
            raise NotAllowed("questions.not_there", NOT_THERE)
        if what == "join":
            actions.join_rendezvous(rendezvous=row, by=person, at=found.at)
        elif what == "leave":
            actions.leave_rendezvous(rendezvous=row, by=person, at=found.at)
        elif what == "cancel":
            actions.cancel_rendezvous(rendezvous=row, by=person, at=found.at)
    return found.back("meet")
