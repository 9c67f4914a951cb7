from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow, OldSlug, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from hallway.people import leaving, policies, queries
from hallway.people.actions import (
    accept_claim,
    appoint_administrator,
    arrive,
    change_picture,
    change_profile,
    dismiss_administrator,
    end_login,
    end_other_logins,
    invite_to_claim,
    leave_hallway,
    merge_persons,
    name_administrator,
    open_account,
    remove_picture,
)
from hallway.people.models import Person, PersonClaim
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

HALLWAY = SystemPerson("tests")


def kinds() -> list[str]:
    return list(FactRow.objects.order_by("pk").values_list("kind", flat=True))


def login(person: Person, key: str) -> UserSession:
    return UserSession.objects.create(user=person, ip="127.0.0.1", session_key=key, user_agent="x")


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(colour: str = "teal") -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(target, "PNG")
    return SimpleUploadedFile("me.png", target.getvalue())


# --- accounts
def test_open_account_once_for_an_address(at: datetime) -> None:
    first = open_account(email="New@Example.org ", by=HALLWAY, at=at)
    assert open_account(email="new@example.org", by=HALLWAY, at=at) == first
    assert (first.email, first.name, first.claimed_at) == ("new@example.org", "", None)
    assert not EmailAddress.objects.get(user=first).verified
    assert kinds() == ["people.account_opened"]


def test_arrive_is_noted_once(at: datetime) -> None:
    person = PersonFactory(claimed_at=None)
    for days in (0, 1):
        arrive(person=person, by=person, at=at + timedelta(days=days))
    assert Person.objects.get(pk=person.pk).claimed_at == at
    assert kinds() == ["people.person_arrived"]


def test_appoint_administrator_makes_the_person_too(at: datetime) -> None:
    person = appoint_administrator(name="Zanele Dube", email="z@example.org", by=HALLWAY, at=at)
    assert (person.slug, person.is_administrator, person.claimed_at) == ("zanele-dube", True, at)
    assert EmailAddress.objects.get(user=person).verified


def test_appoint_administrator_refused_to_others(at: datetime) -> None:
    with pytest.raises(NotAllowed, match=r"instance\.not_allowed"):
        appoint_administrator(name="X", email="x@example.org", by=PersonFactory(), at=at)


def test_name_administrator_by_an_address_somebody_signs_in_with(at: datetime) -> None:
    administrator = PersonFactory(is_administrator=True)
    person = PersonFactory(name="Zanele Dube")
    EmailAddress.objects.create(user=person, email="zanele@work.example", verified=True)
    EmailAddress.objects.create(user=PersonFactory(), email="unsure@example.org", verified=False)
    PersonFactory(email="never@example.org", claimed_at=None)
    for address in ("nobody@example.org", "unsure@example.org", "never@example.org"):
        with pytest.raises(Refusal, match=r"administrator\.unknown"):
            name_administrator(address=address, by=administrator, at=at)
    with pytest.raises(NotAllowed, match=r"instance\.not_allowed"):
        name_administrator(address="zanele@work.example", by=person, at=at)
    assert name_administrator(address="Zanele@work.example", by=administrator, at=at) == person
    mail = OutboxMail.objects.get()
    assert (mail.to_person, "/instance/" in mail.text) == (person, True)
    with pytest.raises(Refusal, match=r"administrator\.already"):
        name_administrator(address=person.email, by=administrator, at=at)


def test_dismiss_administrator_keeps_the_last_one(at: datetime) -> None:
    one, two = PersonFactory(is_administrator=True), PersonFactory(is_administrator=True)
    for _ in range(2):
        dismiss_administrator(person=one, by=two, at=at)
    assert kinds() == ["people.administrator_dismissed"]
    with pytest.raises(NotAllowed, match=r"instance\.not_allowed"):
        dismiss_administrator(person=two, by=Person.objects.get(pk=one.pk), at=at)
    with pytest.raises(Refusal, match=r"administrator\.last"):
        dismiss_administrator(person=two, by=two, at=at)
    with pytest.raises(Refusal, match="last administrator"):
        leave_hallway(person=two, by=two, at=at)


def test_end_login_only_ones_own(at: datetime) -> None:
    mine, other = PersonFactory(), PersonFactory()
    row = login(mine, "a")
    with pytest.raises(Refusal, match=r"login\.not_yours"):
        end_login(login_id=row.pk, by=other, at=at)
    for _ in range(2):
        end_login(login_id=row.pk, by=mine, at=at)
    assert not UserSession.objects.exists()
    assert kinds() == ["people.logins_ended"]


def test_end_other_logins_keeps_this_one(at: datetime) -> None:
    person = PersonFactory()
    for key in "abc":
        login(person, key)
    assert end_other_logins(session_key="b", by=person, at=at) == 2
    assert end_other_logins(session_key="b", by=person, at=at) == 0
    assert [row.session_key for row in UserSession.objects.all()] == ["b"]


# --- profile
def test_change_profile_first_name_makes_the_address(at: datetime) -> None:
    PersonFactory(slug="thabo-nel")
    person = open_account(email="t@example.org", by=HALLWAY, at=at)
    person = change_profile(person=person, changes={"name": "Thabo Nel"}, by=person, at=at)
    assert person.slug == "thabo-nel-2"
    assert not OldSlug.objects.exists()
    assert Revision.objects.filter(key=f"person:{person.pk}").exists()


def test_change_profile_same_values_change_nothing(at: datetime) -> None:
    person = PersonFactory(public_at=None)
    changes = {"name": person.name, "public": True, "links": [{"url": "https://example.org", "label": "example.org"}]}
    for _ in range(2):
        change_profile(person=person, changes=changes, by=person, at=at)
    assert kinds() == ["people.person_changed"]
    assert change_profile(person=person, changes={"public": False}, by=person, at=at).public_at is None


def test_change_profile_slug_leaves_a_redirect_that_nobody_else_gets(at: datetime) -> None:
    person, other = PersonFactory(slug="old-one"), PersonFactory()
    change_profile(person=person, changes={"slug": "new-one"}, by=person, at=at)
    assert queries.moved_from("old-one") == person
    with pytest.raises(Refusal, match=r"person\.slug_taken"):
        change_profile(person=other, changes={"slug": "old-one"}, by=other, at=at)
    change_profile(person=person, changes={"slug": "old-one"}, by=person, at=at)
    assert Person.objects.get(pk=person.pk).slug == "old-one"


@pytest.mark.parametrize("slug", ["abc", "UPPER", "search", "a b c d", "new-0123456789abcdef"])
def test_change_profile_slug_malformed_is_refused(slug: str, at: datetime) -> None:
    person = PersonFactory()
    with pytest.raises(Refusal) as refused:
        change_profile(person=person, changes={"slug": slug}, by=person, at=at)
    assert (refused.value.code, refused.value.field) == ("person.slug_malformed", "slug")


def test_change_profile_refused_to_others_and_without_a_name(at: datetime) -> None:
    person = PersonFactory()
    with pytest.raises(NotAllowed):
        change_profile(person=person, changes={"name": "X"}, by=PersonFactory(), at=at)
    with pytest.raises(Refusal, match=r"person\.name_missing"):
        change_profile(person=person, changes={"name": ""}, by=person, at=at)
    with pytest.raises(ValueError, match="is_administrator"):
        change_profile(person=person, changes={"is_administrator": True}, by=person, at=at)


def test_change_picture_removes_the_one_before(
    media: Path, at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    person = PersonFactory()
    with django_capture_on_commit_callbacks(execute=True):
        first = change_picture(person=person, upload=picture(), by=person, at=at)
        second = change_picture(person=person, upload=picture("red"), by=person, at=at)
    assert first.picture != second.picture
    assert [path.name for path in (media / "people").iterdir()] == [second.picture.rpartition("/")[2]]
    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(person=person, by=person, at=at)
        remove_picture(person=person, by=person, at=at)
    assert not list((media / "people").iterdir())
    with pytest.raises(NotAllowed):
        change_picture(person=person, upload=picture(), by=PersonFactory(), at=at)


# --- claims
def claimable() -> Person:
    return PersonFactory(email=None, claimed_at=None, name="Camille Aubert", slug="camille-aubert")


def invited(person: Person, at: datetime) -> str:
    """The token of the link in the mail."""
    invite_to_claim(person=person, address="c@example.org", by=PersonFactory(is_administrator=True), at=at)
    mail = OutboxMail.objects.order_by("-pk")[0]
    assert mail.to_address == "c@example.org"
    return mail.text.partition("/claims/")[2].partition("/")[0]


def test_invite_to_claim_needs_a_right_that_higher_packages_can_grant(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, by = claimable(), PersonFactory()
    with pytest.raises(NotAllowed, match=r"claim\.cannot_invite"):
        invite_to_claim(person=person, address="c@example.org", by=by, at=at)
    monkeypatch.setattr(policies, "CLAIM_GRANTS", [])
    policies.grants_claims(lambda who, whom: (who, whom) == (by, person))
    invite_to_claim(person=person, address="c@example.org", by=by, at=at)
    assert PersonClaim.objects.get().expires_at == at + timedelta(days=30)


def test_invite_to_claim_refused_for_accounts_and_bad_addresses(at: datetime) -> None:
    admin = PersonFactory(is_administrator=True)
    with pytest.raises(Refusal, match=r"claim\.has_account"):
        invite_to_claim(person=PersonFactory(), address="c@example.org", by=admin, at=at)
    with pytest.raises(Refusal, match=r"claim\.address"):
        invite_to_claim(person=claimable(), address="not an address", by=admin, at=at)


def test_accept_claim_by_somebody_new_goes_on_under_the_pages_address(at: datetime) -> None:
    person = claimable()
    new = open_account(email="c@example.org", by=HALLWAY, at=at)
    kept = accept_claim(token=invited(person, at), by=new, at=at)
    assert (kept.pk, kept.name, kept.slug) == (new.pk, "Camille Aubert", "camille-aubert")
    person.refresh_from_db()
    assert person.merged_into == kept


def test_accept_claim_into_ones_own_account_redirects_the_page(at: datetime) -> None:
    person, mine = claimable(), PersonFactory(biography={})
    Person.objects.filter(pk=person.pk).update(biography={"en": "Writes compilers."})
    kept = accept_claim(token=invited(person, at), by=mine, at=at)
    assert (kept.slug, kept.biography) == (mine.slug, {"en": "Writes compilers."})
    assert queries.moved_from("camille-aubert") == mine


def test_accept_claim_refused_when_unknown_used_expired_or_replaced(at: datetime) -> None:
    first, by = claimable(), PersonFactory()
    replaced = invited(first, at)
    token = invited(first, at)
    for wrong in ("x" * 43, replaced):
        with pytest.raises(Refusal, match=r"claim\.unknown"):
            accept_claim(token=wrong, by=by, at=at)
    with pytest.raises(Refusal, match=r"claim\.expired"):
        accept_claim(token=token, by=by, at=at + timedelta(days=30))
    accept_claim(token=token, by=by, at=at)
    with pytest.raises(Refusal, match=r"claim\.used"):
        accept_claim(token=token, by=PersonFactory(), at=at)


# --- merging and leaving
def test_merge_persons_moves_addresses_and_closes_the_other_door(at: datetime) -> None:
    keep, gone = PersonFactory(), PersonFactory(slug="gone-one")
    EmailAddress.objects.create(user=keep, email=keep.email, verified=True, primary=True)
    EmailAddress.objects.create(user=gone, email=gone.email, verified=True, primary=True)
    login(gone, "a")
    admin = PersonFactory(is_administrator=True)
    for _ in range(2):
        merge_persons(keep=keep, gone=gone, by=admin, at=at)
    assert set(EmailAddress.objects.filter(user=keep).values_list("email", "primary")) == {
        (keep.email, True), (gone.email, False),
    }  # fmt: skip
    gone.refresh_from_db()
    assert (gone.email, gone.is_active, gone.merged_into) == (None, False, keep)
    assert not UserSession.objects.exists()
    assert kinds() == ["people.persons_merged"]
    assert queries.moved_from("gone-one") == keep


def test_merge_persons_refused_to_others_and_for_those_who_are_gone(at: datetime) -> None:
    one, two, three = PersonFactory(), PersonFactory(), PersonFactory()
    with pytest.raises(NotAllowed):
        merge_persons(keep=one, gone=two, by=one, at=at)
    merge_persons(keep=one, gone=two, by=HALLWAY, at=at)
    with pytest.raises(Refusal, match=r"person\.merged_already"):
        merge_persons(keep=three, gone=two, by=HALLWAY, at=at)
    assert merge_persons(keep=one, gone=one, by=HALLWAY, at=at) == one


def test_leave_hallway_leaves_a_row_without_a_word(
    media: Path, at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    person = PersonFactory(biography={"en": "Me"}, links=[{"url": "https://example.org", "label": "x"}])
    slug, name, email = person.slug, person.name, person.email
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    login(person, "a")
    merged = PersonFactory()
    merge_persons(keep=person, gone=merged, by=HALLWAY, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        change_picture(person=person, upload=picture(), by=person, at=at)
        change_profile(person=person, changes={"slug": "other-address"}, by=person, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        leave_hallway(person=person, by=person, at=at)
    left = Person.objects.get(pk=person.pk)
    text = " ".join(
        str(value) for row in Person.objects.filter(pk__in=[left.pk, merged.pk]).values() for value in row.values()
    )
    for trace in (slug, name, email, merged.name, merged.slug, "Me", "example.org", "other-address"):
        assert str(trace) not in text
    assert left.left_at == at
    assert not (EmailAddress.objects.exists() or UserSession.objects.exists() or OldSlug.objects.exists())
    assert not list((media / "people").iterdir())
    assert not queries.visible_to(left).filter(pk=left.pk).exists()


def test_leave_hallway_refused_while_somebody_is_needed_and_to_others(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = PersonFactory()
    with pytest.raises(NotAllowed, match=r"person\.cannot_leave"):
        leave_hallway(person=person, by=PersonFactory(), at=at)
    monkeypatch.setattr(leaving, "OBJECTIONS", [])
    leaving.objects_to_leaving(lambda _person: ["Find another organiser for Highveld Makers first."])
    with pytest.raises(Refusal, match="another organiser"):
        leave_hallway(person=person, by=person, at=at)
    assert Person.objects.get(pk=person.pk).left_at is None


def test_appoint_administrator_leaves_somebody_their_name(at: datetime) -> None:
    known = PersonFactory(name="Naledi Mokoena", email="naledi@example.org")
    appointed = appoint_administrator(
        name="Somebody", email="naledi@example.org", by=SystemPerson("first start"), at=at
    )
    assert (appointed.pk, appointed.name, appointed.is_administrator) == (known.pk, "Naledi Mokoena", True)


@pytest.mark.parametrize("by", [None, SystemPerson("import")])
def test_invite_to_claim_is_for_people(by: SystemPerson | None) -> None:
    assert not policies.can_invite_to_claim(by, PersonFactory(claimed_at=None))
