"""What belongs to a talk: its speakers bring it, signed in or by a mailed link; everybody takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hallway.gathering.events.models import Event
from hallway.kit import access, clock, uploads
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person
from hallway.programme.schedule.forms import MaterialForm
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import visible_to
from hallway.programme.schedule.queries.slides import how_many_wait
from hallway.programme.talks import actions, policies
from hallway.programme.talks import queries as talks
from hallway.programme.talks.models import Material, Talk

from .loading import reader_of

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ppt": "application/vnd.ms-powerpoint",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Desk:
    """Whose hand it is, for which talk, and where its page stands."""

    talk: Talk
    by: Person
    address: str
    occasions: list[Event]
    is_mailed: bool


@access.by_token
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a mailed link: a speaker brings slides without signing in."""
    speaking = talks.speaking_by_link(token)
    if speaking is None:
        return render(request, "schedule/materials_lost.html", {}, status=404)
    address = reverse("slides_by_link", args=[token])
    return _page(request, Desk(speaking.talk, speaking.person, address, _occasions(speaking.talk), is_mailed=True))


@access.ruled("can_change_materials")
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for whoever may correct the talk and is signed in."""
    person = reader_of(request)
    talk = talks.visible_to(person).filter(pk=pk).first()
    if person is None or talk is None:
        raise Http404
    require(
        policies.can_change_materials(person, talk),
        "talk.cannot_change_materials",
        _("Only its speakers and the programme’s team can change what belongs to this talk. Ask them to."),
    )
    address = reverse("talk_materials", args=[pk])
    return _page(request, Desk(talk, person, address, _occasions(talk), is_mailed=False))


def _occasions(talk: Talk) -> list[Event]:
    """The events it was given at, latest first: what is added can be for one of them only."""
    rows = Session.objects.filter(talk=talk, public_at__isnull=False, hidden_at=None).select_related("event")
    events = {session.event_id: session.event for session in rows.order_by("-event__starts_at", "-pk")}
    return list(events.values())


def _page(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = list(desk.talk.materials.all())
    changing = next((row for row in rows if str(row.pk) == request.POST.get("material")), None)
    adding = MaterialForm(occasions=desk.occasions, prefix="new")
    wrong: MaterialForm | None = None
    if request.method == "POST":
        wrong = MaterialForm(
            request.POST, request.FILES, occasions=desk.occasions, material=changing,
            prefix=f"m{changing.pk}" if changing else "new",
        )  # fmt: skip
        try:
            if _done(request, desk, changing, wrong, clock.now()):
                return redirect(desk.address)
        except Refusal as refusal:
            wrong.is_valid()
            wrong.refuse(refusal)
    forms = {row.pk: MaterialForm(occasions=desk.occasions, material=row, prefix=f"m{row.pk}") for row in rows}
    if wrong is not None and changing is not None:
        forms[changing.pk] = wrong
    context = {
        "section": "talks", "talk": desk.talk, "desk": desk, "rows": [(row, forms[row.pk]) for row in rows],
        "form": wrong if wrong is not None and changing is None else adding,
        "has_slides": any(row.kind == Material.Kind.SLIDES for row in rows),
        "sessions": _sessions_of(request, desk.talk), "asked": how_many_wait(desk.talk),
    }  # fmt: skip
    return render(request, "schedule/materials.html", context, status=409 if wrong is not None else 200)


def _sessions_of(request: HttpRequest, talk: Talk) -> list[Session]:
    """Where it shows, for this reader."""
    rows = visible_to(reader_of(request)).filter(talk=talk).select_related("event")
    return list(rows.order_by("-event__starts_at", "-pk")[:5])


def _done(request: HttpRequest, desk: Desk, changing: Material | None, form: MaterialForm, at: datetime) -> bool:
    """Do what was pressed; whether there is nothing more to say. Raises Refusal."""
    pressed = request.POST.get("do")
    if pressed == "none":
        actions.say_no_slides(talk=desk.talk, by=desk.by, at=at)
        messages.success(request, _("Thank you. Nobody will remind you any more."))
        return True
    if changing is not None and pressed == "remove":
        actions.remove_material(material=changing, by=desk.by, at=at)
        messages.success(request, _("Taken away."))
        return True
    if not form.is_valid():
        return False
    if changing is not None:
        actions.change_material(material=changing, **form.changes(), by=desk.by, at=at)
        messages.success(request, _("Saved."))
    else:
        actions.add_material(talk=desk.talk, new=form.material(), event=form.occasion(), by=desk.by, at=at)
        messages.success(request, _("It is on the page of your talk."))
    return True


@require_safe
@access.public
def download(request: HttpRequest, pk: int, material_id: int, filename: str) -> HttpResponse:
    """A file of a talk, always as a download: whatever is in it, no browser shows it as a page of ours."""
    row = get_object_or_404(Material.objects.filter(hidden_at=None).exclude(file=""), pk=material_id, talk_id=pk)
    if not talks.visible_to(reader_of(request)).filter(pk=pk).exists():
        raise Http404
    found = uploads.open_file(row.file)
    if found is None:
        raise Http404
    ending = row.filename.rpartition(".")[2]
    # Django's type says less than it is: an answer in pieces, with headers like any other.
    response: Any = FileResponse(found, content_type=MEDIA_TYPES.get(ending, "application/octet-stream"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.filename, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Length"] = str(row.size)
    response["Cache-Control"] = "private, no-cache"
    return cast("HttpResponse", response)
