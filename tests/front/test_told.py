from hallway.front.told import encode


def test_encode_puts_every_line_of_data_on_its_own():
    assert encode(7, "note", "a\r\nb\rc") == b"id: 7\nevent: note\ndata: a\ndata: b\ndata: c\n\n"
    assert encode(7, "no\nte", "") == b"id: 7\nevent: note\ndata: \n\n"
    assert encode(None, "bye", "", retry=500) == b"event: bye\nretry: 500\ndata: \n\n"
