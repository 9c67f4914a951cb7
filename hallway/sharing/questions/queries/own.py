"""What a person's export holds of questions."""

from __future__ import annotations

from typing import Any

from hallway.people.models import Person

from ..models import (
    Answer,
    Case,
    Digest,
    Follow,
    HelpOffer,
    Mark,
    MuteCause,
    MutedAsker,
    Question,
    Rendezvous,
    RendezvousJoin,
    Vote,
)
from ..tokens import traces_of
from .followers import follows_of


def own_data(person: Person) -> dict[str, Any]:
    """What somebody asked, named or not, answered, marked, follows and moderated, with their account."""
    traces = traces_of(person)
    place = "question__floor__event__slug"
    data = {
        "asked": Question.objects.filter(asker_key__in=traces).values(
            "floor__event__slug", "text", "language", "name", "state", "reason", "votes", "asked_at"
        ),
        "took_up": Question.objects.filter(taken_by=person).values("floor__event__slug", "text", "answered_live_at"),
        "cases": Case.objects.filter(author_key__in=traces).values(place, "question__text", "text", "name", "told_at"),
        "answered": Answer.objects.filter(author=person).values(
            place, "question__text", "kind", "text", "language", "helped", "tried", "written_at"
        ),
        "voted_for": Vote.objects.filter(voter_key__in=traces, is_wanted=True).values(place, "question__text", "at"),
        "marked": Mark.objects.filter(marker_key__in=traces, is_meant=True).values("answer__text", "kind", "at"),
        "follows": Follow.objects.filter(pk__in=[one.pk for one in follows_of(person)]).values(
            "question__text", "language", "is_over"
        ),
        "rendezvous": Rendezvous.objects.filter(proposed_by=person).values("question__text", "place", "starts_at"),
        "can_help_with": HelpOffer.objects.filter(person=person).values("topic__slug", "since"),
        "digests": Digest.objects.filter(person=person).values("floor__event__slug", "day", "open_count", "at"),
        "muted": MutedAsker.objects.filter(muted_by=person).values("event__slug", "muted_at", "lifted_at"),
        "muted_for": MuteCause.objects.filter(by=person).values("muted__event__slug", "question__text", "at"),
        "was_muted": MutedAsker.objects.filter(asker_key__in=traces).values("event__slug", "muted_at", "lifted_at"),
        "comes_to": RendezvousJoin.objects.filter(person=person).values("rendezvous__place", "rendezvous__starts_at"),
    }
    return {name: found for name, rows in data.items() if (found := list(rows.order_by("pk")))}
