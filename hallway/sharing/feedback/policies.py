"""Who may do what with feedback, cards and products. No side effects."""

from __future__ import annotations

from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import can_edit_programme, may_take_part
from hallway.kit.actors import Actor, SystemPerson, Visitor
from hallway.people.models import Person
from hallway.people.policies import can_look_after_instance
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import visible_to

from . import queries
from .models import Card, CardGroup, Feedback, Maker, Product


def takes_feedback(session: Session) -> bool:
    """Whether something can be said here to those who spoke: a talk of a public event, asked nowhere else."""
    return might_take(session) and session.talk is not None and bool(queries.speakers_of(session.talk))


def might_take(session: Session) -> bool:
    """The same as far as the session alone says it."""
    asked_here = session.kind != Session.Kind.BREAK and not session.feedback_url
    return asked_here and session.talk is not None and session.event.state == Event.State.PUBLISHED


def can_give_feedback(by: Actor | None, session: Session) -> bool:
    """Anybody who can read of the session, signed in or not, but for its own speakers and who is banned there."""
    if not isinstance(by, (Person, Visitor)) or not takes_feedback(session) or not may_take_part(by, session.event):
        return False
    return not is_speaker(by, session) and _reads(by, session)


def can_write_card(by: Actor | None, session: Session) -> bool:
    """Anybody who can read of the session, its speakers too."""
    if not isinstance(by, (Person, Visitor)) or session.kind == Session.Kind.BREAK:
        return False
    return session.event.state == Event.State.PUBLISHED and may_take_part(by, session.event) and _reads(by, session)


def _reads(by: Person | Visitor, session: Session) -> bool:
    return visible_to(by if isinstance(by, Person) else None).filter(pk=session.pk).exists()


def is_speaker(by: Actor | None, session: Session) -> bool:
    """Whether somebody speaks in the talk of a session."""
    if not isinstance(by, Person) or session.talk_id is None:
        return False
    return by.speakings.filter(talk_id=session.talk_id).exists()


def can_take_back(by: Actor | None, thing: Feedback | Card) -> bool:
    """What one wrote oneself, signed in or on this device."""
    return by is not None and bool(thing.writer_key) and thing.writer_key == by.actor_key


def can_review_event(by: Actor | None, event: Event) -> bool:
    """Read texts before the speakers do: whoever edits the programme, and the administration."""
    return can_edit_programme(by, event) or (isinstance(by, Person) and can_look_after_instance(by))


def can_review(by: Actor | None, feedback: Feedback) -> bool:
    """Decide about one text: the team, but nobody about a talk of their own, or about their own words."""
    if not can_review_event(by, feedback.session.event):
        return False
    if isinstance(by, Person) and (
        by.speakings.filter(talk_id=feedback.talk_id).exists() or feedback.about.filter(pk=by.pk).exists()
    ):
        return False
    return not can_take_back(by, feedback)


def can_read(reader: Person | None, feedback: Feedback) -> bool:
    """Everybody what is shown at the talk, speakers what was let through, the team what it decides about."""
    if feedback.published_at is not None and feedback.hidden_at is None:
        return True
    if reader is None:
        return False
    return queries.given_to(reader).filter(pk=feedback.pk).exists() or can_review(reader, feedback)


def can_publish(by: Actor | None, feedback: Feedback) -> bool:
    """Show a piece at the talk: its speakers, what they can read themselves and its writer agreed to."""
    return isinstance(by, Person) and feedback.may_publish and queries.given_to(by).filter(pk=feedback.pk).exists()


def can_hide(by: Actor | None, feedback: Feedback) -> bool:
    """Take a text out of sight, or show it again: whoever may decide about it, and Hallway itself."""
    return isinstance(by, SystemPerson) or can_review(by, feedback)


def can_hide_answer(by: Actor | None) -> bool:
    """Take what makers answered out of sight: the administration, since a tool belongs to no event, and Hallway."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and can_look_after_instance(by))


def can_hide_card(by: Actor | None, card: Card) -> bool:
    """The team of the event it comes from, the administration, and Hallway itself; nobody decides about their own."""
    if isinstance(by, SystemPerson):
        return True
    if can_take_back(by, card):
        return False
    if isinstance(by, Person) and can_look_after_instance(by):
        return True
    return card.session is not None and can_edit_programme(by, card.session.event)


def can_speak_for(by: Actor | None, product: Product) -> bool:
    """Answer in its name: makers who proved that they are."""
    return isinstance(by, Person) and queries.makers_of(product).filter(person=by).exists()


def can_edit_product(by: Actor | None, product: Product) -> bool:
    """What it is called and where it is found: its makers and the administration."""
    return can_speak_for(by, product) or (isinstance(by, Person) and can_look_after_instance(by))


def can_say_where(by: Actor | None, product: Product) -> bool:
    """Where a tool is found that nobody said yet: anybody with an account, not a device alone."""
    return isinstance(by, Person) and not product.url and not product.domain


def can_join_cards(by: Actor | None, group: CardGroup) -> bool:
    """Put alike cards together: the makers, the administration, and a team all of whose events they come from."""
    if can_edit_product(by, group.product):
        return True
    cards = list(group.cards.select_related("session__event__community"))
    events = {card.session.event_id: card.session.event for card in cards if card.session is not None}
    all_from_events = bool(cards) and all(card.session is not None for card in cards)
    return all_from_events and all(can_edit_programme(by, event) for event in events.values())


def can_place_proof(by: Actor | None, maker: Maker) -> bool:
    """Say that the line is there: whoever was given it."""
    return isinstance(by, Person) and maker.how == Maker.How.FILE and maker.person_id == by.pk


def can_check_proofs(by: Actor | None) -> bool:
    """Look whether a file or a record is where it should be."""
    return isinstance(by, (Person, SystemPerson)) and can_look_after_instance(by)


def can_end_maker(by: Actor | None, maker: Maker) -> bool:
    """Oneself, and the administration."""
    return can_look_after_instance(by) or (isinstance(by, Person) and maker.person_id == by.pk)
