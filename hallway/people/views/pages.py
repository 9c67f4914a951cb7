"""The page of a person, as everybody sees it, and the invitation to take it over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hallway.kit import access, clock, localised, text
from hallway.kit.store import keep
from hallway.vocabulary.languages import language_name

from .. import policies
from ..actions import invite_to_claim
from ..forms import InviteToClaimForm
from ..models import Person
from ..queries import blocked_by, has_confirmed_address, invitation_to_claim, moved_from, namesakes, visible_to
from .mine import me_of


@access.public
def person_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, biography, languages, links; higher packages add what the person does."""
    reader = request.user if isinstance(request.user, Person) else None
    person = _find(slug, reader)
    if person is None:
        now_at = moved_from(slug)
        if now_at is not None and visible_to(reader).filter(pk=now_at.pk).exists():
            return redirect("person", slug=now_at.slug, permanent=True)
        return _blocked_or_nobody(request, slug, reader)
    return keep(_show(request, person, reader), [f"person:{person.pk}"])


def _blocked_or_nobody(request: HttpRequest, slug: str, reader: Person | None) -> HttpResponse:
    """Whoever blocked somebody finds the way back here; nobody else learns that there is a page."""
    blocked = blocked_by(reader).filter(blocked__slug=slug).first() if reader is not None else None
    if blocked is None:
        raise Http404
    return render(request, "people/blocked_page.html", {"person": blocked.blocked, "section": "talks"})


def _find(slug: str, reader: Person | None) -> Person | None:
    """The person at an address, if the reader may open the page. Whoever may invite them sees it before others do."""
    person = visible_to(reader).filter(slug=slug).first()
    if person is not None or reader is None:
        return person
    hidden = Person.objects.filter(slug=slug, left_at=None, merged_into=None, claimed_at=None).first()
    return hidden if hidden is not None and policies.can_invite_to_claim(reader, hidden) else None


def _show(
    request: HttpRequest, person: Person, reader: Person | None, form: InviteToClaimForm | None = None
) -> HttpResponse:
    language = (get_language() or "en")[:2]
    may_merge = reader is not None and policies.can_merge_persons(reader)
    context = {
        "person": person,
        "languages_spoken": [language_name(code, language) for code in person.languages],
        "is_mine": reader is not None and reader.pk == person.pk,
        "linked_data": _linked_data(person),
        "description": person.tagline or text.plain(localised.pick(person.biography).text, limit=200),
        "canonical": f"/p/{person.slug}/",
        "section": "talks",
        "may_merge": may_merge,
        "namesakes": namesakes(person) if may_merge else 0,
        **_invitation(person, reader, form),
    }
    return render(request, "people/person.html", context)


def _invitation(person: Person, reader: Person | None, form: InviteToClaimForm | None) -> dict[str, Any]:
    """The form that invites somebody to take the page over, and what was sent already; nothing for other readers."""
    if reader is None or person.claimed_at is not None or not policies.can_invite_to_claim(reader, person):
        return {}
    if has_confirmed_address(person):
        return {}
    sent = invitation_to_claim(person, clock.now())
    mine = sent is not None and sent.invited_by_id == reader.pk
    known = {"address": sent.address} if sent is not None and mine else None
    return {"invite_form": form or InviteToClaimForm(initial=known), "invitation": sent, "invitation_is_mine": mine}


@access.ruled("can_invite_to_claim")
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Mail somebody a link to take the page over; a newer one replaces it."""
    reader = me_of(request)
    person = _find(slug, reader)
    if person is None:
        raise Http404
    form = InviteToClaimForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"]
        invite_to_claim(person=person, address=address, by=reader, at=clock.now())
        messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": address})
        return redirect("person", slug=person.slug)
    return _show(request, person, reader, form)


def _linked_data(person: Person) -> dict[str, Any]:
    """The person as schema.org says it."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": person.name,
        "url": f"{settings.HALLWAY_BASE_URL}/p/{person.slug}/",
        "description": person.tagline or text.plain(localised.pick(person.biography).text, limit=300),
        "image": f"{settings.HALLWAY_BASE_URL}/media/{person.picture}" if person.picture else "",
        "knowsLanguage": person.languages,
        "sameAs": [link["url"] for link in person.links if isinstance(link, dict) and link.get("url")],
    }
    return {name: value for name, value in said.items() if value}
