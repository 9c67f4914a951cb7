"""``hallway import`` and ``hallway export``."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hallway.gathering.communities.actions import found_community
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import Refusal
from hallway.kit.slugs import RESERVED, is_well_formed

from . import detect
from .actions import import_programme
from .assembling import public_programme
from .models import ImportRun
from .opening import LIMIT_BYTES
from .programme import Programme
from .reading import read_programme
from .saying import losses_of, said

IMPORTER = SystemPerson("importer")
# What ``--json`` prints, and nothing else: scripts build on it.
PRINTED = ("format", "event", "url", "sessions", "slots", "people", "rooms", "refused", "warnings")


def run_import(args: argparse.Namespace) -> int:
    """Import a file and print its report. A refusal is one sentence on stderr and exit code 2; nothing is stored."""
    path = Path(args.file)
    if path.stat().st_size > LIMIT_BYTES:
        raise Refusal("exchange.too_large", _("The file is larger than 100 MB. Split it and import the parts."))
    data = path.read_bytes()
    community = Community.objects.filter(slug=args.community).first()
    fallback = community.zone if community else ""
    programme = read_programme(data, path.name, zone=args.zone or "", fallback=fallback)
    try:
        with transaction.atomic():
            run = _import(args, programme, community, hashlib.sha256(data).hexdigest(), path.name)
            if args.dry_run:
                raise _DryRun(run)
    except _DryRun as dry:
        run = dry.run
    report = said(run.report)
    sys.stdout.write(_as_json(report) if args.json else _in_words(report))
    return 0


class _DryRun(Exception):  # noqa: N818 - it carries the report out of a transaction that is rolled back
    def __init__(self, run: ImportRun) -> None:
        self.run = run


def _import(
    args: argparse.Namespace, programme: Programme, community: Community | None, sha256: str, filename: str
) -> ImportRun:
    """Import into the community, which is made if it is missing: one transaction for both."""
    return import_programme(
        programme=programme,
        community=community or _missing_community(args.community, programme),
        filename=filename,
        sha256=sha256,
        publish=True,
        by=IMPORTER,
        at=clock.now(),
    )


def _missing_community(slug: str, programme: Programme) -> Community:
    if not is_well_formed(slug) or slug in RESERVED:
        raise Refusal(
            "exchange.bad_slug",
            _("“%(slug)s” cannot be a community’s address. Use 4 to 60 of a–z, 0–9, - and _.") % {"slug": slug[:60]},
        )
    details: dict[str, Any] = {"name": slug.replace("-", " ").title(), "slug": slug, "zone": programme.zone.key}
    return found_community(details=details, by=IMPORTER, at=clock.now())


def _as_json(report: dict[str, Any]) -> str:
    return json.dumps({name: report[name] for name in PRINTED}, ensure_ascii=False) + "\n"


def _in_words(report: dict[str, Any]) -> str:
    lines = [
        _("Sessions: %(sessions)s, slots: %(slots)s, people: %(people)s, rooms: %(rooms)s. Format: %(format)s.")
        % report,
        _("New: %(made)s. Changed: %(changed)s. Taken out: %(gone)s.") % report,
        report["url"],
        *(f"- {text}" for text in report["refused"] + report["warnings"]),
    ]
    return "\n".join(lines) + "\n"


def run_export(args: argparse.Namespace) -> int:
    """Write an event's released programme to a file or to standard output, and say on stderr what is lost."""
    event = Event.objects.select_related("community", "venue").filter(slug=args.event).first()
    if event is None:
        raise Refusal(
            "exchange.no_event",
            _("There is no event “%(slug)s”. Its short name is part of its address.") % {"slug": args.event},
        )
    programme = public_programme(event)
    data = detect.WRITERS[args.format](programme)
    if args.output:
        Path(args.output).write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    for sentence in losses_of(args.format, programme):
        sys.stderr.write(f"- {sentence}\n")
    return 0
