"""Two entries that are one person: an administrator looks for the other one, compares, and puts them together."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock, text
from hallway.kit.refusal import Refusal, require

from .. import policies
from ..actions import merge_persons
from ..models import Person
from ..queries import called, visible_to
from .mine import me_of

MOST_FOUND = 20


@access.ruled("can_merge_persons")
@never_cache
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Search by name or address, then both side by side, then one button."""
    by = me_of(request)
    require(
        policies.can_merge_persons(by),
        "person.cannot_merge",
        _("Only an administrator can put two entries together. Ask one of them."),
    )
    person = visible_to(by).filter(slug=slug).first()
    if person is None:
        raise Http404
    other = visible_to(by).filter(slug=request.GET.get("with", "")).exclude(pk=person.pk).first()
    if other is None:
        return _search(request, person)
    keep, gone = _keep_and_gone(person, other, request.GET.get("keep", ""), by)
    if request.method == "POST":
        try:
            merge_persons(keep=keep, gone=gone, by=by, at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("Both entries are one now. The old address leads here."))
            return redirect("person", slug=Person.objects.get(pk=keep.pk).slug)
    context = {"person": person, "keep": keep, "gone": gone, "can_swap": by.pk not in {keep.pk, gone.pk}}
    return render(request, "people/merge.html", context)


def _keep_and_gone(person: Person, other: Person, wanted: str, by: Person) -> tuple[Person, Person]:
    """Which entry stays: one's own, else the one asked for, else the one with an account, else the older one."""
    pair = (person, other)
    chosen = next((one for one in pair if one.pk == by.pk), None) or next((o for o in pair if o.slug == wanted), None)
    keep = chosen or min(pair, key=lambda one: (one.claimed_at is None, one.pk))
    return keep, other if keep is person else person


def _search(request: HttpRequest, person: Person) -> HttpResponse:
    """People by name or address; the same name is looked for at once."""
    words = text.clean(request.GET.get("q", person.name), limit=200, one_line=True)
    found = list(called(words).exclude(pk=person.pk)[: MOST_FOUND + 1])
    context = {"person": person, "words": words, "found": found[:MOST_FOUND], "more": len(found) > MOST_FOUND}
    return render(request, "people/merge_search.html", context)
