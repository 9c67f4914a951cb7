from __future__ import annotations

import sys

import pytest

from hallway.gathering.attendance import printing
from hallway.gathering.attendance.printing import Badge, DoorRow

from .paper import codes, codes_of, heights, picture, told, words

TITLE = "Flutter, one year in"
TICKET = "https://hallway.example.org/a/12.dGhpcyBpcyBub3QgYSBzZWNyZXQ"
HOSTILE = [
    '#read("/etc/passwd")',
    "*bold* _it_ $x$ <label> @ref // gone /* gone */ \\ `raw`",
    "#import \"x\": * ; #panic()",
    "]) #eval(\"1+1\") ([",
    '"}], "badges": [',
]  # fmt: skip


def _list(rows: list[DoorRow], language: str = "en", **given: str) -> bytes:
    return printing.door_list(rows, event_title=TITLE, language=language, **given)


@pytest.mark.parametrize(
    ("language", "guest", "title"),
    [
        ("en", "Guest of Lerato Khumalo", f"Badges: {TITLE}"),
        ("fr", "Accompagne Lerato Khumalo", f"Badges\u202f: {TITLE}"),
    ],
)
def test_badges_carry_what_is_asked_of_them_and_scan(language: str, guest: str, title: str) -> None:
    pdf = printing.badge_sheet(
        [
            Badge("Lerato Khumalo", "K7M2PX", TICKET, "she/her, Highveld Mobile Makers"),
            Badge("Sam", guest_of="Lerato Khumalo"),
        ],
        event_title=TITLE,
        language=language,
    )
    assert codes(pdf) == [TICKET]
    said = words(pdf)
    for text in (TITLE, "Lerato Khumalo", "she/her, Highveld Mobile Makers", "K7M2PX", "Sam", guest):
        assert text in said
    assert told(pdf) == {"title": title, "language": language, "pages": 1, "tagged": True, "pdf_ua": True}


def test_each_sheet_takes_ten_badges_and_every_code_on_it_scans() -> None:
    badges = [Badge(f"Person {n}", f"CODE{n:02}", f"{TICKET}{n}") for n in range(11)]
    pdf = printing.badge_sheet(badges, event_title=TITLE, language="en")
    assert told(pdf)["pages"] == 2
    assert sorted(codes(pdf, 1)) == sorted(f"{TICKET}{n}" for n in range(10))
    assert codes(pdf, 2) == [f"{TICKET}10"]


@pytest.mark.parametrize("text", HOSTILE)
def test_typst_markup_in_a_name_is_printed_and_never_run(text: str) -> None:
    pdf = printing.badge_sheet([Badge(text, "K7M2PX", TICKET, text, text)], event_title=text, language="en")
    assert words(pdf).replace(" ", "").count(text.replace(" ", "")) == 4
    assert "root:" not in words(pdf)
    assert text.replace(" ", "") in words(_list([DoorRow(text, text, text, [text])])).replace(" ", "")
    poster = printing.poster(text, when=text, where=text, qr_text=TICKET, address=text, language="en")
    assert words(poster).replace(" ", "").count(text.replace(" ", "")) == 4


def test_names_of_three_hundred_letters_without_a_gap_stay_whole_on_their_badge() -> None:
    badge = Badge("W" * 300, "K7M2PX", TICKET, "M" * 300, "Q" * 300)
    pdf = printing.badge_sheet([badge], event_title="H" * 300, language="en")
    said = words(pdf)
    assert [said.count(letter) for letter in "HWQ"] == [300, 300, 300]
    assert said.count("M") == 301  # one is the code's
    assert codes(pdf) == [TICKET]
    title, name, guest = heights(pdf, "H"), heights(pdf, "W"), heights(pdf, "Q")
    assert 13.5 < min(title) <= max(title) < min(name) <= max(name) < min(guest) <= max(guest) < 13.5 + 54


def test_long_names_are_set_smaller_and_short_ones_large() -> None:
    sizes = [
        max(heights(sheet, "n")) - min(heights(sheet, "n"))
        for sheet in (
            printing.badge_sheet([Badge(name)], event_title=TITLE.upper(), language="en")
            for name in ("n n", "nnnnnnnnnn nnnnnnnnnn", "nnnnnnnnnnnnnnnn nnnnnnnnnnnnnnnn")
        )
    ]
    assert sizes[0] == 0  # both on one line
    assert sizes[1] > sizes[2] > 0  # between two lines


@pytest.mark.parametrize(
    "name",
    [
        "Zoé\nMüller", "a\u200bb", "\u202eevil", "\x00\x07", "\ud800", "\U0001f600 Ana \U0001f469\u200d\U0001f4bb",
        "محمد علي", "שלום עולם", "Иван Петров", "Ελένη", "王小明", "ไทย", "e" + "\u0301" * 200, "\u2028 \u2029", "",
    ],
)  # fmt: skip
def test_every_name_can_be_printed(name: str) -> None:
    badges = [Badge(name, "K7M2PX", TICKET, name, name), Badge("Next", "ZZZZZZ")]
    pdf = printing.badge_sheet(badges, event_title=name, language="fr")
    assert "K7M2PX" in words(pdf)
    assert "Next" in words(pdf)
    assert codes(pdf) == [TICKET]
    listed = _list([DoorRow(name, "K7M2PX", name, [name])], "fr", when=name, as_of=name)
    assert "K7M2PX" in words(listed)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoé\nMüller", "Zoé Müller"), ("a\u200bb", "ab"), ("\u202eevil", "evil"), ("Иван Петров", "Иван Петров"),
        ("Ελένη", "Ελένη"), ("Łukasz Żółć", "Łukasz Żółć"), ("Đặng Văn", "Đặng Văn"),
    ],
)  # fmt: skip
def test_names_read_as_they_are_without_what_turns_or_hides_them(name: str, shown: str) -> None:
    assert shown in words(printing.badge_sheet([Badge(name)], event_title=TITLE, language="en"))


def test_letters_without_a_font_are_boxes_and_the_paper_says_so() -> None:
    unknown = "\U000e9f00"  # a code point of nobody's, so of no font's
    note = "An empty box stands for a letter that no font on this server has."
    for pdf in (
        printing.badge_sheet([Badge(f"Ana {unknown}")], event_title=TITLE, language="en"),
        printing.poster(TITLE, when="", where=unknown, qr_text=TICKET, language="en"),
        _list([DoorRow(f"Ana {unknown}", "K7M2PX")]),
    ):
        assert note in words(pdf)
        assert told(pdf)["tagged"]
        assert not told(pdf)["pdf_ua"]
    assert note not in words(printing.badge_sheet([Badge("Ana")], event_title=TITLE, language="en"))


def test_a_badge_without_a_name_has_a_line_to_write_on() -> None:
    blank, named = (
        printing.badge_sheet([Badge(name, guest_of="Lerato")], event_title=TITLE, language="en") for name in ("", "Sam")
    )
    assert told(blank)["pages"] == 1
    assert "Sam" not in words(blank)
    row = picture(blank).crop((int(23 / 25.4 * 200), int(30 / 25.4 * 200), int(95 / 25.4 * 200), int(44 / 25.4 * 200)))
    dark = [y for y in range(row.height) if row.crop((40, y, 400, y + 1)).getextrema()[1] < 160]
    assert dark
    assert len(dark) < 6
    assert "Sam" in words(named)


@pytest.mark.parametrize(
    ("language", "here", "step"),
    [
        ("en", "Check in here", "Point the camera of your phone at the code."),
        ("fr", "Enregistrez votre arrivée ici", "Visez le code avec l’appareil photo de votre téléphone."),
    ],
)
def test_poster_says_what_to_do_and_its_code_scans(language: str, here: str, step: str) -> None:
    pdf = printing.poster(
        TITLE, when="Thursday 26 November 2026, 18:00", where="The Kiln", qr_text=TICKET,
        address="hallway.example.org/e/flutter/here/", language=language, hue=3,
    )  # fmt: skip
    assert codes(pdf) == [TICKET]
    for text in (TITLE, "Thursday 26 November 2026, 18:00", "The Kiln", here, step, "hallway.example.org/e/flutter"):
        assert text in words(pdf)
    seen = told(pdf)
    assert (seen["language"], seen["pages"], seen["tagged"], seen["pdf_ua"]) == (language, 1, True, True)


def test_poster_without_an_address_says_what_its_code_says() -> None:
    pdf = printing.poster(TITLE, when="", where="", qr_text=TICKET, language="en")
    assert TICKET in words(pdf).replace(" ", "")


def test_poster_can_be_read_from_across_a_room() -> None:
    """The code is no smaller than 10 cm, so that a phone reads it from a metre and more."""
    pdf = printing.poster(TITLE, when="", where="", qr_text=TICKET, language="en")
    small = picture(pdf, ppi=25)  # a camera at a distance: 207 points across the whole sheet
    assert codes_of(small) == [TICKET]


def test_door_list_is_by_name_with_guests_below_whoever_brings_them() -> None:
    rows = [
        DoorRow("Zoé Petit", "ZZZZZZ", "going", ("Sam Otieno", "")),
        DoorRow("Đặng Văn", "DDDDDD", "going"),
        DoorRow("Éric", "EEEEEE", came=True),
        DoorRow("Dina", "CCCCCC", "offered until 18:00"),
        DoorRow("elsa", "FFFFFF"),
    ]
    pdf = _list(rows, when="Thursday 26 November", as_of="As of 17:30")
    said = words(pdf)
    order = ["DDDDDD", "CCCCCC", "FFFFFF", "EEEEEE", "ZZZZZZ", "Sam Otieno, guest of", "Guest 2, guest of Zoé Petit"]
    assert sorted(order, key=said.index) == order
    for text in ("7 seats", "offered until 18:00", "here already", "As of 17:30", "Came without a registration"):
        assert text in said
    assert told(pdf) == {"title": f"Door list: {TITLE}", "language": "en", "pages": 1, "tagged": True, "pdf_ua": True}


def test_door_list_of_a_thousand_has_numbered_pages_and_everybody_once() -> None:
    rows = [DoorRow(f"Person {n:04}", f"C{n:05}", "inscription") for n in range(1000)]
    pdf = _list(rows, "fr")
    said = words(pdf)
    assert [said.count(f"C{n:05}") for n in range(1000)] == [1] * 1000
    pages = told(pdf)["pages"]
    assert isinstance(pages, int)
    assert 25 < pages < 40
    assert f"Page 1 sur {pages}" in said
    assert f"Page {pages} sur {pages}" in said
    assert said.count("Nom Code État") == pages - 1 or said.count("Nom Code État") == pages  # the head on each page


def test_a_list_with_nobody_on_it_still_has_room_for_those_who_come() -> None:
    assert "Came without a registration" in words(_list([]))


def test_printing_again_gives_the_same_bytes() -> None:
    first, second = (printing.badge_sheet([Badge("Zoé")], event_title=TITLE, language="en") for _again in range(2))
    assert first == second


def test_printing_without_typst_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printing.available()
    monkeypatch.setitem(sys.modules, "typst", None)  # what Python itself holds for a module that is not to be had
    assert not printing.available()
    with pytest.raises(printing.PrintingMissing) as refused:
        _list([])
    assert "pip install hallway[pdf]" in str(refused.value.sentence)
