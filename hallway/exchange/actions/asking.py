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
from hallway.exchange.findings import found, sentence
from hallway.exchange.models import ImportRun
from hallway.exchange.opening import LIMIT_BYTES, LIMIT_MB
from hallway.exchange.reading import columns_of
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit import wake
from hallway.kit.facts import announce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

FOLDER = "imports"
MOST_A_DAY = 50  # files, each kept for a day


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
    """Keep a file aside to be checked. Nothing of it is stored in any event yet.

    A table waits until its columns are named (``name_columns``). Raises Refusal for what is no file we could read.
    """
    require(
        policies.can_import(by, community, into),
        "exchange.cannot_import",
        _("Only organisers can import into this community. Ask one of them."),
    )
    if len(data) > LIMIT_BYTES:
        raise Refusal("exchange.too-large", _too_large(), status=413, field="file")
    require_pace(ImportAsked, most=MOST_A_DAY, by=by, at=at)
    is_table = columns_of(data, filename) is not None
    folder = Path(settings.HALLWAY_DATA) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.part"
    (folder / name).write_bytes(data)
    state = ImportRun.State.COLUMNS if is_table else ImportRun.State.WAITING
    with transaction.atomic():
        run = ImportRun.objects.create(
            community=community, into=into, filename=filename[:200], stored_file=name, zone=zone, options=options,
            state=state, sha256=hashlib.sha256(data).hexdigest(), by_person=by, by_key=by.actor_key, at=at,
        )  # fmt: skip
        announce(ImportAsked(community_id=community.pk, run_id=run.pk, filename=run.filename), by=by, at=at)
        transaction.on_commit(wake.sweeps)
    return run


def _too_large() -> str:
    return sentence(found("too-large", limit=LIMIT_MB))


def name_columns(*, run: ImportRun, columns: dict[str, str], title: str, by: Person, at: datetime) -> ImportRun:
    """Say what a table's columns hold (our name → its header) and what the event is called; then it is checked."""
    return _ask_again(run, {"columns": columns, "title": title}, {ImportRun.State.COLUMNS}, by, at)


def read_times_otherwise(*, run: ImportRun, shifted: bool, by: Person, at: datetime) -> ImportRun:
    """Check again with the other reading of times marked as UTC, or with the first one."""
    return _ask_again(run, {"shifted": shifted}, {ImportRun.State.CHECKED}, by, at)


def _ask_again(run: ImportRun, options: dict[str, Any], states: set[str], by: Person, at: datetime) -> ImportRun:
    _require_may_import(by, run)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if run.state not in states:
            raise Refusal("exchange.too_late", _("This import has gone on since. Look at the page again."))
        run.state, run.claimed_until, run.attempts = ImportRun.State.WAITING, None, 0
        run.options = {**run.options, **options}
        run.save(update_fields=["state", "claimed_until", "attempts", "options"])
        announce(ImportAsked(community_id=run.community_id, run_id=run.pk, filename=run.filename), by=by, at=at)
        transaction.on_commit(wake.sweeps)
    return run


def _require_may_import(by: Person, run: ImportRun) -> None:
    require(
        policies.can_import(by, run.community, run.into),
        "exchange.cannot_import",
        _("Only organisers can import into this community. Ask one of them."),
    )


def agree_to_import(*, run: ImportRun, publish: bool, by: Person, at: datetime) -> ImportRun:
    """After reading the report: import it. Agreeing twice imports once."""
    _require_may_import(by, run)
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
