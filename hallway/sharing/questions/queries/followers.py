"""Who follows questions: sealed, so found by looking for somebody rather than by reading."""

from __future__ import annotations

from hallway.kit.sealed import unseal
from hallway.people.models import Person

from ..models import Follow, Question
from ..tokens import follower_key


def recipient_of(follow: Follow) -> tuple[Person | None, str]:
    """The account a follower has, or their address; neither for who left, or what another instance has sealed."""
    kind, _colon, rest = (unseal(follow.recipient) or "").partition(":")
    if kind == "address":
        return None, rest
    found = Person.objects.filter(pk=int(rest), left_at=None).first() if kind == "person" else None
    return found, ""


def follow_of(question: Question, person: Person | None) -> Follow | None:
    """How somebody with an account follows a question, if they do."""
    if person is None:
        return None
    key = follower_key(question.pk, person.actor_key)
    return Follow.objects.filter(question=question, follower_key=key, is_over=False).first()


def follows_of(person: Person) -> list[Follow]:
    """All that somebody with an account follows or followed. It tries each row: for leaving, merging, an export."""
    rows = Follow.objects.filter(by_address=False).values_list("pk", "question_id", "follower_key")
    mine = [pk for pk, question, key in rows.iterator() if key == follower_key(question, person.actor_key)]
    return list(Follow.objects.filter(pk__in=mine).select_related("question").order_by("pk"))
