"""Takeaways: all of a session, writing one, one's own, “it helped me”."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hallway.gathering.events.addresses import event_page, reader_of
from hallway.gathering.events.models import Event
from hallway.kit import access, clock, store
from hallway.kit.refusal import Refusal, require
from hallway.learning.agenda.queries import note_of
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways import actions, policies, queries
from hallway.sharing.takeaways.actions.showing import CANNOT_WRITE, LONGEST
from hallway.sharing.takeaways.forms import TakeawayForm
from hallway.sharing.takeaways.models import Takeaway

from .loading import frame_of, session_of

A_PAGE = 200


@access.public
@event_page
def takeaways(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """What people took home from a session, what helped most first."""
    session = session_of(event, pk, reader_of(request))
    rows = list(queries.of_session(session, reader_of(request))[:A_PAGE])
    canonical = reverse("takeaways:list", args=[event.slug, pk])
    hidden = queries.hidden_own(reader_of(request), session)
    context = {**frame_of(session), "takeaways": rows, "canonical": canonical, "hidden": hidden}
    response = render(request, "takeaways/list.html", context)
    return store.keep(response, [f"event:{event.pk}", *queries.tags_of([pk])])


@access.ruled("can_write_here")
@event_page
def new(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """Write one; one's note of the session stands there already, to be made ready for others."""
    person = reader_of(request)
    session = session_of(event, pk, person)
    require(policies.can_write_here(person, session), "takeaways.cannot_write", CANNOT_WRITE)
    if person is None:
        raise Http404
    note = note_of(person, session)
    begun = note.text[:LONGEST] if note is not None else ""
    form = TakeawayForm(
        request.POST or None, name=person.name, initial={"text": begun, "language": (get_language() or "en")[:2]}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.share_takeaway(
                session=session, text=data["text"], is_named=form.is_named, language=data["language"], by=person,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Everybody can read it now. You can change it or take it back at any time."))
            return redirect(f"{reverse('takeaways:list', args=[event.slug, pk])}#takeaway-{made.pk}")
    context = {**frame_of(session), "form": form, "from_note": bool(begun) and not form.is_bound}
    return render(request, "takeaways/write.html", context)


@access.signed_in
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own: other words, another name, or back with it."""
    person = reader_of(request)
    found = queries.own_takeaways(person).filter(pk=pk).first() if person is not None else None
    if person is None or found is None:
        raise Http404
    back = reverse("takeaways:list", args=[found.session.event.slug, found.session_id])
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        actions.withdraw_takeaway(takeaway=found, by=person, at=clock.now())
        messages.success(request, _("Taken back. Its text is erased."))
        return redirect(back)
    initial = {"text": found.text, "signed": "name" if found.is_named else "attendee", "language": found.language}
    form = TakeawayForm(request.POST or None, name=person.name, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit_takeaway(
                takeaway=found, text=data["text"], is_named=form.is_named, language=data["language"], by=person,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{back}#takeaway-{found.pk}")
    return render(request, "takeaways/write.html", {**frame_of(found.session), "form": form, "takeaway": found})


@require_POST
@access.signed_in
def helped(request: HttpRequest, pk: int) -> HttpResponse:
    """“It helped me”, or no longer."""
    person = reader_of(request)
    rows = queries.visible_to(person).select_related("session__event", "session__talk")
    found: Takeaway | None = rows.filter(pk=pk).first()
    if person is None or found is None:
        raise Http404
    if request.POST.get("helped") == "no":
        actions.unmark_helped(takeaway=found, by=person, at=clock.now())
    else:
        actions.mark_helped(takeaway=found, by=person, at=clock.now())
    return redirect(_back_to(request, found.session, pk))


def _back_to(request: HttpRequest, session: Session, pk: int) -> str:
    """Where the button stood: the session's page, or the page of all its takeaways."""
    address = reverse("takeaways:list", args=[session.event.slug, session.pk])
    if request.POST.get("from") == "session":
        address = reverse("session", args=[session.event.slug, session.pk, session.slug])
    return f"{address}#takeaway-{pk}"
