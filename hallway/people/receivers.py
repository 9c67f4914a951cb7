"""People's own part in what happens to people: old pages, leaving, merging, names in trails, the export."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hallway.kit import export, store, trail, uploads
from hallway.kit.facts import inside
from hallway.kit.localised import in_one_language
from hallway.kit.models import FactRow, OldSlug
from hallway.kit.reportable import Place, Reportable, reportable

from .actions import give_page_back, hide_page
from .facts import PageHidden, PersonChanged, PersonLeft, PersonsMerged, PersonsPublished
from .leaving import objects_to_leaving
from .models import Person, PersonBlock, PersonClaim
from .naming import is_provisional, provisional_slug
from .queries import administrators, names_of, own_data, own_trail, text_of, visible_to

trail.name_of("person", names_of)
export.contributes("people", own_data)
export.contributes("trail", own_trail)
reportable(
    Reportable(
        kind="person",
        label=gettext_lazy("Person"),
        find=lambda pk: Person.objects.filter(pk=pk, left_at=None, merged_into=None).first(),
        can_view=lambda reader, person: visible_to(reader).filter(pk=person.pk).exists(),
        title=lambda person: person.name,
        text=text_of,
        excerpt=lambda person: text_of(person, in_one_language),
        address=lambda person: reverse("person", args=[person.slug]),
        authors=lambda person: [person],
        author_id=lambda person: person.pk,
        place=lambda person: Place(),
        hide=lambda person, *, reason, by, at: hide_page(person=person, by=by, at=at),
        show=lambda person, *, by, at: give_page_back(person=person, by=by, at=at),
    )
)


@objects_to_leaving
def last_administrator_stays(person: Person) -> list[str]:
    """An instance that nobody looks after would be anybody's who reads its console."""
    if not person.is_administrator or administrators().exclude(pk=person.pk).exists():
        return []
    return [_("You are the last administrator. Name another one first, under “This instance”.")]


# Parts of a profile that the one who stays takes over where they have nothing themselves.
TAKEN_OVER = (
    "pronouns", "tagline", "places", "zone", "languages", "biography", "links", "picture", "public_at", "page_language",
)  # fmt: skip


@inside(PersonChanged, PageHidden)
def page_is_old(fact: Any, row: FactRow) -> None:
    """The person's own page; other packages bump theirs."""
    store.bump(f"person:{fact.person_id}")


@inside(PersonsPublished)
def pages_open(fact: PersonsPublished, row: FactRow) -> None:
    """Pages that were not there before may be stored as missing."""
    store.bump(*(f"person:{ident}" for ident in fact.person_ids))


@inside(PersonLeft)
def person_is_erased(fact: PersonLeft, row: FactRow) -> None:
    """Everything a person said or was known by goes; the row stays, so that counts stay right."""
    person = Person.objects.select_for_update(no_key=True).get(pk=fact.person_id)
    picture = person.picture
    _end_sign_in(person)
    EmailAddress.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    PersonClaim.objects.filter(person=person).delete()
    PersonBlock.objects.filter(Q(blocker=person) | Q(blocked=person)).delete()
    OldSlug.objects.filter(kind="person", target_id=person.pk).delete()
    empty: dict[str, Any] = {
        "name": "", "slug": f"left-{person.pk}-person", "email": None, "pronouns": "", "tagline": "", "places": [],
        "zone": "", "languages": [], "biography": {}, "links": [], "picture": "", "page_language": "",
        "public_at": None, "is_administrator": False, "is_active": False, "password": "!", "left_at": row.at,
    }  # fmt: skip
    Person.objects.filter(pk=person.pk).update(**empty)
    for earlier in Person.objects.filter(merged_into=person):
        Person.objects.filter(pk=earlier.pk).update(**{**empty, "slug": f"left-{earlier.pk}-person"})
    transaction.on_commit(lambda: uploads.remove_file(picture))


@inside(PersonsMerged)
def persons_become_one(fact: PersonsMerged, row: FactRow) -> None:
    """Addresses and sign-in sites move; the profile fills gaps; the old address redirects for ever."""
    keep = Person.objects.select_for_update(no_key=True).get(pk=fact.person_id)
    gone = Person.objects.select_for_update(no_key=True).get(pk=fact.gone_id)
    _end_sign_in(gone)
    SocialAccount.objects.filter(user=gone).update(user=keep)
    held = set(EmailAddress.objects.filter(user=keep).values_list("email", flat=True))
    EmailAddress.objects.filter(user=gone, email__in=held).delete()
    EmailAddress.objects.filter(user=gone).update(user=keep, primary=False)
    OldSlug.objects.filter(kind="person", target_id=gone.pk).update(target_id=keep.pk)
    PersonClaim.objects.filter(person=gone, accepted_at=None).delete()
    _move_blocks(keep, gone)
    for name in TAKEN_OVER:
        if not getattr(keep, name):
            setattr(keep, name, getattr(gone, name))
    if gone.picture and gone.picture != keep.picture:
        transaction.on_commit(lambda name=gone.picture: uploads.remove_file(name))  # type: ignore[misc]  # mypy reads a default as a parameter
    keep.name = keep.name or gone.name
    if is_provisional(keep.slug):
        # Somebody new took over an existing page: they go on under its address.
        keep.slug, gone.slug = gone.slug, provisional_slug()
    if keep.email is None and gone.email is not None:
        # Written down by name only until now: from here on mail reaches them.
        keep.email = gone.email
        EmailAddress.objects.filter(user=keep, email=gone.email).update(primary=True)
    gone.email, gone.is_active, gone.is_administrator = None, False, False
    gone.picture, gone.public_at = "", None
    gone.set_unusable_password()
    gone.merged_into = keep
    gone.save()
    keep.save()


def _end_sign_in(person: Person) -> None:
    """No device stays signed in, no key opens."""
    for login in UserSession.objects.filter(user_id=person.pk):
        login.end()
    Authenticator.objects.filter(user=person).delete()


def _move_blocks(keep: Person, gone: Person) -> None:
    """What stood between the gone entry and others stands between them and the one who stays; never against oneself."""
    PersonBlock.objects.filter(blocker__in=(keep, gone), blocked__in=(keep, gone)).delete()
    mine = PersonBlock.objects.filter(blocker=keep).values_list("blocked", flat=True)
    PersonBlock.objects.filter(blocker=gone).exclude(blocked__in=list(mine)).update(blocker=keep)
    theirs = PersonBlock.objects.filter(blocked=keep).values_list("blocker", flat=True)
    PersonBlock.objects.filter(blocked=gone).exclude(blocker__in=list(theirs)).update(blocked=keep)
    PersonBlock.objects.filter(Q(blocker=gone) | Q(blocked=gone)).delete()
