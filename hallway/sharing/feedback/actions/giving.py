"""Saying something to the speakers of a session, changing it, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.kit.templatetags.hallway import say_when
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk

from .. import policies, queries
from ..facts import FeedbackGiven, FeedbackTakenBack
from ..models import Feedback
from ..wording import MOST, known

State = Feedback.State
MOST_A_DAY = 60
MOST_VISITORS = 1_000
_NOT_HERE = _(
    "You cannot give feedback on this session. Its speakers cannot, nor can those who were asked to stay away."
)


def give_feedback(
    *,
    session: Session,
    words: Sequence[str] = (),
    text: str = "",
    named: bool = False,
    may_publish: bool = False,
    language: str = "en",
    by: Actor,
    at: datetime,
) -> Feedback:
    """Say it once for each session, or change what one said until the end of the next day.

    A text the team refused can be written anew for two weeks, and is then changed until the end of the next day again.
    A text waits for the team. Words alone need nobody to read them: the speakers see them from three voices on.
    """
    chosen = known(words)
    if len(chosen) > MOST:
        raise Refusal(
            "feedback.too_many_words",
            _("Choose %(most)s words at most: those that matter most to you.") % {"most": MOST},
            field="words",
        )
    if not chosen and not text:
        raise Refusal("feedback.empty", _("Tap a word, or write a sentence."), field="words")
    named = named and isinstance(by, Person)
    said = {
        "words": chosen, "text": text, "named": named, "may_publish": may_publish and bool(text), "language": language,
    }  # fmt: skip
    with transaction.atomic():
        stay(by)  # whoever shuts somebody out holds them: nobody takes the right that is asked for next
        require(policies.can_give_feedback(by, session), "feedback.not_here", _NOT_HERE)
        talk: Talk = session.talk  # type: ignore[assignment]  # the policy looked
        # One after the other, so that the third voice is known for the third.
        held(session, "feedback.session_gone")
        earlier = queries.own_feedback(by, session)
        if earlier is not None:
            return _change(session, held(earlier, "feedback.gone"), said, by=by, at=at)
        _require_open(session, at)
        require_pace(FeedbackGiven, most=MOST_A_DAY, by=by, at=at)
        _require_room(session, by)
        feedback = Feedback.objects.create(
            session=session, talk=talk, writer=by if isinstance(by, Person) else None,
            writer_key=by.actor_key, state=State.HELD if text else State.WORDS, written_at=at, changed_at=at, **said,
        )  # fmt: skip
        feedback.about.set(queries.speakers_of(talk))
        _show_words(session, at)
        announce(FeedbackGiven(session_id=session.pk), by=by, at=at)
    feedback.session = session
    return feedback


def _require_open(session: Session, at: datetime) -> None:
    window = queries.window_of(session)
    state = window.state(at) if window else "before"
    if window is None:
        raise Refusal("feedback.no_time", _("This session has no time yet. Feedback opens once it is on."))
    if state == "before":
        when = say_when(window.opens_at.astimezone(session.event.tz), "MMMMdHm")
        raise Refusal("feedback.too_early", _("Feedback opens while the session is on: %(when)s.") % {"when": when})
    if state == "over":
        day = say_when(window.closes_at.astimezone(session.event.tz), "yMMMMd")
        raise Refusal(
            "feedback.too_late",
            _("Feedback on this session closed on %(day)s. Ask on its page instead: questions stay open longer.")
            % {"day": day},
        )


def _require_room(session: Session, by: Actor) -> None:
    """Devices are cheap: whoever invents many of them finds the door closed, and people with an account go on."""
    if isinstance(by, Person):
        return
    if Feedback.objects.filter(session=session, writer=None).count() >= MOST_VISITORS:
        raise Refusal(
            "feedback.crowded",
            _("Very many people gave feedback here without an account. Sign in, then yours is taken too."),
            status=429,
        )


def _change(session: Session, feedback: Feedback, said: dict[str, Any], *, by: Actor, at: datetime) -> Feedback:
    changed = [name for name, value in said.items() if getattr(feedback, name) != value]
    if not changed or changed == ["language"]:
        return feedback
    feedback.session = session
    if at >= queries.changes_until(feedback):
        raise Refusal("feedback.settled", _("It is too late to change this. You can still take it back."))
    require_pace(FeedbackGiven, most=MOST_A_DAY, by=by, at=at)
    was_public = feedback.published_at is not None
    for name in changed:
        setattr(feedback, name, said[name])
    if "text" in changed:
        if feedback.state == State.REFUSED:
            feedback.written_at = at
        # Nobody of the team has read the new text, so nobody else does.
        feedback.state = State.HELD if feedback.text else State.WORDS
        feedback.reason, feedback.decided_at, feedback.decided_by = "", None, None
        feedback.released_at = feedback.published_at = None
    if not feedback.may_publish:
        feedback.published_at = None
    feedback.revision += 1
    feedback.changed_at = at
    feedback.save()
    _show_words(session, at)
    announce(FeedbackGiven(session_id=session.pk), by=by, at=at)
    if was_public and feedback.published_at is None:
        store.bump(f"feedback:{feedback.talk_id}")
    return feedback


def _show_words(session: Session, at: datetime) -> None:
    """From the third voice on the speakers see the words, and hear that there are some."""
    if queries.voices_of(session) >= queries.VOICES_PRIVATE:
        Feedback.objects.filter(session=session, state=State.WORDS, released_at=None).update(released_at=at)


def take_back_feedback(*, feedback: Feedback, by: Actor, at: datetime) -> None:
    """It is its writer's, at any time: nobody can read it from now on."""
    require(policies.can_take_back(by, feedback), "feedback.not_yours", _("Only whoever wrote this can take it back."))
    with transaction.atomic():
        row = held(feedback, "feedback.gone")
        row.delete()
        announce(FeedbackTakenBack(session_id=feedback.session_id, talk_id=feedback.talk_id), by=by, at=at)
        store.bump(f"feedback:{feedback.talk_id}")
