from __future__ import annotations

import pytest

from hallway.sharing.feedback.domains import domain_of, folded, is_open_to_all, mail_domain


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://kiln.example/docs", "kiln.example"),
        ("https://WWW.Kiln.Example:8443/", "kiln.example"),
        ("https://user@kiln.example/", "kiln.example"),
        ("https://éclair.example/", "xn--clair-9ra.example"),
        ("https://github.com/kiln/kiln", ""),
        ("https://kiln.github.io/", ""),
        ("https://127.0.0.1/", ""),
        ("https://localhost/", ""),
        ("https://[::1/", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_domain_of_a_page(url: str, domain: str) -> None:
    assert domain_of(url) == domain


def test_letters_that_look_alike_are_not_the_same() -> None:
    assert folded("kіln.example") != folded("kiln.example")
    assert folded("a" * 70 + ".example") == folded("..") == folded("\u0000") == ""
    assert mail_domain("zoe@Kiln.example") == "kiln.example" and mail_domain("zoe") == ""


def test_mail_of_everybody_proves_nothing() -> None:
    assert is_open_to_all("gmail.com") and is_open_to_all("x.github.io") and not is_open_to_all("kiln.example")
