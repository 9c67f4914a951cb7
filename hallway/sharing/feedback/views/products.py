"""Tools people said something about: the list, the page of each, and what it is called."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.events.addresses import reader_of
from hallway.kit import access, clock
from hallway.kit.links import token_of
from hallway.kit.refusal import NothingHere, Refusal, require
from hallway.kit.store import keep
from hallway.people.models import Person
from hallway.people.policies import can_look_after_instance

from .. import actions, policies, queries
from ..actions.products import NOT_YOURS
from ..forms import ProductForm, WhereForm
from ..models import Product
from ..queries.tools import groups_of, with_numbers
from ..tokens import Right

A_PAGE = 30
GROUPS_A_PAGE = 15


def product_for(request: HttpRequest, slug: str) -> Product:
    """The product at an address, if this reader may open it."""
    product = queries.products_visible_to(reader_of(request)).filter(slug=slug).first()
    if product is None:
        raise NothingHere(_("Nobody wrote a card about a tool of this name."))
    return product


@access.public
def products(request: HttpRequest) -> HttpResponse:
    """Every tool somebody wrote a card about, those most spoken of first."""
    rows = with_numbers(queries.products_visible_to(None))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "talks", "page": page, "canonical": reverse("feedback:products")}
    return keep(render(request, "feedback/products.html", context), ["products"], query=("page",))


@access.public
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """What people say to the makers, what these answer, what is fixed."""
    found, reader = product_for(request, slug), reader_of(request)
    page = Paginator(groups_of(found), GROUPS_A_PAGE).get_page(request.GET.get("page"))
    lines = queries.lines_of(page.object_list, reader=reader)
    context: dict[str, Any] = {
        "section": "talks", "product": found, "page": page, "lines": lines,
        "makers": list(queries.makers_of(found)), "canonical": reverse("feedback:product", args=[found.slug]),
        "may_hide": reader is not None and can_look_after_instance(reader),
    }  # fmt: skip
    if reader is not None:
        context |= _for_reader(found, reader)
    events = {card.session.event_id for line in lines for card in line.cards if card.session is not None}
    tags = ["products", f"product:{found.pk}", *(f"event:{pk}" for pk in sorted(events))]
    return keep(render(request, "feedback/product.html", context), tags, query=("page",))


def _for_reader(product: Product, reader: Person) -> dict[str, Any]:
    own = queries.makers_of(product).filter(person=reader).first()
    desk = reverse("feedback:maker", args=[token_of(Right.MAKER, own.pk, own.nonce)]) if own else ""
    return {"desk": desk, "may_edit": policies.can_edit_product(reader, product)}


@access.ruled("can_edit_product")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What a tool is called and where it is found; administrators hide it here."""
    by = reader_of(request)
    found = product_for(request, slug)
    whole = policies.can_edit_product(by, found)
    require(whole or policies.can_say_where(by, found), "product.not_yours", NOT_YOURS)
    if by is None:
        raise Http404
    if request.method == "POST" and request.POST.get("do") in {"hide", "show"}:
        act = actions.hide_product if request.POST["do"] == "hide" else actions.show_product
        act(product=found, by=by, at=clock.now())
        return redirect("feedback:product", found.slug)
    names = ("name", "url", "repository") if whole else ("url",)
    initial = {name: getattr(found, name) for name in names}
    form = (ProductForm if whole else WhereForm)(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            actions.edit_product(product=found, changes=form.cleaned_data, by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:product" if whole else "feedback:claim", found.slug)
    context = {
        "section": "talks", "product": found, "form": form, "may_hide": can_look_after_instance(by), "whole": whole,
    }  # fmt: skip
    return render(request, "feedback/edit_product.html", context, status=status)
