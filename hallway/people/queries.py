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
from hallway.kit.localised import Says, in_every_language
from hallway.kit.slugs import forwarded

from .models import Person, PersonBlock, PersonClaim

OWN_FIELDS = (
    "name", "slug", "email", "pronouns", "tagline", "places", "zone", "languages", "biography", "links",
    "page_language", "public_at", "created_at", "claimed_at", "is_administrator", "last_login",
)  # fmt: skip


def visible_to(person: Person | None) -> QuerySet[Person]:
    """People whose page the reader may open: those who made it public (speakers' pages are), and oneself.

    Not those whom a block stands between; administrators look after everybody.
    """
    there = Person.objects.filter(left_at=None, merged_into=None)
    if person is None:
        return there.filter(public_at__isnull=False)
    if person.is_administrator:
        return there
    blocked = Q(pk__in=_blocks_of(person).values("blocked")) | Q(pk__in=_blocks_on(person).values("blocker"))
    return there.filter(Q(public_at__isnull=False) | Q(pk=person.pk)).exclude(blocked)


def _blocks_of(person: Person) -> QuerySet[PersonBlock]:
    return PersonBlock.objects.filter(blocker=person)


def _blocks_on(person: Person) -> QuerySet[PersonBlock]:
    return PersonBlock.objects.filter(blocked=person)


def blocked_with(person: Person | None) -> set[int]:
    """Ids of those a block stands between the person and, whoever of the two blocked. One query."""
    if person is None:
        return set()
    pairs = (_blocks_of(person) | _blocks_on(person)).values_list("blocker", "blocked")
    return {pk for pair in pairs for pk in pair} - {person.pk}


def blocks_among(people: set[int]) -> dict[int, set[int]]:
    """For each of these people, whom a block stands between them and; those without a block are not named. One query.

    All blocks are read when many ask: there are few of them, and a list of ten thousand ids is no small question.
    """
    blocks = PersonBlock.objects.values_list("blocker", "blocked")
    if len(people) <= 500:
        blocks = blocks.filter(Q(blocker__in=people) | Q(blocked__in=people))
    found: dict[int, set[int]] = {}
    for blocker, blocked in blocks:
        for one, other in ((blocker, blocked), (blocked, blocker)):
            if one in people:
                found.setdefault(one, set()).add(other)
    return found


def blocked_by(person: Person) -> QuerySet[PersonBlock]:
    """Whom a person blocked, by name; nobody else may ask."""
    return _blocks_of(person).select_related("blocked").order_by("blocked__name", "pk")


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
    confirmed = EmailAddress.objects.filter(email=address.lower(), verified=True).values("user_id")
    return there.filter(Q(email=address.lower()) | Q(pk__in=confirmed)).order_by("pk").first()


def gets_mail_at(address: str) -> Person | None:
    """Whom a mailed link to this address is for, with or without an account: whose confirmed address it is, else whose
    it is said to be. Signing in by a code finds the same person.
    """
    # Addresses are kept in small letters, so an index finds them among however many.
    address = address.lower()
    confirmed = EmailAddress.objects.filter(email=address, verified=True).values("user_id")
    there = Person.objects.filter(Q(email=address) | Q(pk__in=confirmed), left_at=None, merged_into=None)
    found = list(there.order_by("pk")[:9])
    if len(found) > 1:
        owners = set(confirmed.values_list("user_id", flat=True))
        found.sort(key=lambda person: person.pk not in owners)
    return found[0] if found else None


def has_confirmed_address(person: Person) -> bool:
    """Whether somebody used a link or a code that was mailed to them."""
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


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
        "people_you_blocked": list(blocked_by(person).values("blocked__name", "blocked__slug", "since")),
    }
    return Part(data, files)


def own_trail(person: Person) -> list[dict[str, Any]]:
    """For the export: what the person did here, in words, oldest first."""
    return [{"at": entry.at, "kind": entry.kind, "what": entry.sentence} for entry in trail.done_by(person.actor_key)]


def text_of(person: Person, says: Says = in_every_language) -> str:
    """What a person's page says, for a report of it."""
    links = (link.get("url", "") for link in person.links if isinstance(link, dict))
    return "\n\n".join(part for part in (person.name, person.tagline, *says(person.biography), *links) if part)
