"""Who hears of answers: each once of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce, token_of
from hallway.kit.refusal import Refusal, require
from hallway.kit.sealed import seal, unseal
from hallway.notices.actions import EnoughMail, send_notice
from hallway.people.actions.staying import stay
from hallway.people.models import Person

from .. import policies, queries
from ..facts import AddressesForgotten, FollowersTold, FollowingBegun, FollowingEnded
from ..models import Answer, Follow, Question, Told
from ..tokens import UNNAMED, Right, follower_key
from .texts import LANGUAGES, NOT_SHOWN

KEPT = timedelta(days=365)
MOST_ADDRESSES = 20


def follow_question(*, question: Question, address: str = "", language: str, by: Actor, at: datetime) -> Follow:
    """Hear of the answers from now on: with an account by its address, else by the address given. Twice is once.

    An address that nobody confirmed is written at most three mails a day by the whole instance, none with a text of
    a stranger.
    """
    mailbox = _checked(address) if address.strip() or not isinstance(by, Person) else ""
    recipient = f"address:{mailbox}" if mailbox else by.actor_key
    with transaction.atomic():
        stay(by)
        row = held(question, "questions.question_gone")
        require(policies.can_follow(by, row), "questions.not_shown", NOT_SHOWN)
        if mailbox and row.follows.filter(by_address=True, is_over=False).count() >= MOST_ADDRESSES:
            sentence = _("Many people wait for this answer by mail already. Come back to this page instead.")
            raise Refusal("questions.follows_enough", sentence, status=429, field="address")
        known = row.follows.filter(follower_key=follower_key(row.pk, recipient)).first()
        if known is not None and not known.is_over:
            return known
        follow = known or Follow(question=row, follower_key=follower_key(row.pk, recipient), recipient=seal(recipient))
        follow.by_address, follow.language, follow.is_over = bool(mailbox), language[:LANGUAGES], False
        follow.nonce = follow.nonce or new_nonce()
        follow.after = row.answers.aggregate(last=Max("pk"))["last"] or 0
        follow.save()
        announce(FollowingBegun(question_id=row.pk), by=UNNAMED, at=at)
    return follow


def _checked(address: str) -> str:
    mailbox = address.strip().lower()
    try:
        validate_email(mailbox)
    except ValidationError as error:
        sentence = _("This is not an e-mail address. Check it, or leave it empty.")
        raise Refusal("questions.address", sentence, status=400, field="address") from error
    return mailbox


def end_following(*, follow: Follow, by: Actor, at: datetime) -> Follow:
    """Hear no more of a question: by the link of a mail, or from its page. Twice is once."""
    sentence = _("Only whoever follows a question can end that. Open the link of the mail you had.")
    require(policies.can_end_following(by, follow), "questions.not_your_follow", sentence)
    with transaction.atomic():
        row = held(follow, "questions.follow_gone")
        if not row.is_over:
            row.is_over = True
            row.save(update_fields=["is_over"])
            _follow_no_double(row)
            announce(FollowingEnded(question_id=row.question_id), by=UNNAMED, at=at)
    return row


def _follow_no_double(follow: Follow) -> None:
    """Nor of the questions put together with it, should they be separated."""
    recipient = unseal(follow.recipient) or ""
    doubles = Question.objects.filter(merged_into=follow.question_id).values_list("pk", flat=True)
    keys = [follower_key(pk, recipient) for pk in doubles]
    Follow.objects.filter(question__merged_into=follow.question_id, follower_key__in=keys).update(is_over=True)


def tell_followers(*, answer: Answer, by: SystemPerson, at: datetime) -> int:
    """Write to everybody who follows the question, once each. Returns how many were written to now.

    Not to who answered, nor of an answer that does not stand. An address that had its mails of the day is left for
    the next time.
    """
    told = 0
    waiting = Follow.objects.filter(question=answer.question_id, is_over=False, after__lt=answer.pk)
    for pk in waiting.exclude(told__answer=answer).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # The question first: whoever is erased or merged has theirs before what hangs on them.
            question = held(answer.question, "questions.question_gone")
            row = held(answer, "questions.answer_gone")
            if row.withdrawn_at is not None or row.hidden_at is not None or question.hidden_at is not None:
                return told
            follow = waiting.select_for_update(no_key=True).filter(pk=pk).first()  # unless it ended meanwhile
            told += follow is not None and _tell(follow, row, by=by, at=at)
    if told:
        with transaction.atomic():
            announce(FollowersTold(answer_id=answer.pk, number=told), by=by, at=at)
    return told


def _tell(follow: Follow, answer: Answer, *, by: SystemPerson, at: datetime) -> bool:
    person, address = queries.recipient_of(follow)
    author = answer.author
    if author is not None and (author == person or (address and address == author.email)):
        return False
    if (person is None and not address) or not queries.answers_visible_to(person).filter(pk=answer.pk).exists():
        return False
    try:
        with transaction.atomic():
            Told.objects.create(follow=follow, answer=answer, at=at)
            _write(follow, answer.question, answer, to=(person, address), by=by, at=at)
    except (EnoughMail, IntegrityError):
        return False
    return True


def _write(
    follow: Follow,
    question: Question,
    answer: Answer | None,
    *,
    to: tuple[Person | None, str],
    by: SystemPerson,
    at: datetime,
) -> None:
    """The mail of an answer, or (None) of what was said in the room. Raises EnoughMail."""
    person, address = to
    floor = question.floor
    context = {
        "question": question, "answer": answer, "floor": floor, "event": floor.event, "session": floor.session,
        "stop": token_of(Right.FOLLOW, follow.pk, follow.nonce), "is_stranger": person is None,
    }  # fmt: skip
    send_notice(
        template="questions/mail/answered",
        context=context,
        to_person=person,
        to_address=address or None,
        language=(person.page_language if person else "") or follow.language,
        # Not the row's id: a mail is to somebody, and must not lead to a row that may be their question's.
        dedupe_key=f"questions-told-{follower_key(answer.pk if answer else 0, follow.follower_key)}",
        by=by,
        at=at,
    )


def tell_of_live_answer(*, question: Question, by: SystemPerson, at: datetime) -> int:
    """Write to who follows a question that it was answered in the room, with what was said: once, after the session.

    An address that had its mails of the day is left for the next time. Returns how many were written to now.
    """
    told = 0
    for follow in question.follows.filter(is_over=False, heard_live=False).order_by("pk"):
        with transaction.atomic():
            row = held(question, "questions.question_gone")
            one = held(follow, "questions.follow_gone")
            to = queries.recipient_of(one)
            seen = queries.questions_visible_to(to[0]).filter(pk=row.pk, answered_live_at__isnull=False).exists()
            if one.heard_live or one.is_over or not seen or not any(to):
                continue
            try:
                with transaction.atomic():
                    _write(one, row, None, to=to, by=by, at=at)
            except EnoughMail:
                continue
            one.heard_live = True
            one.save(update_fields=["heard_live"])
            told += 1
    if told:
        with transaction.atomic():
            announce(FollowersTold(answer_id=0, number=told), by=by, at=at)
    return told


def forget_addresses(*, by: SystemPerson, at: datetime) -> int:
    """Forget who followed and who was told, a year after the session. Returns how many went."""
    over = Q(question__floor__ends_at__lt=at - KEPT)
    never = Q(question__floor__ends_at=None, question__asked_at__lt=at - KEPT)
    with transaction.atomic():
        gone = Follow.objects.filter(over | never)
        number = gone.count()
        if number:
            gone.delete()
            announce(AddressesForgotten(number=number), by=by, at=at)
    return number
