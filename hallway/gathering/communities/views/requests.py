"""For administrators: new communities that wait, and invitations to found one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import approve_founding, decline_founding, invite_founder
from hallway.gathering.communities.forms import DeclineForm, FounderForm
from hallway.gathering.communities.models import FounderInvitation, FoundingRequest
from hallway.kit import access, clock, instance
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from .loading import allow

Forms = dict[str, DeclineForm | FounderForm]


@access.ruled("can_decide_foundings")
def requests(request: HttpRequest) -> HttpResponse:
    """Approve or decline with a reason; invite founders."""
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    allow(policies.can_decide_foundings(request.user))
    forms: Forms = {"decline": DeclineForm(auto_id="decline_%s"), "invite": FounderForm(auto_id="invite_%s")}
    if request.method == "POST":
        try:
            said = _do(request, forms, request.user)
        except Refusal as refusal:
            said = ""
            messages.error(request, str(refusal.sentence))
        if said:
            messages.success(request, said)
            return redirect("communities:requests")
    now, waiting = clock.now(), list(queries.waiting_foundings())
    context = {
        "section": "communities",
        "waiting": waiting,
        "new_ones": [one.community for one in waiting],
        "chosen": request.POST.get("request", ""),
        "decline_form": forms["decline"],
        "invite_form": forms["invite"],
        "who": instance.value("communities.who_may_found"),
        "invitations": list(FounderInvitation.objects.filter(used_at=None, expires_at__gt=now).order_by("created_at")),
        "zone": request.user.zone or "UTC",
    }
    return render(request, "communities/requests.html", context)


def _do(request: HttpRequest, forms: Forms, person: Person) -> str:
    """What the pressed button says; "" when its form is not right yet."""
    wanted, at = request.POST.get("do"), clock.now()
    if wanted == "invite":
        forms["invite"] = form = FounderForm(request.POST, auto_id="invite_%s")
        if not form.is_valid():
            return ""
        invite_founder(address=form.cleaned_data["address"], by=person, at=at)
        return _("The invitation is on its way.")
    waiting = _waiting(request)
    if wanted == "approve":
        approve_founding(request=waiting, by=person, at=at)
        return _("%(name)s is public now; its founder gets a mail.") % {"name": waiting.community.name}
    forms["decline"] = declined = DeclineForm(request.POST, auto_id="decline_%s")
    if not declined.is_valid():
        return ""
    decline_founding(request=waiting, reason=declined.cleaned_data["reason"], by=person, at=at)
    return _("Declined; its founder gets a mail with your reason.")


def _waiting(request: HttpRequest) -> FoundingRequest:
    given = request.POST.get("request", "")
    pk = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
    waiting = queries.waiting_foundings().filter(pk=pk).first()
    if waiting is None:
        raise Refusal("founding.decided", _("Another administrator has decided this already."))
    return waiting
