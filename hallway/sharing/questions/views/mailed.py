"""Behind mailed links: a speaker answers without signing in, and somebody hears no more of a question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.actors import Actor
from hallway.kit.links import id_in, is_true
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from .. import actions, policies, queries
from ..forms.languages import languages_of, page_language
from ..models import Floor, Follow, Question
from ..tokens import Right
from .pressing import number_in

MOST_ANSWERED = 50


@dataclass
class Entry:
    """A question on a speaker's page, with what they typed and why it could not be saved.

    ``replaces`` is the line of somebody else that theirs takes the place of, once they saw it; ``is_moved`` says that
    part of it was typed for a question that was put together with this one meanwhile.
    """

    question: Question
    text: str = ""
    said: str = ""
    language: str = ""
    error: str = ""
    is_about_room: bool = False
    replaces: str = ""
    is_saved: bool = False
    is_moved: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether it was answered: now, or by somebody else while the speaker wrote."""
        return self.is_saved or self.question.is_answered


@dataclass(frozen=True)
class Leftover:
    """What was typed beside a question that is not shown any more: it is given back."""

    number: int
    text: str


def lost(request: HttpRequest) -> HttpResponse:
    """A link that is not, or no longer, true."""
    return render(request, "questions/mailed/lost.html", {"section": "events"}, status=404)


@access.by_token
@never_cache
def speaker(request: HttpRequest, person_id: int, token: str) -> HttpResponse:
    """All open questions of a session, a field each. Opening the page changes nothing, since mail scanners do."""
    floor = Floor.objects.filter(pk=id_in(token)).select_related("event__community", "session__talk").first()
    if floor is None or not is_true(Right.SPEAK, token, floor.pk, f"{floor.nonce}:{person_id}"):
        return lost(request)
    person = queries.speakers_of(floor).filter(pk=person_id).first()
    if person is None or not policies.can_view_floor(person, floor):
        return lost(request)
    if request.method != "POST":
        return _speaker_page(request, floor, person, *_read(request, floor, person))
    return _pressed(request, floor, person)


def _read(request: HttpRequest, floor: Floor, person: Person) -> tuple[list[Entry], list[Leftover]]:
    """What is open now, and what was settled while the speaker wrote, each with what was typed beside it."""
    typed = _typed(request)
    rows = {one.pk: one for one in queries.open_for_speaker(floor, person)}
    rows |= _shown(floor, person, typed.keys() - rows.keys())
    merged = _merged(floor, typed.keys() - rows.keys())
    rows |= _shown(floor, person, set(merged.values()) - rows.keys())
    entries = {
        pk: Entry(
            one,
            *typed.pop(pk, ("", "")),
            language=request.POST.get(f"language-{pk}", one.language),
            replaces=request.POST.get(f"replaces-{pk}", ""),
        )
        for pk, one in rows.items()
    }
    for double, stays in merged.items():
        if (entry := entries.get(stays)) is not None:
            text, line = typed.pop(double)
            entry.text, entry.said = _joined("\n\n", entry.text, text), _joined(" ", entry.said, line)
            entry.is_moved = True
    left = [Leftover(number, _joined("\n\n", *texts)) for number, texts in sorted(typed.items())]
    return list(entries.values()), left


def _typed(request: HttpRequest) -> dict[int, tuple[str, str]]:
    """By the ids of questions, the answers and the lines from the room that stood in the fields."""
    fields = (name.partition("-") for name, value in request.POST.items() if str(value).strip())
    numbers = {about: number_in(about) for name, _dash, about in fields if name in {"text", "said"}}
    return {
        number: (request.POST.get(f"text-{number}", ""), request.POST.get(f"said-{number}", ""))
        for about, number in numbers.items()
        if number and about == str(number)
    }


def _shown(floor: Floor, person: Person, numbers: Collection[int]) -> dict[int, Question]:
    """Those of these questions that the speaker may see."""
    if not numbers:
        return {}
    rows = queries.questions_visible_to(person).filter(floor=floor, pk__in=numbers).select_related("floor__event")
    return {one.pk: one for one in rows.order_by("asked_at", "pk")}


def _merged(floor: Floor, numbers: Collection[int]) -> dict[int, int]:
    """Those of these questions that were put together with another, and with which."""
    if not numbers:
        return {}
    rows = floor.questions.filter(pk__in=numbers).values_list("pk", "merged_into")
    return {pk: stays for pk, stays in rows if stays is not None}


def _joined(between: str, *texts: str) -> str:
    return between.join(text.strip() for text in texts if text.strip())


def _pressed(request: HttpRequest, floor: Floor, person: Person) -> HttpResponse:
    """Save what a button is about, each on its own: one answer, one line, or everything that was written."""
    what, _dash, about = request.POST.get("do", "").partition("-")
    if what == "reopen":
        return _reopened(request, floor, person)
    if what == "undo":
        _undo(floor, person, about)
    entries, leftovers = _read(request, floor, person)
    if what == "undo":
        return _speaker_page(request, floor, person, entries, leftovers)
    ready = [one for one in entries if not one.is_moved]  # the rest is read once more first
    wanted = [one for one in ready if one.text.strip()] if what == "all" else []
    wanted = wanted or [one for one in ready if about == str(one.question.pk)]
    saved, kept = 0, []
    for one in entries:
        if one in wanted and _save(one, person, is_about_room=what == "live"):
            saved += 1
        if one.text.strip() or one.said.strip() or not one.is_settled:
            kept.append(one)
    return _speaker_page(request, floor, person, kept, leftovers, saved=saved)


def _reopened(request: HttpRequest, floor: Floor, person: Person) -> HttpResponse:
    """Open the questions again, with what was typed still on the page; also where it cannot be."""
    refused = None
    try:
        actions.reopen_floor(floor=floor, by=person, at=clock.now())
    except Refusal as refusal:
        refused = refusal
    floor.refresh_from_db()
    entries, leftovers = _read(request, floor, person)
    return _speaker_page(request, floor, person, entries, leftovers, reopened=refused is None, refused=refused)


def _save(entry: Entry, person: Person, *, is_about_room: bool) -> bool:
    """Save the answer, or the line from the room. What stands in the other field stays there."""
    now, entry.is_about_room = clock.now(), is_about_room
    question = entry.question
    if is_about_room and question.said not in ("", entry.said.strip(), entry.replaces):
        entry.replaces = question.said
        entry.error = _("Somebody wrote a line meanwhile, “%(said)s”: press again, and yours takes its place.") % {
            "said": question.said
        }
        return False
    known = {code for code, _name in languages_of(question.floor.event, question.language)}
    language = entry.language if entry.language in known else page_language()
    try:
        if is_about_room:
            actions.answer_live(question=question, summary=entry.said, language=language, by=person, at=now)
            entry.said = ""
        else:
            actions.answer_question(question=question, text=entry.text, language=language, by=person, at=now)
            entry.text = ""
    except Refusal as refusal:
        entry.error = str(refusal.sentence)
        return False
    entry.is_saved = True
    return True


def _undo(floor: Floor, person: Person, about: str) -> None:
    found = queries.questions_visible_to(person).filter(floor=floor, pk=number_in(about)).first()
    if found is not None:
        actions.undo_answer_live(question=found, by=person, at=clock.now())


def _speaker_page(
    request: HttpRequest,
    floor: Floor,
    person: Person,
    entries: list[Entry],
    leftovers: Sequence[Leftover] = (),
    *,
    saved: int = 0,
    reopened: bool = False,
    refused: Refusal | None = None,
) -> HttpResponse:
    words = ngettext("%(number)s answer is published.", "%(number)s answers are published.", saved) % {"number": saved}
    now = clock.now()
    failed = bool(leftovers) or any(one.error or one.is_moved for one in entries)
    context: dict[str, Any] = {
        "section": "events",
        "event": floor.event,
        "floor": floor,
        "session": floor.session,
        "person": person,
        "entries": entries,
        "waiting": sum(not one.is_settled for one in entries),
        "leftovers": leftovers,
        "answered": list(queries.answered_for_speaker(floor, person)[:MOST_ANSWERED]),
        "spoken": languages_of(floor.event, *(one.language for one in entries)),
        "said": words if saved else _("Questions are open for thirty days more.") if reopened else "",
        "failed": failed,
        "refused": refused,
        "ledger": queries.ledger_of(floor),
        "is_open": floor.is_open(now),
        "may_reopen": policies.can_reopen(person, floor, now),
    }
    status = refused.status if refused is not None else 400 if failed else 200
    return render(request, "questions/mailed/speaker.html", context, status=status)


@access.by_token
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Hear no more of a question: opening the page shows a button, the button ends it."""
    rows = Follow.objects.filter(pk=id_in(token)).select_related("question__floor__event")
    follow = rows.first()
    if follow is None or not is_true(Right.FOLLOW, token, follow.pk, follow.nonce):
        return lost(request)
    person, address = queries.recipient_of(follow)
    by: Actor = policies.follow_link(follow)
    if request.method == "POST" and request.POST.get("do") == "again":
        actions.follow_question(
            question=follow.question, address=address, language=follow.language, by=person or by, at=clock.now()
        )
        follow.refresh_from_db()
    elif request.method == "POST":
        follow = actions.end_following(follow=follow, by=by, at=clock.now())
    context = {
        "section": "events", "follow": follow, "question": follow.question, "event": follow.question.floor.event,
        "is_shown": queries.questions_visible_to(person).filter(pk=follow.question_id).exists(),
    }  # fmt: skip
    return render(request, "questions/mailed/stop.html", context)
