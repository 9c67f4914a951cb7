"""The demonstration has takeaways, notes written together, slides, and people who wait for some."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries.slides import count_asked, missing_slides
from hallway.programme.talks.models import Material
from hallway.sharing.feedback.queries.tools import to_check
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.queries import OPEN
from hallway.sharing.questions.queries.helping import questions_to_answer
from hallway.sharing.takeaways.models import SharedNotes, Takeaway
from hallway.site.demo import keeping, meetups, saying
from hallway.site.demo.people import WHO


def test_demonstration_keeps_something_of_its_talks_in_both_languages(prepared: datetime) -> None:
    assert set(Takeaway.objects.values_list("language", flat=True)) == {"en", "fr"}
    assert set(Takeaway.objects.values_list("is_named", flat=True)) == {True, False}
    assert Takeaway.objects.filter(session__event__slug="jacaranda-conf").exists()
    assert {page.number for page in SharedNotes.objects.all()} == {2, 3}
    texts = Takeaway.objects.values_list("text", flat=True)
    assert len(set(texts)) == len(texts), "no two talks have the same"
    assert set(Material.objects.values_list("kind", flat=True)) == {"slides", "code"}
    waited_for = Session.objects.annotate(number=Count("slides_requests")).filter(number__gte=keeping.WAITING)
    assert waited_for.count() >= 2
    for missing in missing_slides(prepared):
        assert count_asked(missing.session) > 0, "whoever is reminded reads how many wait"


def test_whom_one_can_be_could_answer_something(prepared: datetime) -> None:
    for who in ("organiser", "organisatrice", "speaker", "attendee"):
        assert questions_to_answer(Person.objects.get(slug=WHO[who]), prepared, most=3), who


def test_talks_with_open_questions_are_given_again(prepared: datetime) -> None:
    for slug, title in meetups.GIVEN_AGAIN.items():
        sessions = Session.objects.filter(Q(talk__title__en=title) | Q(talk__title__fr=title))
        coming = sessions.get(event__community__slug=slug, event__starts_at__gt=prepared)
        assert Question.objects.filter(OPEN, floor__session__in=sessions.exclude(pk=coming.pk)).exists()


def test_a_proof_waits_for_the_administration(prepared: datetime) -> None:
    assert [claim.product.name for claim in to_check()] == [saying.RAINLOG]
