"""Static files and uploads on the real server."""

import gzip

import pytest


def test_hashed_file_is_immutable_and_compressed(site):
    answer = site.get("/static/site.0123456789ab.css", accept_encoding="gzip")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-security-policy"] == "default-src 'self'"
    assert gzip.decompress(answer.body).startswith(b"body {")
    assert site.get("/static/site.0123456789ab.css", method="HEAD").body == b""


def test_plain_file_is_asked_for_again_and_follows_its_change(site):
    first = site.get("/static/plain.js")
    assert first.headers["cache-control"] == "no-cache"
    assert site.get("/static/plain.js", if_none_match=first.headers["etag"]).status == 304
    (site.folder / "static" / "plain.js").write_text("export const two = 2;\n")
    assert site.get("/static/plain.js", if_none_match=first.headers["etag"]).body == b"export const two = 2;\n"


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/none.css", "/static/../site.sqlite3", "/static/%2e%2e/site.sqlite3",
     "/static/a//b", "/static/..%5cx", "/static/x/%2e/y"],
)  # fmt: skip
def test_what_is_not_there_is_404(site, path):
    assert site.get(path).status == 404


def test_static_files_can_only_be_read(site):
    assert site.get("/static/plain.js", method="POST", body=b"x").status == 405


def test_upload_is_never_a_page(site):
    answer = site.get("/media/evil.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_picture_is_shown_under_its_own_name(site):
    answer = site.get("/media/%C3%A9.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''%C3%A9.png"


def test_range_of_a_recording(site):
    whole = site.get("/media/film.mp4")
    assert (whole.status, len(whole.body)) == (200, 10240)
    assert whole.headers["accept-ranges"] == "bytes"
    part = site.get("/media/film.mp4", range="bytes=100-199")
    assert (part.status, part.body) == (206, whole.body[100:200])
    assert part.headers["content-range"] == "bytes 100-199/10240"
    assert site.get("/media/film.mp4", range="bytes=-5").body == whole.body[-5:]
    assert site.get("/media/film.mp4", range="bytes=20000-").status == 416
    assert site.get("/media/film.mp4", range="bytes=0-9", if_range='"old"').status == 200
    assert site.get("/media/film.mp4", range="bytes=0-9", if_range=whole.headers["etag"]).status == 206
    assert site.get("/media/film.mp4", method="HEAD", range="bytes=0-9").headers["content-length"] == "10"
    assert site.get("/media/film.mp4", if_modified_since=whole.headers["last-modified"]).status == 304
