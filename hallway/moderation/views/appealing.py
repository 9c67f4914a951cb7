"""Asking that somebody else looks again, with the link from the mail alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hallway.kit import access, clock
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import NothingHere, Refusal
from hallway.moderation import queries
from hallway.moderation.actions import appeal_decision
from hallway.moderation.forms import AppealForm
from hallway.people.models import Person

LINK = SystemPerson("appeals")


@access.by_token
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """What was decided and why; then, once, why it should be another decision; then what became of that."""
    decision = queries.decision_by(token)
    if decision is None:
        raise NothingHere(_("This link is too old, or part of it is missing. Open it from your mail again."))
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = request.user if isinstance(request.user, Person) else LINK
        try:
            appeal_decision(decision=decision, text=form.cleaned_data["text"], by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(request.path)
    context = {
        "decision": decision,
        "case": decision.case,
        "place": decision.case.event or decision.case.community,
        "appeal": getattr(decision, "appeal", None),
        "by_mail": queries.hears_of(decision.case) == queries.Hears.BY_MAIL,
        "form": form,
        "until": getattr(decision.event_exclusion or decision.community_exclusion, "until", None),
        "zone": "UTC",
    }
    return render(request, "moderation/appeal.html", context)
