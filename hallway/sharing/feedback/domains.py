"""Whose mail proves what: the domain of a product's address, and domains that prove nothing. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Anybody gets an address, or a page, at these: neither says who makes a tool.
OPEN_TO_ALL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr",
    "msn.com", "yahoo.com", "yahoo.fr", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com",
    "gmx.de", "gmx.net", "gmx.fr", "web.de", "mail.com", "mail.ru", "yandex.com", "yandex.ru", "proton.me",
    "protonmail.com", "pm.me", "tutanota.com", "tuta.io", "tutamail.com", "fastmail.com", "fastmail.fm", "hey.com",
    "zoho.com", "zohomail.com", "posteo.de", "posteo.net", "mailbox.org", "riseup.net", "disroot.org", "orange.fr",
    "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "bbox.fr", "neuf.fr", "qq.com", "163.com", "126.com",
    "sina.com", "naver.com", "daum.net", "rediffmail.com", "mailinator.com", "yopmail.com", "guerrillamail.com",
    "10minutemail.com", "duck.com", "simplelogin.com", "github.com", "gitlab.com", "bitbucket.org", "codeberg.org",
    "sourceforge.net", "sr.ht", "savannah.gnu.org", "pypi.org", "npmjs.com", "crates.io", "rubygems.org",
    "packagist.org", "hex.pm", "nuget.org", "docs.rs", "pkg.go.dev", "readthedocs.org", "medium.com", "dev.to",
    "substack.com", "wordpress.com", "blogspot.com", "notion.site", "google.com", "microsoft.com", "x.com",
    "twitter.com", "linkedin.com", "facebook.com", "youtube.com", "wikipedia.org",
})  # fmt: skip
_SHARED_ENDS = (
    ".github.io", ".gitlab.io", ".codeberg.page", ".readthedocs.io", ".netlify.app", ".vercel.app", ".pages.dev",
    ".herokuapp.com", ".web.app", ".firebaseapp.com", ".fly.dev", ".onrender.com", ".wordpress.com", ".blogspot.com",
    ".sourceforge.io", ".notion.site", ".substack.com", ".medium.com", ".surge.sh", ".hashnode.dev",
)  # fmt: skip
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\Z")


def folded(domain: str) -> str:
    """A domain as machines write it, so that what only looks alike is not the same; empty for what is none."""
    try:
        written = domain.strip().rstrip(".").lower().encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return written if _DOMAIN.match(written) else ""


def domain_of(url: str) -> str:
    """The domain whose mail speaks for the maker of what is at an address; empty where anybody may have a page."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    domain = folded(host).removeprefix("www.")
    return "" if is_open_to_all(domain) else domain


def mail_domain(address: str) -> str:
    """The domain of a mail address."""
    return folded(address.rpartition("@")[2])


def is_open_to_all(domain: str) -> bool:
    """Whether anybody can have an address there, so that it proves nothing."""
    return domain in OPEN_TO_ALL or domain.endswith(_SHARED_ENDS)
