"""Lists of people as files: only the columns their purpose needs, and noted for those who are in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hallway.gathering.events.models import Event
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies, queries
from ..facts import ListExported
from ..models import Admission, AdmissionQuestion, ListExport, Registration
from .rows import NOT_TEAM

State = Registration.State
Kind = AdmissionQuestion.Kind
# Answers to these leave in the list that was asked for them, never among other things.
OF_THEIR_OWN = {"diet": Kind.DIET, "access": Kind.ACCESS, "photo": Kind.PHOTO}
COLUMNS = {
    "everybody": ("name", "email", "state", "guests", "online", "since", "message", "answers"),
    "going": ("name", "guests", "online"),
    "waiting": ("place", "name", "guests", "since"),
    "came": ("name", "guests", "came"),
    "diet": ("answer", "people"),
    "access": ("name", "answer"),
    "photo": ("name", "answer"),
}


@dataclass(frozen=True)
class Table:
    """A list as it stands in a file."""

    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


def export_list(*, event: Event, what: str, admission: Admission | None = None, by: Person, at: datetime) -> ListExport:
    """Note that a list of people is taken out, and who is in it; they see that. ``what`` is a key of :data:`COLUMNS`.

    Without an ``admission`` it is the event's own list. Raises Refusal when nobody is in it.
    """
    require(policies.can_run_registrations(by, event), "attendance.not_team", NOT_TEAM)
    if what not in COLUMNS:
        raise TypeError(f"there is no such list: {what}")
    if admission is not None and admission.event_id != event.pk:
        raise TypeError("this list belongs to another event")
    with transaction.atomic():
        admission = admission or queries.main_admission(event)
        ids = [] if admission is None else list(people_of(admission, what).values_list("pk", flat=True))
        return note_list(event, what, COLUMNS[what], ids, by=by, at=at)


def note_list(
    event: Event, what: str, columns: Sequence[str], ids: Sequence[int], *, by: Person, at: datetime
) -> ListExport:
    """Write down who took which list, on paper too, and who is in it; refused where nobody is.

    In the transaction of the caller.
    """
    if not ids:
        raise Refusal("attendance.empty_list", gettext_lazy("Nobody is in this list, so there is nothing to download."))
    export = ListExport.objects.create(event=event, by=by, at=at, what=what, columns=list(columns))
    export.registrations.set(ids)
    announce(ListExported(export_id=export.pk, event_id=event.pk, number=len(ids)), by=by, at=at)
    return export


def people_of(admission: Admission, what: str) -> QuerySet[Registration]:
    """Who is in a list."""
    rows = admission.registrations.filter(person__left_at=None)
    if what == "everybody":
        return rows.filter(state__in=queries.ALIVE)
    if what == "waiting":
        return rows.filter(state=State.WAITING)
    if what == "came":
        return rows.filter(came_at__isnull=False)
    going = rows.filter(state=State.GOING)
    if what in OF_THEIR_OWN:
        asked = admission.questions.filter(kind=OF_THEIR_OWN[what])
        return going.filter(answers__question__in=asked).distinct()
    return going


def table_of(export: ListExport, admission: Admission) -> Table:
    """What stands in the file of a list that was taken out, in the language of whoever took it."""
    rows = list(
        export.registrations.filter(admission=admission).select_related("person").order_by(Lower("name"), "position")
    )
    if export.what == "diet":
        return _counted(rows, admission)
    if export.what == "waiting":
        place = {pk: number for number, pk in enumerate(queries.line_of(admission).values_list("pk", flat=True), 1)}
        rows.sort(key=lambda row: place.get(row.pk, len(place)))
    else:
        place = {}
    makers = _makers(admission, rows, place)
    columns = _columns_of(export, admission)
    return Table(
        header=tuple(title for title, _make in (makers[name] for name in columns)),
        rows=[tuple(make(row) for _title, make in (makers[name] for name in columns)) for row in rows],
    )


def _questions_of(what: str, admission: Admission) -> list[AdmissionQuestion]:
    questions = admission.questions.all()
    if what in OF_THEIR_OWN:
        return [one for one in questions if one.kind == OF_THEIR_OWN[what]]
    return [one for one in questions if one.kind not in OF_THEIR_OWN.values()]


def _columns_of(export: ListExport, admission: Admission) -> list[str]:
    """The columns, each question one of its own."""
    names: list[str] = []
    for name in COLUMNS[export.what]:
        asked = _questions_of(export.what, admission) if name in {"answer", "answers"} else []
        names += [f"question:{one.pk}" for one in asked] if name in {"answer", "answers"} else [name]
    return names


Maker = tuple[str, Callable[[Registration], object]]


def _makers(admission: Admission, rows: list[Registration], place: dict[int, int]) -> dict[str, Maker]:
    """``{column: (title, what it says of a registration)}``."""
    zone = admission.event.tz
    answers = queries.answers_of(rows)

    def when(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""

    def answer_to(question: AdmissionQuestion) -> Callable[[Registration], object]:
        return lambda row: question.words(answers.get(row.pk, {}).get(question.pk, ""))

    makers: dict[str, Maker] = {
        "place": (_("Place in line"), lambda row: place.get(row.pk)),
        "name": (_("Name"), lambda row: row.name or row.person.name),
        "email": (_("E-mail"), lambda row: row.person.email),
        "state": (_("State"), lambda row: row.get_state_display()),
        "guests": (_("Guests"), lambda row: row.guests),
        "online": (_("Online"), lambda row: _("yes") if row.online else ""),
        "since": (_("Since"), lambda row: when(row.asked_at)),
        "message": (_("To the team"), lambda row: row.message),
        "came": (_("Came at"), lambda row: when(row.came_at)),
    }
    for question in admission.questions.all():
        makers[f"question:{question.pk}"] = (pick(question.text).text, answer_to(question))
    return makers


def _counted(rows: list[Registration], admission: Admission) -> Table:
    """For the kitchen: how many people eat what, without a name. The same words in other letters are the same."""
    asked = {one.pk for one in _questions_of("diet", admission)}
    said: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for texts in queries.answers_of(rows).values():
        for question, text in texts.items():
            if question in asked:
                key = " ".join(text.casefold().split())
                said[key] += 1
                spelled.setdefault(key, text)
    counted = sorted(said.items(), key=lambda entry: (-entry[1], entry[0]))
    return Table((_("Answer"), _("People")), [(spelled[key], number) for key, number in counted])
