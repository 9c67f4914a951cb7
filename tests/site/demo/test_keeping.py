"""The demonstration has takeaways, notes written together, slides, and people who wait for some."""

from __future__ import annotations

from datetime import datetime

from hallway.programme.schedule.models import SlidesRequest
from hallway.programme.talks.models import Material
from hallway.sharing.takeaways.models import SharedNotes, Takeaway
from hallway.site.demo import keeping


def test_demonstration_keeps_something_of_its_talks_in_both_languages(prepared: datetime) -> None:
    assert set(Takeaway.objects.values_list("language", flat=True)) == {"en", "fr"}
    assert set(Takeaway.objects.values_list("is_named", flat=True)) == {True, False}
    assert Takeaway.objects.filter(session__event__slug="jacaranda-conf").exists()
    assert {page.number for page in SharedNotes.objects.all()} == {len(texts) for texts in keeping.TOGETHER.values()}
    assert set(Material.objects.values_list("kind", flat=True)) == {"slides", "code"}
    assert SlidesRequest.objects.count() == 2 * keeping.WAITING
