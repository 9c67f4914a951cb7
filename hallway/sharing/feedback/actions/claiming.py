"""Who makes a tool: asked by mail to an address at its domain. By a file: see proofs.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import is_true, new_nonce, token_of
from hallway.kit.models import FactRow
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.notices.actions import send_notice
from hallway.people.actions import know_by_address
from hallway.people.actions.staying import stay

from .. import policies
from ..domains import is_open_to_all, mail_domain
from ..facts import MakerAsked, MakerEnded, MakerProved
from ..models import Maker, Product
from ..queries.tools import CLAIM_HOLDS
from ..tokens import Right

MOST_A_DAY = 10
MOST_AT_A_DOMAIN = 20  # mails in a day, over all devices and tools
_NO_DOMAIN = _("Nobody’s mail can prove this: the tool has no web page of its own. Use the file instead.")


def ask_by_mail(*, product: Product, address: str, language: str, by: Actor, at: datetime) -> Maker:
    """Mail a link to an address at the product's own domain; whoever opens it speaks for the makers."""
    if not product.domain or is_open_to_all(product.domain):
        raise Refusal("maker.no_domain", _NO_DOMAIN, field="address")
    address = address.strip().lower()
    if mail_domain(address) != product.domain:
        raise Refusal(
            "maker.other_domain",
            _("This proof takes an address at %(domain)s, as in name@%(domain)s.") % {"domain": product.domain},
            field="address",
        )
    with transaction.atomic():
        require_pace(MakerAsked, most=MOST_A_DAY, by=by, at=at)
        _require_few(product.domain, at)
        held(product, "product.gone")
        maker = Maker.objects.filter(product=product, address=address, ended_at=None).first()
        if maker is None:
            maker = Maker.objects.create(
                product=product, how=Maker.How.MAIL, domain=product.domain, address=address, language=language,
                nonce=new_nonce(), asked_at=at,
            )  # fmt: skip
        elif maker.proved_at is None:
            maker.asked_at, maker.language = at, language
            maker.save(update_fields=["asked_at", "language"])
        proved = maker.proved_at is not None
        right, page = (Right.MAKER, "feedback:maker") if proved else (Right.CLAIM, "feedback:prove")
        url = settings.HALLWAY_BASE_URL + reverse(page, args=[token_of(right, maker.pk, maker.nonce)])
        send_notice(
            template="feedback/mail/maker",
            context={"product": product, "url": url, "proved": proved},
            to_address=address,
            language=language,
            by=by,
            at=at,
        )
        announce(MakerAsked(product_id=product.pk), by=by, at=at)
    return maker


def _require_few(domain: str, at: datetime) -> None:
    """Whoever drops their cookie each time writes neither to a whole company nor to one mailbox without end."""
    tools = [f"product:{pk}" for pk in Product.objects.filter(domain=domain).values_list("pk", flat=True)]
    lately = FactRow.objects.filter(kind=MakerAsked.kind, scopes__key__in=tools, at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_AT_A_DOMAIN:
        raise Refusal(
            "maker.domain_enough",
            _("Very many mails went to this domain today. Try again tomorrow, or use the file instead."),
            status=429,
            field="address",
        )


def prove_by_mail(*, maker: Maker, token: str, name: str, by: Actor, at: datetime) -> Maker:
    """The mailed link was opened and the button pressed: from now on they speak for the makers. Twice does nothing."""
    true = is_true(Right.CLAIM, token, maker.pk, maker.nonce)
    require(true, "maker.no_link", _("This link opens nothing any more. Ask for a new one on the tool’s page."))
    with transaction.atomic(), store.bumped_last():
        person = know_by_address(email=maker.address, name=name, language=maker.language, by=by, at=at)
        stay(person)
        product = held(maker.product, "product.gone")
        row = held(maker, "maker.gone")
        if row.proved_at is not None:
            return row
        if row.ended_at is not None or row.domain != product.domain or at - row.asked_at > CLAIM_HOLDS:
            raise Refusal("maker.too_old", _("This link is too old. Ask for a new one on the tool’s page."), status=410)
        row.person, row.proved_at = person, at
        row.save(update_fields=["person", "proved_at"])
        announce(MakerProved(product_id=row.product_id), by=person, at=at)
        welcome(row, by=person, at=at)
        store.bump("products", f"product:{row.product_id}")
    return row


def welcome(maker: Maker, *, by: Actor, at: datetime) -> None:
    """The address of their page, since they may have no account."""
    url = settings.HALLWAY_BASE_URL + reverse("feedback:maker", args=[token_of(Right.MAKER, maker.pk, maker.nonce)])
    send_notice(
        template="feedback/mail/maker",
        context={"product": maker.product, "url": url, "proved": True},
        to_person=maker.person,
        to_address=maker.address or None,
        dedupe_key=f"feedback:maker:{maker.pk}",
        by=by,
        at=at,
    )


def end_maker(*, maker: Maker, by: Actor, at: datetime) -> None:
    """They speak for the tool no longer; their answers stay, since they were given in its name."""
    require(
        policies.can_end_maker(by, maker),
        "maker.not_yours",
        _("Only whoever speaks for the tool and the administration can end that."),
    )
    with transaction.atomic():
        held(maker.product, "product.gone")
        row = held(maker, "maker.gone")
        if row.ended_at is not None:
            return
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        announce(MakerEnded(product_id=row.product_id), by=by, at=at)
        store.bump("products", f"product:{row.product_id}")
