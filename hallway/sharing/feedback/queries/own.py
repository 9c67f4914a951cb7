"""What somebody said: to look at, to take back, and with an account to take out with all else that is theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hallway.kit.localised import pick
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import title_of, visible_to

from ..models import Card, Feedback, FeedbackReader, Maker
from .said import given_to

_SAID = (
    "session__event__slug", "session__talk__title", "words", "text", "language", "named", "may_publish", "state",
    "reason", "written_at", "changed_at", "published_at",
)  # fmt: skip
_CARD = (
    "product__name", "kind", "text", "language", "session__event__slug", "address", "named", "written_at",
    "answer_told_at", "fix_told_at", "group__answer", "group__fixed_in",
)  # fmt: skip
_MAKER = ("product__name", "how", "domain", "address", "asked_at", "placed_at", "proved_at", "declined_at", "ended_at")


@dataclass(frozen=True)
class Own:
    """A piece of what somebody said: ``feedback`` or ``card``. ``is_open`` is whether its session can be opened."""

    session: Session | None
    is_open: bool
    feedback: Feedback | None = None
    card: Card | None = None

    @property
    def title(self) -> dict[str, str]:
        """What its session is called."""
        return title_of(self.session) if self.session is not None else {}


def said_by(keys: Collection[str]) -> list[tuple[datetime, str, int]]:
    """Everything that was said to speakers and makers under these keys, the latest first: when, what, and its id."""
    kinds = (("feedback", Feedback), ("card", Card))
    return sorted(
        (
            (at, kind, pk)
            for kind, model in kinds
            for at, pk in model._default_manager.filter(writer_key__in=keys).values_list("written_at", "pk")
        ),
        reverse=True,
    )


def owned(said: Sequence[tuple[datetime, str, int]], reader: Person | None) -> list[Own]:
    """The pieces themselves, in their order: three queries."""
    feedback, cards = ({pk for _at, one, pk in said if one == kind} for kind in ("feedback", "card"))
    whole = ("session__event__community", "session__talk")
    found: dict[tuple[str, int], Any] = {
        ("feedback", row.pk): row for row in Feedback.objects.filter(pk__in=feedback).select_related(*whole)
    }
    rows = Card.objects.filter(pk__in=cards).select_related("product", "group", *whole)
    found |= {("card", row.pk): row for row in rows}
    sessions = {row.session_id for row in found.values()}
    open_ids = set(visible_to(reader).filter(pk__in=sessions).values_list("pk", flat=True))
    return [
        Own(session=row.session, is_open=row.session_id in open_ids, **{kind: row})
        for _at, kind, pk in said
        if (row := found.get((kind, pk))) is not None
    ]


def own_data(person: Person) -> dict[str, Any]:
    """For the export. What others said to the speaker is theirs to take, without who said it."""
    told = FeedbackReader.objects.filter(person=person).values_list("told_at", flat=True).first()
    data: dict[str, Any] = {
        "feedback_you_gave": list(Feedback.objects.filter(writer=person).order_by("written_at").values(*_SAID)),
        "feedback_to_you": [
            {"talk": pick(one.talk.title).text, "text": one.text, "released_at": one.released_at}
            for one in given_to(person).select_related("talk").order_by("released_at")
        ],
        "cards": list(Card.objects.filter(writer=person).order_by("written_at").values(*_CARD)),
        "products_you_speak_for": list(Maker.objects.filter(person=person).order_by("asked_at").values(*_MAKER)),
    }
    if told is not None:
        data["last_mail_about_feedback"] = told
    return {name: value for name, value in data.items() if value}
