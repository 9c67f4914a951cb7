"""Links that stand for a right."""

from __future__ import annotations

import pytest
from django.test import override_settings

from hallway.gathering.attendance.tokens import Right
from hallway.kit.links import as_typed, id_in, is_true, new_code, new_nonce, token_of


def test_token_opens_its_row_for_its_right_alone() -> None:
    nonce = new_nonce()
    token = token_of(Right.DOOR, 12, nonce)
    assert id_in(token) == 12
    assert is_true(Right.DOOR, token, 12, nonce)
    assert not is_true(Right.WALL, token, 12, nonce)
    assert not is_true(Right.DOOR, token, 13, nonce)
    assert not is_true(Right.DOOR, token, 12, new_nonce())
    with override_settings(SECRET_KEY="another instance"):
        assert not is_true(Right.DOOR, token, 12, nonce)
    assert len(token.partition(".")[2]) * 6 == 144, "bits"


@pytest.mark.parametrize(
    "token", ["", "12", "12.", "0.aaaaaaaaaaaaaaaaaaaaaaaa", "12.short", "x.y", "9" * 20 + ".a", "١٢." + "a" * 24]
)
def test_id_in_what_is_no_token_is_nothing(token: str) -> None:
    assert id_in(token) == 0


def test_code_is_six_and_bears_being_typed() -> None:
    codes = {new_code() for _one in range(200)}
    assert len(codes) == 200
    assert not set("01IO") & set("".join(codes))
    assert as_typed(" ab2-3 cd ") == "AB23CD"
