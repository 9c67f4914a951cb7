"""Who makes a tool, proved by a file or a record of its name server that an administrator looks at."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.notices.actions import send_notice
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.people.queries import administrators

from .. import policies, queries
from ..facts import CheckersReminded, MakerAsked, MakerDeclined, MakerProved, ProofLapsed, ProofPlaced
from ..models import Maker, Product
from .claiming import MOST_A_DAY, welcome

WAITS = timedelta(days=7)
LAPSES = timedelta(days=30)
NOT_ADMINISTRATOR = _("Only the administration checks such proofs.")
_ONLY_HALLWAY = _("Hallway itself does that, by the clock.")


def ask_by_file(*, product: Product, by: Person, at: datetime) -> Maker:
    """Give the line that proves it, in a file on the tool's web page or a record of its name server.

    It is the same line again for whoever asks again.
    """
    require(isinstance(by, Person), "maker.sign_in", _("Sign in first, then ask to have it looked at."))
    with transaction.atomic():
        stay(by)
        held(product, "product.gone")
        there = Maker.objects.filter(product=product, person=by, ended_at=None, declined_at=None).first()
        if there is not None:
            return there
        require_pace(MakerAsked, most=MOST_A_DAY, by=by, at=at)
        earlier = Maker.objects.filter(product=product, person=by, how=Maker.How.FILE).exclude(code="")
        code = earlier.order_by("-pk").values_list("code", flat=True).first() or new_nonce()
        maker = Maker.objects.create(
            product=product, person=by, how=Maker.How.FILE, domain=product.domain, nonce=new_nonce(), code=code,
            language=by.page_language or "en", asked_at=at,
        )  # fmt: skip
        announce(MakerAsked(product_id=product.pk), by=by, at=at)
    return maker


def place_proof(*, maker: Maker, by: Actor, at: datetime) -> None:
    """The line is there: the administration hears by mail that there is something to look at. Twice is once."""
    require(policies.can_place_proof(by, maker), "maker.not_yours", _("Only whoever was given this line can say so."))
    with transaction.atomic():
        row = held(maker, "maker.gone")
        if row.placed_at is not None or row.declined_at is not None or row.ended_at is not None:
            return
        row.placed_at = at
        row.save(update_fields=["placed_at"])
        announce(ProofPlaced(product_id=row.product_id), by=by, at=at)
        for person in administrators():
            key = f"feedback:proof:{row.pk}:{person.pk}:{at.date().isoformat()}"
            _ask_to_look(person, queries.to_check().count(), key, by=by, at=at)


def _ask_to_look(person: Person, number: int, key: str, *, by: Actor, at: datetime) -> bool:
    mail = send_notice(
        template="feedback/mail/proof",
        context={"number": number, "url": settings.HALLWAY_BASE_URL + reverse("feedback:proofs")},
        to_person=person,
        dedupe_key=key,
        by=by,
        at=at,
    )
    return mail is not None and mail.created_at == at


def remind_checkers(*, by: SystemPerson, at: datetime) -> int:
    """Mail the administration once a week while proofs wait longer than that. Returns how many mails were written."""
    require(isinstance(by, SystemPerson), "maker.not_hallway", _ONLY_HALLWAY)
    with transaction.atomic():
        if not queries.to_check().filter(placed_at__lte=at - WAITS).exists():
            return 0
        year, week, _day = at.isocalendar()
        number = queries.to_check().count()
        told = sum(
            _ask_to_look(person, number, f"feedback:proofs:{person.pk}:{year}-{week}", by=by, at=at)
            for person in administrators()
        )
        if told:
            announce(CheckersReminded(number=number), by=by, at=at)
    return told


def let_proof_lapse(*, maker: Maker, by: SystemPerson, at: datetime) -> bool:
    """Nobody looked in thirty days: whoever placed the line hears so, and can have it looked at with the same line."""
    require(isinstance(by, SystemPerson), "maker.not_hallway", _ONLY_HALLWAY)
    with transaction.atomic():
        row = held(maker, "maker.gone")
        if not queries.to_check().filter(pk=row.pk, placed_at__lte=at - LAPSES).exists():
            return False
        _write_to_maker("lapsed", row, by=by, at=at)
        row.asked_at, row.placed_at = at, None
        row.save(update_fields=["asked_at", "placed_at"])
        announce(ProofLapsed(product_id=row.product_id), by=by, at=at)
    return True


def accept_proof(*, maker: Maker, by: Actor, at: datetime) -> None:
    """An administrator saw the file or the record."""
    require(policies.can_check_proofs(by), "maker.not_administrator", NOT_ADMINISTRATOR)
    with transaction.atomic():
        row = _to_check(maker)
        row.proved_at = at
        row.checked_by = by if isinstance(by, Person) else None
        row.save(update_fields=["proved_at", "checked_by"])
        announce(MakerProved(product_id=row.product_id), by=by, at=at)
        welcome(row, by=by, at=at)
        store.bump("products", f"product:{row.product_id}")


def decline_proof(*, maker: Maker, by: Actor, at: datetime) -> None:
    """An administrator did not find it; whoever asked hears so and can ask again."""
    require(policies.can_check_proofs(by), "maker.not_administrator", NOT_ADMINISTRATOR)
    with transaction.atomic():
        row = _to_check(maker)
        row.declined_at = at
        row.checked_by = by if isinstance(by, Person) else None
        row.save(update_fields=["declined_at", "checked_by"])
        announce(MakerDeclined(product_id=row.product_id), by=by, at=at)
        _write_to_maker("declined", row, by=by, at=at)


def _write_to_maker(letter: str, maker: Maker, *, by: Actor, at: datetime) -> None:
    send_notice(
        template=f"feedback/mail/{letter}",
        context={
            "product": maker.product,
            "url": settings.HALLWAY_BASE_URL + reverse("feedback:claim", args=[maker.product.slug]),
        },
        to_person=maker.person,
        by=by,
        at=at,
    )


def _to_check(maker: Maker) -> Maker:
    row = held(maker, "maker.gone")
    if not queries.to_check().filter(pk=row.pk).exists():
        raise Refusal("maker.decided", _("Somebody decided about this in the meantime."))
    return row
