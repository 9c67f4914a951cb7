"""What is typed or sent at the door."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from hallway.kit.forms import Form, TextField
from hallway.kit.links import as_typed
from hallway.kit.refusal import Refusal
from hallway.kit.text import clean

from ..actions.book import MOST_LINES, Line, RefusedLine
from ..models import CheckIn

NAME_LENGTH = 120
LATEST = 4_102_444_800_000  # milliseconds; the year 2100
LARGEST_ID = 2**63 - 1
MOST_BYTES = 1_000_000  # of five hundred lines with the longest names
NOT_JSON = _("What was sent is not a list of lines. Reload the page and send it again.")


class HelperForm(Form):
    """For whom a link to the door is."""

    name = TextField(
        max_length=NAME_LENGTH,
        label=_("Who helps at the door?"),
        help_text=_("So that you know later whose link it is."),
    )


class CodeForm(Form):
    """The six characters from a mail."""

    code = TextField(
        max_length=20,
        label=_("Your six-character code"),
        help_text=_("It is in the mail about your registration."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-box"}
        ),
    )

    def clean_code(self) -> str:
        return as_typed(self.cleaned_data["code"])


class WalkInForm(Form):
    """Somebody who did not register says their name. ``form`` is the form's own number: sent twice it counts once."""

    form = forms.UUIDField(widget=forms.HiddenInput)
    name = TextField(
        max_length=NAME_LENGTH, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form", uuid4())


def lines_in(body: bytes) -> tuple[list[Line], list[RefusedLine], int]:
    """The lines a device sent, those that cannot be read, and the newest line it knows.

    Raises Refusal when what was sent is no batch at all.
    """
    try:
        if len(body) > MOST_BYTES:
            raise ValueError(len(body))
        sent = json.loads(body)
        rows, after = sent["lines"], sent.get("after", 0)
        if not isinstance(rows, list) or not _is_number(after, 0, LARGEST_ID):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        raise Refusal("attendance.not_lines", NOT_JSON, status=400) from None
    if len(rows) > MOST_LINES:
        raise Refusal(
            "attendance.too_many_lines",
            _("These are too many lines at once. Send %(most)s at most.") % {"most": MOST_LINES},
            status=400,
        )
    lines, refused = [], []
    for row in rows:
        try:
            lines.append(_line(row))
        except (ValueError, TypeError, KeyError, AttributeError):
            uid = row.get("uid") if isinstance(row, dict) else None
            refused.append(RefusedLine(uid[:64] if isinstance(uid, str) else "", "attendance.not_a_line", NOT_JSON))
    return lines, refused, after


def _line(row: Any) -> Line:
    """One line as a device wrote it. Raises when something in it is not what it has to be."""
    if row["kind"] not in CheckIn.Kind.values or row["how"] not in CheckIn.How.values:
        raise ValueError(row["kind"])
    registration = row.get("registration")
    if registration is not None and not _is_number(registration, 1, LARGEST_ID):
        raise ValueError(registration)
    done_at, seats = row["done_at"], row.get("seats", 1)
    if not _is_number(done_at) or not _is_number(seats):
        raise ValueError(done_at)
    return Line(
        uid=UUID(row["uid"]),
        kind=row["kind"],
        how=row["how"],
        done_at=datetime.fromtimestamp(min(max(done_at, 0), LATEST) / 1000, UTC),
        registration_id=registration,
        walk_in=UUID(row["walk_in"]) if row.get("walk_in") is not None else None,
        name=_name(row.get("name", "")),
        seats=min(max(seats, 0), 99),
    )


def _name(said: str) -> str:
    """A name that was written down where nobody can be asked again: what is too long is cut."""
    return clean(said[: NAME_LENGTH * 2], limit=NAME_LENGTH * 6, one_line=True)[:NAME_LENGTH]


def _is_number(value: Any, least: float = float("-inf"), most: float = float("inf")) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
