"""What is mine: profile, picture, devices, export, leaving."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hallway.kit import access, clock
from hallway.kit.export import archive
from hallway.kit.refusal import Refusal

from ..actions import (
    change_picture,
    change_profile,
    end_login,
    end_other_logins,
    leave_hallway,
    remove_picture,
)
from ..devices import device_in_words
from ..forms import LeaveForm, NameForm, PictureForm, ProfileForm
from ..leaving import leaving_objections
from ..models import Person
from ..queries import blocked_by


def me_of(request: HttpRequest) -> Person:
    """Who is signed in; only in views that ask for it."""
    return cast(Person, request.user)


@access.signed_in
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Everything that is mine, one line each."""
    person = me_of(request)
    kinds = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    context = {
        "addresses": EmailAddress.objects.filter(user=person).order_by("-primary", "email"),
        "keys": sum(kind == Authenticator.Type.WEBAUTHN for kind in kinds),
        "devices": UserSession.objects.filter(user_id=person.pk).count(),
        "blocked": blocked_by(person).count(),
        "tab": "me",
    }
    return render(request, "people/me.html", context)


@access.signed_in
@never_cache
def name(request: HttpRequest) -> HttpResponse:
    """The one question asked of somebody new; then they go where they wanted."""
    person = me_of(request)
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    onward = wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/me/"
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(person=person, changes=form.cleaned_data, by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(onward)
    return render(request, "people/name.html", {"form": form, "next": onward})


@access.signed_in
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """What others may know of me."""
    person = me_of(request)
    form = ProfileForm.of(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(person=person, changes=form.cleaned_data, by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("my_profile")
    return _show_profile(request, form, PictureForm())


def _show_profile(request: HttpRequest, form: ProfileForm, picture_form: PictureForm) -> HttpResponse:
    context = {
        "form": form,
        "picture_form": picture_form,
        "known_languages": ProfileForm.known_languages(),
        "tab": "profile",
    }
    return render(request, "people/profile.html", context)


@access.signed_in
@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """Show another picture."""
    person = me_of(request)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            change_picture(person=person, upload=form.cleaned_data["picture"], by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your picture is saved."))
            return redirect("my_profile")
    return _show_profile(request, ProfileForm.of(person), form)


@access.signed_in
@require_POST
def picture_remove(request: HttpRequest) -> HttpResponse:
    """Show initials again."""
    remove_picture(person=me_of(request), by=me_of(request), at=clock.now())
    messages.success(request, _("Your picture is gone. People see your initials."))
    return redirect("my_profile")


@access.signed_in
@never_cache
def logins(request: HttpRequest) -> HttpResponse:
    """The devices I am signed in on."""
    rows = list(UserSession.objects.filter(user_id=me_of(request).pk).order_by("-last_seen_at", "-id"))
    devices = [
        {"id": row.pk, "what": device_in_words(row.user_agent), "since": row.created_at, "seen": row.last_seen_at,
         "here": row.session_key == request.session.session_key}
        for row in rows
    ]  # fmt: skip
    devices.sort(key=lambda device: not device["here"])
    return render(request, "people/logins.html", {"devices": devices, "tab": "logins"})


@access.signed_in
@require_POST
def login_end(request: HttpRequest, login_id: int) -> HttpResponse:
    """Sign one device out."""
    end_login(login_id=login_id, by=me_of(request), at=clock.now())
    messages.success(request, _("That device is signed out."))
    return redirect("my_logins")


@access.signed_in
@require_POST
def logins_end_others(request: HttpRequest) -> HttpResponse:
    """Sign every other device out."""
    end_other_logins(session_key=request.session.session_key, by=me_of(request), at=clock.now())
    messages.success(request, _("You are signed in only here now."))
    return redirect("my_logins")


@access.signed_in
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything Hallway holds about me, as one file."""
    person = me_of(request)
    response = HttpResponse(archive(person, _readme(request)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="hallway-{person.slug}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _readme(request: HttpRequest) -> str:
    """What is in the file, in every language of the instance."""
    parts = []
    for code in ("en", "fr"):
        with translation.override(code):
            parts.append(render(request, "people/export_readme.txt", {"made_at": clock.now()}).content.decode())
    return "\n\n".join(part.strip() for part in parts) + "\n"


@access.signed_in
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Leave for good: what goes, what stays, and one word to type."""
    person = me_of(request)
    form = LeaveForm(request.POST or None, wanted=pgettext("typed to confirm", "leave"))
    if request.method == "POST" and form.is_valid():
        try:
            leave_hallway(person=person, by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            logout(request)
            messages.success(request, _("Everything you had here is deleted. Thank you for having been with us."))
            return redirect("home")
    context: dict[str, Any] = {"form": form, "objections": leaving_objections(person), "tab": "me"}
    return render(request, "people/leave.html", context)
