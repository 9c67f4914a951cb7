"""Two communities that have everything, the people around them, and a secret word in every field that is not public."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.urls import URLPattern, URLResolver, get_resolver

from hallway.exchange.models import ImportRun
from hallway.gathering.attendance.models import StandingRegistration
from hallway.gathering.communities.models import Community, TeamInvitation, TeamMessage
from hallway.gathering.events.models import Event, Host
from hallway.kit import links
from hallway.kit.sealed import seal
from hallway.learning.agenda.models import Note
from hallway.people.models import Person, PersonClaim
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Material, TalkGrant
from hallway.programme.talks.tokens import MATERIALS
from hallway.sharing.questions.models import Case, Floor, Follow, Question, Rendezvous
from hallway.sharing.questions.tokens import Right as QuestionRight
from hallway.sharing.questions.tokens import moderator_token, speaker_token
from hallway.sharing.takeaways.models import SharedNotes, SharedNotesRevision, Takeaway
from tests.factories import (
    AnswerFactory,
    CommunityFactory,
    EventFactory,
    FloorFactory,
    MembershipFactory,
    PersonFactory,
    QuestionFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TalkFactory,
    TeamRoleFactory,
    TrackFactory,
    VenueFactory,
)
from tests.matrix.cases import make_case
from tests.matrix.doors import LONG_AGO, make_door
from tests.matrix.feedback import make_feedback
from tests.matrix.seats import make_seats

SOON = datetime(2040, 3, 14, 17, 0, tzinfo=UTC)
FAR = datetime(2099, 1, 1, tzinfo=UTC)
WHO = ("anonymous", "stranger", "member", "helper", "editor", "organiser", "other", "administrator")
SECRET = "zyxsecret"


@dataclass
class Ground:
    """A community with one of everything that an address can name."""

    community: Community
    event: Event
    draft: Event
    organiser: Person
    ids: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Two grounds, and the people who knock."""

    mine: Ground
    theirs: Ground
    people: dict[str, Person]


def token_of(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def person(name: str, **fields: Any) -> Person:
    made: Person = PersonFactory(name=name, slug=name.lower(), email=f"{name.lower()}.{SECRET}@example.org", **fields)
    return made


def make_ground(word: str) -> Ground:
    """One community, a public event with a released session, and a draft of everything."""
    organiser, other_organiser = person(f"Ama-{word}"), person(f"Abena-{word}")
    community = CommunityFactory(name=f"Pine {word}", slug=f"pine-{word}")
    role = TeamRoleFactory(community=community, person=organiser)
    TeamRoleFactory(community=community, person=other_organiser)
    venue = VenueFactory(community=community)
    series = SeriesFactory(community=community, slug=f"evening-{word}")
    times = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=9)}
    event = EventFactory(
        community=community, slug=f"conf-{word}", venue=venue, attendance="hybrid", joining={"en": f"{SECRET} link"},
        created_at=SOON, **times,
    )  # fmt: skip
    hidden = {"title": {"en": f"{SECRET} draft"}, "description": {"en": SECRET}, "tagline": {"en": SECRET}}
    draft = EventFactory(community=community, slug=f"draft-{word}", state="draft", public_at=None, **times, **hidden)
    room, track = RoomFactory(event=event), TrackFactory(event=event)
    talk = TalkFactory(written_by=organiser.actor_key)
    speaker = person(f"Efua-{word}", claimed_at=None)
    speaking = SpeakingFactory(talk=talk, person=speaker)
    material = Material.objects.create(
        talk=talk, kind="link", address="https://example.org/notes", added_by=SECRET, created_at=SOON, updated_at=SOON
    )
    TalkGrant.objects.create(talk=talk, event=event)
    session = SessionFactory(event=event, talk=talk, track=track, slug="asyncio")
    slot = SlotFactory(session=session, room=room, starts_at=SOON, ends_at=SOON + timedelta(minutes=45))
    host = Host.objects.create(event=event, community=CommunityFactory(slug=f"host-{word}"), invited_at=SOON)
    ids = {
        "role": TeamRoleFactory(community=community, role="editor", person=person(f"Kofi-{word}")).pk,
        "own_role": role.pk, "venue": venue.pk, "series": series.pk, "room": room.pk, "track": track.pk,
        "talk": talk.pk, "session": session.pk, "slot": slot.pk, "host": host.pk, "speaker": speaker.slug,
        "invitation": invite(community, organiser, word).pk, "login": login_of(organiser, word).pk,
        "run": make_run(community, organiser).pk, "series_slug": series.slug, **make_seats(event, SECRET),
         **make_door(event), **make_case(session, organiser, other_organiser), **make_floor(session, organiser, word),
         "material": material.pk,
        "standing": StandingRegistration.objects.create(series=series, person=organiser, since=SOON).pk,
        "note": make_note(session, organiser).pk,
        "takeaway": make_takeaway(session, organiser).pk,
        "slides/": links.token_of(MATERIALS, speaking.pk, speaking.nonce),
        **make_feedback(session, speaker, word, SECRET),
    }  # fmt: skip
    Session.objects.filter(pk=session.pk).update(admission=ids["admission"])
    TeamMessage.objects.create(
        community=community, device=SECRET, name=SECRET, address=f"{SECRET}@example.org", text=SECRET, at=SOON
    )
    claim = {"person": speaker, "address": f"efua.{SECRET}@example.org", "token_hash": token_of(f"claim-{word}")}
    PersonClaim.objects.create(**claim, invited_by=organiser, created_at=SOON, expires_at=FAR)
    return Ground(community, event, draft, organiser, ids)


def make_floor(session: Session, by: Person, word: str) -> dict[str, Any]:
    """Where its questions are asked, open for a long time, with one that the organiser asked under their name."""
    code = {"mine": "MEVVVV", "theirs": "THEZZZ"}[word]
    floor = FloorFactory(session=session, event=session.event, code=code, starts_at=SOON, ends_at=SOON)
    Floor.objects.filter(pk=floor.pk).update(starts_at=LONG_AGO, reopened_until=FAR, nonce=f"{SECRET}-{word}")
    floor.refresh_from_db()
    question = QuestionFactory(floor=floor, by=by, asked_at=SOON, shown_at=SOON)
    told = {"floor": code, "asked": question.pk, "q/room/": moderator_token(floor)}
    return {**told, **make_thread(question, session, by)}


def make_thread(question: Question, session: Session, by: Person) -> dict[str, Any]:
    """An answer and a case of its asker, where to meet, and the links of its speaker and of who follows it."""
    floor, speaker = Floor.objects.get(pk=question.floor_id), session.talk.speakers.get()
    case = {"text": "The same", "language": "en", "author": by, "author_key": "case", "told_at": SOON}
    meeting = {"place": "Sofa", "starts_at": FAR, "proposed_by": by, "proposed_at": SOON}
    follow = Follow.objects.create(
        question=question,
        follower_key="follow",
        recipient=seal(by.actor_key),
        by_address=False,
        language="en",
        nonce=SECRET,
    )
    return {
        "answer": AnswerFactory(question=question, author=by, written_at=SOON).pk,
        "told": Case.objects.create(question=question, **case).pk,
        "rendezvous": Rendezvous.objects.create(question=question, **meeting).pk,
        "speaks": speaker.pk,
        "q/speaker/": speaker_token(floor, speaker),
        "q/stop/": links.token_of(QuestionRight.FOLLOW, follow.pk, follow.nonce),
    }


def make_note(session: Session, by: Person) -> Note:
    return Note.objects.create(
        person=by, session=session, event=session.event, title={"en": "x"}, text=SECRET, other_text=SECRET,
        created_at=SOON, updated_at=SOON,
    )  # fmt: skip


def make_takeaway(session: Session, by: Person) -> Takeaway:
    """Without a name, as whoever wrote it; and shared notes with one revision."""
    page = SharedNotes.objects.create(session=session, number=1)
    SharedNotesRevision.objects.create(page=page, number=1, text="x", at=SOON)
    return Takeaway.objects.create(session=session, person=by, is_named=False, text="x", shown_at=SOON, updated_at=SOON)


def make_run(community: Community, by: Person) -> ImportRun:
    return ImportRun.objects.create(
        community=community, state="checked", filename=f"{SECRET}.xml", sha256="0" * 64, by_person=by,
        by_key=by.actor_key, at=SOON, report={"title": SECRET, "sessions": 1, "slots": 1, "people": 0, "rooms": 1},
    )  # fmt: skip


def invite(community: Community, by: Person, word: str) -> TeamInvitation:
    return TeamInvitation.objects.create(
        community=community, address=f"invited.{SECRET}@example.org", role="helper", invited_by=by,
        token_hash=token_of(f"invitation-{word}"), created_at=SOON, expires_at=FAR,
    )  # fmt: skip


def login_of(who: Person, word: str) -> UserSession:
    return UserSession.objects.create(user=who, ip="127.0.0.1", session_key=f"session-{word}", user_agent="x")


def make_drafts(ground: Ground) -> None:
    """What the team knows and nobody else: a session, a talk, a place, people who are not public."""
    unknown = person(f"{SECRET}speaker", public_at=None)
    talk = TalkFactory(title={"en": f"{SECRET} talk"}, abstract={"en": SECRET}, public_at=None)
    SpeakingFactory(talk=talk, person=unknown)
    planned = SessionFactory(event=ground.event, talk=talk, public_at=None, slug=f"{SECRET}-slug")
    room = RoomFactory(event=ground.event)  # rooms are public
    none = {"public_room": None, "public_starts_at": None, "public_ends_at": None, "public_at": None}
    SlotFactory(session=planned, room=room, starts_at=SOON, ends_at=SOON + timedelta(hours=1), **none)
    SessionFactory(
        event=ground.event, talk=None, title={"en": f"{SECRET} hidden"}, hidden_at=SOON, slug=f"{SECRET}-hidden"
    )
    CommunityFactory(name=f"{SECRET} community", slug=f"{SECRET}-community", public_at=None)
    MembershipFactory(community=ground.community, person=person(f"{SECRET}member", public_at=None))
    EventFactory(title={"en": f"{SECRET} put away"}, slug=f"{SECRET}-away", hidden_at=SOON, community=ground.community)


def make_world() -> World:
    mine, theirs = make_ground("mine"), make_ground("theirs")
    people = {
        "stranger": person("Stranger"),
        "member": MembershipFactory(community=mine.community, person=person("Member")).person,
        "helper": TeamRoleFactory(community=mine.community, person=person("Helper"), role="helper").person,
        "editor": TeamRoleFactory(community=mine.community, person=person("Editor"), role="editor").person,
        "organiser": mine.organiser,
        "other": theirs.organiser,
        "administrator": person("Adjoa", is_administrator=True),
    }
    return World(mine, theirs, people)


def routes() -> Iterator[str]:
    """Every address of the site as its pattern, without regular-expression anchors; the first of each.

    Without Django's own administration, which has one rule for all its addresses and a test of its own.
    """
    seen: dict[str, None] = {}

    def walk(entries: list[Any], prefix: str) -> None:
        for entry in entries:
            pattern = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, pattern)
            elif isinstance(entry, URLPattern):
                seen.setdefault(pattern)

    walk(get_resolver().url_patterns, "")
    return (pattern for pattern in seen if not pattern.startswith("administration/"))


# What stands for each parameter: (where the pattern begins or what it holds, parameter) → a key of Ground.ids.
_IDS = (
    ("c/<address:slug>/team/invitations/", "pk", "invitation"),
    ("c/<address:slug>/team/", "pk", "role"),
    ("c/<address:slug>/series/", "pk", "series"),
    ("c/<str:slug>/import/", "pk", "run"),
    ("e/<slug:slug>/edit/programme/tracks/", "pk", "track"),
    ("e/<slug:slug>/edit/programme/slots/", "pk", "slot"),
    ("e/<slug:slug>/", "pk", "session"),
    ("talks/", "pk", "talk"),
    ("talks/", "material_id", "material"),
    ("c/", "venue_id", "venue"),
    ("e/", "room_id", "room"),
    ("e/", "admission_id", "admission"),
    ("e/", "host_id", "host"),
    ("e/", "registration_id", "person"),
    ("e/", "question_id", "question"),
    ("e/", "invitation_id", "asked_to_come"),
    ("hosting/", "host_id", "host"),
    ("report/", "pk", "session"),
    ("moderation/events/", "pk", "event_exclusion"),
    ("moderation/communities/", "pk", "community_exclusion"),
    ("moderation/", "pk", "case"),
    ("me/", "login_id", "login"),
    ("me/", "standing_id", "standing"),
    ("me/notes/", "pk", "note"),
    ("takeaways/", "pk", "takeaway"),
    ("e/<str:slug>/sessions/", "pk", "session"),
    ("q/", "code", "floor"),
    ("q/", "answer_id", "answer"),
    ("q/", "case_id", "told"),
    ("q/", "meeting_id", "rendezvous"),
    ("q/", "person_id", "speaks"),
    ("q/", "pk", "asked"),
)
_WORDS = {
    "key": "name", "group": "site", "view": "All", "section": "what", "words": "asyncio", "code": "ABCDEF",
    "name": "legal", "pk": "1", "provider_id": "oidc", "uidb36": "1",
    "what": "list", "kind": "session", "number": "1", "filename": "slides.pdf",
}  # fmt: skip


def names_in(pattern: str) -> list[str]:
    """The parameters of a pattern, ``slug:pk`` style, in order."""
    parts = pattern.replace("(?P<", "<").split("<")[1:]
    return [part.split(">")[0] for part in parts]


def value_for(pattern: str, name: str, ground: Ground) -> str:
    if name == "slug" and pattern.startswith("products/"):
        return str(ground.ids["product_slug"])
    if name == "what" and pattern.startswith("makers/"):
        return "table"
    if name == "slug":
        if pattern.startswith("e/"):
            return ground.event.slug
        return str({"p": ground.ids["speaker"], "s": ground.ids["series_slug"]}.get(pattern[0], ground.community.slug))
    if name == "token" and pattern.startswith(
        ("registrations/", "feedback/", "cards/", "makers/", "door/", "e/", "slides/", "appeals/", "q/room/")
    ):
        return str(ground.ids[pattern.partition("<")[0]])
    if name == "token" and pattern.startswith(("q/speaker/", "q/stop/")):
        return str(ground.ids["q/speaker/" if pattern.startswith("q/speaker/") else "q/stop/"])
    if name == "token":
        kind = "claim" if pattern.startswith("claims/") else "invitation"
        return f"{kind}-{ground.community.slug.removeprefix('pine-')}"
    found = next((key for start, parameter, key in _IDS if parameter == name and pattern.startswith(start)), None)
    return str(ground.ids[found]) if found else _WORDS[name]


def address_of(pattern: str, ground: Ground, *, other: Ground | None = None) -> str:
    """A real address for a pattern; ``other`` gives every parameter but the first from somewhere else."""
    address = pattern.replace("^", "").replace("$", "").replace("\\Z", "")
    for position, named in enumerate(names_in(pattern)):
        name = named.rpartition(":")[2]
        value = value_for(pattern, name, other if other and position else ground)
        for written in (f"<{named}>", f"(?P<{named}>.+)", f"(?P<{named}>[0-9A-Za-z]+)", f"(?P<{named}>[^/]+)"):
            if f"(?P{written}" not in address:
                address = address.replace(written, value)
    return f"/{address}"
