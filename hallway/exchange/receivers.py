"""What importing does when something happened: runs of people who left or merged, and how runs are named."""

from __future__ import annotations

from typing import Any

from hallway.kit import export, store
from hallway.kit.facts import inside
from hallway.kit.models import FactRow
from hallway.people.facts import PersonLeft, PersonsMerged

from .facts import ImportUndone, ProgrammeImported
from .models import ImportRun
from .queries import own_data

export.contributes("imports", own_data)


@inside(ProgrammeImported, ImportUndone)
def pages_are_old(fact: Any, row: FactRow) -> None:
    """Everything that shows the event, its talks and its people."""
    talks = [f"talk:{pk}" for pk in getattr(fact, "talk_ids", [])]
    people = [f"person:{pk}" for pk in getattr(fact, "person_ids", [])]
    store.bump(f"event:{fact.event_id}", f"community:{fact.community_id}", "talks", "events", "home", *talks, *people)


@inside(PersonLeft)
def forget_importer(fact: PersonLeft, row: FactRow) -> None:
    """The report stays with the community, without who handed the file in."""
    ImportRun.objects.filter(by_person_id=fact.person_id).update(by_person=None, by_key="person:left")


@inside(PersonsMerged)
def merge_importer(fact: PersonsMerged, row: FactRow) -> None:
    ImportRun.objects.filter(by_person_id=fact.gone_id).update(
        by_person_id=fact.person_id, by_key=f"person:{fact.person_id}"
    )
