"""Coming in for the first time, by a code, and the next time by a passkey."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

WORDS = {
    "en": {
        "code": "Mail me a code", "in": "Sign in", "go": "Go on", "add": "Add a passkey", "use": "Use a passkey",
        "out": "Sign out", "yours": "What is yours", "added": "Your passkey is added.",
    },
    "fr": {
        "code": "M’envoyer un code", "in": "Se connecter", "go": "Continuer", "add": "Ajouter une clé d’accès",
        "use": "Utiliser une clé d’accès", "out": "Se déconnecter", "yours": "Ce qui est à vous",
        "added": "Votre clé d’accès est ajoutée.",
    },
}  # fmt: skip


def with_authenticator(page: Page) -> None:
    """A device that has a finger to touch it with."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.parametrize(("language", "size"), [("en", "desk"), ("fr", "phone")])
def test_somebody_new_comes_in_by_code_and_back_by_passkey(
    visit: Callable[..., Page], axe: Callable[[Page], None], language: str, size: str
) -> None:
    words = WORDS[language]
    page = visit(language, size, path="/accounts/login/")
    with_authenticator(page)
    axe(page)
    page.keyboard.type(f"new-{language}@example.org")  # the field has the focus
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/accounts/login/code/confirm/"))
    axe(page)

    inbox = page.context.new_page()
    inbox.goto(f"/demo/inbox/?to=new-{language}@example.org")
    axe(inbox)
    link = inbox.locator("a[href*='/accounts/code/']").first.get_attribute("href")
    inbox.close()
    assert link
    page.goto(link)
    axe(page)
    page.get_by_role("button", name=words["in"], exact=True).press("Enter")
    expect(page).to_have_url(re.compile("/me/name/"))
    axe(page)
    page.locator("#id_name").fill("Zanele Dube")
    page.get_by_role("button", name=words["go"]).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["yours"])
    axe(page)

    for path in ("/me/profile/", "/me/logins/", "/me/leave/", "/accounts/email/", "/accounts/2fa/totp/activate/"):
        page.goto(path)
        axe(page)
    page.goto("/accounts/2fa/")
    axe(page)
    page.get_by_role("link", name=words["add"]).press("Enter")
    axe(page)
    page.get_by_role("button", name=words["add"]).press("Enter")
    expect(page.get_by_text(words["added"])).to_be_visible()
    axe(page)

    page.goto("/me/")
    page.get_by_role("button", name=words["out"]).press("Enter")
    page.goto("/accounts/login/")
    page.get_by_role("button", name=words["use"]).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["yours"], timeout=20_000)


def test_somebody_without_a_passkey_reads_a_sentence(visit: Callable[..., Page]) -> None:
    page = visit(path="/accounts/login/")
    with_authenticator(page)
    page.get_by_role("button", name=WORDS["en"]["use"]).press("Enter")
    expect(page.locator("#passkey-trouble")).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_pages_everybody_may_read_are_in_order(
    visit: Callable[..., Page], axe: Callable[[Page], None], language: str, scheme: str
) -> None:
    page = visit(language, "phone", path="/legal/", scheme=scheme)
    for path in ("/legal/", "/privacy/", "/conduct/", "/accounts/password/reset/"):
        page.goto(path)
        axe(page)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_page_of_a_person_is_in_order(visit: Callable[..., Page], axe: Callable[[Page], None], size: str) -> None:
    page = visit("fr", size, path="/accounts/login/")
    page.context.request.post(
        "/demo/sign-in/speaker/", form={"next": "/me/"}, headers={"Origin": page.url.removesuffix("/accounts/login/")}
    )
    page.goto("/me/")
    page.locator("a[href^='/p/']").first.press("Enter")
    expect(page).to_have_url(re.compile("/p/"))
    axe(page)
