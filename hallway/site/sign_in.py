"""Settings of django-allauth: mailed code first, passkeys, TOTP, a password if wanted, other sites by settings."""

from __future__ import annotations

import os
from typing import Any

ACCOUNT_ADAPTER = "hallway.notices.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "hallway.notices.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# There is no form with these fields; the second only tells allauth that passwords exist at all.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
USERSESSIONS_TRACK_ACTIVITY = False

# A whole room signs in from one address when the doors open, so limits by network address are wide and those by
# e-mail address are narrow. INSTANCE_RATE_LIMITS hold for everybody together.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "60/m/ip,600/h/ip,3/m/key,10/h/key",
    "confirm_email": "3/m/key",
    "login": "60/m/ip,600/h/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "signup": "60/m/ip,600/h/ip",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
INSTANCE_RATE_LIMITS = {"sign_in_mail": "300/m/key,3000/h/key"}
# Registering by a mailed link: when registration opens, many come at once. The second holds for everybody together.
REGISTRATION_RATE_LIMITS = {
    "registration_mail": "60/m/ip,600/h/ip,6/m/key,20/h/key",
    "registration_mails": "3000/m/key,20000/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("HALLWAY_PROXIES", "0"))

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "hallway.notices.adapter.MfaAdapter"
MFA_FORMS = {"add_webauthn": "hallway.people.passkeys.AddPasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("HALLWAY_MODE") in {"demo", "test"}


def _provider(name: str) -> dict[str, Any]:
    """A sign-in site is on when its client id stands in the environment."""
    prefix = f"HALLWAY_{name.upper()}"
    client_id = os.environ.get(f"{prefix}_CLIENT_ID", "")
    if not client_id:
        return {"APPS": []}
    app: dict[str, Any] = {"client_id": client_id, "secret": os.environ.get(f"{prefix}_CLIENT_SECRET", "")}
    if name == "oidc":
        app |= {
            "provider_id": "oidc",
            "name": os.environ.get("HALLWAY_OIDC_NAME", "OpenID Connect"),
            "settings": {"server_url": os.environ.get("HALLWAY_OIDC_URL", "")},
        }
    return {"APPS": [app]}


SOCIALACCOUNT_PROVIDERS = {
    "github": _provider("github"),
    "gitlab": _provider("gitlab"),
    "google": _provider("google"),
    "openid_connect": _provider("oidc"),
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = True
