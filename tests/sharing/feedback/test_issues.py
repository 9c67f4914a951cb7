from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from hallway.sharing.feedback import issues
from hallway.sharing.feedback.queries import Line, lines_of
from tests.factories import NOW
from tests.factories.feedback import CardFactory

pytestmark = pytest.mark.django_db


def line_of(text: str, **fields: object) -> Line:
    card = CardFactory(text=text, address="secret@example.org", named=True, **fields)
    return lines_of([card.group], exact=True)[0]


def test_markdown_fences_what_people_wrote() -> None:
    line = line_of("Hi @maintainer\n```\n<script>\n# big", product__name="Kiln *x*")
    line.group.fixed_at, line.group.fixed_in = NOW, "2.0"
    text = issues.markdown(line.group.product, [line])
    assert "````text\nHi @maintainer\n```\n<script>\n# big\n````" in text
    assert "# Kiln \\*x\\*" in text and "Fixed: 2.0" in text
    assert "## Hi \\@maintainer" in text
    writer = line.cards[0].writer
    assert "secret@example.org" not in text and writer and writer.name not in text


def test_markdown_of_answered_and_of_cards_without_a_talk() -> None:
    line = line_of("It stops", session=None, talk=None)
    line.group.answered_at = NOW
    text = issues.markdown(line.group.product, [line])
    assert "Answered" in text and "Without a talk" in text


def test_titles_are_short_and_on_one_line() -> None:
    line = line_of("word " * 60)
    title = issues.title_for(line)
    assert len(title) <= issues.LONGEST_TITLE and title.endswith("…") and "\n" not in title


def test_table_says_who_wrote_nothing() -> None:
    line = line_of("=cmd|'/c calc'!A0")
    table = issues.table([line, line_of("Loose", session=None, talk=None)]).decode("utf-8-sig")
    assert "'=cmd" in table and "secret@example.org" not in table


@pytest.mark.parametrize(
    ("repository", "begins"),
    [
        ("https://github.com/kiln/kiln.git", "https://github.com/kiln/kiln/issues/new?"),
        ("https://github.com/kiln/kiln/tree/main", "https://github.com/kiln/kiln/issues/new?"),
        ("https://codeberg.org/kiln/kiln", "https://codeberg.org/kiln/kiln/issues/new?"),
        ("https://gitlab.com/group/sub/kiln", "https://gitlab.com/group/sub/kiln/-/issues/new?"),
        ("https://gitlab.kiln.example/kiln/kiln/", "https://gitlab.kiln.example/kiln/kiln/-/issues/new?"),
        ("https://kiln.example/repository/x", ""),
        ("http://github.com/kiln/kiln", ""),
        ("https://github.com/kiln", ""),
        ("", ""),
    ],
)
def test_link_opens_the_form_of_the_tracker(repository: str, begins: str) -> None:
    line = line_of("`" * 5 + "x" * 5_000)
    product = line.group.product
    product.repository = repository
    link = issues.new_issue_link(line, product)
    assert link.startswith(begins) and bool(link) == bool(begins) and len(link) < 6_000
    if begins:
        fields = parse_qs(urlsplit(link).query)
        body = fields.get("body") or fields["issue[description]"]
        assert "``````text" in body[0] and "secret@example.org" not in body[0]
