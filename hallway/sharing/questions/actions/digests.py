"""What speakers hear of what is still open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import require
from hallway.notices.actions import EnoughMail, send_notice
from hallway.people.models import Person

from .. import policies, queries
from ..facts import DigestWritten
from ..models import Digest, Floor, Question
from ..tokens import speaker_token


def write_digest(*, floor: Floor, person: Person, day: int, by: SystemPerson, at: datetime) -> Digest | None:
    """Write to a speaker which questions of their session are open, so many days after it. Each day once.

    ``queries.LATE`` is the last day before they close: of those asked since the last mail alone. Returns None when
    they were written to for this day or a later one, when the floor was opened again meanwhile, so that the days
    count anew, or when they had their mails of today. When they would see none that is open nothing is sent either,
    and not looked at again for this day.
    """
    sentence = _("Only speakers of the session are written to.")
    require(policies.is_speaker(person, floor), "questions.not_speaker", sentence)
    try:
        with transaction.atomic():
            row = held(floor, "questions.floor_gone")
            opened, heard = row.reopenings, row.digests.filter(person=person)
            if opened != floor.reopenings or heard.filter(round=opened, day__gte=day).exists():
                return None
            waiting = _waiting(row, person, heard.order_by("at").last() if day == queries.LATE else None)
            digest = Digest.objects.create(
                floor=row, person=person, round=opened, day=day, open_count=len(waiting), at=at
            )
            if waiting:
                context = {
                    "floor": row, "event": row.event, "session": row.session, "questions": waiting,
                    "is_late": day == queries.LATE, "is_last": day >= queries.DAYS[-1],
                    "token": speaker_token(row, person),
                }  # fmt: skip
                send_notice(
                    template="questions/mail/digest",
                    context=context,
                    to_person=person,
                    dedupe_key=f"questions-digest-{row.pk}-{person.pk}-{opened}-{day}",
                    by=by,
                    at=at,
                )
                announce(DigestWritten(floor_id=row.pk, day=day), by=by, at=at)
    except EnoughMail:
        return None
    return digest


def _waiting(floor: Floor, person: Person, since: Digest | None) -> list[Question]:
    """What is open and has a text, most wanted first; only what was shown after a mail."""
    asked = queries.questions_visible_to(person).filter(queries.ANSWERABLE, floor=floor)
    return queries.ordered(asked.filter(shown_at__gt=since.at) if since else asked, Floor.Order.VOTES)
