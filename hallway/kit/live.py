"""Live is one way out: people act by POST, the action commits, the fact is rendered once and sent to every listener.

A package renders its facts in ``live.py`` with :func:`renders`. A fact reaches the channels ``public/<scope>`` of its
scopes (``public/event:14``), and what is rendered as private the channels ``<scope>``. The row's id is the event's id,
so a reader who comes back gets what they missed. Facts of one channel belong under one lock (``kit.held``): only then
are their ids in the order of their commits.

Who may listen is asked whenever a stream opens and every two seconds after (:func:`admits`), and so is whose words a
reader does not get (:func:`hides`). :func:`looks_again` spares the two seconds.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.db import DatabaseError, DataError, transaction
from django.db.models import Max

from . import facts
from .models import FactRow, FactScope

log = logging.getLogger("hallway.live")

MOST_MISSED = 500
LATELY = 1000  # facts among which the one before is looked for; beyond, the look every two seconds has to do
PUBLIC = "public/"


@dataclass(frozen=True)
class Message:
    """What listeners see of a fact. ``author``: the id of the person under whose name the words stand.

    A reader from whom that person is hidden does not get it. Whatever stands under no name has no author here.
    """

    data: str
    author: int | None = None


class Told(NamedTuple):
    """An event on its way to listeners; ``hallway.front.told`` says what each field is for."""

    id: int
    name: str
    data: str
    author: int | None = None
    key: str = ""
    previous: int = 0


@dataclass(frozen=True)
class Again:
    """Whose streams, and which channels, are to be looked at anew: who may listen, and whose words are left out."""

    persons: Iterable[int] = ()
    channels: Iterable[str] = ()


Thing = TypeVar("Thing")
Render = Callable[[Any, FactRow], "str | Message | None"]
Viewer = int | None
Publisher = Callable[[str, Told], None]
LookAgain = Callable[[Sequence[int], Sequence[str]], None]
Rule = Callable[[str, set[Viewer]], Iterable[Viewer]]
Hidden = Callable[[set[int]], dict[int, set[int]]]


@dataclass(frozen=True)
class Rendering:
    """How a kind of fact looks to listeners."""

    render: Render
    latest: Callable[[Any], str] | None
    private: bool


RENDERERS: dict[str, list[Rendering]] = defaultdict(list)
RULES: dict[str, Rule] = {}
HIDDEN: list[Hidden] = []
_publisher: list[Publisher] = []
_shared: ContextVar[dict[Hashable, Any] | None] = ContextVar("hallway_live_shared", default=None)
_again: list[LookAgain] = []
_signer: list[Callable[[str, int], str]] = []


def renders(
    *kinds: type[facts.Fact], latest: Callable[[Any], str] | None = None, private: bool = False
) -> Callable[[Render], Render]:
    """Register what a fact looks like to listeners: one line or some HTML, the same for everybody.

    A renderer returns it, in a :class:`Message` when it has an author, or None when there is nothing to tell (any
    more). ``latest`` names what the fact is the newest state of (``lambda fact: f"votes:{fact.question_id}"``): when
    many come, listeners get the newest of each at most every 250 ms, the last one always, and whatever else the channel
    says waits for that moment too, so that ids only grow. ``private``: for the channel ``<scope>`` alone, which is
    opened to whom a rule admits.
    """

    def register(renderer: Render) -> Render:
        for kind in kinds:
            found = RENDERERS[kind.kind]
            if any(one.private == private for one in found):
                raise TypeError(f"{kind.kind} looks like two things to the same listeners")
            if not found:
                facts.inside(kind)(_send_after_commit)
            found.append(Rendering(renderer, latest, private))
        return renderer

    return register


def once(key: Hashable, make: Callable[[], Thing]) -> Thing:
    """For renderers: what many facts have in common, as it is now, is worked out once when they are told together."""
    shared = _shared.get()
    if shared is None:
        return make()
    if key not in shared:
        shared[key] = make()
    found: Thing = shared[key]
    return found


def admits(prefix: str) -> Callable[[Rule], Rule]:
    """Register who may listen to channels that begin so: ``rule("7", {12, None}) -> {12}`` for ``floor:`` and floor:7.

    None stands for readers who did not sign in. Private channels without a rule are open to nobody, public ones to all.
    """

    def register(rule: Rule) -> Rule:
        if prefix in RULES:
            raise TypeError(f"two rules say who may listen to {prefix}")
        RULES[prefix] = rule
        return rule

    return register


def hides(rule: Hidden) -> Hidden:
    """Register whose words are left out: ``rule({12, 13}) -> {12: {14}}`` when 14 is hidden from 12."""
    HIDDEN.append(rule)
    return rule


def looks_again(*kinds: type[facts.Fact]) -> Callable[[Callable[[Any], Again]], Callable[[Any], Again]]:
    """Register what a fact changes about who may listen, or whose words are left out. It is asked anew at once."""

    def register(which: Callable[[Any], Again]) -> Callable[[Any], Again]:
        def receive(fact: facts.Fact, row: FactRow) -> None:
            found = which(fact)
            look_again(persons=found.persons, channels=found.channels)

        for kind in kinds:
            facts.inside(kind)(receive)
        return which

    return register


def look_again(*, persons: Iterable[int] = (), channels: Iterable[str] = ()) -> None:
    """After the commit, have every process ask anew about these. Nobody needs it: all is asked anew all the time."""
    whose, which = sorted(set(persons)), sorted(set(channels))

    def tell() -> None:
        for tell_all in _again:
            tell_all(whose, which)

    if whose or which:
        transaction.on_commit(tell, robust=True)


def use(publisher: Publisher, again: LookAgain | None = None) -> None:
    """Tell the kit how this process reaches listeners, from any thread: ``publish(channel, told)``."""
    _publisher[:] = [publisher]
    _again[:] = [again] if again is not None else []


def sign_with(signer: Callable[[str, int], str]) -> None:
    """Tell the kit how a stream's address says who listens: ``sign(channel, person_id)``."""
    _signer[:] = [signer]


def address_of(channel: str, person_id: int | None = None) -> str:
    """The address of a stream. With a person's id it carries a token, so that the hub knows who listens."""
    if person_id is None or not _signer:
        return f"/live/{channel}"
    return f"/live/{channel}?token={_signer[0](channel, person_id)}"


def _send_after_commit(fact: facts.Fact, row: FactRow) -> None:
    scopes = list(fact.scopes())
    renderings = RENDERERS[row.kind]
    # Inside the transaction, under the lock that all facts of the channel share: nobody comes in between.
    before = {private: _previous(scopes, row, private) for private in {one.private for one in renderings}}

    def send() -> None:
        for rendering in renderings:
            told = _told(rendering, fact, row)
            if told is None:
                continue
            for scope in scopes:
                channel = scope if rendering.private else PUBLIC + scope
                for publish in _publisher:
                    publish(channel, told._replace(previous=before[rendering.private].get(scope, 0)))

    # What was committed stays so, whatever goes wrong with telling it: listeners hear of it by looking.
    transaction.on_commit(send, robust=True)


def _told(rendering: Rendering, fact: facts.Fact, row: FactRow) -> Told | None:
    said = rendering.render(fact, row)
    if said is None:
        return None
    message = said if isinstance(said, Message) else Message(said)
    key = f"{row.kind} {rendering.latest(fact)}" if rendering.latest is not None else ""
    return Told(row.pk, name_of(row.kind), message.data, message.author, key)


def _kinds(private: bool) -> list[str]:
    return [kind for kind, found in RENDERERS.items() if any(one.private == private for one in found)]


def _previous(scopes: list[str], row: FactRow, private: bool) -> dict[str, int]:
    """For each scope, the fact that its channel told of last."""
    lately = FactScope.objects.filter(
        key__in=scopes, fact__lt=row.pk, fact__gte=row.pk - LATELY, fact__kind__in=_kinds(private)
    )
    return dict(lately.values_list("key").annotate(Max("fact")))


def name_of(kind: str) -> str:
    """The event's name in the stream: ``schedule.schedule_released`` → ``schedule_released``."""
    return kind.rpartition(".")[2]


def admit(asked: Sequence[tuple[str, Viewer]]) -> list[frozenset[int] | None]:
    """For each channel and viewer: whose words are left out for them, or None when they may not listen."""
    viewers: dict[str, set[Viewer]] = defaultdict(set)
    for channel, viewer in asked:
        viewers[channel].add(viewer)
    admitted = {channel: set(_admitted(channel, found)) for channel, found in viewers.items()}
    persons = {viewer for _channel, viewer in asked if viewer is not None}
    hidden: dict[Viewer, set[int]] = defaultdict(set)
    for rule in HIDDEN if persons else ():
        for viewer, authors in rule(persons).items():
            hidden[viewer] |= authors
    nobody: frozenset[int] = frozenset()
    return [
        (frozenset(hidden[viewer]) if viewer in hidden else nobody) if viewer in admitted[channel] else None
        for channel, viewer in asked
    ]


def _admitted(channel: str, viewers: set[Viewer]) -> Iterable[Viewer]:
    prefix = max((prefix for prefix in RULES if channel.startswith(prefix)), key=len, default=None)
    if prefix is None:
        return viewers if channel.startswith(PUBLIC) else ()
    try:
        return RULES[prefix](channel.removeprefix(prefix), viewers)
    except (ValueError, OverflowError, DataError):  # what comes after the prefix is no number, or no id
        return ()


def newest(scope: str) -> int:
    """The id of the last fact in a scope, 0 while there is none.

    A page that reads it before what it shows, and opens its stream ``after`` it, hears what came in between as well.
    """
    return FactScope.objects.filter(key=scope).aggregate(newest=Max("fact_id"))["newest"] or 0


def missed(asked: Sequence[tuple[str, int, frozenset[int]]]) -> tuple[int, list[tuple[list[Told], int | None]]]:
    """The newest fact there is, and for each channel, id and known ids: what else came after, oldest first, and (when
    that is not all) up to which id it was looked for.

    Of what is the newest state of something, only the newest is among them. Rows are rendered once for all who ask.
    """
    newest = FactRow.objects.aggregate(newest=Max("pk"))["newest"] or 0
    found: dict[tuple[str, int, frozenset[int]], tuple[list[Told], int | None]] = {}
    rendered: dict[tuple[int, bool], Told | None] = {}
    whole: dict[tuple[str, frozenset[int]], list[Told]] = {}  # all after the oldest id asked for, if not too much
    for one in sorted(set(asked), key=lambda one: one[:2]):
        channel, last_id, known = one
        if last_id >= newest:
            found[one] = [], None
        elif (channel, known) in whole:
            found[one] = [told for told in whole[channel, known] if told.id > last_id], None
        else:
            events, ends_at = found[one] = _told_after(channel, last_id, known, rendered)
            if ends_at is None:
                whole[channel, known] = events
    return newest, [found[one] for one in asked]


def _told_after(
    channel: str, last_id: int, known: frozenset[int], rendered: dict[tuple[int, bool], Told | None]
) -> tuple[list[Told], int | None]:
    private = not channel.startswith(PUBLIC)
    rows = FactRow.objects.filter(pk__gt=last_id, scopes__key=channel.removeprefix(PUBLIC), kind__in=_kinds(private))
    if known:
        rows = rows.exclude(pk__in=known)
    found = list(rows.order_by("pk")[: MOST_MISSED + 1])
    newest: dict[str | int, Told] = {}
    # What is shared is worked out after these rows were read, so none of them can be newer than it.
    token = _shared.set({})
    try:
        for row in found[:MOST_MISSED]:
            if (row.pk, private) not in rendered:
                rendered[row.pk, private] = _told_of(row, private)
            told = rendered[row.pk, private]
            if told is not None:
                newest.pop(told.key, None)
                newest[told.key or told.id] = told
    finally:
        _shared.reset(token)
    return list(newest.values()), found[MOST_MISSED - 1].pk if len(found) > MOST_MISSED else None


def _told_of(row: FactRow, private: bool) -> Told | None:
    fact = facts.revive(row)
    rendering = next(one for one in RENDERERS[row.kind] if one.private == private)
    if fact is None:
        return None
    try:
        return _told(rendering, fact, row)
    except DatabaseError:
        raise  # asked again in a moment
    except Exception:
        # One that cannot be shown (any more) must not keep the others back.
        log.exception("Fact %s cannot be shown to listeners", row.pk)
        return None
