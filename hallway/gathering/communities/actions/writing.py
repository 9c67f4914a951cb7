"""Writing to the team of a community: its organisers get one mail each, and nobody's address stands on a page."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.facts import TeamWrittenTo
from hallway.gathering.communities.models import Community, TeamMessage
from hallway.kit.actors import Visitor
from hallway.kit.facts import announce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time
from hallway.kit.text import clean, marked
from hallway.notices.actions import send_notice
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.people.queries import has_address, has_confirmed_address

MOST_A_DAY = 5
MOST_FROM_VISITORS = 100
LONGEST = 3_000
KEPT_OUT = _(
    "The team decided that you write nothing here for now. The mail about it says why, and how to have it looked at "
    "again. Without such a mail, ask the administrators of this site; their address is in the legal notice."
)


def write_to_team(
    *,
    community: Community,
    text: str,
    name: str = "",
    address: str = "",
    about: str = "",
    path: str = "",
    by: Person | Visitor,
    at: datetime,
) -> TeamMessage:
    """Write to the organisers of a community. Whoever writes names an address for the answer, or none.

    ``about`` says what it is about, and ``path`` leads there. Organisers between whom and the writer a block stands
    hear nothing of it. The same again within a day is the first message. Five a day for each person, device and
    address; a hundred a day reach a team from people without an account.
    """
    require(policies.can_write_to_team(by, community), "message.not_possible", KEPT_OUT)
    text, name, address = _cleaned(text, LONGEST), _cleaned(name, 120, one_line=True), address.strip().lower()
    if not text:
        raise Refusal("message.empty", _("Write a few words first."), status=400, field="text")
    _refuse_no_address(address)
    with transaction.atomic():
        stay(by)
        one_at_a_time("message to a team")
        there = queries.messages_lately(by, community, at).filter(text=text).first()
        if there is not None:
            return there
        _refuse_too_many(community, address, by=by, at=at)
        message = TeamMessage.objects.create(
            community=community, about=about[:300], path=path, text=text, at=at, address=address,
            writer=by if isinstance(by, Person) else None, device=by.device if isinstance(by, Visitor) else "",
            name=by.name if isinstance(by, Person) else name,
            is_confirmed=isinstance(by, Person) and bool(address) and has_address(by, address),
        )  # fmt: skip
        announce(TeamWrittenTo(community_id=community.pk, message_id=message.pk), by=by, at=at)
        for organiser in queries.who_reads_messages(community, by):
            _mail(message, organiser, by=by, at=at)
    return message


def _cleaned(text: str, limit: int, *, one_line: bool = False) -> str:
    try:
        return clean(text, limit=limit, one_line=one_line)
    except ValidationError as error:
        field = "name" if one_line else "text"
        raise Refusal("message.too_long", error.messages[0], status=400, field=field) from error


def _refuse_no_address(address: str) -> None:
    if address and not _is_address(address):
        sentence = _("This is not an e-mail address the team could write to. Look at it once more: name@example.org.")
        raise Refusal("message.bad_address", sentence, status=400, field="address")


def _is_address(address: str) -> bool:
    """Between quotes a mailbox may hold what ends a line, but it becomes a header here."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return address.isprintable()


def _refuse_too_many(community: Community, address: str, *, by: Person | Visitor, at: datetime) -> None:
    require_pace(TeamWrittenTo, most=MOST_A_DAY, by=by, at=at)
    if address and queries.messages_from(address, at) >= MOST_A_DAY:
        sentence = _("This address was given in five messages today. Write again tomorrow.")
        raise Refusal("message.enough", sentence, status=429, field="address")
    if isinstance(by, Visitor) and queries.messages_of_visitors(community, at) >= MOST_FROM_VISITORS:
        sentence = _("Very many messages reach this team today. Sign in to send yours, or come back tomorrow.")
        raise Refusal("message.flood", sentence, status=429)


def _mail(message: TeamMessage, organiser: Person, *, by: Person | Visitor, at: datetime) -> None:
    """One mail; its text only to an address that is known to be the organiser's, for others it stands on the page."""
    base = settings.HALLWAY_BASE_URL
    is_known = has_confirmed_address(organiser)
    send_notice(
        to_person=organiser,
        template="communities/mail/written",
        context={
            "community": message.community.name,
            "message": message,
            "quoted": marked(message.text) if is_known else "",
            "about_url": f"{base}{message.path}" if message.path else "",
            "url": base + reverse("communities:messages", args=[message.community.slug]),
        },
        headers={"Reply-To": message.address} if message.address and is_known else None,
        by=by,
        at=at,
    )
