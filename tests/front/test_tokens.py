from hallway.front.tokens import check, sign

KEY = b"secret"


def test_check_accepts_what_was_signed_until_it_ends():
    token = sign("room/1", KEY, 1000)
    assert check("room/1", token, KEY, now=999) == (1000, None)
    assert check("room/1", token, KEY, now=1000) is None


def test_check_refuses_another_channel_key_or_end():
    token = sign("room/1", KEY, 1000)
    assert check("room/2", token, KEY, now=1) is None
    assert check("room/1", token, b"other", now=1) is None
    assert check("room/1", "9" + token, KEY, now=1) is None


def test_check_says_who_listens_and_believes_nobody_else():
    token = sign("room/1", KEY, 1000, 12)
    assert check("room/1", token, KEY, now=1) == (1000, 12)
    assert check("room/1", token.replace(".12.", ".13."), KEY, now=1) is None


def test_check_refuses_what_is_no_token():
    for token in ("", ".", "..", "abc", "12.1.é", "-1.1.x", "1.-1.x", "١.1.x", "1.x", "9" * 40 + ".1.x"):
        assert check("room/1", token, KEY, now=1) is None
