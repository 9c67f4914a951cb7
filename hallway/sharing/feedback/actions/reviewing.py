"""The team reads a text before the speakers do, and lets it through, or says why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import TeamRole
from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events.models import Event
from hallway.gathering.events.queries import accepted_hosts
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.notices.actions import send_notice
from hallway.people.models import Person
from hallway.people.queries import administrators
from hallway.programme.schedule.queries import title_of

from .. import policies, queries
from ..facts import FeedbackRefused, FeedbackReleased, ReviewersReminded
from ..models import Feedback

State = Feedback.State
NOT_TEAM = _("Only the team of the event reads this, and nobody about a talk of their own. Ask an organiser.")
_CHANGED = _("Its writer changed this text in the meantime. Read it again, then decide.")


def release_feedback(
    *, event: Event, as_read: Sequence[tuple[int, int]], by: Actor, at: datetime
) -> tuple[list[Feedback], int]:
    """Let texts through to the speakers: ``as_read`` holds id and revision of each that was read.

    Returns those that are through now, and how many were changed meanwhile and still wait. Twice does nothing.
    """
    require(policies.can_review_event(by, event), "feedback.not_team", NOT_TEAM)
    released, again = [], 0
    with transaction.atomic():
        for pk, revision in sorted(set(as_read)):
            rows = Feedback.objects.select_for_update(no_key=True, of=("self",))
            found = rows.select_related("session__event__community").filter(pk=pk, session__event=event).first()
            if found is None or found.state != State.HELD:
                continue
            require(policies.can_review(by, found), "feedback.not_team", NOT_TEAM)
            if found.revision != revision:
                again += 1
                continue
            found.state, found.decided_at, found.released_at = State.RELEASED, at, at
            found.decided_by = by if isinstance(by, Person) else None
            found.save(update_fields=["state", "decided_at", "decided_by", "released_at"])
            released.append(found)
        if released:
            announce(FeedbackReleased(event_id=event.pk, count=len(released)), by=by, at=at)
    return released, again


def refuse_feedback(*, feedback: Feedback, revision: int, reason: str, by: Actor, at: datetime) -> None:
    """Keep a text from the speakers. Its writer reads the reason and can write it in another way.

    Whoever has an account hears it by mail, or would find it by chance alone; nobody of the team learns who that is.
    """
    require(policies.can_review(by, feedback), "feedback.not_team", NOT_TEAM)
    if not reason:
        raise Refusal("feedback.no_reason", _("Say why in a sentence: its writer reads it."), field="reason")
    with transaction.atomic():
        row = held(feedback, "feedback.gone")
        if row.state == State.REFUSED and row.revision == revision:
            return
        if row.revision != revision or row.state == State.WORDS:
            raise Refusal("feedback.changed", _CHANGED)
        if row.state == State.RELEASED:
            raise Refusal("feedback.released", _("Somebody of the team let this through in the meantime."))
        row.state, row.reason, row.decided_at = State.REFUSED, reason, at
        row.decided_by = by if isinstance(by, Person) else None
        row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        announce(FeedbackRefused(event_id=feedback.session.event_id, session_id=row.session_id), by=by, at=at)
        row.session = feedback.session
        _tell_writer(row, by=by, at=at)


def _tell_writer(feedback: Feedback, *, by: Actor, at: datetime) -> None:
    session = feedback.session
    page = reverse("feedback:give", args=[session.event.slug, session.pk])
    send_notice(
        template="feedback/mail/refused",
        context={
            "title": title_of(session),
            "event": session.event,
            "reason": feedback.reason,
            "last_day": queries.changes_until(feedback) - timedelta(minutes=1),
            "url": settings.HALLWAY_BASE_URL + page,
        },
        to_person=feedback.writer,
        dedupe_key=f"feedback:refused:{feedback.pk}:{feedback.revision}",
        by=by,
        at=at,
    )


def remind_reviewers(*, event: Event, by: SystemPerson, at: datetime) -> int:
    """Mail those who can decide that texts wait, once a day. Where all of them speak, the administration decides."""
    require(isinstance(by, SystemPerson), "feedback.not_team", _("Hallway itself does that, by the clock."))
    url = settings.HALLWAY_BASE_URL + reverse("feedback:queue", args=[event.slug])
    told = 0
    with transaction.atomic():
        for person, number in _reviewers(event):
            mail = send_notice(
                template="feedback/mail/waiting",
                context={"event": event, "number": number, "url": url},
                to_person=person,
                dedupe_key=f"feedback:waiting:{event.pk}:{person.pk}:{at.date().isoformat()}",
                by=by,
                at=at,
            )
            told += mail is not None and mail.created_at == at
        if told:
            announce(ReviewersReminded(event_id=event.pk), by=by, at=at)
    return told


def _reviewers(event: Event) -> list[tuple[Person, int]]:
    """Who can decide about some of what waits, with how much; administrators about what nobody else can."""
    roles = [TeamRole.Role.ORGANISER, TeamRole.Role.EDITOR]
    team = present_roles().filter(community=event.community_id, role__in=roles)
    hosts = present_roles().filter(community__in=accepted_hosts(event), role=TeamRole.Role.ORGANISER)
    people = Person.objects.filter(
        pk__in=[*team.values_list("person", flat=True), *hosts.values_list("person", flat=True)]
    )
    left, found = set(queries.to_review(None, event).values_list("pk", flat=True)), []
    for person in people.order_by("pk"):
        waiting = set(queries.to_review(person, event).values_list("pk", flat=True))
        left -= waiting
        if waiting:
            found.append((person, len(waiting)))
    if left:
        for person in administrators():
            waiting = left & set(queries.to_review(person, event).values_list("pk", flat=True))
            if waiting and person.pk not in {one.pk for one, _number in found}:
                found.append((person, len(waiting)))
    return found
