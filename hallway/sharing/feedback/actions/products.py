"""Products: named for the first time, called otherwise, hidden."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time, propose_slug
from hallway.kit.text import fold
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.people.policies import can_look_after_instance

from .. import policies
from ..domains import domain_of
from ..facts import ProductAdded, ProductEdited, ProductHidden
from ..models import Maker, Product

EDITABLE = ("name", "url", "repository")
LONGEST = 80
_is_web = URLValidator(schemes=["https", "http"])
NOT_YOURS = _("Only its makers and the administration can change this.")


def product_named(*, name: str, url: str, by: Actor, at: datetime) -> Product:
    """The product people call so, added when nobody named it before. Inside the transaction that needs it."""
    name = " ".join(name.split())
    folded = folded_name(name)
    if not folded or len(name) > LONGEST:
        raise Refusal("product.no_name", _("Name the tool in 1 to 80 characters."), field="tool")
    with transaction.atomic():
        one_at_a_time("product")
        found = Product.objects.filter(folded=folded).first()
        if found is not None:
            if found.hidden_at is not None:
                raise Refusal("product.hidden", _("Cards about this tool are closed here."), field="tool")
            return found
        # The domain of a page decides whose mail proves a claim: a device alone does not say it.
        url = url if isinstance(by, Person) else ""
        _require_web(url, "url")
        slug = propose_slug(name, lambda slug: Product.objects.filter(slug=slug).exists(), fallback="tool")
        product = Product.objects.create(
            name=name, folded=folded, slug=slug, url=url, domain=domain_of(url), added_at=at
        )
        announce(ProductAdded(product_id=product.pk), by=by, at=at)
    return product


def folded_name(name: str) -> str:
    """Names that differ in accents, capitals or spaces alone are one."""
    return " ".join(fold(name).split())[:LONGEST]


def _require_web(url: str, field: str) -> None:
    if not url:
        return
    try:
        _is_web(url)
    except ValidationError as error:
        raise Refusal(
            "product.no_address", _("This is not an address on the web. It begins with https://."), field=field
        ) from error


def edit_product(*, product: Product, changes: dict[str, Any], by: Actor, at: datetime) -> Product:
    """Say what it is called and where it is found.

    Another domain is another proof: whoever proved the old one by mail speaks no longer, unless a maker changes it.
    """
    if unknown := set(changes) - set(EDITABLE):
        raise ValueError(f"not fields of a product: {sorted(unknown)}")
    with transaction.atomic():
        stay(by)
        one_at_a_time("product")
        row = held(product, "product.gone")
        # Of the row as it is now: where somebody said meanwhile where it is found, nobody else says it again.
        says_where = set(changes) == {"url"} and policies.can_say_where(by, row)
        require(policies.can_edit_product(by, row) or says_where, "product.not_yours", NOT_YOURS)
        changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
        if not changed:
            return row
        for name in changed:
            setattr(row, name, changes[name])
        row.folded = folded_name(row.name)
        if not row.folded or len(row.name) > LONGEST:
            raise Refusal("product.no_name", _("Name the tool in 1 to 80 characters."), field="name")
        if Product.objects.filter(folded=row.folded).exclude(pk=row.pk).exists():
            raise Refusal("product.name_taken", _("Another tool has this name."), field="name")
        _require_web(row.url, "url")
        _require_web(row.repository, "repository")
        if "url" in changed and (domain := domain_of(row.url)) != row.domain:
            row.domain = domain
            if not policies.can_speak_for(by, row):
                Maker.objects.filter(product=row, ended_at=None).update(ended_at=at)
        row.save()
        announce(ProductEdited(product_id=row.pk, fields=changed), by=by, at=at)
        store.bump("products", f"product:{row.pk}")
    return row


def hide_product(*, product: Product, by: Actor, at: datetime) -> None:
    """Take a product and its cards out of sight."""
    _set_hidden(product, at, by=by, at=at)


def show_product(*, product: Product, by: Actor, at: datetime) -> None:
    """Show a product again that was hidden."""
    _set_hidden(product, None, by=by, at=at)


def _set_hidden(product: Product, hidden_at: datetime | None, *, by: Actor, at: datetime) -> None:
    require(can_look_after_instance(by), "product.not_administrator", _("Only the administration can do that."))
    with transaction.atomic():
        row = held(product, "product.gone")
        if (row.hidden_at is None) == (hidden_at is None):
            return
        row.hidden_at = hidden_at
        row.save(update_fields=["hidden_at"])
        announce(ProductHidden(product_id=row.pk, hidden=hidden_at is not None), by=by, at=at)
        talks = row.cards.exclude(talk=None).values_list("talk_id", flat=True).distinct()
        store.bump("products", f"product:{row.pk}", *(f"feedback:{pk}" for pk in talks))
