"""What notes do when something happened: they go with their writer, and follow a merged person."""

from __future__ import annotations

from hallway.kit import export
from hallway.kit.facts import inside
from hallway.kit.models import FactRow
from hallway.people.facts import PersonLeft, PersonsMerged

from .models import Note
from .queries import own_data

export.contributes("notes", own_data)


@inside(PersonLeft)
def notes_go_with_their_writer(fact: PersonLeft, row: FactRow) -> None:
    """Nobody else could ever read them."""
    Note.objects.filter(person_id=fact.person_id).delete()


@inside(PersonsMerged)
def notes_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """Where both wrote of one session, both texts are kept until the person puts them together."""
    mine = {note.session_id: note for note in Note.objects.filter(person_id=fact.person_id, session__isnull=False)}
    for note in Note.objects.filter(person_id=fact.gone_id):
        kept = mine.get(note.session_id or 0)
        if kept is None:
            Note.objects.filter(pk=note.pk).update(person_id=fact.person_id)
            continue
        texts = dict.fromkeys(text for text in (kept.other_text, note.text, note.other_text) if text)
        kept.other_text = "\n\n".join(text for text in texts if text != kept.text)
        kept.save(update_fields=["other_text"])
        note.delete()
