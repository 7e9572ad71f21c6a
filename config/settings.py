"""One settings module. Every value that changes between installations is an environment variable.

``paseo reference settings`` lists them from ``SETTINGS`` below, so a setting that is not declared there does not exist.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from config.environment import Environment

ROOT = Path(__file__).resolve().parent.parent
env = Environment()

VAR = Path(env.text("PASEO_VAR", str(ROOT / "var"), "Folder for the database, uploads, logs and built assets."))
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG", False, "Show technical error pages. Never on a machine that others can reach.")
DEMO = env.flag("PASEO_DEMO", False, "Demo helps: ready-made sign-ins on the sign-in page and a mailbox page.")
PUBLIC_URL = env.text(
    "PUBLIC_URL", "http://localhost:8000", "Address under which people reach this installation."
).rstrip("/")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", ["*"] if DEMO or DEBUG else ["localhost", "127.0.0.1", "[::1]"], "Host names that are answered."
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [PUBLIC_URL], "Origins whose forms are accepted.")


def _secret_key() -> str:
    file = VAR / "secret-key"
    if not file.exists():
        try:
            with file.open("x") as handle:
                file.chmod(0o600)
                handle.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return file.read_text().strip()


SECRET_KEY = (
    env.text("SECRET_KEY", "", "Key for signatures and codes; made once in PASEO_VAR/secret-key when not given.")
    or _secret_key()
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks_db",
    # floor 1
    "paseo.platform.db",
    "paseo.platform.ui",
    "paseo.platform.tenancy",
    "paseo.platform.identity",
    "paseo.platform.outbox",
    "paseo.platform.jobs",
    "paseo.platform.idempotency",
    "paseo.platform.audit",
    "paseo.platform.limits",
    "paseo.platform.notices",
    "paseo.platform.media",
    "paseo.platform.consent",
    "paseo.platform.live",
    "paseo.platform.codes",
    "paseo.platform.search",
    "paseo.platform.webhooks",
    "paseo.platform.importing",
    # floor 2
    "paseo.capabilities.directory",
    "paseo.capabilities.catalog",
    "paseo.capabilities.journeys",
    "paseo.capabilities.inventory",
    "paseo.capabilities.pricing",
    "paseo.capabilities.ledger",
    "paseo.capabilities.fulfillment",
    "paseo.capabilities.vouchers",
    "paseo.capabilities.payments",
    "paseo.capabilities.ordering",
    "paseo.capabilities.care",
    "paseo.capabilities.insight",
    # floor 4
    "paseo.channels.storefront",
    "paseo.channels.console",
    "paseo.channels.openapi",
    *(["demo"] if DEMO else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "paseo.platform.ui.middleware.PackingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "paseo.platform.ui.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.messages.context_processors.messages",
                "paseo.platform.ui.context.interface",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "paseo.platform.ui.templatetags.paseo",
            ],
        },
    }
]

DATABASE_URL = env.text(
    "DATABASE_URL", "", "postgres://user:password@host:port/name, or sqlite:///path. Without it: SQLite in PASEO_VAR."
)
DATABASES, DATABASE_ROUTERS = env.databases(DATABASE_URL, VAR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = ["paseo.platform.identity.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"

SESSION_ENGINE = "paseo.platform.identity.session_store"
SESSION_COOKIE_AGE = env.number("SESSION_DAYS", 60, "Days a sign-in lasts on a device.") * 86400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "paseo.platform.ui.answers.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    "worker-src": ["'self'", "blob:"],
    "connect-src": ["'self'"],
    "form-action": [
        "'self'",
        *env.words("PAYMENT_ORIGINS", ["http://localhost:8001", "http://127.0.0.1:8001"], "Origins of payment pages."),
    ],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'self'"],
    "object-src": ["'none'"],
}

USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "paseo_language"
FORMAT_MODULE_PATH = ["paseo.platform.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
BUILT = (
    ROOT / "var" / "vendor"
)  # what tools/assets.py has put there; it belongs to the sources, not to one installation
STATICFILES_DIRS = [("vendor", BUILT)] if BUILT.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("MAX_FORM_BYTES", 2_500_000, "Largest form, without files, in bytes.")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

MAILERS = {
    "default": {
        "BACKEND": env.text(
            "MAIL_BACKEND",
            "paseo.platform.notices.mailbox.MailboxBackend",
            "Django mail backend; the default keeps letters in the database.",
        )
    }
}
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Paseo <paseo@localhost>", "Sender of letters.")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Business limits. Packages read them through django.conf.settings.
PASEO: dict[str, Any] = {
    "DEFAULT_CURRENCY": env.text("DEFAULT_CURRENCY", "EUR", "ISO 4217 code of a new store."),
    "DEFAULT_TIME_ZONE": env.text("DEFAULT_TIME_ZONE", "Europe/Helsinki", "IANA zone of a new store."),
    "HOLD_MINUTES": env.number("HOLD_MINUTES", 15, "Minutes that goods are kept for an unpaid order."),
    "HOLDS_PER_BUYER": env.number("HOLDS_PER_BUYER", 5, "Unpaid orders one buyer may have at once."),
    "UNDO_MINUTES": env.number("UNDO_MINUTES", 10, "Minutes in which a verified code can be given back."),
    "EVENT_ATTEMPTS": env.number("EVENT_ATTEMPTS", 8, "Tries before an event becomes a dead letter."),
    "UPLOAD_BYTES": env.number("UPLOAD_BYTES", 12_000_000, "Largest photo or paper, in bytes."),
    "IMPORT_BYTES": env.number("IMPORT_BYTES", 600_000_000, "Largest file for an import, in bytes."),
    "TRUSTED_PROXIES": env.number("TRUSTED_PROXIES", 0, "Reverse proxies in front whose X-Forwarded-For is believed."),
    "API_RATE": env.number("API_RATE", 600, "Calls per minute of one API key; 0 is without limit."),
    "WEBHOOK_ATTEMPTS": env.number(
        "WEBHOOK_ATTEMPTS", 10, "Tries before a webhook that its receiver refuses becomes a dead letter."
    ),
    "WEBHOOK_OFF_DAYS": env.number("WEBHOOK_OFF_DAYS", 3, "Days of failing after which a webhook is switched off."),
    "WEBHOOKS_INSIDE": env.flag(
        "WEBHOOKS_INSIDE", False, "Let webhooks go to this machine and its network, also without TLS. For trying out."
    ),
    "BACKUP_DAYS": env.number(
        "BACKUP_DAYS", 0 if DEMO else 2, "Days without a backup after which the operator is told; 0 for never."
    ),
    "DISK_FLOOR_MB": env.number("DISK_FLOOR_MB", 1_000, "Free space below which the operator is told, in megabytes."),
    "SANDBOX_URL": env.text("SANDBOX_URL", "http://localhost:8001", "Address of the sandbox payment gateway."),
    "SANDBOX_SECRET": env.text(
        "SANDBOX_SECRET", "", "Shared secret with the sandbox gateway; derived from SECRET_KEY when not given."
    ),
}

LOG_LEVEL = env.text("LOG_LEVEL", "WARNING", "Least level that is logged.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"level": LOG_LEVEL}},
}

SETTINGS = env.declared
