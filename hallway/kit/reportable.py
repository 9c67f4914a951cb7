"""What can be reported: each package says how its things are found, what they say, whose they are, how they are hidden.

A package registers its kinds in its ``receivers.py``; moderation asks here and knows no package by name. A template
beside a text of a person says ``{% panels "said.more" kind thing %}``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from .actors import Actor


@dataclass(frozen=True)
class Place:
    """What a thing belongs to: an event, else a community, else the instance. Its team hears of reports.

    Both are None for what no team may judge: then the administrators do.
    """

    event_id: int | None = None
    community_id: int | None = None


class Hides(Protocol):
    """An action that takes a thing from every page. It asks the owner's policy; twice is once."""

    def __call__(self, thing: Any, *, reason: str, by: Actor, at: datetime) -> Any: ...


class Mutes(Protocol):
    """Keeps the writer of a text from writing on. ``cause`` names the decision, by which it is taken back alone."""

    def __call__(self, thing: Any, *, cause: str, reason: str, by: Actor, at: datetime) -> Any: ...


class Unmutes(Protocol):
    """Takes back what one decision muted. Where another one stands they stay muted. Twice is once."""

    def __call__(self, thing: Any, *, cause: str, by: Actor, at: datetime) -> Any: ...


class Shows(Protocol):
    """An action that puts back what was hidden. Twice is once."""

    def __call__(self, thing: Any, *, by: Actor, at: datetime) -> Any: ...


@dataclass(frozen=True)
class Reportable:
    """A kind of thing that people can report.

    ``find(pk)`` finds it hidden or not, ``can_view(reader, thing)`` says whether a reader (a person or None) sees it.
    ``text`` is what a report keeps a copy of, in every language it is written in; ``excerpt`` is what a reader of one
    language is shown of it, where that is something else. ``authors`` are those it is about, as far as it names them:
    persons (or visitors, by device); none for a text without a name. Whoever is among them decides nothing about it.
    ``author_id`` says whose it is without asking the database, where it is named and one person's: lists ask it often.
    ``wrote(thing, person)`` knows a writer again of whom the text does not say so: they do not decide about it either,
    and its copies go when they leave. ``has_part(thing, person)`` is for others who do not decide: those from whom it
    is kept, or in whose name it was said.
    ``mute(thing, cause=, reason=, by=, at=)`` is for texts that do not say whose they are, where their package can keep
    their writer from writing on without saying who it is; ``unmute`` takes the one ``cause`` back. What is None cannot
    be done.
    ``writer_finds_it`` says that the package shows whoever wrote it, known again by account, device or link, what was
    decided about it: ``{% panels "said.decided" kind thing %}``. Nobody else hears of texts that name nobody.
    """

    kind: str
    label: str | Promise
    find: Callable[[int], Any]
    can_view: Callable[[Any, Any], bool]
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    address: Callable[[Any], str]
    authors: Callable[[Any], Sequence[Any]]
    place: Callable[[Any], Place]
    hide: Hides | None = None
    show: Shows | None = None
    is_hidden: Callable[[Any], bool] = lambda thing: getattr(thing, "hidden_at", None) is not None
    mute: Mutes | None = None
    unmute: Unmutes | None = None
    author_id: Callable[[Any], int | None] = lambda thing: None
    wrote: Callable[[Any, Any], bool] = lambda thing, person: False
    has_part: Callable[[Any, Any], bool] = lambda thing, person: False
    writer_finds_it: bool = False
    excerpt: Callable[[Any], str] | None = None


KINDS: dict[str, Reportable] = {}


def reportable(kind: Reportable) -> Reportable:
    """Register a kind of thing. Its name is a short word, as in addresses."""
    if KINDS.setdefault(kind.kind, kind) is not kind:
        raise TypeError(f"two kinds of things that can be reported are called {kind.kind}")
    return kind


def seen(kind: str, pk: int, reader: Any) -> Any:
    """The thing, if there is one and the reader (a person or None) sees it."""
    known = KINDS.get(kind)
    thing = known.find(pk) if known is not None else None
    return thing if known is not None and thing is not None and known.can_view(reader, thing) else None
