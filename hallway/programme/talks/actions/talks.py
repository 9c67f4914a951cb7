"""Changes of the talk itself: its texts, its speakers, who may correct it, whether it is public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import can_edit_programme
from hallway.kit import uploads
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person
from hallway.programme.talks import policies
from hallway.programme.talks.facts import (
    SpeakersSet,
    TalkChanged,
    TalkHidden,
    TalkShared,
    TalksPublished,
    TalksRemoved,
    TalksWritten,
    TalkWithdrawn,
    TalkWritten,
)
from hallway.programme.talks.models import Material, Speaking, Talk, TalkGrant
from hallway.vocabulary.models import Topic

EDITABLE = frozenset(
    {"title", "subtitle", "abstract", "description", "languages", "language_raw", "level", "tags", "links", "topics"}
)
_AT_ONCE = 500
_SIGN_IN = _("Sign in first, then write your talk.")
_NOT_YOURS = _("Only its speakers and the programme’s team can change this talk. Ask them to.")


@dataclass(frozen=True)
class NewTalk:
    """A talk not yet written down; the fields are those of ``write_talk``."""

    title: dict[str, str]
    subtitle: dict[str, str] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    language_raw: str = ""
    level: str = ""
    tags: Sequence[str] = ()
    links: Sequence[Any] = ()
    topics: Sequence[Topic] = ()
    speakers: Sequence[Person] = ()
    public: bool = False


def write_talk(
    *,
    title: dict[str, str],
    by: Actor,
    at: datetime,
    subtitle: dict[str, str] | None = None,
    abstract: dict[str, str] | None = None,
    description: dict[str, str] | None = None,
    languages: Sequence[str] = (),
    language_raw: str = "",
    level: str = "",
    tags: Sequence[str] = (),
    links: Sequence[Any] = (),
    topics: Sequence[Topic] = (),
    speakers: Sequence[Person] = (),
    public: bool = False,
) -> Talk:
    """Write down a talk. Texts are localised (``{"en": …}``); refused without a title."""
    new = NewTalk(
        title=title, subtitle=subtitle or {}, abstract=abstract or {}, description=description or {},
        languages=languages, language_raw=language_raw, level=level, tags=tags, links=links, topics=topics,
        speakers=speakers, public=public,
    )  # fmt: skip
    with transaction.atomic():
        talk = _write([new], by=by, at=at)[0]
        announce(TalkWritten(talk_id=talk.pk), by=by, at=at)
    return talk


def write_talks_in_bulk(*, talks: Sequence[NewTalk], by: Actor, at: datetime) -> list[Talk]:
    """Write down many talks, in the given order, and say so once."""
    if not talks:
        return []
    with transaction.atomic():
        made = _write(talks, by=by, at=at)
        announce(TalksWritten(talk_ids=[talk.pk for talk in made], count=len(made)), by=by, at=at)
    return made


def _write(talks: Sequence[NewTalk], *, by: Actor, at: datetime) -> list[Talk]:
    require(policies.can_write_talk(by), "talk.cannot_write", _SIGN_IN)
    for new in talks:
        _require_title(new.title)
    made = Talk.objects.bulk_create(
        Talk(
            title=new.title, subtitle=new.subtitle, abstract=new.abstract, description=new.description,
            languages=list(new.languages), language_raw=new.language_raw, level=new.level, tags=list(new.tags),
            links=list(new.links), public_at=at if new.public else None, written_by=by.actor_key,
            created_at=at, updated_at=at,
        )
        for new in talks
    )  # fmt: skip
    Speaking.objects.bulk_create(
        Speaking(talk=talk, person=person, position=position)
        for talk, new in zip(made, talks, strict=True)
        for position, person in enumerate(_each_once(new.speakers))
    )
    Talk.topics.through.objects.bulk_create(
        Talk.topics.through(talk_id=talk.pk, topic_id=topic.pk)
        for talk, new in zip(made, talks, strict=True)
        for topic in dict.fromkeys(new.topics)
    )
    return made


def _require_title(title: dict[str, str]) -> None:
    if not any(title.values()):
        raise Refusal("talk.no_title", _("Give the talk a title."), field="title")


def _each_once(people: Iterable[Person]) -> list[Person]:
    return list({person.pk: person for person in people}.values())


def edit_talk(*, talk: Talk, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Change some fields; what did not change is not announced. Public texts are public at once."""
    require(policies.can_edit_talk(by, talk), "talk.cannot_edit", _NOT_YOURS)
    unknown = set(changes) - EDITABLE
    if unknown:
        raise ValueError(f"not fields of a talk: {sorted(unknown)}")
    if "title" in changes:
        _require_title(changes["title"])
    with transaction.atomic():
        changes = dict(changes)
        topics = changes.pop("topics", None)
        changed = [name for name, value in changes.items() if getattr(talk, name) != value]
        for name in changed:
            setattr(talk, name, changes[name])
        if topics is not None and {t.pk for t in topics} != set(talk.topics.values_list("pk", flat=True)):
            talk.topics.set(topics)
            changed.append("topics")
        if not changed:
            return
        talk.updated_at = at
        talk.save(update_fields=[*(name for name in changed if name != "topics"), "updated_at"])
        announce(TalkChanged(talk_id=talk.pk, fields=sorted(changed)), by=by, at=at)


def set_speakers(*, talk: Talk, people: list[Person], by: Actor, at: datetime) -> None:
    """Say who speaks, in this order. The same people in the same order change nothing."""
    require(policies.can_edit_talk(by, talk), "talk.cannot_edit", _NOT_YOURS)
    wanted = [person.pk for person in _each_once(people)]
    with transaction.atomic():
        before = list(talk.speakings.values_list("person_id", flat=True))
        if before == wanted:
            return
        # Who stays keeps the row: a mailed link is made from it.
        talk.speakings.exclude(person_id__in=wanted).delete()
        for position, pk in enumerate(wanted):
            talk.speakings.update_or_create(person_id=pk, defaults={"position": position})
        talk.updated_at = at
        talk.save(update_fields=["updated_at"])
        announce(SpeakersSet(talk_id=talk.pk, person_ids=sorted({*before, *wanted})), by=by, at=at)


def share_talk(*, talk: Talk, event: Event, by: Actor, at: datetime) -> None:
    """Let the programme team of an event correct a talk. Only who may change the talk can; twice does nothing."""
    require(policies.can_edit_talk(by, talk), "talk.cannot_edit", _NOT_YOURS)
    with transaction.atomic():
        _grant, made = TalkGrant.objects.get_or_create(talk=talk, event=event)
        if made:
            announce(TalkShared(talk_id=talk.pk, event_id=event.pk), by=by, at=at)


def share_talks_in_bulk(*, talks: Sequence[Talk], event: Event, by: Actor, at: datetime) -> None:
    """The same for talks just written by the same hand; others are left as they are."""
    require(can_edit_programme(by, event), "talk.cannot_edit", _NOT_YOURS)
    own = [talk for talk in talks if talk.written_by == by.actor_key]
    with transaction.atomic():
        TalkGrant.objects.bulk_create((TalkGrant(talk=talk, event=event) for talk in own), ignore_conflicts=True)


def publish_talks(*, talk_ids: Iterable[int], by: Actor, at: datetime) -> list[int]:
    """Make talks public because a released schedule shows them. Returns the ids that were not public before."""
    wanted = sorted(set(talk_ids))
    found: list[int] = []
    with transaction.atomic():
        for start in range(0, len(wanted), _AT_ONCE):
            rows = Talk.objects.filter(pk__in=wanted[start : start + _AT_ONCE], public_at=None)
            ids = list(rows.values_list("pk", flat=True))
            Talk.objects.filter(pk__in=ids).update(public_at=at)
            found += ids
        if found:
            announce(TalksPublished(talk_ids=found, count=len(found)), by=by, at=at)
    return found


def withdraw_talk(*, talk: Talk, by: Actor, at: datetime) -> None:
    """Take a talk's texts out. Programmes keep its title and time; doing it twice does nothing."""
    require(
        policies.can_withdraw_talk(by, talk),
        "talk.cannot_withdraw",
        _("Only its speakers can withdraw this talk. Ask them to."),
    )
    if talk.withdrawn_at is not None:
        return
    with transaction.atomic():
        remove_all_materials([talk.pk])
        talk.withdrawn_at = talk.updated_at = at
        talk.subtitle, talk.abstract, talk.description, talk.links, talk.tags = {}, {}, {}, [], []
        talk.save(update_fields=["withdrawn_at", "updated_at", "subtitle", "abstract", "description", "links", "tags"])
        announce(TalkWithdrawn(talk_id=talk.pk), by=by, at=at)


def remove_talks(*, talks: Sequence[Talk], by: Actor, at: datetime) -> None:
    """Remove talks altogether, with who speaks in them, for the undo of an import.

    A session that held one keeps its place and its own texts; withdraw a talk instead to keep its title.
    """
    for talk in talks:
        require(policies.can_edit_talk(by, talk), "talk.cannot_edit", _NOT_YOURS)
    ids = [talk.pk for talk in talks]
    with transaction.atomic():
        for start in range(0, len(ids), _AT_ONCE):
            remove_all_materials(ids[start : start + _AT_ONCE])
            Talk.objects.filter(pk__in=ids[start : start + _AT_ONCE]).delete()
        if ids:
            announce(TalksRemoved(talk_ids=ids, count=len(ids)), by=by, at=at)


def remove_all_materials(talk_ids: Sequence[int]) -> None:
    """Take away what belongs to talks whose texts go, inside the transaction that says so."""
    rows = Material.objects.filter(talk_id__in=talk_ids)
    files = [name for name in rows.values_list("file", flat=True) if name]
    rows.delete()
    for name in files:
        transaction.on_commit(partial(uploads.remove_file, name))


def hide_talk(*, talk: Talk, by: Actor, at: datetime) -> None:
    """An administrator hides the texts of a talk; programmes keep title and time. Twice is once."""
    _set_hidden(talk, hidden=True, by=by, at=at)


def show_talk(*, talk: Talk, by: Actor, at: datetime) -> None:
    """An administrator shows the texts of a hidden talk again. Twice is once."""
    _set_hidden(talk, hidden=False, by=by, at=at)


def _set_hidden(talk: Talk, *, hidden: bool, by: Actor, at: datetime) -> None:
    require(
        policies.can_hide_talk(by), "talk.cannot_hide", _("Only administrators can hide a talk. Report it to them.")
    )
    with transaction.atomic():
        row = held(talk, "talk.gone")
        if (row.hidden_at is not None) == hidden:
            return
        row.hidden_at = at if hidden else None
        row.save(update_fields=["hidden_at"])
        announce(TalkHidden(talk_id=row.pk, hidden=hidden), by=by, at=at)
