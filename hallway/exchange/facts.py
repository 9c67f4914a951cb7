"""What happened by importing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class ImportAsked(Fact):
    """Somebody uploaded a file to be checked."""

    kind = "exchange.import_asked"
    sentence = gettext_noop("%(by)s uploaded “%(filename)s” to import it")
    community_id: int
    run_id: int
    filename: str


@dataclass(frozen=True)
class ImportAgreed(Fact):
    """Somebody read the rehearsal's report and wants the import."""

    kind = "exchange.import_agreed"
    sentence = gettext_noop("%(by)s started the import of “%(filename)s”")
    community_id: int
    run_id: int
    filename: str


@dataclass(frozen=True)
class ProgrammeImported(Fact):
    """A file's programme is in an event."""

    kind = "exchange.programme_imported"
    sentence = gettext_noop("%(by)s imported sessions into %(event)s (%(sessions)s)")
    community_id: int
    event_id: int
    run_id: int
    sessions: int


@dataclass(frozen=True)
class ImportUndone(Fact):
    """Rows are as they were before an import. The ids are those that are gone or changed back."""

    kind = "exchange.import_undone"
    sentence = gettext_noop("%(by)s undid the import of “%(filename)s”")
    community_id: int
    event_id: int
    run_id: int
    filename: str
    talk_ids: list[int]
    person_ids: list[int]


@dataclass(frozen=True)
class ImportRefused(Fact):
    """A file that was uploaded cannot be imported; the reason is in its run."""

    kind = "exchange.import_refused"
    sentence = gettext_noop("“%(filename)s” could not be imported")
    community_id: int
    run_id: int
    filename: str


@dataclass(frozen=True)
class ImportsForgotten(Fact):
    """Files uploaded a day ago are deleted. It shows in nobody's trail."""

    kind = "exchange.imports_forgotten"
    sentence = ""
    count: int
