"""The instance: its first start, its settings, and the pages everybody may read about it."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hallway.kit import access, clock, instance, localised, trail
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import Refusal, require
from hallway.kit.store import keep
from hallway.kit.text import render as render_text
from hallway.notices.actions import send_test_mail
from hallway.people import queries as people
from hallway.people.actions import appoint_administrator, dismiss_administrator, name_administrator
from hallway.people.models import Person
from hallway.people.policies import can_look_after_instance

from . import first_start
from .actions import change_instance_settings
from .default_texts import TITLES as PAGE_TITLES
from .default_texts import default_text
from .forms import TITLES, AdministratorForm, FirstStartForm, groups, settings_form


@access.by_token
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Make the first administrator and sign them in; the token from the console stands for the right."""
    if not first_start.token_file().exists():
        return redirect("home")
    form = FirstStartForm(request.POST or None, initial={"token": request.GET.get("token", "")})
    if request.method == "POST" and form.is_valid():
        if not first_start.fits(form.cleaned_data["token"]):
            form.add_error("token", _("This is not the word the server printed. Look at its console or its log again."))
        else:
            typed = form.cleaned_data
            person = appoint_administrator(
                name=typed["name"], email=typed["email"], by=SystemPerson("first-start"), at=clock.now()
            )
            first_start.finish()
            get_adapter(request).login(request, person)
            messages.success(request, _("You look after this instance now. Set it up here."))
            return redirect("instance")
    return render(request, "site/start.html", {"form": form})


@access.ruled("can_look_after_instance")
@never_cache
def settings_page(request: HttpRequest, group: str = "site") -> HttpResponse:
    """One group of settings and the way to the others."""
    by = _administrator(request)
    if group not in groups():
        raise Http404
    form = settings_form(group, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_instance_settings(changes=form.changes(), by=by, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Every page shows it from now on."))
            return redirect("instance_group", group=group)
    context = {"form": form, "group": group, "tabs": _tabs(), "untranslated": _untranslated(group)}
    return render(request, "site/instance.html", context)


def _untranslated(group: str) -> list[tuple[Any, Any]]:
    """Pages about the instance, with the language they are still to be written in."""
    return [
        (setting.label, name)
        for setting in groups()[group]
        if setting.localised and any(instance.value(setting.key).values())
        for code, name in settings.LANGUAGES
        if not instance.value(setting.key).get(code)
    ]


def _tabs() -> list[tuple[str, Any]]:
    return [(name, TITLES.get(name, name.capitalize())) for name in groups()]


@access.ruled("can_look_after_instance")
@never_cache
def administrators(request: HttpRequest) -> HttpResponse:
    """Who looks after the instance, naming another one, taking the rights back; and who did what here."""
    by = _administrator(request)
    form = AdministratorForm(request.POST if request.POST.get("do") == "name" else None)
    if request.method == "POST":
        try:
            said = _change_administrators(request, form, by)
        except Refusal as refusal:
            said = ""
            if form.is_bound:
                form.refuse(refusal)
            else:
                messages.error(request, str(refusal.sentence))
        if said:
            messages.success(request, said)
            return redirect("instance_administrators" if by.pk != _chosen(request) else "me")
    context = {
        "form": form,
        "administrators": list(people.administrators()),
        "entries": trail.entries("instance"),
        "group": "administrators",
        "tabs": _tabs(),
    }
    return render(request, "site/administrators.html", context)


def _chosen(request: HttpRequest) -> int:
    given = request.POST.get("person", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0


def _change_administrators(request: HttpRequest, form: AdministratorForm, by: Person) -> str:
    """Do what the pressed button says; the sentence about it, or "" when the form is not right yet."""
    if request.POST.get("do") == "name":
        if not form.is_valid():
            return ""
        named = name_administrator(address=form.cleaned_data["address"], by=by, at=clock.now())
        return _("%(name)s looks after this instance, too, and gets a mail about it.") % {"name": named.name}
    person = people.administrators().filter(pk=_chosen(request)).first()
    if person is None:
        return _("That was done already.")
    dismiss_administrator(person=person, by=by, at=clock.now())
    return _("%(name)s is no longer an administrator.") % {"name": person.name}


@access.ruled("can_look_after_instance")
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Really send a mail to the administrator's own address and show what the server said."""
    by = _administrator(request)
    send_test_mail(to_address=by.email or "", by=by, at=clock.now())
    messages.success(
        request,
        _("The mail server accepted a test mail for %(address)s. Check that it arrived.") % {"address": by.email},
    )
    return redirect("instance_group", group="notices")


def _administrator(request: HttpRequest) -> Person:
    by = cast(Person, request.user)
    require(
        can_look_after_instance(by), "instance.not_allowed", _("Only an administrator can do this. Ask one of them.")
    )
    return by


@access.public
def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """The legal notice, the privacy page or the code of conduct, in the reader's language."""
    written = instance.value(f"site.{name}")
    text = written if localised.pick(written).text else default_text(name)
    chosen = localised.pick(text)
    context = {
        "html": render_text(chosen.text, top=2),
        "language": chosen.language,
        "title": PAGE_TITLES[name],
        "canonical": f"/{name}/",
    }
    return keep(render(request, "site/text_page.html", context), [])
