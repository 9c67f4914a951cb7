"""What happened to feedback and cards. Who wrote what shows in nobody's trail but their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


def _nobody(fact: Any) -> Iterable[str]:
    """In no trail of others: it would say who wrote."""
    return ()


def _product(fact: Any) -> Iterable[str]:
    """In the trail of the product."""
    return (f"product:{fact.product_id}",)


@dataclass(frozen=True)
class FeedbackGiven(Fact):
    """Somebody said something to the speakers of a session, or changed it."""

    kind = "feedback.feedback_given"
    sentence = gettext_noop("%(by)s gave feedback to “%(session)s”")
    session_id: int
    scopes = _nobody


@dataclass(frozen=True)
class FeedbackTakenBack(Fact):
    """Somebody took back what they said to speakers."""

    kind = "feedback.feedback_taken_back"
    sentence = gettext_noop("%(by)s took back feedback to “%(session)s”")
    session_id: int
    talk_id: int
    scopes = _nobody


@dataclass(frozen=True)
class FeedbackReleased(Fact):
    """The team let texts to speakers through. ``count`` says how many."""

    kind = "feedback.feedback_released"
    sentence = gettext_noop("%(by)s passed feedback on to speakers (%(count)s)")
    event_id: int
    count: int


@dataclass(frozen=True)
class FeedbackRefused(Fact):
    """The team did not pass a text on, and said why to its writer."""

    kind = "feedback.feedback_refused"
    sentence = gettext_noop("%(by)s did not pass on a text to speakers")
    event_id: int
    session_id: int


@dataclass(frozen=True)
class ReviewersReminded(Fact):
    """Those who can read texts before speakers do heard that some wait."""

    kind = "feedback.reviewers_reminded"
    sentence = ""
    event_id: int
    scopes = _nobody


@dataclass(frozen=True)
class FeedbackPublished(Fact):
    """A speaker shows a piece of what was said at the talk, without the writer’s name."""

    kind = "feedback.feedback_published"
    sentence = gettext_noop("%(by)s shows feedback at “%(talk)s”")
    talk_id: int
    scopes = _nobody


@dataclass(frozen=True)
class FeedbackUnpublished(Fact):
    """A speaker shows a piece no longer."""

    kind = "feedback.feedback_unpublished"
    sentence = gettext_noop("%(by)s no longer shows feedback at “%(talk)s”")
    talk_id: int
    scopes = _nobody


@dataclass(frozen=True)
class FeedbackHidden(Fact):
    """A text to speakers was hidden, or is shown again."""

    kind = "feedback.feedback_hidden"
    sentence = gettext_noop("%(by)s hid a text to speakers or showed it again")
    event_id: int
    talk_id: int
    hidden: bool


@dataclass(frozen=True)
class SpeakerTold(Fact):
    """A speaker was mailed that there is feedback. It shows in nobody's trail."""

    kind = "feedback.speaker_told"
    sentence = ""
    person_id: int
    scopes = _nobody


@dataclass(frozen=True)
class FeedbackForgotten(Fact):
    """Words, addresses and devices whose time was over are gone. It shows in nobody's trail."""

    kind = "feedback.feedback_forgotten"
    sentence = ""
    number: int
    scopes = _nobody


@dataclass(frozen=True)
class ProductAdded(Fact):
    """A tool that nobody named before is in the list."""

    kind = "feedback.product_added"
    sentence = gettext_noop("Somebody named %(product)s for the first time")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class ProductEdited(Fact):
    """A product has another name, page or repository; ``fields`` names the columns."""

    kind = "feedback.product_edited"
    sentence = gettext_noop("%(by)s changed what %(product)s is called or where it is found")
    product_id: int
    fields: list[str]
    scopes = _product


@dataclass(frozen=True)
class ProductHidden(Fact):
    """An administrator hid a product, or showed it again."""

    kind = "feedback.product_hidden"
    sentence = gettext_noop("%(by)s hid %(product)s or showed it again")
    product_id: int
    hidden: bool
    scopes = _product


@dataclass(frozen=True)
class CardWritten(Fact):
    """Somebody wrote a card for the makers of a product."""

    kind = "feedback.card_written"
    sentence = gettext_noop("%(by)s wrote a card for the makers of %(product)s")
    product_id: int
    scopes = _nobody


@dataclass(frozen=True)
class CardTakenBack(Fact):
    """Somebody took a card back."""

    kind = "feedback.card_taken_back"
    sentence = gettext_noop("%(by)s took back a card for the makers of %(product)s")
    product_id: int
    scopes = _nobody


@dataclass(frozen=True)
class CardAddressForgotten(Fact):
    """Whoever wrote a card wants no mail about it."""

    kind = "feedback.card_address_forgotten"
    sentence = gettext_noop("%(by)s wants no mail about a card for the makers of %(product)s")
    product_id: int
    scopes = _nobody


@dataclass(frozen=True)
class CardHidden(Fact):
    """A card was hidden, or is shown again."""

    kind = "feedback.card_hidden"
    sentence = gettext_noop("%(by)s hid a card about %(product)s or showed it again")
    product_id: int
    card_id: int
    hidden: bool
    scopes = _product


@dataclass(frozen=True)
class AnswerHidden(Fact):
    """What the makers answered was hidden, or is shown again."""

    kind = "feedback.answer_hidden"
    sentence = gettext_noop("%(by)s hid an answer about %(product)s or showed it again")
    product_id: int
    group_id: int
    hidden: bool
    scopes = _product


@dataclass(frozen=True)
class CardsJoined(Fact):
    """Cards that say the same stand together."""

    kind = "feedback.cards_joined"
    sentence = gettext_noop("%(by)s put cards about %(product)s together")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class CardParted(Fact):
    """A card stands by itself again."""

    kind = "feedback.card_parted"
    sentence = gettext_noop("%(by)s put a card about %(product)s by itself")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class CardsAnswered(Fact):
    """The makers answered cards, or changed their answer."""

    kind = "feedback.cards_answered"
    sentence = gettext_noop("%(by)s answered cards about %(product)s")
    product_id: int
    group_id: int
    scopes = _product


@dataclass(frozen=True)
class CardsFixed(Fact):
    """The makers marked cards as fixed, or took the mark back."""

    kind = "feedback.cards_fixed"
    sentence = gettext_noop("%(by)s said what is fixed in %(product)s")
    product_id: int
    group_id: int
    fixed: bool
    scopes = _product


@dataclass(frozen=True)
class CardWriterTold(Fact):
    """Whoever wrote a card was told of an answer or a fix. It shows in nobody's trail."""

    kind = "feedback.card_writer_told"
    sentence = ""
    card_id: int
    what: str
    scopes = _nobody


@dataclass(frozen=True)
class MakerAsked(Fact):
    """Somebody said they make a product; the proof is still to come."""

    kind = "feedback.maker_asked"
    sentence = gettext_noop("Somebody asked to speak for the makers of %(product)s")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class ProofPlaced(Fact):
    """Somebody says that the line which proves that they make a product is where it should be."""

    kind = "feedback.proof_placed"
    sentence = gettext_noop("Somebody asked to have their proof looked at: %(product)s")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class ProofLapsed(Fact):
    """Nobody looked at a proof in thirty days; whoever placed it heard so and can ask again."""

    kind = "feedback.proof_lapsed"
    sentence = gettext_noop("Nobody looked at a proof in time: %(product)s")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class CheckersReminded(Fact):
    """The administration heard that proofs wait still. It shows in nobody's trail."""

    kind = "feedback.checkers_reminded"
    sentence = ""
    number: int
    scopes = _nobody


@dataclass(frozen=True)
class MakerProved(Fact):
    """Somebody proved that they make a product."""

    kind = "feedback.maker_proved"
    sentence = gettext_noop("It is proved who makes %(product)s")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class MakerDeclined(Fact):
    """An administrator did not find the proof."""

    kind = "feedback.maker_declined"
    sentence = gettext_noop("%(by)s did not find the proof of a maker of %(product)s")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class MakerEnded(Fact):
    """Somebody speaks for a product no longer."""

    kind = "feedback.maker_ended"
    sentence = gettext_noop("Somebody no longer speaks for the makers of %(product)s")
    product_id: int
    scopes = _product


@dataclass(frozen=True)
class IssuesTaken(Fact):
    """A maker took the cards out as issues."""

    kind = "feedback.issues_taken"
    sentence = gettext_noop("%(by)s took out the cards about %(product)s")
    product_id: int
    what: str
    scopes = _product
