"""What somebody goes to as a file for their calendar: the event's own entry, or a workshop's beside it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from hallway.gathering.events.calendars import OneOf, calendar_for
from hallway.kit import text as user_text
from hallway.kit.localised import pick
from hallway.notices.letters import Attachment

from .models import Admission, Registration


def calendar_file(
    registration: Registration,
    at_door: Registration | None,
    language: str,
    url: str,
    *,
    is_off: bool = False,
    at: datetime,
) -> Attachment | None:
    """The file; None where there never was a date. Who goes finds how to join online, and the code for the door.

    ``at_door``: the registration whose code the door knows (``queries.known_at_door``).
    """
    admission = registration.admission
    is_off = is_off or admission.off_at is not None
    goes = registration.state == Registration.State.GOING and not is_off
    return calendar_for(
        admission.event,
        at=at,
        base_url=settings.HALLWAY_BASE_URL,
        language=language,
        part=_part(admission, language),
        is_off=is_off,
        words=_words(registration, at_door, language) if goes else "",
        url=url,
    )


def _part(admission: Admission, language: str) -> OneOf | None:
    if admission.is_event or admission.begins_at is None:
        return None
    return OneOf(
        uid=f"workshop-{admission.pk}",
        sequence=admission.event.revision + admission.sequence,
        summary=pick(admission.title, language).text,
        starts_at=admission.begins_at,
        ends_at=admission.finishes_at,
        place=admission.place,
    )


def _words(registration: Registration, at_door: Registration | None, language: str) -> str:
    with override(language):
        code = _("Your code at the door: %(code)s") % {"code": at_door.code} if at_door is not None else ""
    joining = user_text.plain(pick(registration.admission.event.joining, language).text, limit=3_000)
    return "\n\n".join(filter(None, (code, joining)))
