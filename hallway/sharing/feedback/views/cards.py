"""Writing a card for the makers of a tool, and the page of one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.actors import Visitor
from hallway.kit.links import token_of
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import title_of
from hallway.programme.schedule.views.loading import frame_of

from .. import actions, policies, queries
from ..forms import CardForm
from ..tokens import Right
from .loading import actor_of, known_actor, page_language, remembered, session_page

# Whoever holds a mailed link acts for its card.
HOLDER = Visitor("card")


@access.public
@never_cache
@session_page
def write(request: HttpRequest, session: Session) -> HttpResponse:
    """Two taps and a sentence; then the page of the card, where the answer will stand."""
    by = actor_of(request)
    tools = queries.named_products(session)
    wanted = request.GET.get("tool", "")
    chosen = next((tool for tool in tools if tool.slug == wanted), None)
    form = CardForm(
        request.POST if request.method == "POST" else None,
        initial={"tool": chosen.name} if chosen else None,
        name=by.name if isinstance(by, Person) else "",
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            card = actions.write_card(
                session=session, language=page_language(), by=by, at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Your card stands on the tool’s page. Here is where the answer will be."))
            response = redirect("feedback:card", token_of(Right.CARD, card.pk, card.nonce))
            return remembered(request, response, by)
    context = {
        **frame_of(session.event), "session": session, "title": title_of(session), "form": form, "tools": tools,
        "chosen": chosen, "may": policies.can_write_card(by, session),
    }  # fmt: skip
    return render(request, "feedback/write_card.html", context, status=status)


@access.by_token
@never_cache
def card(request: HttpRequest, token: str) -> HttpResponse:
    """One's own card with its answer, by the link alone; take it back, or have no mail about it any more."""
    found = queries.card_by(token)
    if found is None:
        return render(request, "feedback/lost.html", {"section": "talks"}, status=404)
    if request.method == "POST":
        by, now = known_actor(request) or HOLDER, clock.now()
        if request.POST.get("do") == "take_back":
            actions.take_back_card(card=found, token=token, by=by, at=now)
            messages.success(request, _("You took your card back. Nobody can read it any more."))
            if queries.products_visible_to(None).filter(pk=found.product_id).exists():
                return redirect("feedback:product", found.product.slug)
            return redirect("feedback:products")
        if request.POST.get("do") == "no_mail":
            actions.forget_card_address(card=found, token=token, by=by, at=now)
            messages.success(request, _("We forgot your address: no mail about this card any more."))
            return redirect("feedback:card", token)
    return render(request, "feedback/card.html", {"section": "talks", "card": found, "group": found.group})
