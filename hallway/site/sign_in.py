"""Settings of django-allauth: mailed code first, passkeys, TOTP, a password if wanted, other sites by settings."""

from __future__ import annotations

import os
from typing import Any

ACCOUNT_ADAPTER = "hallway.notices.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
USERSESSIONS_TRACK_ACTIVITY = False

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Hallway"
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
