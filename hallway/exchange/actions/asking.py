"""Handing a file in by browser: it is kept aside, checked by a sweep, and imported when somebody agrees."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.exchange import policies
from hallway.exchange.facts import ImportAgreed, ImportAsked
from hallway.exchange.models import ImportRun
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit import wake
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

FOLDER = "imports"


def ask_import(
    *,
    community: Community,
    data: bytes,
    filename: str,
    zone: str,
    options: dict[str, Any],
    by: Person,
    at: datetime,
    into: Event | None = None,
) -> ImportRun:
    """Keep a file aside to be checked. Nothing of it is stored in any event yet."""
    require(
        policies.can_import(by, community, into),
        "exchange.cannot_import",
        _("Only organisers can import into this community. Ask one of them."),
    )
    folder = Path(settings.HALLWAY_DATA) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.part"
    (folder / name).write_bytes(data)
    with transaction.atomic():
        run = ImportRun.objects.create(
            community=community, into=into, filename=filename[:200], stored_file=name, zone=zone, options=options,
            sha256=hashlib.sha256(data).hexdigest(), by_person=by, by_key=by.actor_key, at=at,
        )  # fmt: skip
        announce(ImportAsked(community_id=community.pk, run_id=run.pk, filename=run.filename), by=by, at=at)
        transaction.on_commit(wake.sweeps)
    return run


def agree_to_import(*, run: ImportRun, publish: bool, by: Person, at: datetime) -> ImportRun:
    """After reading the report: import it. Agreeing twice imports once."""
    require(
        policies.can_import(by, run.community, run.into),
        "exchange.cannot_import",
        _("Only organisers can import into this community. Ask one of them."),
    )
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if run.state in {ImportRun.State.AGREED, ImportRun.State.DONE}:
            return run
        if run.state != ImportRun.State.CHECKED:
            raise Refusal("exchange.not_checked", _("This file was not checked yet. Wait for its report."))
        run.state, run.claimed_until, run.attempts = ImportRun.State.AGREED, None, 0
        run.options = {**run.options, "publish": publish}
        run.save(update_fields=["state", "claimed_until", "attempts", "options"])
        announce(ImportAgreed(community_id=run.community_id, run_id=run.pk, filename=run.filename), by=by, at=at)
        transaction.on_commit(wake.sweeps)
    return run


def file_of(run: ImportRun) -> Path:
    """Where the handed-in file lies."""
    return Path(settings.HALLWAY_DATA) / FOLDER / run.stored_file
