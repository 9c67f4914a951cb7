"""Reads of people used more than once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from hallway.kit import trail, uploads
from hallway.kit.export import Part
from hallway.kit.slugs import forwarded

from .models import Person, PersonClaim

OWN_FIELDS = (
    "name", "slug", "email", "pronouns", "tagline", "places", "zone", "languages", "biography", "links",
    "page_language", "public_at", "created_at", "claimed_at", "is_administrator", "last_login",
)  # fmt: skip


def visible_to(person: Person | None) -> QuerySet[Person]:
    """People whose page the reader may open: those who made it public (speakers' pages are), and oneself."""
    allowed = Q(public_at__isnull=False)
    if person is not None:
        allowed |= Q(pk=person.pk)
        if person.is_administrator:
            allowed = Q()
    return Person.objects.filter(allowed, left_at=None, merged_into=None)


def names_of(ids: set[int]) -> dict[int, str]:
    """Names by id, for the trail. People who left are not in it."""
    return dict(Person.objects.filter(pk__in=ids, left_at=None).values_list("pk", "name"))


def moved_from(slug: str) -> Person | None:
    """Who is found at another address now: after a renaming, or after two entries became one."""
    gone = Person.objects.filter(slug=slug, merged_into__isnull=False).select_related("merged_into").first()
    if gone is not None:
        return gone.merged_into
    target = forwarded("person", slug)
    return Person.objects.filter(pk=target, left_at=None).first() if target else None


def open_claim(hashed: str) -> PersonClaim | None:
    """The invitation with this token, whatever became of it."""
    return PersonClaim.objects.select_related("person", "invited_by").filter(token_hash=hashed).first()


def invitation_to_claim(person: Person, at: datetime) -> PersonClaim | None:
    """The invitation to take over a person's page that is still open."""
    waiting = PersonClaim.objects.select_related("invited_by").filter(person=person, accepted_at=None)
    return waiting.filter(expires_at__gt=at).order_by("-created_at").first()


def called(words: str) -> QuerySet[Person]:
    """People still there whose name has each of these words, or who have this address, by name."""
    named = Q()
    for word in words.split():
        named &= Q(name__icontains=word)
    there = Person.objects.filter(left_at=None, merged_into=None).exclude(name="")
    return there.filter(named | Q(slug=words.strip().lower())).order_by("name", "pk") if named else there.none()


def addresses_of(person: Person) -> list[str]:
    """Where mail reaches the person: the main address, then those they confirmed beside it."""
    main = person.email or ""
    others = EmailAddress.objects.filter(user=person, verified=True).exclude(email=main).order_by("email")
    return [*([main] if main else []), *others.values_list("email", flat=True)]


def has_address(person: Person, address: str) -> bool:
    """Whether mail to this address reaches the person."""
    return address.casefold() in {one.casefold() for one in addresses_of(person)}


def namesakes(person: Person) -> int:
    """How many others have exactly this name: perhaps the same person, written down twice."""
    there = Person.objects.filter(left_at=None, merged_into=None, name__iexact=person.name)
    return there.exclude(pk=person.pk).count() if person.name else 0


def signs_in_with(address: str) -> Person | None:
    """The person who has an account and gets mail at this address."""
    there = Person.objects.filter(claimed_at__isnull=False, left_at=None, merged_into=None, is_active=True)
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user_id")
    return there.filter(Q(email__iexact=address) | Q(pk__in=confirmed)).order_by("pk").first()


def administrators() -> QuerySet[Person]:
    """Those who look after the instance, by name."""
    return Person.objects.filter(is_administrator=True, is_active=True, left_at=None).order_by("name", "pk")


def there_is_an_administrator() -> bool:
    """Whether anybody looks after the instance."""
    return administrators().exists()


def own_data(person: Person) -> Part:
    """For the export: the profile, addresses, sign-in sites and devices of a person, and their picture."""
    profile = {name: getattr(person, name) for name in OWN_FIELDS}
    files: dict[str, bytes] = {}
    if person.picture and (content := uploads.read_file(person.picture)):
        name = f"picture.{person.picture.rpartition('.')[2]}"
        files[name], profile["picture"] = content, name
    logins = UserSession.objects.filter(user_id=person.pk).order_by("created_at")
    data: dict[str, Any] = {
        "profile": profile,
        "addresses": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "sign_in_sites": list(SocialAccount.objects.filter(user=person).values("provider", "uid", "date_joined")),
        "devices": list(logins.values("user_agent", "ip", "created_at", "last_seen_at")),
        "keys": list(Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")),
        "invitations_to_this_page": list(
            PersonClaim.objects.filter(person=person).values("address", "created_at", "accepted_at")
        ),
        "invitations_you_sent": list(
            PersonClaim.objects.filter(invited_by=person).values("person__name", "created_at", "accepted_at")
        ),
    }
    return Part(data, files)


def own_trail(person: Person) -> list[dict[str, Any]]:
    """For the export: what the person did here, in words, oldest first."""
    return [{"at": entry.at, "kind": entry.kind, "what": entry.sentence} for entry in trail.done_by(person.actor_key)]
