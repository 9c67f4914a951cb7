"""What talks do when something happened: old pages, leaving and merging people."""

from __future__ import annotations

from typing import Any

from hallway.kit import export, store, trail
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce, inside
from hallway.kit.models import FactRow
from hallway.people.facts import PersonLeft, PersonsMerged

from .actions.talks import remove_all_materials
from .facts import (
    MaterialAdded,
    MaterialChanged,
    MaterialHidden,
    MaterialRemoved,
    NoSlidesSaid,
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
from .models import Material, Speaking, Talk
from .queries import names_of, own_data

trail.name_of("talk", names_of)
export.contributes("talks", own_data)


@inside(TalkWritten, TalkChanged, TalkShared, TalkWithdrawn, TalkHidden, SpeakersSet)
def one_talk_is_old(fact: Any, row: FactRow) -> None:
    """Its pages, the list of talks, and its speakers' pages."""
    people = Speaking.objects.filter(talk_id=fact.talk_id).values_list("person_id", flat=True)
    named = {*people, *getattr(fact, "person_ids", ())}
    store.bump(f"talk:{fact.talk_id}", "talks", *(f"person:{pk}" for pk in named))


@inside(MaterialAdded, MaterialChanged, MaterialHidden, MaterialRemoved, NoSlidesSaid)
def talk_with_materials_is_old(fact: Any, row: FactRow) -> None:
    """The pages of the talk and of its sessions list them."""
    store.bump(f"talk:{fact.talk_id}")


@inside(TalksWritten, TalksPublished, TalksRemoved)
def many_talks_are_old(fact: Any, row: FactRow) -> None:
    """The same for many at once."""
    people = Speaking.objects.filter(talk_id__in=fact.talk_ids).values_list("person_id", flat=True).distinct()
    store.bump("talks", *(f"talk:{pk}" for pk in fact.talk_ids), *(f"person:{pk}" for pk in people))


@inside(PersonLeft)
def texts_of_who_left_are_erased(fact: PersonLeft, row: FactRow) -> None:
    """Talks given with others lose the name; a talk of that person alone loses its texts and keeps its title."""
    ids = list(Speaking.objects.filter(person_id=fact.person_id).values_list("talk_id", flat=True))
    shared = set(
        Speaking.objects.filter(talk_id__in=ids).exclude(person_id=fact.person_id).values_list("talk_id", flat=True)
    )
    alone = [pk for pk in ids if pk not in shared]
    remove_all_materials(alone)
    Material.objects.filter(added_by=f"person:{fact.person_id}").update(added_by="")
    Talk.objects.filter(pk__in=alone, withdrawn_at=None).update(
        subtitle={}, abstract={}, description={}, links=[], tags=[], withdrawn_at=row.at, updated_at=row.at
    )
    Speaking.objects.filter(person_id=fact.person_id).delete()
    Talk.objects.filter(written_by=f"person:{fact.person_id}").update(written_by="")
    _say_who_speaks_changed(ids, [fact.person_id], row)


@inside(PersonsMerged)
def talks_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """Talks of the entry that is gone are the other's now; where both stood, one stays."""
    ids = list(Speaking.objects.filter(person_id=fact.gone_id).values_list("talk_id", flat=True))
    both = Speaking.objects.filter(person_id=fact.person_id, talk_id__in=ids).values_list("talk_id", flat=True)
    Speaking.objects.filter(person_id=fact.gone_id, talk_id__in=list(both)).delete()
    Speaking.objects.filter(person_id=fact.gone_id).update(person_id=fact.person_id)
    Talk.objects.filter(written_by=f"person:{fact.gone_id}").update(written_by=f"person:{fact.person_id}")
    Material.objects.filter(added_by=f"person:{fact.gone_id}").update(added_by=f"person:{fact.person_id}")
    _say_who_speaks_changed(ids, [fact.person_id, fact.gone_id], row)


def _say_who_speaks_changed(talk_ids: list[int], person_ids: list[int], row: FactRow) -> None:
    """Higher packages show these talks: they hear of it as of any other change of speakers."""
    for talk_id in talk_ids:
        announce(SpeakersSet(talk_id=talk_id, person_ids=person_ids), by=SystemPerson("talks"), at=row.at)
