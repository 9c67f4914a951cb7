"""Whether one may ask now, and what is said instead when one may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hallway.gathering.events.models import Event
from hallway.kit.templatetags.hallway import say_when

from ..models import Floor

FRESH_WHILE_LIVE, FRESH_WHILE_OPEN = timedelta(seconds=10), timedelta(minutes=1)


@dataclass(frozen=True)
class Opening:
    """``state`` is open, soon, paused, over, off or untimed; ``words`` say when that changes, or who can change it."""

    state: str
    words: str = ""
    until: datetime | None = None
    session_is_over: bool = False
    is_live: bool = False

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_followed(self) -> bool:
        """Whether pages listen for what comes: also while one may not ask for now, so that they hear of the change."""
        return self.state in {"open", "soon", "paused"}


def opening_of(floor: Floor, at: datetime) -> Opening:
    """Whether one may ask at this moment, in words with a time. ``until`` is when that is no longer so by itself."""
    if floor.event.state == Event.State.CANCELLED:
        return Opening("off", _("This event does not take place. What was asked stays here and can be read."))
    opens, closes = floor.opens_at, floor.closes_at
    if opens is None or closes is None:
        return Opening("untimed", _("Questions open once this session has a time in the programme."))
    if at < opens:
        when = say_when(opens.astimezone(floor.event.tz), "yMMMMEEEEdHm")
        return Opening("soon", _("Questions open on %(when)s. Come back then.") % {"when": when}, opens)
    if at >= closes:
        day = say_when(closes.astimezone(floor.event.tz), "yMMMMd")
        sentence = _(
            "Questions of this session closed on %(day)s. What was said can be read, and a speaker or an organiser can"
            " open them again."
        )
        return Opening("over", sentence % {"day": day})
    if floor.paused_at is not None:
        sentence = _("The moderators take no questions at the moment. What was asked stays open.")
        return Opening("paused", sentence, closes)
    return Opening("open", until=closes, session_is_over=floor.is_over(at), is_live=floor.is_live(at))


def good_until(floor: Floor, opening: Opening, at: datetime) -> datetime | None:
    """Until when a stored page of a floor is good by the clock.

    A vote makes no page old, so that a room that votes does not build a page for each: while one may vote, the counts
    on a page are a little behind for readers without a script, more so when the session is not on.
    """
    moments = [opening.until, floor.starts_at, floor.ends_at]
    if opening.is_open:
        moments.append(at + (FRESH_WHILE_LIVE if floor.is_live(at) else FRESH_WHILE_OPEN))
    return min((moment for moment in moments if moment is not None and moment > at), default=None)
