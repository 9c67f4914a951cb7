"""What feeds leak, and which links are safe."""

from __future__ import annotations

import pytest

from hallway.exchange.trust import holds_joining_details, web_address, without_contacts


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Écrire à ada@mail.example svp", "Écrire à  svp"),
        ("Tel. +33 6 12 34 56 78.", "Tel. ."),
        ("mailto:a.b+c@d.example", ""),
        ("tel:0033612345678", ""),
    ],
)
def test_without_contacts_takes_addresses_and_numbers_out(text: str, cleaned: str) -> None:
    assert without_contacts(text) == (cleaned, True)


@pytest.mark.parametrize("text", ["@ada on Mastodon", "C++ in 2026", "100 000 users", "ISO 8601+2", "1+1=2", ""])
def test_without_contacts_leaves_other_texts(text: str) -> None:
    assert without_contacts(text) == (text, False)


@pytest.mark.parametrize(
    "text",
    [
        "https://us02web.zoom.us/j/123456", "meet.google.com/abc-defg-hij", "Passcode: 1234", "mot de passe : abc1",
        "https://teams.microsoft.com/l/meetup-join/19", "ID de réunion : 88 55",
    ],
)  # fmt: skip
def test_holds_joining_details_finds_links_and_codes(text: str) -> None:
    assert holds_joining_details(text)


@pytest.mark.parametrize(
    "text", ["How Zoom scales", "passwords are over", "Meet the team", "https://meet.example/", ""]
)
def test_holds_joining_details_leaves_talks_about_them(text: str) -> None:
    assert not holds_joining_details(text)


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (" https://a.example/x y?q=é#z ", "https://a.example/x%20y?q=%C3%A9#z"),
        ("HTTPS://Ünï.example", "https://xn--n-nga1b.example"),
        ("https://a.example/50%", "https://a.example/50%25"),
        ("https://[::1]:8080/", "https://[::1]:8080/"),
    ],
)
def test_web_address_writes_what_every_reader_takes(raw: str, address: str) -> None:
    assert web_address(raw) == address


@pytest.mark.parametrize(
    "raw",
    [
        "",
        None,
        3,
        "javascript:x",
        "//a.example",
        "https://",
        "https://u:p@a.example",
        "http://[bad",
        "https://a:99999/",
    ],
)
def test_web_address_refuses_the_rest(raw: object) -> None:
    assert web_address(raw) == ""
