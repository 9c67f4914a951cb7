"""Who may do what with questions. No side effects."""

from __future__ import annotations

from datetime import datetime

from hallway.gathering.attendance.models import Registration
from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.policies import EDITOR, HELPER, ORGANISER
from hallway.gathering.events import policies as events
from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import may_take_part
from hallway.kit.actors import Actor, SystemPerson, Visitor
from hallway.people.models import Person

from . import queries
from .models import Answer, Case, Floor, Follow, MutedAsker, Question, Rendezvous
from .tokens import follower_key, traces_of

QUESTIONS = SystemPerson("questions")


def can_view_floor(person: Person | None, floor: Floor) -> bool:
    return queries.floors_visible_to(person).filter(pk=floor.pk).exists()


def can_ask(by: Actor | None, floor: Floor) -> bool:
    """Everybody who may read the session: a person, or a device without account; not who is kept out."""
    if isinstance(by, SystemPerson):
        return True
    reader = by if isinstance(by, Person) else None
    return isinstance(by, Person | Visitor) and can_view_floor(reader, floor) and may_take_part(by, floor.event)


def is_muted(floor: Floor, *asker: Actor) -> bool:
    """Whether a moderator muted this asker at the event: their account, or the device they signed in on."""
    rows = MutedAsker.objects.filter(event=floor.event_id, asker_key__in=traces_of(*asker), lifted_at=None)
    return rows.exists()


def can_change_question(by: Actor, question: Question) -> bool:
    """Whoever asked it, known again by their account or device."""
    return question.asker_key in traces_of(by)


def can_change_case(by: Actor, case: Case) -> bool:
    return case.author_key in traces_of(by)


def can_follow(by: Actor, question: Question) -> bool:
    """Whoever sees a question hears of its answers if they like; its asker also while it waits."""
    reader = by if isinstance(by, Person) else None
    own = can_change_question(by, question) and question.hidden_at is None
    return own or queries.questions_visible_to(reader).filter(pk=question.pk).exists()


def follow_link(follow: Follow) -> Visitor:
    """Who acts with the link of a mail to a follower."""
    return Visitor(f"follower-{follow.pk}")


def can_end_following(by: Actor, follow: Follow) -> bool:
    """Who has the link of a mail, and the account that follows."""
    return by == follow_link(follow) or follow.follower_key == follower_key(follow.question_id, by.actor_key)


def moderator_link(floor: Floor) -> Visitor:
    """Who acts with the link for moderators of this floor."""
    return Visitor(f"moderator-{floor.pk}")


def is_speaker(by: Actor | None, floor: Floor) -> bool:
    return isinstance(by, Person) and queries.speakers_of(floor).filter(pk=by.pk).exists()


def can_moderate(by: Actor | None, floor: Floor) -> bool:
    """The event's team with its helpers, the session's speakers, who holds the link, and Hallway itself."""
    if isinstance(by, SystemPerson) or by == moderator_link(floor):
        return True
    if not isinstance(by, Person):
        return False
    return can_moderate_event(by, floor.event) or is_speaker(by, floor)


def can_moderate_event(by: Actor | None, event: Event) -> bool:
    """See all rooms of an event: its team with its helpers."""
    if not isinstance(by, Person):
        return False
    return events.can_edit_programme(by, event) or communities.has_role(by, event.community, ORGANISER, EDITOR, HELPER)


def can_run_floor(by: Actor | None, floor: Floor) -> bool:
    """Give the link for moderators to others: the event's team and the speakers, not who holds it."""
    return not isinstance(by, Visitor) and can_moderate(by, floor)


def can_unmute(by: Actor | None, event: Event) -> bool:
    """Let somebody ask again at an event, from the list of its team."""
    return isinstance(by, SystemPerson) or can_moderate_event(by, event)


def can_hide(by: Actor | None, floor: Floor) -> bool:
    """Take a text from every page: the event's team, administrators and Hallway itself; not speakers nor links.

    It is beside refusing a question, which says why and stays in the ledger for everybody.
    """
    if isinstance(by, SystemPerson) or can_moderate_event(by, floor.event):
        return True
    return isinstance(by, Person) and by.is_administrator


def was_there(person: Person, floor: Floor) -> bool:
    """Whether somebody takes part in the event: going, in the team, a speaker of it; or it has no list of people."""
    event = floor.event
    if can_moderate(person, floor) or event.sessions.filter(talk__speakings__person=person).exists():
        return True
    rows = Registration.objects.filter(admission__event=event)
    mine = rows.filter(person=person, state=Registration.State.GOING).exists()
    return mine or not rows.exists()


def can_answer(by: Actor | None, floor: Floor, at: datetime) -> bool:
    """Who was there and gives their name, while the floor is open; the speaker and the team at any time."""
    if not isinstance(by, Person) or by.left_at is not None or not can_view_floor(by, floor):
        return False
    if can_moderate(by, floor):
        return True
    return floor.is_open(at) and was_there(by, floor) and may_take_part(by, floor.event)


def can_change_answer(by: Actor, answer: Answer) -> bool:
    return isinstance(by, Person) and answer.author_id == by.pk


def can_accept(by: Actor, question: Question) -> bool:
    """Its asker, and the speaker for somebody who does not come back."""
    return can_change_question(by, question) or is_speaker(by, question.floor)


def can_cancel_rendezvous(by: Actor, rendezvous: Rendezvous) -> bool:
    """Who proposed it, and moderators."""
    own = isinstance(by, Person) and rendezvous.proposed_by_id == by.pk
    return own or can_moderate(by, rendezvous.question.floor)


def can_offer_help(by: Actor | None) -> bool:
    """Whoever has an account."""
    return isinstance(by, Person) and by.left_at is None


def can_reopen(by: Actor | None, floor: Floor, at: datetime) -> bool:
    """The speakers and the team, once questions can only be read; not where the event does not take place."""
    return floor.is_shut(at) and can_moderate(by, floor)
