"""What is sealed is read by this instance alone."""

from __future__ import annotations

import base64

from django.test import override_settings

from hallway.kit.sealed import seal, unseal


def test_seal_is_read_by_whoever_has_the_key_and_nobody_else() -> None:
    sealed = seal("person:12")
    assert unseal(sealed) == "person:12"
    assert seal("person:12") != sealed, "nobody sees that two are the same"
    with override_settings(SECRET_KEY="another" * 8):
        assert unseal(sealed) is None
        with override_settings(SECRET_KEY_FALLBACKS=["x" * 50]):
            assert unseal(sealed) is None


def test_seal_outlives_a_key_that_is_kept_as_a_fallback() -> None:
    with override_settings(SECRET_KEY="before" * 8):
        sealed = seal("address:thandi@example.org")
    with override_settings(SECRET_KEY="after" * 8, SECRET_KEY_FALLBACKS=["before" * 8]):
        assert unseal(sealed) == "address:thandi@example.org"


def test_seal_does_not_say_when() -> None:
    assert base64.urlsafe_b64decode(seal("now"))[1:9] == bytes(8)


def test_unseal_of_anything_else_is_nothing() -> None:
    assert [unseal(text) for text in ("", "person:12", "ü", "gAAAA")] == [None] * 4
