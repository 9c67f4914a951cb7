"""What is said to speakers: when, by whom one must not know, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.links import id_in, is_true
from hallway.kit.localised import pick
from hallway.people.models import Person
from hallway.people.queries import blocked_with
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.schedule.queries import title_of, visible_to
from hallway.programme.talks.models import Speaking, Talk

from ..models import Feedback, FeedbackReader
from ..tokens import Right
from ..windows import LASTS, Window, rewritten_until, settled_at, window
from ..wording import counted

# From how many voices on words are shown: to the speaker, and to everybody.
VOICES_PRIVATE = 3
VOICES_PUBLIC = 5
NEWS = timedelta(days=30)
State = Feedback.State


@dataclass
class Occasion:
    """One giving of a talk: how many spoke of it, the words they tapped (from three voices on), and the texts."""

    session: Session
    begins: datetime | None = None
    voices: int = 0
    words: list[tuple[Promise, int]] = field(default_factory=list)
    texts: list[Feedback] = field(default_factory=list)


def window_of(session: Session, *, spoken: bool = False) -> Window | None:
    """When feedback to a session is open; None for one that has no time yet, or nobody who speaks if that is asked."""
    slots = Slot.objects.filter(session=session, public_at__isnull=False).order_by("public_starts_at", "pk")
    if spoken:
        speaks = Speaking.objects.filter(talk=session.talk_id, person__left_at=None)
        slots = slots.filter(Exists(speaks))
    times = [
        (starts, ends)
        for starts, ends in slots.values_list("public_starts_at", "public_ends_at")
        if starts is not None and ends is not None
    ]
    return window(*times[0], max(ends for _starts, ends in times)) if times else None


def open_sessions(event: Event, now: datetime) -> list[Session]:
    """Sessions of an event whose speakers one can say something to now, the latest first."""
    slots = Slot.objects.filter(
        session__event=event, session__public_at__isnull=False, session__hidden_at=None, session__talk__isnull=False,
        session__talk__speakings__isnull=False, session__feedback_url="", public_at__isnull=False,
        public_starts_at__lte=now, public_ends_at__gt=now - LASTS,
    ).exclude(session__kind=Session.Kind.BREAK)  # fmt: skip
    found: dict[int, Session] = {}
    for slot in slots.select_related("session__talk").order_by("-public_starts_at", "pk"):
        starts, ends = slot.public_starts_at, slot.public_ends_at
        if starts is not None and ends is not None and window(starts, ends, ends).state(now) == "open":
            found.setdefault(slot.session_id, slot.session)
    return list(found.values())


def next_turn(event: Event, now: datetime) -> datetime | None:
    """When feedback to one of an event's sessions opens or closes next."""
    slots = Slot.objects.filter(session__event=event, session__hidden_at=None, public_ends_at__gt=now - LASTS)
    turns = [
        turn
        for starts, ends in slots.values_list("public_starts_at", "public_ends_at")
        if starts is not None and ends is not None
        for turn in (window(starts, ends, ends).opens_at, window(starts, ends, ends).closes_at)
        if turn > now
    ]
    return min(turns, default=None)


def speakers_of(talk: Talk) -> list[Person]:
    """Who speaks in a talk, in their order, without those who left."""
    rows = talk.speakings.filter(person__left_at=None).select_related("person")
    return [speaking.person for speaking in rows]


def own_feedback(by: Actor | None, session: Session) -> Feedback | None:
    """What somebody, or somebody on this device, said to the speakers of a session."""
    if by is None:
        return None
    return Feedback.objects.filter(session=session, writer_key=by.actor_key).first()


def changes_until(feedback: Feedback) -> datetime:
    """Until when its writer may change it; what the team refused for two weeks more, since they hear of it late."""
    zone = feedback.session.event.tz
    ends = settled_at(feedback.written_at, zone)
    if feedback.state != State.REFUSED or feedback.decided_at is None:
        return ends
    return max(ends, rewritten_until(feedback.decided_at, zone))


def voices_of(session: Session) -> int:
    """How many people tapped words for a session."""
    return Feedback.objects.filter(session=session).exclude(words=[]).count()


def to_review(person: Person | None, event: Event) -> QuerySet[Feedback]:
    """Texts that wait for the team, oldest first. Nobody reads those to a talk of their own before they are let
    through, whatever they do in the team; their own they need not decide about either.
    """
    waiting = Feedback.objects.filter(session__event=event, state=State.HELD).order_by("written_at", "pk")
    if person is None:
        return waiting
    own = Speaking.objects.filter(person=person).values("talk_id")
    about = Feedback.about.through.objects.filter(person=person).values("feedback_id")
    waiting = waiting.exclude(talk__in=own).exclude(pk__in=about).exclude(writer_key=person.actor_key)
    return waiting.select_related("session__talk", "writer")


def given_to(person: Person) -> QuerySet[Feedback]:
    """What a speaker may read: texts that were let through, and none under the name of whom a block keeps apart.

    One without a name stays, or who blocks one person after the other would see whose it is.
    """
    mine = Speaking.objects.filter(person=person).values("talk_id")
    rows = Feedback.objects.filter(talk__in=mine, state=State.RELEASED, hidden_at=None)
    return rows.exclude(named=True, writer_id__in=blocked_with(person))


def heard_by(person: Person, *, talk: Talk | None = None) -> list[tuple[Talk, list[Occasion]]]:
    """Everything a speaker heard, talk by talk, the latest occasion first: a fixed number of queries."""
    talks = Talk.objects.filter(speakings__person=person).order_by("-pk")
    talks = talks.filter(pk=talk.pk) if talk is not None else talks
    by_talk = {one.pk: one for one in talks}
    words = _words_of(by_talk)
    texts = given_to(person).filter(talk__in=by_talk).select_related("writer").order_by("-released_at", "-pk")
    texts_of: dict[int, list[Feedback]] = {}
    for one in texts:
        texts_of.setdefault(one.session_id, []).append(one)
    sessions = Session.objects.filter(pk__in={*texts_of, *words}).select_related("event__community", "talk")
    begins = _begins(sessions)
    heard: dict[int, list[Occasion]] = {}
    for session in sessions:
        lists = words.get(session.pk, [])
        enough = len(lists) >= VOICES_PRIVATE
        occasion = Occasion(
            session=session, begins=begins.get(session.pk), voices=len(lists) if enough else 0,
            words=counted(lists) if enough else [], texts=texts_of.get(session.pk, []),
        )  # fmt: skip
        if occasion.words or occasion.texts:
            talk_id = occasion.texts[0].talk_id if occasion.texts else session.talk_id or 0
            heard.setdefault(talk_id, []).append(occasion)
    for occasions in heard.values():
        occasions.sort(key=lambda one: (one.begins is not None, one.begins, one.session.pk), reverse=True)
    return [(by_talk[pk], heard[pk]) for pk in by_talk if pk in heard]


def _words_of(talk_ids: Iterable[int]) -> dict[int, list[Sequence[str]]]:
    """The words each voice tapped, by session."""
    found: dict[int, list[Sequence[str]]] = {}
    rows = Feedback.objects.filter(talk__in=list(talk_ids)).exclude(words=[])
    for session_id, words in rows.order_by().values_list("session_id", "words"):
        found.setdefault(session_id, []).append(words)
    return found


def _begins(sessions: QuerySet[Session]) -> dict[int, datetime]:
    slots = Slot.objects.filter(session__in=sessions.values("pk"), public_starts_at__isnull=False)
    rows = slots.order_by("-public_starts_at").values_list("session_id", "public_starts_at")
    return {session_id: starts for session_id, starts in rows if starts is not None}


def published_of(talk: Talk) -> list[Feedback]:
    """What the speakers show of what was said to a talk, at all occasions one may open, the latest first."""
    rows = Feedback.objects.filter(talk=talk, published_at__isnull=False, hidden_at=None)
    rows = rows.filter(session__in=visible_to(None))
    return list(rows.select_related("session__event").order_by("-published_at", "-pk"))


def reader_by(token: str) -> FeedbackReader | None:
    """The speaker whose mailed link this is."""
    reader = FeedbackReader.objects.filter(pk=id_in(token), person__left_at=None).select_related("person").first()
    return reader if reader and is_true(Right.SPEAKER, token, reader.pk, reader.nonce) else None


def speakers_with_news(now: datetime) -> list[Person]:
    """Speakers who have not been told of something they can read now, and heard nothing for a day."""
    fresh = Q(talks__feedback__released_at__gt=now - NEWS, talks__feedback__hidden_at=None)
    rows = Person.objects.filter(fresh, left_at=None, merged_into=None).exclude(email=None)
    rows = rows.exclude(feedback_reader__told_at__gt=now - timedelta(days=1))
    # Those who were told of everything are left out here already, or each would be asked about for thirty days.
    told = FeedbackReader.told.through.objects.filter(
        feedback=OuterRef("pk"), feedbackreader__person=OuterRef(OuterRef("pk"))
    )
    news = Feedback.objects.filter(talk__speakings__person=OuterRef("pk"), released_at__gt=now - NEWS, hidden_at=None)
    rows = rows.filter(Exists(news.exclude(Exists(told))))
    return [person for person in rows.distinct().order_by("pk") if untold_to(person, now)]


def untold_to(person: Person, now: datetime) -> list[Feedback]:
    """What a speaker can read and has not been told of: texts, and words that are shown since then."""
    mine = Speaking.objects.filter(person=person).values("talk_id")
    rows = Feedback.objects.filter(talk__in=mine, released_at__gt=now - NEWS, hidden_at=None)
    rows = rows.exclude(named=True, writer_id__in=blocked_with(person))
    told = FeedbackReader.told.through.objects.filter(feedbackreader__person=person).values("feedback_id")
    return list(rows.exclude(pk__in=told).order_by("pk"))


def title_of_said(session: Session) -> str:
    """What a session is called, for the reader of the page."""
    return pick(title_of(session)).text
