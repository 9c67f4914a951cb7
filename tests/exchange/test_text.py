"""Long texts become Markdown, titles become single lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.exchange.text import one_line, to_markdown


@pytest.mark.parametrize(
    ("raw", "markdown"),
    [
        ("<p>One</p>\n<p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", "- a\n- b **c**"),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>", "1. a\n   - b"),
        ('<a href="https://x.example/a(b)">y</a>', "[y](https://x.example/a%28b%29)"),
        ('<a href="javascript:alert(1)">y</a>', "y"),
        ("<h2>T</h2>body<script>alert(1)</script>", "## T\n\nbody"),
        ("a &amp; b", "a &amp; b"),
        ("<p>a &amp; b &lt;p&gt; &eacute;</p>", "a &amp; b &lt;p&gt; é"),
        ("Use `<p>` here", "Use `<p>` here"),
        ("x < y and Vec<T>", "x < y and Vec<T>"),
        ("Un\r\ndeux\r\n\r\n\r\n\r\ntrois", "Un\ndeux\n\ntrois"),
        ("Un\n\n            deux\n            trois", "Un\n\ndeux\ntrois"),
        ("- a\n  - b", "- a\n  - b"),
        ("* a<br />* b", "* a\n* b"),
        ("a\x00\x07b", "ab"),
        (None, ""),
        (12, ""),
    ],
)
def test_to_markdown_shows_one_style(raw: object, markdown: str) -> None:
    assert to_markdown(raw) == markdown


@given(st.text(alphabet=st.sampled_from("ab \n\t*`_#-<>/&;pbr"), max_size=60))
def test_to_markdown_of_plain_text_changes_nothing_twice(text: str) -> None:
    once = to_markdown(text)
    if "<" not in once:
        assert to_markdown(once) == once


@given(st.text(max_size=200))
def test_to_markdown_takes_anything(text: str) -> None:
    assert "\0" not in to_markdown(f"<p>{text}</b><li><a href='{text}'>")


def test_to_markdown_survives_deep_nesting() -> None:
    assert to_markdown("<div><ul><li>" * 5_000 + "x").endswith("x")


@pytest.mark.parametrize(
    ("raw", "line"),
    [(" a\n  b ", "a b"), ("Q&amp;A", "Q&A"), ("AT&T", "AT&T"), ("Vec<T>", "Vec<T>"), (7, "7"), (None, ""), ([1], "")],
)
def test_one_line_keeps_titles_as_they_are(raw: object, line: str) -> None:
    assert one_line(raw) == line
