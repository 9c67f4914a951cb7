"""What happened on a floor. All of it shows to its listeners; only what the team did shows in the event's trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class OnFloor(Fact):
    """Base of what the listeners of a floor hear; nobody's trail shows it."""

    kind = "questions.on_floor"
    sentence = ""
    floor_id: int

    def scopes(self) -> Iterable[str]:
        yield f"floor:{self.floor_id}"


@dataclass(frozen=True)
class ByTeam(OnFloor):
    """Base of what a moderator does: the event's trail shows it, too."""

    kind = "questions.by_team"
    event_id: int

    def scopes(self) -> Iterable[str]:
        yield from (f"floor:{self.floor_id}", f"event:{self.event_id}")


@dataclass(frozen=True)
class FloorsSettled(Fact):
    """Sessions of a release have their floors, with the times they have now. It shows in nobody's trail."""

    kind = "questions.floors_settled"
    sentence = ""
    floor_ids: tuple[int, ...]

    def scopes(self) -> Iterable[str]:
        return (f"floor:{pk}" for pk in self.floor_ids)


@dataclass(frozen=True)
class FloorChanged(ByTeam):
    """Queue, order, days or whether one may ask changed; ``fields`` names the columns."""

    kind = "questions.floor_changed"
    sentence = gettext_noop("%(by)s changed how questions are asked in %(session)s")
    session_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class FloorReopened(ByTeam):
    """Questions that could only be read can be asked and answered again."""

    kind = "questions.floor_reopened"
    sentence = gettext_noop("%(by)s opened the questions of %(session)s again")
    session_id: int


@dataclass(frozen=True)
class FloorHandedOver(ByTeam):
    """Somebody else looks after the questions of a session now, or nobody does."""

    kind = "questions.floor_handed_over"
    sentence = gettext_noop("%(by)s took or handed over the questions of %(session)s")
    session_id: int


@dataclass(frozen=True)
class ModeratorLinkRenewed(ByTeam):
    """There is a new link for moderators without an account; the ones before open nothing any more."""

    kind = "questions.moderator_link_renewed"
    sentence = gettext_noop("%(by)s made a new link for the moderators of %(session)s")
    session_id: int


@dataclass(frozen=True)
class QuestionAsked(OnFloor):
    """Somebody asked. A question that waits to be shown is known to moderators alone."""

    kind = "questions.question_asked"
    question_id: int
    held: bool

    def scopes(self) -> Iterable[str]:
        yield f"room:{self.floor_id}" if self.held else f"floor:{self.floor_id}"


@dataclass(frozen=True)
class QuestionEdited(QuestionAsked):
    """Its asker wrote a question anew, within five minutes."""

    kind = "questions.question_edited"


@dataclass(frozen=True)
class QuestionWithdrawn(QuestionAsked):
    """Its asker took a question back."""

    kind = "questions.question_withdrawn"


@dataclass(frozen=True)
class QuestionShown(ByTeam):
    """A question that waited, or was refused, is shown."""

    kind = "questions.question_shown"
    sentence = gettext_noop("%(by)s let a question in")
    question_id: int


@dataclass(frozen=True)
class QuestionRefused(ByTeam):
    """A question is not shown, and its asker can read why."""

    kind = "questions.question_refused"
    sentence = gettext_noop("%(by)s did not show a question")
    question_id: int


@dataclass(frozen=True)
class RefusalTakenBack(ByTeam):
    """A question that was refused stands where it stood before: among those shown, or those that wait."""

    kind = "questions.refusal_taken_back"
    sentence = gettext_noop("%(by)s took back that a question is not shown")
    question_id: int


@dataclass(frozen=True)
class QuestionMerged(ByTeam):
    """A question was asked already; its votes and cases stand with the other one."""

    kind = "questions.question_merged"
    sentence = gettext_noop("%(by)s put two questions together")
    question_id: int
    into_id: int


@dataclass(frozen=True)
class QuestionSeparated(ByTeam):
    """Two questions that were put together stand by themselves again; votes and cases are where they were."""

    kind = "questions.question_separated"
    sentence = gettext_noop("%(by)s separated two questions that were put together")
    question_id: int
    into_id: int


@dataclass(frozen=True)
class QuestionVoted(OnFloor):
    """So many want this question answered now."""

    kind = "questions.question_voted"
    question_id: int
    votes: int


@dataclass(frozen=True)
class CaseTold(OnFloor):
    """Somebody has the same question and said how it is with them."""

    kind = "questions.case_told"
    question_id: int


@dataclass(frozen=True)
class CaseWithdrawn(CaseTold):
    """Somebody took their case back."""

    kind = "questions.case_withdrawn"


@dataclass(frozen=True)
class QuestionTaken(OnFloor):
    """The room speaks of this question now, or (0) of none."""

    kind = "questions.question_taken"
    question_id: int


@dataclass(frozen=True)
class AnsweredLive(OnFloor):
    """A question was answered in the room, or that was taken back (``undone``)."""

    kind = "questions.answered_live"
    question_id: int
    undone: bool = False


@dataclass(frozen=True)
class AnswerWritten(OnFloor):
    """Somebody answered a question. Its asker and who follows it hear of it once."""

    kind = "questions.answer_written"
    question_id: int
    answer_id: int


@dataclass(frozen=True)
class AnswerEdited(OnFloor):
    """Its writer wrote an answer anew."""

    kind = "questions.answer_edited"
    question_id: int
    answer_id: int


@dataclass(frozen=True)
class AnswerWithdrawn(OnFloor):
    """Its writer took an answer back."""

    kind = "questions.answer_withdrawn"
    question_id: int
    answer_id: int


@dataclass(frozen=True)
class AnswerAccepted(OnFloor):
    """The asker says which answer settled it (or, with 0, that none did)."""

    kind = "questions.answer_accepted"
    question_id: int
    answer_id: int


@dataclass(frozen=True)
class AnswerMarked(OnFloor):
    """So many say that an answer helped them, and that they tried it."""

    kind = "questions.answer_marked"
    question_id: int
    answer_id: int
    helped: int
    tried: int


@dataclass(frozen=True)
class RendezvousProposed(OnFloor):
    """Somebody proposed when and where to go on in person."""

    kind = "questions.rendezvous_proposed"
    question_id: int
    rendezvous_id: int


@dataclass(frozen=True)
class RendezvousJoined(RendezvousProposed):
    """Somebody comes, or no longer."""

    kind = "questions.rendezvous_joined"


@dataclass(frozen=True)
class RendezvousCancelled(RendezvousProposed):
    """A rendezvous does not take place."""

    kind = "questions.rendezvous_cancelled"


@dataclass(frozen=True)
class FollowingBegun(Fact):
    """Somebody wants to hear of answers. It shows in nobody's trail."""

    kind = "questions.following_begun"
    sentence = ""
    question_id: int


@dataclass(frozen=True)
class FollowingEnded(Fact):
    """Somebody wants to hear no more of a question. It shows in nobody's trail."""

    kind = "questions.following_ended"
    sentence = ""
    question_id: int


@dataclass(frozen=True)
class FollowersTold(Fact):
    """Those who follow a question were written of an answer, or (0) of what was said in the room."""

    kind = "questions.followers_told"
    sentence = ""
    answer_id: int
    number: int


@dataclass(frozen=True)
class DigestWritten(Fact):
    """A speaker was written which questions are open."""

    kind = "questions.digest_written"
    sentence = ""
    floor_id: int
    day: int


@dataclass(frozen=True)
class AddressesForgotten(Fact):
    """Addresses of those who followed questions are gone, a year after the session."""

    kind = "questions.addresses_forgotten"
    sentence = ""
    number: int


@dataclass(frozen=True)
class HelpOffered(Fact):
    """Somebody chose which topics they can help with. It shows in nobody's trail."""

    kind = "questions.help_offered"
    sentence = ""
    topics: int


@dataclass(frozen=True)
class AskerMuted(ByTeam):
    """The asker of a question may ask no more at this event, or may again (``lifted``)."""

    kind = "questions.asker_muted"
    sentence = gettext_noop("%(by)s muted the asker of a question at %(event)s, or let them ask again")
    question_id: int
    lifted: bool = False


@dataclass(frozen=True)
class SaidHidden(ByTeam):
    """A text was taken from the page by moderation, or put back. ``what`` is question, case, answer, rendezvous."""

    kind = "questions.said_hidden"
    sentence = gettext_noop("%(by)s hid a text on the questions of %(session)s, or showed it again")
    session_id: int
    question_id: int
    what: str
    hidden: bool
