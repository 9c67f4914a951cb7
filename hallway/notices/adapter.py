"""The one named exception to "every change is an action": django-allauth's own flows, with our mail and our people."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit import clock, instance
from hallway.kit.actors import SystemPerson
from hallway.people.actions import arrive
from hallway.people.devices import device_in_words
from hallway.people.models import Person
from hallway.people.naming import free_slug, provisional_slug

from .actions import EnoughMail, send_notice
from .models import OutboxMail

SIGN_IN = SystemPerson("sign-in")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sends allauth's mail through the outbox, and refuses in our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account was closed. Ask an administrator if you think this is a mistake."),
        "email_password_mismatch": _(
            "This address and this password do not belong together. Try again, or let us mail you a code."
        ),
        "incorrect_code": _("This is not the code. Type it exactly as in the newest mail."),
        "incorrect_password": _("This is not your password. Try again."),
        "too_many_login_attempts": _(
            "Too many attempts for this address. Wait a few minutes, then ask for a new code."
        ),
        "instance_busy": _("Very many people are signing in just now. Wait a minute, then try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "duplicate_email": _("This address belongs to your account already."),
        "email_taken": _("Somebody uses this address already. Sign in with it, or choose another one."),
        "cannot_remove_primary_email": _("This is your main address. Make another one your main address first."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every sign-in mail: ``account/email/login_code`` is ours under ``notices/mail/login_code``."""
        request: HttpRequest = allauth_context.request
        code = context.get("code", "")
        # allauth's contexts hold the request and models; a mail needs words.
        words = {
            "address": email,
            "code": code,
            "link": settings.HALLWAY_BASE_URL + reverse("open_code", args=[code]) if code else "",
            "sign_in": settings.HALLWAY_BASE_URL + reverse("account_login"),
            "reset_link": context.get("password_reset_url", ""),
            **{name: context.get(name, "") for name in ("provider", "from_email", "to_email", "deleted_email")},
            "device": context.get("user_agent", ""),
            "since": context.get("timestamp"),
        }
        person = self._person(request, context)
        # An address nobody confirmed has three mails a day. The page afterwards is the same, and says so to everybody:
        # another one would tell who is known here.
        with suppress(EnoughMail):
            send_notice(
                template=f"notices/mail/{template_prefix.rpartition('/')[2]}",
                context=words,
                to_person=person,
                to_address=email,
                # The page they stand on is in the language they read now; what they once chose may be older.
                language=(get_language() or "en")[:2],
                kind=OutboxMail.Kind.SIGN_IN,
                by=SIGN_IN,
                at=clock.now(),
            )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address of this instance, not the one the request named: the link goes to somebody else."""
        path: str = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.HALLWAY_BASE_URL}{path}"

    def _person(self, request: HttpRequest, context: dict[str, Any]) -> Person | None:
        user = context.get("user") or getattr(request, "user", None)
        return user if isinstance(user, Person) and user.pk else None

    def new_user(self, request: HttpRequest) -> Person:
        """Somebody who comes by another site: as yet without a name, in the language of the page."""
        return Person(slug=provisional_slug(), page_language=(get_language() or "en")[:2], created_at=clock.now())

    def populate_username(self, request: HttpRequest, user: Person) -> None:
        """There are no user names here."""

    def post_login(self, request: HttpRequest, user: Person, **details: Any) -> HttpResponse:
        """Note a first arrival; somebody without a name is asked for it, then goes where they wanted."""
        arrive(person=user, by=user, at=clock.now())
        response: HttpResponse = super().post_login(request, user, **details)
        if not user.name:
            return HttpResponseRedirect(f"{reverse('my_name')}?next={quote(response.headers['Location'])}")
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return get_next_redirect_url(request) or "/me/"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def pre_login(self, request: HttpRequest, user: Person, **details: Any) -> HttpResponse | None:
        """Somebody who left or was merged does not come back through an old door."""
        if user.left_at or user.merged_into_id:
            user.is_active = False
        refused: HttpResponse | None = super().pre_login(request, user, **details)
        return refused


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Takes the name from the other site; a site that is not set up is not there."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _(
            "Somebody uses this address already. If it is you, sign in with a code by mail, then connect %s to your "
            "account."
        ),
        "no_verified_email": _(
            "Confirm an e-mail address first, so that you can still sign in without the other site."
        ),
        "disconnect_last": _("This is the only way into your account. Add an e-mail address first."),
        "connected_other": _(
            "This account elsewhere opens another account here. Sign in with it and disconnect it there."
        ),
    }

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """allauth's addresses exist for every site it knows. Raises Http404 for those nobody switched on."""
        try:
            return super().get_app(request, provider, client_id=client_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    def populate_user(self, request: HttpRequest, sociallogin: Login, data: dict[str, Any]) -> Person:
        person: Person = super().populate_user(request, sociallogin, data)
        given = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        person.name = " ".join((given or data.get("username") or "").split())[:120]
        if person.name:
            person.slug = free_slug(person.name)
        person.email = person.email or None
        return person


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Passkeys are another door, an authenticator app is a second lock; the first alone does not ask for the second."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("These are not the figures your app shows now. Wait for the next ones and type those."),
        "unverified_email": _("Confirm your e-mail address first, so that you are not locked out."),
        "cannot_generate_recovery_codes": _("Turn on an authenticator app first; then there are recovery codes."),
    }

    def is_mfa_enabled(self, user: Person, types: list[str] | None = None) -> bool:
        """allauth asks for both kinds together when it decides whether a code by mail is enough."""
        if types is not None and {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN} <= set(types):
            types = [Authenticator.Type.TOTP]
        enabled: bool = super().is_mfa_enabled(user, types)
        return enabled

    def get_totp_issuer(self) -> str:
        """Under which name the app lists the codes: the instance's own."""
        return str(instance.value("site.name"))

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """What one would call the key: the device it is made on."""
        return device_in_words(allauth_context.request.headers.get("User-Agent", ""))
