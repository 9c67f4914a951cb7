"""What the search knows of a thing. Only public things have an entry; the rest has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hallway.gathering.communities import queries as communities
from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit.localised import pick
from hallway.kit.text import fold, plain
from hallway.people import queries as people
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.models import Talk
from hallway.sharing.feedback import queries as feedback
from hallway.sharing.feedback.models import Product
from hallway.sharing.questions import queries as questions
from hallway.sharing.questions.models import Question

from .models import SearchEntry

Kind = SearchEntry.Kind
_AT_ONCE = 100
MOST_OF_A_QUESTION = 200
_LANGUAGES = ("en", "fr")


def index_talks(ids: Iterable[int]) -> None:
    """Bring the entries of these talks up to date. A talk is found where it was last given in public."""
    wanted = set(ids)
    places: dict[int, tuple[Session, datetime | None]] = {}
    slots = Slot.objects.filter(session__talk__in=wanted, public_at__isnull=False, session__hidden_at=None)
    slots = slots.filter(session__event__in=events.visible_to(None)).order_by("public_starts_at")
    for slot in slots.select_related("session__event"):
        places[slot.session.talk_id or 0] = (slot.session, slot.public_starts_at)
    talks = Talk.objects.filter(pk__in=places, hidden_at=None, public_at__isnull=False)
    entries = []
    for talk in talks.prefetch_related("speakings__person", "topics"):
        session, at = places[talk.pk]
        names = [speaking.person.name for speaking in talk.speakings.all() if speaking.person.left_at is None]
        words = [*names, *talk.tags, *_texts(session.event.title)]
        words += [*_texts(talk.subtitle), *_texts(talk.abstract), *_texts(talk.description)]
        words += [name for topic in talk.topics.all() for name in (topic.name_en, topic.name_fr, topic.aliases)]
        detail = {code: " · ".join([*names, pick(session.event.title, code).text]) for code in _LANGUAGES}
        url = reverse("session", args=[session.event.slug, session.pk, session.slug])
        entries.append(_entry(Kind.TALK, talk.pk, talk.title, detail, url, words, at, session.event.zone))
    _replace(Kind.TALK, wanted, entries)


def index_people(ids: Iterable[int]) -> None:
    """Bring the entries of these people up to date: those with a public page."""
    wanted = set(ids)
    entries = []
    for person in people.visible_to(None).filter(pk__in=wanted):
        detail = {code: pick(person.biography, code).text[:160] or person.tagline for code in _LANGUAGES}
        words = [person.tagline, *_texts(person.biography), *map(str, person.places)]
        url = reverse("person", args=[person.slug])
        entries.append(_entry(Kind.PERSON, person.pk, {"und": person.name}, detail, url, words))
    _replace(Kind.PERSON, wanted, entries)


def index_communities(ids: Iterable[int]) -> None:
    """Bring the entries of these communities up to date."""
    wanted = set(ids)
    entries = []
    for community in communities.visible_to(None).filter(pk__in=wanted).prefetch_related("topics"):
        detail = {code: pick(community.tagline, code).text or community.place_name for code in _LANGUAGES}
        words = [community.place_name, *_texts(community.tagline), *_texts(community.description)]
        words += [name for topic in community.topics.all() for name in (topic.name_en, topic.name_fr, topic.aliases)]
        url = reverse("communities:page", args=[community.slug])
        entries.append(_entry(Kind.COMMUNITY, community.pk, {"und": community.name}, detail, url, words))
    _replace(Kind.COMMUNITY, wanted, entries)


def index_events(ids: Iterable[int]) -> None:
    """Bring the entries of these events up to date. Joining details are never among the words."""
    wanted = set(ids)
    entries = []
    rows = events.visible_to(None).filter(pk__in=wanted).select_related("community", "venue")
    for event in rows.prefetch_related("topics"):
        place = event.venue.name if event.venue else event.community.place_name
        detail = {}
        for code in _LANGUAGES:
            with override(code):
                online = _("online") if event.attendance == Event.Attendance.ONLINE else ""
            detail[code] = " · ".join(part for part in (event.community.name, online or place) if part)
        words = [event.community.name, place, event.community.place_name]
        words += [*_texts(event.tagline), *_texts(event.description)]
        words += [name for topic in event.topics.all() for name in (topic.name_en, topic.name_fr, topic.aliases)]
        url = reverse("events:page", args=[event.slug])
        entries.append(_entry(Kind.EVENT, event.pk, event.title, detail, url, words, event.starts_at, event.zone))
    _replace(Kind.EVENT, wanted, entries)


def index_questions(ids: Iterable[int]) -> None:
    """Bring the entries of these questions up to date, each with what was said and answered.

    Under the name of a question stand no names: what somebody asked unnamed, or has to be hidden from somebody, is
    found by its words alone.
    """
    wanted = set(ids)
    answers: dict[int, list[str]] = {}
    for pk, text in questions.answers_visible_to(None).filter(question__in=wanted).values_list("question_id", "text"):
        answers.setdefault(pk, []).append(plain(text, limit=4_000))
    entries = []
    rows = questions.questions_visible_to(None).filter(pk__in=wanted).exclude(text="")
    for question in rows.select_related("floor__event", "floor__session__talk"):
        floor = question.floor
        detail = {
            code: " · ".join([pick(title_of(floor.session), code).text, pick(floor.event.title, code).text])
            for code in _LANGUAGES
        }
        words = [question.said, *answers.get(question.pk, ()), *detail.values()]
        title = {question.language: plain(question.text, limit=MOST_OF_A_QUESTION)}
        at, zone = question.asked_at, floor.event.zone
        entries.append(_entry(Kind.QUESTION, question.pk, title, detail, question.address, words, at, zone))
    _replace(Kind.QUESTION, wanted, entries)


def index_products(ids: Iterable[int]) -> None:
    """Bring the entries of these tools up to date: each is found by its name, and says how many cards there are."""
    wanted = set(ids)
    entries = []
    for product in feedback.with_numbers(feedback.products_visible_to(None).filter(pk__in=wanted)):
        detail = {}
        for code in _LANGUAGES:
            with override(code):
                number: int = product.number  # type: ignore[attr-defined]  # the query counts them
                detail[code] = ngettext("%(n)s card for its makers", "%(n)s cards for its makers", number) % {
                    "n": number
                }
        url = reverse("feedback:product", args=[product.slug])
        entries.append(_entry(Kind.PRODUCT, product.pk, {"und": product.name}, detail, url, [product.domain]))
    _replace(Kind.PRODUCT, wanted, entries)


def index_everything() -> int:
    """Build all entries anew, for the first start of a version that indexes differently. Returns how many there are."""
    for model, index in (
        (Talk, index_talks), (Person, index_people), (Community, index_communities), (Event, index_events),
        (Question, index_questions), (Product, index_products),
    ):  # fmt: skip
        in_parts(index, model._default_manager.values_list("pk", flat=True))
    return SearchEntry.objects.count()


def in_parts(index: Callable[[Iterable[int]], None], ids: Iterable[int]) -> None:
    """Index these in transactions of their own, so that a large programme keeps no other writer waiting."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        with transaction.atomic():
            index(wanted[start : start + _AT_ONCE])


def _texts(value: dict[str, str]) -> list[str]:
    return [plain(text, limit=4_000) for text in value.values() if text]


def _entry(
    kind: str,
    pk: int,
    title: dict[str, str],
    detail: dict[str, str],
    url: str,
    words: list[Any],
    at: datetime | None = None,
    zone: str = "UTC",
) -> SearchEntry:
    folded_title = fold(" ".join(title.values()))
    return SearchEntry(
        kind=kind, object_id=pk, title=title, detail=detail, url=url, at=at, zone=zone,
        folded_title=folded_title, folded=f"{folded_title} {fold(' '.join(filter(None, words)))}",
    )  # fmt: skip


def _replace(kind: str, ids: set[int], entries: list[SearchEntry]) -> None:
    found = {entry.object_id for entry in entries}
    SearchEntry.objects.filter(kind=kind, object_id__in=ids - found).delete()
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["title", "detail", "url", "folded_title", "folded", "at", "zone"],
    )
