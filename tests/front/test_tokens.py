from hallway.front.tokens import check, sign

KEY = b"secret"


def test_check_accepts_what_was_signed_until_it_ends():
    token = sign("room/1", KEY, 1000)
    assert check("room/1", token, KEY, now=999) == 1000
    assert check("room/1", token, KEY, now=1000) is None


def test_check_refuses_another_channel_key_or_end():
    token = sign("room/1", KEY, 1000)
    assert check("room/2", token, KEY, now=1) is None
    assert check("room/1", token, b"other", now=1) is None
    assert check("room/1", "9" + token, KEY, now=1) is None


def test_check_refuses_what_is_no_token():
    for token in ("", ".", "abc", "12.é", "-1.x", "١.x", "9" * 40 + ".x"):
        assert check("room/1", token, KEY, now=1) is None
