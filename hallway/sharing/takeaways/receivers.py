"""What takeaways do when something happened: old pages, leaving and merging people."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit import export, store
from hallway.kit.facts import inside
from hallway.kit.localised import pick
from hallway.kit.models import FactRow
from hallway.kit.reportable import Place, Reportable, reportable
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.programme.schedule.queries import title_of, visible_to

from . import queries
from .actions import hide_revision, hide_takeaway, show_revision, show_takeaway
from .facts import (
    SharedNotesLocked,
    SharedNotesRevisionHidden,
    SharedNotesWritten,
    TakeawayChanged,
    TakeawayHidden,
    TakeawayMarked,
    TakeawayShared,
    TakeawayWithdrawn,
)
from .models import HelpedMark, SharedNotesRevision, Takeaway
from .queries import own_data, sessions_naming, tags_of

export.contributes("takeaways", own_data)
_SESSION = ("session__event__community", "session__talk", "person")
reportable(
    Reportable(
        kind="takeaway",
        label=_("something to take home"),
        find=lambda pk: Takeaway.objects.select_related(*_SESSION).filter(pk=pk).first(),
        can_view=lambda reader, thing: queries.visible_to(reader).filter(pk=thing.pk).exists(),
        title=lambda thing: pick(title_of(thing.session)).text,
        text=lambda thing: thing.text,
        address=lambda thing: (
            f"{reverse('takeaways:list', args=[thing.session.event.slug, thing.session_id])}#takeaway-{thing.pk}"
        ),
        # Without a name it is nobody's; its writer still decides nothing about it.
        authors=lambda thing: [thing.person] if thing.is_named and thing.person else [],
        author_id=lambda thing: thing.person_id if thing.is_named else None,
        wrote=lambda thing, person: thing.person_id == person.pk,
        place=lambda thing: Place(event_id=thing.session.event_id),
        hide=lambda thing, *, reason, by, at: hide_takeaway(takeaway=thing, by=by, at=at),
        show=lambda thing, *, by, at: show_takeaway(takeaway=thing, by=by, at=at),
        writer_finds_it=True,
    )
)
_PAGE = ("page__session__event__community", "page__session__talk", "person")
reportable(
    Reportable(
        kind="shared_notes",
        label=_("shared notes"),
        find=lambda pk: SharedNotesRevision.objects.select_related(*_PAGE).filter(pk=pk).first(),
        can_view=lambda reader, thing: (
            thing.hidden_at is None and visible_to(reader).filter(pk=thing.page.session_id).exists()
        ),
        title=lambda thing: pick(title_of(thing.page.session)).text,
        text=lambda thing: thing.text,
        address=lambda thing: reverse(
            "takeaways:revision", args=[thing.page.session.event.slug, thing.page.session_id, thing.number]
        ),
        authors=lambda thing: [thing.person] if thing.person else [],
        author_id=lambda thing: thing.person_id,
        place=lambda thing: Place(event_id=thing.page.session.event_id),
        hide=lambda thing, *, reason, by, at: hide_revision(revision=thing, by=by, at=at),
        show=lambda thing, *, by, at: show_revision(revision=thing, by=by, at=at),
    )
)


@inside(
    TakeawayShared, TakeawayChanged, TakeawayWithdrawn, TakeawayMarked, TakeawayHidden, SharedNotesWritten,
    SharedNotesRevisionHidden, SharedNotesLocked,
)  # fmt: skip
def pages_of_the_session_are_old(fact: Any, row: FactRow) -> None:
    """The session's page, its talk's and its event's show what was said."""
    store.bump(*tags_of([fact.session_id]))


@inside(PersonChanged)
def names_under_texts_are_old(fact: PersonChanged, row: FactRow) -> None:
    """A name or a picture stands under what the person wrote."""
    store.bump(*tags_of(sessions_naming(fact.person_id)))


@inside(PersonLeft)
def texts_of_who_left_are_erased(fact: PersonLeft, row: FactRow) -> None:
    """Takeaways lose text and name and keep the count; shared notes, written by many, lose the name."""
    store.bump(*tags_of(sessions_naming(fact.person_id)))
    mine = Takeaway.objects.filter(person_id=fact.person_id)
    mine.filter(withdrawn_at=None).update(withdrawn_at=row.at)
    mine.update(text="", person=None, updated_at=row.at)
    HelpedMark.objects.filter(person_id=fact.person_id).update(person=None)
    SharedNotesRevision.objects.filter(person_id=fact.person_id).update(person=None)


@inside(PersonsMerged)
def texts_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """What the entry that is gone wrote is the other's now; marks on one's own texts and second marks are gone.

    Pages on which fewer were helped than they say are old, too.
    """
    sessions = sessions_naming(fact.gone_id)
    twice = HelpedMark.objects.filter(person_id=fact.person_id).values("takeaway")
    lost = HelpedMark.objects.filter(Q(takeaway__in=twice) | Q(takeaway__person_id=fact.person_id))
    sessions += lost.filter(person_id=fact.gone_id).values_list("takeaway__session_id", flat=True)
    store.bump(*tags_of(sessions))
    Takeaway.objects.filter(person_id=fact.gone_id).update(person_id=fact.person_id)
    SharedNotesRevision.objects.filter(person_id=fact.gone_id).update(person_id=fact.person_id)
    marked = HelpedMark.objects.filter(person_id=fact.person_id).values_list("takeaway_id", flat=True)
    HelpedMark.objects.filter(person_id=fact.gone_id, takeaway_id__in=list(marked)).delete()
    HelpedMark.objects.filter(person_id=fact.gone_id).update(person_id=fact.person_id)
    HelpedMark.objects.filter(person_id=fact.person_id, takeaway__person_id=fact.person_id).delete()
