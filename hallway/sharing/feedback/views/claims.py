"""Proving that one makes a tool: by mail, or by a file that an administrator looks at."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.gathering.events.addresses import reader_of
from hallway.kit import access, clock
from hallway.kit.actors import Visitor
from hallway.kit.links import token_of
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person
from hallway.people.queries import gets_mail_at

from .. import actions, policies, queries
from ..actions.proofs import NOT_ADMINISTRATOR
from ..forms import ClaimForm, NameForm
from ..models import Maker, Product
from ..tokens import Right
from .loading import actor_of, number_in, page_language, remembered
from .products import product_for

HOLDER = Visitor("maker")


@access.public
@never_cache
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Two ways to prove it. What is asked by mail needs no account; what is asked by a file does."""
    product, reader, by = product_for(request, slug), reader_of(request), actor_of(request)
    mine = queries.own_claim(reader, product)
    form, status, sent = ClaimForm(), 200, ""
    by_file = request.POST.get("do") in {"file", "placed"}
    if by_file and reader is not None:
        _prove_by_file(request, product, mine, reader)
        return redirect("feedback:claim", product.slug)
    if request.method == "POST" and not by_file:
        form = ClaimForm(request.POST)
        if form.is_valid():
            address = form.cleaned_data["address"]
            try:
                actions.ask_by_mail(product=product, address=address, language=page_language(), by=by, at=clock.now())
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                sent = address
    may_say_where = policies.can_say_where(reader, product) or policies.can_edit_product(reader, product)
    context = {
        "section": "talks", "product": product, "form": form, "sent": sent, "mine": mine,
        "may_say_where": may_say_where,
    }  # fmt: skip
    return remembered(request, render(request, "feedback/claim.html", context, status=status), by)


def _prove_by_file(request: HttpRequest, product: Product, mine: Maker | None, by: Person) -> None:
    if request.POST["do"] == "file":
        actions.ask_by_file(product=product, by=by, at=clock.now())
    elif mine is not None:
        actions.place_proof(maker=mine, by=by, at=clock.now())


@access.by_token
@never_cache
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: the button. Opening it changes nothing, since mail scanners do."""
    maker = queries.claim_by(token)
    if maker is None:
        return render(request, "feedback/lost.html", {"section": "talks"}, status=404)
    if maker.proved_at is not None:
        return redirect("feedback:maker", token_of(Right.MAKER, maker.pk, maker.nonce))
    known = gets_mail_at(maker.address)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": known.name if known else ""})
    status = 200
    if form.is_bound and form.is_valid():
        try:
            proved = actions.prove_by_mail(
                maker=maker, token=token, name=form.cleaned_data["name"], by=HOLDER, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("You speak for the makers now. This page is yours; we mailed you its address."))
            return redirect("feedback:maker", token_of(Right.MAKER, proved.pk, proved.nonce))
    context = {"section": "talks", "maker": maker, "product": maker.product, "form": form}
    return render(request, "feedback/prove.html", context, status=status)


@access.ruled("can_check_proofs")
def proofs(request: HttpRequest) -> HttpResponse:
    """What an administrator has to look at: where the file or the record should be, and two buttons."""
    by = reader_of(request)
    require(policies.can_check_proofs(by), "maker.not_administrator", NOT_ADMINISTRATOR)
    if by is None:
        raise Http404
    if request.method == "POST":
        maker = get_object_or_404(Maker, pk=number_in(request, "claim"), how=Maker.How.FILE)
        act = actions.accept_proof if request.POST.get("do") == "accept" else actions.decline_proof
        try:
            act(maker=maker, by=by, at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("Decided. They hear of it by mail."))
        return redirect("feedback:proofs")
    return render(request, "feedback/proofs.html", {"section": "", "claims": list(queries.to_check()[:50])})
