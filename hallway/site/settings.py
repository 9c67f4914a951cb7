"""Settings, all from the environment. docs/operating.md lists each; a test keeps the list true."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent


def _environment(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


# --- where things are ---------------------------------------------------------------------------------------------
HALLWAY_DATA = Path(_environment("HALLWAY_DATA", "data")).resolve()
HALLWAY_MODE = _environment("HALLWAY_MODE", "production")  # production, demo or test
HALLWAY_DATABASE_URL = _environment("HALLWAY_DATABASE_URL")
HALLWAY_VALKEY_URL = _environment("HALLWAY_VALKEY_URL")
HALLWAY_BASE_URL = _environment("HALLWAY_BASE_URL", "http://localhost:8000").rstrip("/")
HALLWAY_CLOCK_OFFSET = int(_environment("HALLWAY_CLOCK_OFFSET", "0"))
HALLWAY_DEMO = HALLWAY_MODE == "demo"
MEDIA_ROOT = HALLWAY_DATA / "media"
MEDIA_URL = "/media/"


def _secret_key() -> str:
    """Made on the first start, readable by its owner alone."""
    if given := _environment("HALLWAY_SECRET_KEY"):
        return given
    path = HALLWAY_DATA / "secret.key"
    HALLWAY_DATA.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key


SECRET_KEY = _secret_key()
DEBUG = False

_base = urlsplit(HALLWAY_BASE_URL)
ALLOWED_HOSTS = [
    name for name in _environment("HALLWAY_HOSTS", f"{_base.hostname},localhost,127.0.0.1,[::1]").split(",") if name
]
_https = _base.scheme == "https"
CSRF_TRUSTED_ORIGINS = [HALLWAY_BASE_URL]

# --- what it is made of ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "hallway.kit",
    "hallway.vocabulary",
    "hallway.people",
    "hallway.notices",
    "hallway.gathering.communities",
    "hallway.gathering.events",
    "hallway.gathering.attendance",
    "hallway.programme.talks",
    "hallway.programme.schedule",
    "hallway.learning.agenda",
    "hallway.sharing.questions",
    "hallway.sharing.takeaways",
    "hallway.sharing.feedback",
    "hallway.exchange",
    "hallway.finding",
    "hallway.moderation",
    "hallway.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "hallway.site.middleware.SecurityHeadersMiddleware",
    "hallway.site.middleware.StoredPagesMiddleware",
    "hallway.site.middleware.OneLookMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hallway.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hallway.site.middleware.SameOriginMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hallway.site.middleware.ZoneMiddleware",
    "hallway.site.middleware.NameMiddleware",
    "hallway.site.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "hallway.site.urls"
WSGI_APPLICATION = "hallway.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hallway.site.context.frame",
            ],
            "builtins": ["hallway.kit.templatetags.hallway", "django.templatetags.i18n"],
        },
    },
]
FORM_RENDERER = "hallway.kit.forms.HallwayRenderer"


# --- where rows live ------------------------------------------------------------------------------------------------
def _databases() -> dict[str, Any]:
    if not HALLWAY_DATABASE_URL:
        HALLWAY_DATA.mkdir(parents=True, exist_ok=True)
        return {
            "default": {
                "ENGINE": "hallway.kit.sqlite",
                "NAME": HALLWAY_DATA / "hallway.sqlite3",
                "CONN_MAX_AGE": None,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 30,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
                },
            }
        }
    parts = urlsplit(HALLWAY_DATABASE_URL)
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"isolation_level": 2},  # psycopg's READ COMMITTED, pinned
        }
    }


DATABASES = _databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, Any] = (
    {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": HALLWAY_VALKEY_URL}}
    if HALLWAY_VALKEY_URL
    else {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "hallway",
            # The limits of sign-in are counted here: as few as Django keeps, and asking for three hundred other
            # addresses would make it forget how often one was tried.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
)

# --- people and sign-in ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_NAME = "hallway_session"
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
CSRF_FAILURE_VIEW = "hallway.site.errors.form_from_elsewhere"
CSRF_COOKIE_NAME = "hallway_csrf"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# --- languages and zones --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LANGUAGE_COOKIE_NAME = "hallway_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- what leaves the house ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HALLWAY_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hallway.site.static.FingerprintedStorage"},
}
DEFAULT_FROM_EMAIL = _environment("HALLWAY_MAIL_FROM", "Hallway <hallway@localhost>")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _environment("HALLWAY_SMTP_HOST", "localhost")
EMAIL_PORT = int(_environment("HALLWAY_SMTP_PORT", "25"))
EMAIL_HOST_USER = _environment("HALLWAY_SMTP_USER")
EMAIL_HOST_PASSWORD = _environment("HALLWAY_SMTP_PASSWORD")
EMAIL_USE_TLS = _environment("HALLWAY_SMTP_TLS") == "starttls"
EMAIL_USE_SSL = _environment("HALLWAY_SMTP_TLS") == "tls"
EMAIL_TIMEOUT = 20

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
APPEND_SLASH = True

# Configured first of all in practice: with DEBUG off, a 500 without logging is silent.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _environment("HALLWAY_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

from hallway.site.sign_in import *  # noqa: E402, F403 - allauth's own settings, one file
from hallway.site.sign_in import SOCIALACCOUNT_PROVIDERS  # noqa: E402 - as above

# A site that is off need not be loaded: it brings an HTTP client of its own. Tests knock at every door.
INSTALLED_APPS += [
    f"allauth.socialaccount.providers.{name}"
    for name, on in SOCIALACCOUNT_PROVIDERS.items()
    if on["APPS"] or HALLWAY_MODE == "test"
]
