"""Importing by browser: hand in, say what the columns hold, read the report, import, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hallway.gathering.communities import queries as communities
from hallway.gathering.communities.models import Community
from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.localised import pick
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.slugs import is_well_formed
from hallway.people.models import Person

from .. import actions, policies, queries
from ..actions.asking import file_of
from ..forms import AgreeForm, ColumnsForm, UploadForm
from ..models import ImportRun
from ..reading import columns_of
from ..saying import findings_of, kept_of
from ..table import Preview

State = ImportRun.State
MOST_RUNS = 50


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise NotAllowed("people.signed_out", _("Sign in first."))
    return request.user


def _community(request: HttpRequest, slug: str) -> Community:
    if not is_well_formed(slug):
        raise Http404
    return get_object_or_404(communities.visible_to(_person(request)), slug=slug)


def _allow(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed("exchange.not_yours", _("Only the team of the community can import. Ask one of them."))


@access.ruled("can_import")
def into_community(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand in a file that becomes a new event, or updates the one it came to before."""
    community = _community(request, slug)
    _allow(policies.can_import(_person(request), community))
    return _hand_in(request, community, None)


@access.ruled("can_import")
@event_page
def into_event(request: HttpRequest, event: Event) -> HttpResponse:
    """Hand in a file for the programme of an event that is there."""
    _allow(policies.can_import(_person(request), event.community, event))
    return _hand_in(request, event.community, event)


def _hand_in(request: HttpRequest, community: Community, event: Event | None) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, initial={"zone": (event or community).zone})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.ask_import(
                community=community,
                into=event,
                data=file.read(),
                filename=file.name or "",
                zone=form.cleaned_data["zone"],
                options={},
                by=_person(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("exchange:run", community.slug, run.pk)
    runs = queries.visible_to(_person(request)).filter(community=community).select_related("event", "by_person")
    if event is not None:
        runs = runs.filter(event=event)
    context = {"form": form, "community": community, "event": event, "runs": runs.order_by("-pk")[:MOST_RUNS]}
    return render(request, "exchange/hand_in.html", {**context, "section": "communities"})


def _run(request: HttpRequest, slug: str, pk: int) -> ImportRun:
    runs = queries.visible_to(_person(request)).select_related("community", "event__community", "into__community")
    return get_object_or_404(runs, pk=pk, community__slug=slug)


def _back(run: ImportRun) -> HttpResponse:
    return redirect("exchange:run", run.community.slug, run.pk)


@access.ruled("visible_to")
def run(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where an import stands: waiting, its report, its result."""
    found = _run(request, slug, pk)
    if found.state == State.COLUMNS:
        return redirect("exchange:columns", slug, pk)
    return _page(request, found, AgreeForm(makes_event=_makes_event(found)))


def _makes_event(found: ImportRun) -> bool:
    return bool(found.report.get("made_event"))


def _page(request: HttpRequest, found: ImportRun, form: AgreeForm) -> HttpResponse:
    report, person = found.report, _person(request)
    event = found.event or found.into
    context = {
        "run": found,
        "report": report,
        "community": found.community,
        "event": event,
        "event_name": pick(event.title).text if event else report.get("title", ""),
        "refused": findings_of(report, "refused"),
        "warnings": findings_of(report, "warnings"),
        "kept": kept_of(report),
        "reason": pick(report.get("refusal", {}).get("said")).text,
        "first": queries.first_start(found),
        "has_other_times": any(entry["code"] == "false-utc" for entry in report.get("warnings", [])),
        "is_shifted": bool(found.options.get("shifted")),
        "is_news": any(report.get(name) for name in ("made", "changed", "gone")),
        "can_agree": policies.can_import(person, found.community, event),
        "can_undo": found.state == State.DONE and bool(found.journal) and policies.can_undo(person, found),
        "form": form,
        "section": "communities",
    }
    return render(request, "exchange/run.html", context)


@access.ruled("can_import")
def columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What each column of a table holds."""
    found = _run(request, slug, pk)
    _allow(policies.can_import(_person(request), found.community, found.into))
    preview = _preview(found) if found.state == State.COLUMNS else None
    if preview is None:
        return _back(found)
    title = found.filename.rpartition(".")[0].replace("_", " ").strip()
    form = ColumnsForm(request.POST or None, preview=preview, title=title, into=found.into is not None)
    if request.method == "POST" and form.is_valid():
        actions.name_columns(
            run=found,
            columns=form.columns(),
            title=form.cleaned_data.get("event_title", ""),
            by=_person(request),
            at=clock.now(),
        )
        return _back(found)
    context = {"run": found, "community": found.community, "event": found.into, "form": form, "preview": preview}
    return render(request, "exchange/columns.html", {**context, "section": "communities"})


def _preview(found: ImportRun) -> Preview | None:
    """The table's first rows; without its file, which goes after a day, the run ends."""
    path = file_of(found)
    if found.stored_file and path.is_file():
        return columns_of(path.read_bytes(), found.filename)
    return None


@access.ruled("can_import")
def times(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read the times the other way, and check again."""
    found = _run(request, slug, pk)
    if request.method == "POST":
        shifted = request.POST.get("shifted") == "1"
        actions.read_times_otherwise(run=found, shifted=shifted, by=_person(request), at=clock.now())
    return _back(found)


@access.ruled("can_import")
def agree(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Import what was checked."""
    found = _run(request, slug, pk)
    form = AgreeForm(request.POST, makes_event=_makes_event(found))
    if request.method != "POST":
        return _back(found)
    if not form.is_valid():
        return _page(request, found, form)
    actions.agree_to_import(
        run=found, publish=form.cleaned_data["publish"] == "now", by=_person(request), at=clock.now()
    )
    return _back(found)


@access.ruled("can_undo")
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once, then put everything back."""
    found = _run(request, slug, pk)
    _allow(policies.can_undo(_person(request), found))
    if request.method == "POST":
        outcome = actions.undo_import(run=found, by=_person(request), at=clock.now())
        said = _("The import is undone, except for what you see below.") if outcome.kept else _("The import is undone.")
        messages.success(request, said)
        return _back(found)
    if found.state != State.DONE:
        return _back(found)
    context: dict[str, Any] = {"run": found, "community": found.community, "event": found.event}
    return render(request, "exchange/undo.html", {**context, "report": found.report, "section": "communities"})
