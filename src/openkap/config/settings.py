"""Django's settings, made from the surroundings (`environment`) and the installation's keys (`keys`).

Documented for users in docs/reference/settings.md. Nothing here is read anywhere but at start.
"""

from __future__ import annotations

import os
from pathlib import Path

from openkap.config import environment, keys, waiting
from openkap.config.embedded import EmbeddedServer
from openkap.config.installed import APPS

ENV = environment.read()
_KEYS = keys.load(ENV.data_dir)
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = ENV.debug
SECRET_KEY = _KEYS.django if _KEYS else "not-made-yet-" + "0" * 50
OPENKAP_CONTEXT_KEY = bytes.fromhex(_KEYS.context) if _KEYS else bytes(32)
OPENKAP_FIELD_KEY = bytes.fromhex(_KEYS.field) if _KEYS else bytes(32)
OPENKAP_IDLE_MINUTES = ENV.idle_minutes
OPENKAP_CAP_HOURS = ENV.cap_hours
OPENKAP_DEMO = ENV.demo
OPENKAP_SITE_URL = ENV.site_url

ALLOWED_HOSTS = [*ENV.hosts, ENV.host, "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    *(f"openkap.{app}" for app in APPS),
    "openkap.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "openkap.config.middleware.bounded",
    "openkap.config.middleware.steady",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "openkap.config.urls"
ASGI_APPLICATION = "openkap.config.asgi.application"
WSGI_APPLICATION = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",  # every page speaks the reader's language
                "openkap.ui.templatetags.offers",  # and offers what the reader may use
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openkap.ui.context.page_context",
                "openkap.config.context.clinic_context",
            ],
        },
    }
]

_embedded = EmbeddedServer(ENV.data_dir, _KEYS or keys.made())
DATABASES = (
    {
        "default": _embedded.django_database("openkap_app"),
        "owner": _embedded.django_database("openkap_owner"),
    }
    if ENV.embedded
    else {
        "default": environment.database_from_url(ENV.database_url, name="OPENKAP_DATABASE_URL"),
        "owner": environment.database_from_url(
            ENV.owner_database_url or ENV.database_url, name="OPENKAP_OWNER_DATABASE_URL"
        ),
    }
)
OPENKAP_ROLES = environment.roles_in(ENV.database_url, ENV.owner_database_url)
waiting.set_up(DATABASES["default"], process=os.environ.get("OPENKAP_PROCESS", ""))
DATABASE_ROUTERS = ["openkap.config.routers.OwnerIsForMigrations"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- sign-in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "openkap.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "openkap.accounts.passwords.NotCommon"},
    {"NAME": "openkap.accounts.passwords.NotOnlyDigits"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "openkap.accounts.adapter.ClinicAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
_FORMS = "openkap.accounts.sign_in_forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.SignInForm",
    "reset_password": f"{_FORMS}.LostPasswordForm",
    "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
    "change_password": f"{_FORMS}.OtherPasswordForm",
    "set_password": f"{_FORMS}.FirstPasswordForm",
    "reauthenticate": f"{_FORMS}.ProveAgainForm",
    "change_email": f"{_FORMS}.OtherAddressForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.CodeForm",
    "reauthenticate": f"{_FORMS}.CodeAgainForm",
    "activate_totp": f"{_FORMS}.FirstCodeForm",
    "edit_webauthn": f"{_FORMS}.PasskeyNameForm",
}
# By address for unknown browsers, by the browser for those somebody has signed in with (accounts/devices).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENV.demo
# Whoever proves an address that was unproved finds no factor of another on it (accounts/actions/proving).
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "OpenKAP"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "openkap.accounts.adapter.SealedMFAAdapter"

# Every worker of the site counts tries and used codes together.
CACHES = {"default": {"BACKEND": "openkap.tenancy.cache.DatabaseCache"}}

# --- browser ---------------------------------------------------------------------------------

SESSION_COOKIE_AGE = ENV.cap_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.tls
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "openkap.config.faults.csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.tls_proxy else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if ENV.tls else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# Nothing of a referral is ever written to a file outside the database; `config.bodies` bounds what is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 21_000_000

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "openkap.config.static.Assets"},
}

# --- words, time, mail, logs -----------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

DEFAULT_FROM_EMAIL = ENV.email_from
# The demo sends nothing out: its mail goes into its own folder, and counts as handed over.
OPENKAP_MAIL_IS_SET_UP = bool(ENV.email_url) or ENV.demo
if ENV.email_url.startswith("smtp"):
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(ENV.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_HOST not in ("localhost", "127.0.0.1")
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ENV.email_url.removeprefix("folder://") or str(ENV.data_dir / "mail")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "openkap": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "procrastinate.blueprints": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
