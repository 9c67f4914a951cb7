"""What is due: mails to speakers, to the team, to those who wrote cards; words whose time is over."""

from __future__ import annotations

from datetime import timedelta

from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import sweep

from . import queries
from .actions import (
    forget_old_feedback,
    let_proof_lapse,
    remind_checkers,
    remind_reviewers,
    tell_card_writer,
    tell_speaker,
)
from .actions.proofs import LAPSES
from .models import Feedback

MESSENGER = SystemPerson("notices")
KEEPER = SystemPerson("feedback")
WAITS = timedelta(hours=12)
GIVES_UP = timedelta(days=30)


@sweep(every=timedelta(seconds=60))
def tell_speakers() -> int:
    """Speakers hear once a day at most that something was said."""
    now = clock.now()
    return sum(tell_speaker(person=person, by=MESSENGER, at=now) for person in queries.speakers_with_news(now))


@sweep(every=timedelta(seconds=60))
def tell_card_writers() -> int:
    """Who wrote a card hears of the answer and of the fix, each once."""
    now = clock.now()
    return sum(tell_card_writer(card_id=pk, by=MESSENGER, at=now) for pk in queries.to_be_told(now))


@sweep(every=timedelta(hours=1))
def remind_teams() -> int:
    """Texts that wait half a day are a reason to write to the team, once a day."""
    now = clock.now()
    held = Feedback.objects.filter(state=Feedback.State.HELD, changed_at__lt=now - WAITS, changed_at__gt=now - GIVES_UP)
    events = Event.objects.filter(sessions__feedback__in=held).distinct().select_related("community")
    return sum(remind_reviewers(event=event, by=MESSENGER, at=now) for event in events)


@sweep(every=timedelta(hours=6))
def look_after_proofs() -> int:
    """The administration is reminded of proofs that wait; a maker hears when nobody looked."""
    now = clock.now()
    over = list(queries.to_check().filter(placed_at__lte=now - LAPSES))
    return sum(let_proof_lapse(maker=maker, by=KEEPER, at=now) for maker in over) + remind_checkers(by=KEEPER, at=now)


@sweep(every=timedelta(hours=6))
def forget_what_is_over() -> int:
    """Refused texts, devices, addresses and claims whose time is over."""
    return forget_old_feedback(by=KEEPER, at=clock.now())
