"""For those who decide: what waits, one case, and who is kept out."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hallway.gathering.communities.actions import lift_community_exclusion
from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.actions import lift_event_exclusion
from hallway.gathering.events.models import EventExclusion
from hallway.kit import access, clock
from hallway.kit.refusal import NothingHere, Refusal
from hallway.moderation import policies, queries
from hallway.moderation.actions import answer_appeal, decide_case, open_case, take_decision_back
from hallway.moderation.actions.deciding import measures_of, whose
from hallway.moderation.forms import AnswerForm, DecideForm
from hallway.moderation.models import Appeal, ConductCase, Decision
from hallway.people.models import Person

A_PAGE = 30
# Where the form is not there any more.
SHOWN_ABOVE = {
    "case.decided", "case.not_yours", "case.nothing_done", "case.thing_gone", "appeal.answered", "appeal.not_yours",
    "appeal.none",
}  # fmt: skip


@access.signed_in
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """What waits for this reader, what was decided, and who is kept out of what they run; each list in its pages."""
    by, at = cast(Person, request.user), clock.now()
    mine = queries.for_rows(queries.visible_to(by, at))
    context = {
        "waiting": _part(request, "waiting", queries.with_troubles(queries.waiting(mine))),
        "appeals": _part(request, "appeals", queries.to_review(by)),
        "decided": _part(request, "decided", mine.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")),
        "kept_out": _part(request, "kept-out", queries.KeptOut(by, at)),
        "orphans": len(queries.waits_for_nobody(at)) if by.is_administrator else 0,
        "orphaned_appeals": len(queries.appeals_for_nobody()) if by.is_administrator else 0,
        "zone": by.zone or "UTC",
        "now": at,
    }
    return render(request, "moderation/cases.html", context)


def _part(request: HttpRequest, name: str, rows: Any) -> dict[str, Any]:
    """The page of one list that was asked for; ways to its others leave those of the other lists as they are."""
    others = request.GET.copy()
    others.pop(name, None)
    page: Page[Any] = Paginator(rows, A_PAGE).get_page(request.GET.get(name))
    return {"page": page, "name": name, "query": f"{others.urlencode()}&" if others else ""}


@access.ruled("can_decide")
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what was reported, what it said then and says now, and what to do about it."""
    by = cast(Person, request.user)
    found = _case_for(by, pk)
    can, hears = measures_of(found, by), queries.hears_of(found)
    form, answer = DecideForm(can=can, hears=hears), AnswerForm(hears=hears)
    if request.method == "POST":
        try:
            if "take_back" in request.POST:
                return _taken_back(request, found, by)
            if "anew" in request.POST:
                return redirect("moderation:case", _opened_anew(found, by).pk)
            if "answer" in request.POST:
                answer = AnswerForm(request.POST, hears=hears)
                if answer.is_valid() and _answered(request, found, answer, by):
                    return redirect(request.path)
            else:
                form = DecideForm(request.POST, can=can, hears=hears)
                if form.is_valid() and _decided(request, found, form, by):
                    return redirect("moderation:cases")
        except Refusal as refusal:
            if refusal.code in SHOWN_ABOVE:
                messages.error(request, str(refusal.sentence))
                return redirect(request.path)
            (answer if "answer" in request.POST else form).refuse(refusal)
    reports = Paginator(found.reports.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {**_about(found, by), "reports": reports, "form": form, "answer_form": answer, "can": can}
    return render(request, "moderation/case.html", context)


def _case_for(by: Person, pk: int) -> ConductCase:
    """The case, if the reader may decide about it or look at it again. It is not there for anybody else."""
    found = queries.for_rows(ConductCase.objects.filter(pk=pk)).first()
    if found is not None:
        decision = getattr(found, "decision", None)
        appeal = getattr(decision, "appeal", None)
        if policies.can_decide(by, found, clock.now()):
            return found
        if appeal is not None and policies.can_answer_appeal(by, appeal):
            return found
    raise NothingHere(_("There is no such case, or somebody else decides about it."))


def _about(found: ConductCase, by: Person) -> dict[str, Any]:
    what, thing = found.reportable, found.thing
    decision = getattr(found, "decision", None)
    appeal: Appeal | None = getattr(decision, "appeal", None)
    return {
        "case": found,
        "what": what,
        "first": found.reports.first(),
        "now_says": what.text(thing) if what is not None and thing is not None else "",
        "address": what.address(thing) if what is not None and thing is not None else "",
        "is_hidden": what is not None and thing is not None and what.is_hidden(thing),
        "who": whose(found),
        "subjects": list(found.subjects.all()),
        "decision": decision,
        "appeal": appeal,
        "may_answer": appeal is not None and appeal.answered_at is None and policies.can_answer_appeal(by, appeal),
        "may_decide": found.is_open and policies.can_decide(by, found, clock.now()),
        "may_take_back": decision is not None and decision.holds and policies.can_take_back(by, decision, clock.now()),
        "may_open_anew": _may_open_anew(found, by),
        "zone": by.zone or "UTC",
    }


def _decided(request: HttpRequest, found: ConductCase, form: DecideForm, by: Person) -> bool:
    given, at = form.cleaned_data, clock.now()
    decision = decide_case(
        case=found, hide=given.get("hide", False), exclusion=given.get("exclusion", ""),
        everywhere=given.get("everywhere", False), until=form.until(at), reason=given["reason"], by=by, at=at,
    )  # fmt: skip
    if decision.did_something:
        messages.success(request, _said_of(found))
    else:
        messages.success(request, _("Decided: everything stays as it is, and nobody it is about hears of it."))
    return True


def _said_of(found: ConductCase) -> str:
    """Who reads the reason of what was done."""
    return {
        queries.Hears.BY_MAIL: _("Decided. Whoever it is about reads your reason, and can ask for another look."),
        queries.Hears.WHERE_IT_STANDS: _(
            "Decided. Whoever wrote it reads your reason where they find their text, and can ask for another look."
        ),
        queries.Hears.NOT_AT_ALL: _("Decided. It is nobody’s, so nobody gets a mail."),
    }[queries.hears_of(found)]


def _taken_back(request: HttpRequest, found: ConductCase, by: Person) -> HttpResponse:
    decision: Decision | None = getattr(found, "decision", None)
    if decision is None:
        raise Refusal("case.nothing_done", _("Nothing was decided yet, so there is nothing to take back."))
    take_decision_back(decision=decision, by=by, at=clock.now())
    messages.success(request, _("Taken back. Everything is as it was before."))
    return redirect(request.path)


def _opened_anew(found: ConductCase, by: Person) -> ConductCase:
    """Another case of the same thing in the same place: of this one nothing holds."""
    if found.reportable is None or found.thing is None:
        raise Refusal("case.thing_gone", _("It is not there any more, so there is nothing to decide."))
    return open_case(what=found.reportable, thing=found.thing, where=found.event, by=by, at=clock.now())


def _may_open_anew(found: ConductCase, by: Person) -> bool:
    """Where the decision does not hold, and the thing is still there to be decided about."""
    decision: Decision | None = getattr(found, "decision", None)
    if decision is None or decision.holds or found.thing is None:
        return False
    return policies.can_open_case(by, found, list(found.subjects.all()))


def _answered(request: HttpRequest, found: ConductCase, form: AnswerForm, by: Person) -> bool:
    appeal = getattr(getattr(found, "decision", None), "appeal", None)
    if appeal is None:
        raise Refusal("appeal.none", _("Nobody appealed against this decision."), status=404)
    given = form.cleaned_data
    answer_appeal(appeal=appeal, granted=given["granted"], answer=given["answer"], by=by, at=clock.now())
    by_mail = queries.hears_of(found) == queries.Hears.BY_MAIL
    messages.success(
        request,
        _("Answered. Whoever appealed gets a mail.")
        if by_mail
        else _("Answered. Whoever appealed reads it at the address from which they appealed."),
    )
    return True


@access.ruled("can_ban")
@require_POST
def lift_at_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody take part in an event, or write there, again."""
    exclusion = get_object_or_404(EventExclusion.objects.select_related("event__community"), pk=pk)
    lift_event_exclusion(exclusion=exclusion, by=cast(Person, request.user), at=clock.now())
    return _lifted(request)


@access.ruled("can_exclude")
@require_POST
def lift_in_community(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody take part in a community, or write there, again."""
    exclusion = get_object_or_404(CommunityExclusion.objects.select_related("community"), pk=pk)
    lift_community_exclusion(exclusion=exclusion, by=cast(Person, request.user), at=clock.now())
    return _lifted(request)


def _lifted(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("They take part again from now on."))
    return redirect("moderation:cases")
