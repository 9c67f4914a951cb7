"""How people register: the settings of a list, what is asked, and who is invited."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hallway.kit import clock
from hallway.kit.refusal import Refusal

from .. import actions
from ..actions.admissions import MOST_QUESTIONS
from ..crowds import foresight_for
from ..forms.team import READY_MADE, AdmissionForm, InviteForm, QuestionForm, ready_made
from ..models import AdmissionInvitation, AdmissionQuestion
from .desk import Desk, team_page

A_PAGE = 50


@team_page
def settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who may register, who is next, when; the rest under folds."""
    form = AdmissionForm(request.POST or None, admission=desk.admission)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_admission(admission=desk.admission, changes=form.changes(), by=desk.by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return desk.back("settings")
    folded = {
        "times": set(AdmissionForm.times), "beyond": {"extra"},
        "coming": {"ask_days", "must_answer"}, "hours": {"offer_hours", "first_come_hours"},
    }  # fmt: skip
    foresight = foresight_for(desk.admission, clock.now()) if desk.admission.is_event else None
    context = {
        **desk.context("settings"), "form": form, "foresight": foresight, "zone": desk.event.zone,
        "open_folds": {name for name, fields in folded.items() if fields & set(form.errors)},
    }  # fmt: skip
    return render(request, "attendance/team/settings.html", context)


@team_page
def questions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What those who register are asked: ready ones in one tap, own ones, five at most."""
    form = QuestionForm(request.POST if request.POST.get("do") == "add" else None)
    if request.method == "POST" and _add(request, desk, form):
        messages.success(request, _("The question is added. Whoever registers from now on is asked."))
        return desk.back("questions")
    asked = list(desk.admission.questions.annotate(number=Count("answers")))
    kinds = {one.kind for one in asked}
    context = {
        **desk.context("questions"), "form": form, "asked": asked, "has_room": len(asked) < MOST_QUESTIONS,
        "ready": [(kind, ready_made(kind)) for kind in READY_MADE if kind not in kinds],
    }  # fmt: skip
    return render(request, "attendance/team/questions.html", context)


def _add(request: HttpRequest, desk: Desk, form: QuestionForm) -> bool:
    """Whether a question was added: the ready one of a button, or what stands in the form."""
    fields = ready_made(request.POST.get("ready", ""))
    if fields is None:
        if not form.is_valid():
            return False
        fields = form.asked()
    try:
        actions.add_question(admission=desk.admission, fields=fields, by=desk.by, at=clock.now())
    except Refusal as refusal:
        if not form.is_bound:
            raise
        form.refuse(refusal)
        return False
    return True


@team_page
def question(request: HttpRequest, desk: Desk, question_id: int) -> HttpResponse:
    """Other words for a question, another purpose or time; or take it away with its answers."""
    rows = AdmissionQuestion.objects.filter(admission=desk.admission).annotate(number=Count("answers"))
    row = get_object_or_404(rows, pk=question_id)
    row.admission = desk.admission
    removing = request.method == "POST" and request.POST.get("do") == "remove"
    form = QuestionForm(request.POST if request.method == "POST" and not removing else None, question=row)
    if removing:
        actions.remove_question(question=row, by=desk.by, at=clock.now())
        messages.success(request, _("The question is gone, and every answer to it."))
        return desk.back("questions")
    if form.is_bound and form.is_valid():
        try:
            actions.change_question(question=row, fields=form.asked(), by=desk.by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return desk.back("questions")
    context = {**desk.context("questions"), "form": form, "question": row}
    return render(request, "attendance/team/question.html", context)


@dataclass(frozen=True)
class Result:
    """What became of one address: ``invited``, ``there`` (invited before), or ``refused`` with a sentence."""

    address: str
    outcome: str
    sentence: str | Promise = ""


@team_page
def invitations(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Invite addresses, and see who came of it."""
    form = InviteForm(request.POST or None)
    results: list[Result] = []
    if request.method == "POST" and form.is_valid():
        results = _invite(desk, form.cleaned_data["addresses"])
        form = InviteForm(initial={"addresses": "\n".join(one.address for one in results if one.outcome == "refused")})
    rows = AdmissionInvitation.objects.filter(admission=desk.admission).select_related("registration__person")
    page = Paginator(rows.order_by("-created_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **desk.context("invitations"), "form": form, "results": results, "page": page,
        "pager_query": f"list={desk.admission.pk}&" if desk.query else "",
    }  # fmt: skip
    return render(request, "attendance/team/invitations.html", context)


def _invite(desk: Desk, addresses: list[tuple[str, bool]]) -> list[Result]:
    """One after the other: what is refused for one address leaves the others."""
    given = [address for address, _is_one in addresses]
    invited = AdmissionInvitation.objects.filter(admission=desk.admission, address__in=given, withdrawn_at=None)
    there = set(invited.values_list("address", flat=True))
    results = []
    for address, is_one in addresses:
        if not is_one:
            results.append(Result(address, "refused", _("This is not an e-mail address. Correct it.")))
        elif address in there:
            results.append(Result(address, "there"))
        else:
            try:
                actions.invite(admission=desk.admission, address=address, by=desk.by, at=clock.now())
            except Refusal as refusal:
                results.append(Result(address, "refused", refusal.sentence))
            else:
                results.append(Result(address, "invited"))
    return results


@team_page
def withdraw(request: HttpRequest, desk: Desk, invitation_id: int) -> HttpResponse:
    """Take an invitation back. Whoever opens its address is sent to the page of the button."""
    rows = AdmissionInvitation.objects.select_related("registration").filter(admission=desk.admission)
    row = get_object_or_404(rows, pk=invitation_id)
    if request.method == "POST":
        row.admission = desk.admission
        actions.withdraw_invitation(invitation=row, by=desk.by, at=clock.now())
        messages.success(request, _("The invitation is taken back. Its link opens nothing any more."))
    return desk.back("invitations")
