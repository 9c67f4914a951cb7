"""Founding a community on four screens. What is written is kept on the server, so one can close and come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hallway.gathering.communities import policies
from hallway.gathering.communities.actions import drop_founding, found_community, keep_founding
from hallway.gathering.communities.forms import LookForm, MeetForm, NameForm, TeamForm
from hallway.gathering.communities.forms.founding import usual_conduct
from hallway.gathering.communities.forms.series import NOT_YET, usual_title
from hallway.gathering.communities.models import Community, Founding
from hallway.gathering.communities.recurrence import say_rule
from hallway.kit import access, clock
from hallway.kit.forms import Form
from hallway.kit.refusal import Refusal
from hallway.kit.text import clean
from hallway.people.models import Person


@dataclass(frozen=True)
class Screen:
    """One of the four: its key in the address, its form, its name in the row of steps."""

    key: str
    form: type[Form]
    label: str | Promise


SCREENS = (
    Screen("name", NameForm, gettext_lazy("Name and place")),
    Screen("meet", MeetForm, gettext_lazy("How you meet")),
    Screen("team", TeamForm, gettext_lazy("Who helps")),
    Screen("look", LookForm, gettext_lazy("Look and publish")),
)
KEYS = [screen.key for screen in SCREENS]
# Longer than any field allows: what is too long is shown again to be shortened, within reason.
LONGEST_KEPT = 30_000


@access.signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Go on where one was; whoever may not found learns what to do."""
    person = _person(request)
    if not policies.can_found_community(person, clock.now()):
        return render(request, "communities/founding/closed.html", {"section": "communities"}, status=403)
    answers = _kept(person)
    reached = next((key for key in KEYS if key not in answers), KEYS[-1])
    return redirect("communities:found", reached)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    return request.user


def _kept(person: Person) -> dict[str, dict[str, list[str]]]:
    founding = Founding.objects.filter(person=person).first()
    return founding.answers if founding is not None else {}


@access.signed_in
def screen(request: HttpRequest, key: str) -> HttpResponse:
    """Show one of the four screens, or keep what was written on it and go on."""
    person = _person(request)
    if not policies.can_found_community(person, clock.now()):
        return redirect("communities:new")
    here, answers = SCREENS[KEYS.index(key)], _kept(person)
    first_open = next((name for name in KEYS if name not in answers), KEYS[-1])
    if KEYS.index(key) > KEYS.index(first_open):
        return redirect("communities:found", first_open)
    if request.method != "POST":
        again = "again" in request.GET
        form = _form(here, answers, person, bound=again)
        return _show(request, here, form, answers)
    if "drop" in request.POST:
        drop_founding(by=person, at=clock.now())
        messages.success(request, _("What you wrote is gone. You can begin anew at any time."))
        return redirect("communities:communities")
    answers = keep_founding(screen=key, answers=_posted(request), by=person, at=clock.now()).answers
    if "back" in request.POST:
        return redirect("communities:found", KEYS[max(0, KEYS.index(key) - 1)])
    form = _form(here, answers, person, bound=True, rows=4 if "more" in request.POST else 0)
    stays = bool({"more", "show"} & request.POST.keys())
    if not form.is_valid() or stays:
        return _show(request, here, form, answers)
    if key != KEYS[-1]:
        return redirect("communities:found", KEYS[KEYS.index(key) + 1])
    return _found(request, person, form, answers)


def _posted(request: HttpRequest) -> dict[str, list[str]]:
    """What was typed, fit to be held, whether or not it is right."""
    buttons = {"back", "more", "show", "drop", "csrfmiddlewaretoken"}
    return {
        _held(name[:60]): [_held(value) for value in values]
        for name, values in list(request.POST.lists())[:100]
        if name not in buttons
    }


def _held(text: str) -> str:
    # Normalising may lengthen a text, at most threefold.
    return clean(text[:LONGEST_KEPT], limit=3 * LONGEST_KEPT)


def _form(
    here: Screen, answers: dict[str, dict[str, list[str]]], person: Person, *, bound: bool, rows: int = 0
) -> Form:
    typed = QueryDict(mutable=True)
    for name, values in answers.get(here.key, {}).items():
        typed.setlist(name, values)
    extra: dict[str, Any] = {}
    if here.form is TeamForm:
        filled = sum(1 for name in typed if name.startswith("address_"))
        extra = {"founder_address": person.email or "", "rows": filled + (3 if rows else 0)}
    if bound:
        return here.form(typed, **extra)
    form = here.form(initial=_beginning(here, answers, person), **extra)
    if here.key in answers:
        for name, field in form.fields.items():
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)
        if isinstance(form, NameForm):
            return NameForm(initial=form.initial)
    return form


def _beginning(here: Screen, answers: dict[str, dict[str, list[str]]], person: Person) -> dict[str, Any]:
    """What a screen proposes before anything was written on it."""
    if here.key == "meet":
        return {"starts_on": clock.now().date(), "zone": _zone(answers, person)}
    if here.key == "look":
        return {"hue": person.pk % 8 + 1, "conduct": usual_conduct()}
    return {}


def _zone(answers: dict[str, dict[str, list[str]]], person: Person) -> str:
    """The clock of the place on the first screen, else the founder's."""
    named = _form(SCREENS[0], answers, person, bound=True)
    named.is_valid()
    return str(named.cleaned_data.get("spot", {}).get("zone") or person.zone or "UTC")


def _show(request: HttpRequest, here: Screen, form: Form, answers: dict[str, dict[str, list[str]]]) -> HttpResponse:
    number = KEYS.index(here.key)
    context: dict[str, Any] = {
        "section": "communities",
        "here": here,
        "form": form,
        "steps": [(step, "here" if step is here else "done" if step.key in answers else "") for step in SCREENS],
        "number": number + 1,
        "count": len(SCREENS),
        "is_first": number == 0,
        "is_last": number == len(SCREENS) - 1,
        "name": (answers.get("name", {}).get("name") or [""])[0],
        "line": (answers.get("name", {}).get("place") or [""])[0],
    }
    if isinstance(form, MeetForm):
        context.update(shown_dates(form))
    if here.key == "look":
        context["waits"] = not policies.founds_at_once(_person(request))
        context["has_dates"] = answers.get("meet", {}).get("every") != [NOT_YET]
    return render(request, f"communities/founding/{here.key}.html", context)


def shown_dates(form: Any) -> dict[str, Any]:
    """The rule in words and the next three dates, for what stands in a form over a series."""
    if not form.is_bound:
        typed = QueryDict(mutable=True)
        for name, field in form.fields.items():
            value = form.initial.get(name, field.initial)
            if name != "title" and value is not None:
                typed[name] = str(field.widget.format_value(value) if name == "local_time" else value)
        form = form.__class__(typed)
    form.is_valid()
    dates = form.dates()
    if not dates:
        return {"dates": [], "not_yet": form.data.get("every") == NOT_YET}
    said = say_rule(form.rule(), get_language() or "en", form.cleaned_data["local_time"])
    return {"dates": dates, "said": said, "zone": form.cleaned_data["zone"]}


@access.public
def dates(request: HttpRequest) -> HttpResponse:
    """The next three dates of what stands in the form, for a page that shows them while one types."""
    form = MeetForm(request.GET)
    return render(request, "communities/dates.html", shown_dates(form))


def _found(request: HttpRequest, person: Person, look: Form, answers: dict[str, dict[str, list[str]]]) -> HttpResponse:
    forms = {here.key: _form(here, answers, person, bound=True) for here in SCREENS[:-1]}
    wrong = next((key for key, form in forms.items() if not form.is_valid()), None)
    if wrong is not None:
        address = redirect("communities:found", wrong)
        address["Location"] += "?again"
        return address
    try:
        community = _call(forms, look, person)
    except Refusal as refusal:
        look.refuse(refusal)
        return _show(request, SCREENS[-1], look, answers)
    if community.public_at is None:
        messages.success(request, _("An administrator looks at it now. You get a mail when it is decided."))
    else:
        messages.success(request, _("%(name)s is founded.") % {"name": community.name})
    return redirect("communities:page", community.slug)


def _call(forms: dict[str, Form], look: Form, person: Person) -> Community:
    name, meet = forms["name"].cleaned_data, forms["meet"]
    assert isinstance(meet, MeetForm)  # noqa: S101 - for the type checker
    every = meet.cleaned_data["every"]
    terms = None if every == NOT_YET else meet.terms(usual_title(every, ["en", "fr"]))
    zone = meet.cleaned_data["zone"]
    details = {
        **name["spot"],
        "zone": zone,
        "name": name["name"],
        "languages": name["languages"],
        **look.cleaned_data,
    }
    return found_community(
        details=details,
        topics=name["topics"],
        terms=terms,
        invited=forms["team"].cleaned_data["invited"],
        by=person,
        at=clock.now(),
    )
