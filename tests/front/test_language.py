import pytest

from hallway.front.language import chosen_in, from_header, language_of


@pytest.mark.parametrize(
    ("query", "chosen", "accept", "language"),
    [
        ("", "", "", "en"),
        ("", "", "fr", "fr"),
        ("", "", "de", "en"),
        ("", "en", "fr", "en"),
        ("lang=fr", "en", "en", "fr"),
        ("lang=de", "fr", "en", "fr"),
        ("lang=en&lang=fr", "", "", "fr"),
        ("slang=fr", "", "", "en"),
        ("", "de", "fr", "fr"),
    ],
)
def test_language_of_asks_parameter_then_cookie_then_header(query, chosen, accept, language):
    assert language_of(query, chosen, accept) == language


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.4, fr;q=0.5", "fr"),
        ("fr;q=0.5, en;q=0.5", "fr"),
        ("de, fr;q=0.1", "fr"),
        ("fr;q=0, en;q=0.1", "en"),
        ("*, fr;q=0.5", "en"),
        ("fr;q=nonsense", "en"),
        ("fr;q=nan", "en"),
        ("FR", "fr"),
        (";;;,,q=", "en"),
    ],
)
def test_from_header_weighs_by_q(accept, language):
    assert from_header(accept) == language


def test_chosen_in_finds_the_cookie_by_its_whole_name():
    assert chosen_in('a=b; hallway_language="fr"; c=d') == "fr"
    assert chosen_in("xhallway_language=fr") == ""
    assert chosen_in("") == ""
