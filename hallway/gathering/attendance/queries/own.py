"""What a person takes with them: every word about them, and what they did for others to come."""

from __future__ import annotations

from typing import Any

from hallway.people.models import Person

from ..models import AdmissionInvitation, AdmissionQuestion, DoorHelper, ListExport, Registration, StandingRegistration

# Columns that leave as they are. What is secret stays, since it opens links; so does what only counts for the database.
_REGISTRATION = (
    "name", "state", "guests", "online", "seats", "position", "first_time", "code", "language", "shown", "message",
    "reason", "cause", "offered_until", "asked_at", "state_at", "came_at",
)  # fmt: skip
_PARTS = {
    "check_ins": ("kind", "how", "seats", "done_at", "received_at"),
    "offers": ("made_at", "until", "outcome", "closed_at"),
    "asked_again": ("days", "starts_at", "asked_at", "answer_by", "answered_at"),
    "requests": ("address", "language", "created_at", "expires_at"),
    "invitations": ("address", "created_at", "withdrawn_at"),
}


def own_data(person: Person) -> dict[str, Any]:
    """For the export: registrations with all that hangs on them, every-time ones, and what they did as a team."""
    rows = Registration.objects.filter(person=person).select_related("admission__event").order_by("asked_at", "pk")
    rows = rows.prefetch_related(*_PARTS, "answers", "exports__by")
    texts = dict(AdmissionQuestion.objects.filter(answers__registration__person=person).values_list("pk", "text"))
    standing = StandingRegistration.objects.filter(person=person).order_by("since")
    invited = AdmissionInvitation.objects.filter(invited_by=person).order_by("created_at")
    helpers = DoorHelper.objects.filter(made_by=person).order_by("made_at")
    lists = ListExport.objects.filter(by=person).order_by("at")
    data = {
        "registrations": [_registration(row, texts) for row in rows],
        "every_time": list(standing.values("series__slug", "guests", "since", "ended_at")),
        "invitations_you_sent": list(invited.values("admission__event__slug", "address", "created_at", "withdrawn_at")),
        "door_links_you_made": list(helpers.values("event__slug", "name", "made_at", "ended_at")),
        "lists_you_took": list(lists.values("event__slug", "at", "what", "columns")),
    }
    return data if any(data.values()) else {}


def _registration(row: Registration, texts: dict[int, Any]) -> dict[str, Any]:
    parts = {
        name: [{column: getattr(one, column) for column in columns} for one in _in_order(row, name)]
        for name, columns in _PARTS.items()
    }
    return {
        "event": row.admission.event.slug,
        "workshop": row.admission.title or None,
        **{column: getattr(row, column) for column in _REGISTRATION},
        "answers": [{"question": texts.get(one.question_id), "answer": one.text} for one in _in_order(row, "answers")],
        **parts,
        "lists_taken_out": [
            {"by": one.by.name if one.by else None, "at": one.at, "what": one.what, "columns": one.columns}
            for one in _in_order(row, "exports")
        ],
    }


def _in_order(row: Registration, name: str) -> list[Any]:
    return sorted(getattr(row, name).all(), key=lambda one: one.pk)
