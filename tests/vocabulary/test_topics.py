"""Topics, and finding them in texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.vocabulary.topics import load_topics, match_topics, topic_choices


def test_topics_have_sound_slugs_and_both_names() -> None:
    topics = load_topics()
    assert 240 <= len(topics) <= 300
    assert list(topics) == sorted(topics)
    for slug, topic in topics.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert topic.english
        assert topic.french
        assert "'" not in topic.french  # typographic apostrophes


def test_every_name_and_alias_finds_its_own_topic_and_no_other() -> None:
    wrong = [
        (topic.slug, name, match_topics(name))
        for topic in load_topics().values()
        for name in (topic.english, topic.french, *topic.aliases)
        if match_topics(name) != [topic.slug]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("We go further with React Native", ["react-native"]),
        ("Go at scale", ["go"]),
        ("J’ai programmé en C++ et en C# avec .NET", ["cpp", "csharp", "dotnet"]),
        ("Accessibilite numérique", ["accessibility"]),
        ("BASES DE DONNÉES et kubernetes (k8s)", ["databases", "kubernetes"]),
        ("Vue 3 et Nuxt", ["vue"]),
        ("c, r, js", ["c", "r", "javascript"]),
        ("go, rust", ["go", "rust"]),
        ("RUST", ["rust"]),
        ("Logiciel libre", ["open-source"]),
    ],
)
def test_match_topics_in_both_languages(text: str, slugs: list[str]) -> None:
    assert match_topics(text) == slugs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a spring in my step",
        "Vue d’ensemble",
        "16 Go",
        "Plan C",
        "it is ok",
        "javascripting",
        "\x00",
        "we react",
    ],
)
def test_match_topics_leaves_everyday_words_alone(text: str) -> None:
    assert match_topics(text) == []


@given(st.text())
def test_match_topics_gives_known_slugs_each_once(text: str) -> None:
    slugs = match_topics(text)
    assert len(slugs) == len(set(slugs))
    assert set(slugs) <= load_topics().keys()


def test_topic_choices_are_sorted_by_name_in_the_language() -> None:
    french = topic_choices("fr")
    assert french.index(("education", "Éducation")) < french.index(("finops", "FinOps"))
    assert ("databases", "Bases de données") in french
    assert ("databases", "Databases") in topic_choices("en")
