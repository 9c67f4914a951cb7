"""Working off what was handed in: checking a file, importing it, saying why it cannot be."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hallway.exchange.facts import ImportRefused, ImportsForgotten
from hallway.exchange.findings import Unreadable
from hallway.exchange.models import ImportRun
from hallway.exchange.reading import read_programme
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.refusal import NotAllowed, Refusal

from .asking import FOLDER, file_of
from .importing import import_programme

IMPORTER = SystemPerson("importer")
FILES_KEPT = timedelta(days=1)
RUNS_KEPT = timedelta(days=365)


def work_off_import(*, run: ImportRun, by: Actor | None, at: datetime) -> ImportRun:
    """Check a file that waits, or import one that was agreed to. A refusal ends the run and is kept in it.

    ``by`` is who handed it in; None when they left, then it is refused.
    """
    rehearse = run.state == ImportRun.State.WAITING
    try:
        if by is None:
            raise NotAllowed("exchange.nobody", _("The person who uploaded this file has left. Upload it again."))
        path = file_of(run)
        if not run.stored_file or not path.is_file():
            raise Refusal("exchange.file_gone", _("The file is no longer here: we keep it for a day. Upload it again."))
        programme = read_programme(path.read_bytes(), run.filename, fallback=run.zone, options=run.options)
        return import_programme(
            programme=programme,
            community=run.community,
            into=run.into,
            run=run,
            rehearse=rehearse,
            publish=bool(run.options.get("publish")),
            by=by,
            at=at,
        )
    except Refusal as refusal:
        if refusal.code == "exchange.worked_off":
            return ImportRun.objects.get(pk=run.pk)
        return refuse_import(run=run, refusal=refusal, by=by or IMPORTER, at=at)
    except MemoryError:
        pass  # what the file took is free again only after this
    return refuse_import(run=run, refusal=too_heavy(), by=by or IMPORTER, at=at)


def too_heavy() -> Refusal:
    """More than one import is given, of time or of memory; trying again would take as much."""
    return Refusal(
        "exchange.too_heavy",
        _("This file takes more time or memory than one import is given. Nothing was stored. Split it and try again."),
    )


def refuse_import(*, run: ImportRun, refusal: Refusal, by: Actor, at: datetime) -> ImportRun:
    """End a run with the reason, said in every language of the site."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            cause = refusal.__cause__
            said[code] = cause.sentence if isinstance(cause, Unreadable) else str(refusal.sentence)
    with transaction.atomic():
        run.refresh_from_db()
        run.state, run.claimed_until = ImportRun.State.REFUSED, None
        run.report = {**run.report, "refusal": {"code": refusal.code, "said": said}}
        run.save(update_fields=["state", "claimed_until", "report"])
        announce(ImportRefused(community_id=run.community_id, run_id=run.pk, filename=run.filename), by=by, at=at)
    return run


def forget_old_imports(*, by: Actor, at: datetime) -> int:
    """Delete files that were handed in a day ago or longer, and runs of a year ago. Returns how many files went."""
    runs = ImportRun.objects.filter(at__lt=at - FILES_KEPT).exclude(stored_file="")
    names = list(runs.values_list("stored_file", flat=True))
    with transaction.atomic():
        runs.update(stored_file="")
        ImportRun.objects.filter(at__lt=at - RUNS_KEPT).delete()
        if names:
            announce(ImportsForgotten(count=len(names)), by=by, at=at)
    for name in names:
        (settings.HALLWAY_DATA / FOLDER / name).unlink(missing_ok=True)
    return len(names)
