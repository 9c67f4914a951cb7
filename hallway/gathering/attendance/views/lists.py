"""Lists of people as files: what there is, for whom, and who took which."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hallway.kit import clock
from hallway.kit.refusal import NothingHere
from hallway.kit.table import MEDIA_TYPE, csv_bytes

from .. import actions, queries
from ..actions.lists import COLUMNS, OF_THEIR_OWN, table_of
from ..models import Admission, ListExport, Registration
from .desk import Desk, team_page

State = Registration.State
MOST_SHOWN = 20
# What each list is called, and what it is for.
SAID: dict[str, tuple[str | Promise, str | Promise]] = {
    "going": (gettext_lazy("Names"), gettext_lazy("Who goes, with how many guests. For reception and badges.")),
    "diet": (
        gettext_lazy("Kitchen"),
        gettext_lazy("How many eat what, without a name."),
    ),
    "access": (
        gettext_lazy("Access needs"),
        gettext_lazy("Names and what they need, of those who said so. For whoever prepares the room."),
    ),
    "photo": (
        gettext_lazy("Pictures"),
        gettext_lazy("Names and whether they may be seen. For whoever takes pictures."),
    ),
    "waiting": (gettext_lazy("In line"), gettext_lazy("Who stands in line, next first.")),
    "came": (gettext_lazy("Came"), gettext_lazy("Who was there, and since when.")),
    "everybody": (
        gettext_lazy("Everybody, with addresses"),
        gettext_lazy(
            "Everybody registered: state, e-mail address, message and the answers to your own questions. Download it "
            "only if you have to write to people outside Hallway."
        ),
    ),
}


@dataclass(frozen=True)
class Offer:
    """A list one can take: how many are in it."""

    what: str
    name: str | Promise
    purpose: str | Promise
    number: int


@team_page
def lists(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Each list with its purpose; taking one is a POST, noted for those who are in it."""
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in COLUMNS:
            raise NothingHere(_("There is no such list."))
        return _file(desk, what)
    taken = ListExport.objects.filter(event=desk.event).select_related("by").annotate(number=Count("registrations"))
    context = {
        **desk.context("lists"), "offers": _offers(desk.admission),
        "taken": [(one, SAID[one.what][0]) for one in taken.order_by("-at", "-pk")[:MOST_SHOWN] if one.what in SAID],
    }  # fmt: skip
    return render(request, "attendance/team/lists.html", context)


def _file(desk: Desk, what: str) -> HttpResponse:
    export = actions.export_list(event=desk.event, what=what, admission=desk.admission, by=desk.by, at=clock.now())
    table = table_of(export, desk.admission)
    response = HttpResponse(csv_bytes(table.header, table.rows), content_type=MEDIA_TYPE)
    workshop = "" if desk.admission.is_event else f"-{desk.admission.pk}"
    response["Content-Disposition"] = f'attachment; filename="{desk.event.slug}{workshop}-{what}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _offers(admission: Admission) -> list[Offer]:
    """Each list with how many are in it; those about a question only where it is asked."""
    here = admission.registrations.filter(person__left_at=None)
    numbers = here.aggregate(
        everybody=Count("pk", filter=Q(state__in=queries.ALIVE)),
        going=Count("pk", filter=Q(state=State.GOING)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        came=Count("pk", filter=Q(came_at__isnull=False)),
    )
    asked = set(admission.questions.values_list("kind", flat=True))
    answered = dict(
        here.filter(state=State.GOING, answers__question__admission=admission)
        .order_by()
        .values_list("answers__question__kind")
        .annotate(number=Count("pk", distinct=True))
    )
    offers = []
    for what, (name, purpose) in SAID.items():
        kind = OF_THEIR_OWN.get(what)
        if kind is None or kind in asked:
            number = numbers[what] if kind is None else answered.get(kind, 0)
            offers.append(Offer(what, name, purpose, number))
    return offers
