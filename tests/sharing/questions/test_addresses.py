"""From letters typed or scanned to a floor, or to a sentence and the field to type them again."""

from __future__ import annotations

import pytest
from django.test import Client

from hallway.programme.schedule.models import Session

from .views.room import floor_of, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rest", ["", "1/", "wall/", "1/me-too/"])
def test_code_of_no_session_is_a_sentence_with_the_way_to_type_it_again(client: Client, rest: str) -> None:
    answer = client.get(f"/q/ZZZZZZ/{rest}")
    page = words(answer)
    assert (answer.status_code, "No session has this code. Look at the wall again" in page) == (404, True)
    assert 'class="button primary" href="/q/?code=ZZZZZZ"' in page, "to correct it there"
    assert 'class="button primary" href="/q/"' in words(client.get(f"/q/{'A' * 300}/{rest}"))
    assert 'value="ZZZZZZ"' not in page, "letters of a room are no words to search for"
    assert "Aucune session n’a ce code" in words(client.get(f"/q/ZZZZZZ/{rest}", {"lang": "fr"}))


def test_code_of_a_private_session_answers_as_one_that_none_has(client: Client) -> None:
    floor = floor_of(code="ABCDEF")
    Session.objects.filter(pk=floor.session_id).update(public_at=None)
    private, none = (words(client.get(f"/q/{code}/")).replace(code, "XXXXXX") for code in ("ABCDEF", "ABCDEX"))
    assert "No session has this code." in none
    assert private == none
