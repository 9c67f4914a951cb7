from hallway.front.sentences import _SENTENCES, sentence


def test_sentence_exists_in_both_languages_for_every_status():
    for status, texts in _SENTENCES.items():
        assert set(texts) == {"en", "fr"}
        assert sentence(status, "fr") != sentence(status, "en")
        assert "!" not in "".join(texts.values())
