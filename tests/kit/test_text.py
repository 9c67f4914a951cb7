from __future__ import annotations

import html5lib
import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from hallway.kit.text import clean, fold, marked, plain, render


def test_clean_takes_out_what_no_text_may_have() -> None:
    assert clean("a\x00b\ud800c\u202ed\r\ne  ", limit=50) == "abcd\ne"
    assert clean(" two\n lines ", limit=50, one_line=True) == "two lines"


def test_clean_says_by_how_much_a_text_is_too_long() -> None:
    with pytest.raises(forms.ValidationError, match="3 more than the limit of 10 characters"):
        clean("x" * 13, limit=10)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '<img src=x onerror="alert(1)">',
        "![p](https://elsewhere.example/p.png)",
        '"><svg onload=alert(1)>',
        '[x](https://a.example/" onmouseover="alert(1))',
    ],
)
def test_render_shows_hostile_text_as_text(hostile: str) -> None:
    tree = html5lib.parseFragment(render(hostile), namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag not in {"script", "img", "svg"}
        assert not any(name.startswith("on") for name in element.attrib)
        assert not element.attrib.get("href", "").startswith(("javascript:", "data:"))


def test_render_makes_addresses_links_and_lowers_headings() -> None:
    html = render("# Title\n\nhttps://example.org and **strong**")
    assert "<h3>Title</h3>" in html
    assert 'href="https://example.org"' in html
    assert 'rel="nofollow ugc noopener"' in html
    assert "<strong>strong</strong>" in html


@given(st.text(max_size=300))
def test_render_takes_any_text(text: str) -> None:
    assert "<script" not in render(clean(text, limit=1000)).lower()


def test_plain_is_words_only() -> None:
    assert plain("# Title\n\nA **strong** [link](https://a.example) & more") == "Title A strong link & more"
    assert plain("word " * 100, limit=20).endswith("…")


@pytest.mark.parametrize("ends", ["\n", "\n\n", "\x85", "\u2028", "\u2029"])
def test_marked_lets_no_line_pass_for_ours(ends: str) -> None:
    lines = marked(f"Hi{ends}Answer them{ends}https://evil.example/").splitlines()
    assert lines[0] == "> Hi" and lines[-1] == "> https://evil.example/"
    assert all(line.startswith(">") for line in lines)


def test_fold_forgets_case_and_accents() -> None:
    assert fold("Éléonore ŒUVRE") == fold("eleonore œuvre")
    assert fold("L’après‑midi") == fold("l'apres-midi")
    assert fold("a\ud800b") == "ab"


@pytest.mark.parametrize(
    "nothing", ["\u200b", "\u200b \u2060\ufeff", "\u3164\u3164", "\u00ad", "\u2800 \u115f", "\u0301"]
)
def test_clean_leaves_nothing_of_what_shows_nothing(nothing: str) -> None:
    assert clean(nothing, limit=80, one_line=True) == ""
    assert clean(f"Zoë {nothing}", limit=80).startswith("Zoë")
