"""Settings of the whole site, from the environment; the defaults run a county on one machine with no other server."""

import os
import secrets
from pathlib import Path

from citybrain.site.database import database_from_url
from citybrain.site.message_settings import mail_settings, sms_settings
from citybrain.site.sign_in import identity_providers

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = Path(os.environ.get("CITYBRAIN_HOME", "var")).resolve()
"""Everything the running system writes: databases, lake, secret, deliveries of the demo county."""

COUNTY = Path(os.environ.get("CITYBRAIN_COUNTY", ROOT / "counties" / "yongkang")).resolve()
"""The county's data folder."""

LAKE = os.environ.get("CITYBRAIN_LAKE", str(HOME / "lake"))
"""Where Iceberg tables lie: a folder, or an object store's URL."""

LAKE_CATALOGUE_URL = os.environ.get("CITYBRAIN_LAKE_CATALOGUE_URL", f"sqlite:///{HOME / 'lake.sqlite3'}")
"""Iceberg's SQL catalogue: SQLite embedded, PostgreSQL in production."""

JOBS_URL = os.environ.get("CITYBRAIN_JOBS_URL", f"sqlite:///{HOME / 'jobs.sqlite3'}")
"""Where DBOS keeps its workflows: SQLite embedded, PostgreSQL in production."""

DELIVERIES = Path(os.environ.get("CITYBRAIN_DELIVERIES", HOME / "county")).resolve()
"""Root that relative paths in source declarations start from."""

ATTACHMENTS = Path(os.environ.get("CITYBRAIN_ATTACHMENTS", HOME / "attachments")).resolve()
"""Where files attached to records lie, under the SHA-256 of their bytes."""

GATHERING_ALLOWED_HOSTS = tuple(
    host for host in os.environ.get("CITYBRAIN_GATHERING_ALLOWED_HOSTS", "").split(",") if host
)
"""`host:port` pairs inside private networks that sources may reach; everything else private is refused (SSRF)."""


MAP_TIANDITU_KEY = os.environ.get("CITYBRAIN_MAP_TIANDITU_KEY", "")
"""Key of Tianditu's tile service; the proxy of `citybrain.ui.map` adds it, browsers never see it. Empty: no tiles."""

MAP_NAVIGATION = tuple(os.environ.get("CITYBRAIN_MAP_NAVIGATION", "geo,amap").split(","))
"""Maps that links on the phone lead to: `geo` the phone's own, `amap`, `tencent`; nothing is asked before a press."""

WATERMARK_FONT = os.environ.get("CITYBRAIN_WATERMARK_FONT", "")
"""A font file with Chinese signs for the marks on photos; empty looks for one on the system."""

MAP_PMTILES = os.environ.get("CITYBRAIN_MAP_PMTILES", "")
"""A PMTiles file (version 3) with a base map, served by ourselves; comes before Tianditu. Empty: none."""


SITE_ADDRESS = os.environ.get("CITYBRAIN_ADDRESS", "").rstrip("/")
"""Address people open the site by, `https://…`: links in e-mails begin with it; empty leaves them out."""

PEERS_ALLOWED_HOSTS = tuple(host for host in os.environ.get("CITYBRAIN_PEERS_ALLOWED_HOSTS", "").split(",") if host)
"""`host:port` pairs inside private networks where peer systems may be; everything else private is refused (SSRF)."""

INTAKE_QUOTAS = {
    "token": {
        "a_minute": int(os.environ.get("CITYBRAIN_INTAKE_TOKEN_MINUTE", "600")),
        "a_day": int(os.environ.get("CITYBRAIN_INTAKE_TOKEN_DAY", "200000")),
    },
    "anonymous": {
        "a_minute": int(os.environ.get("CITYBRAIN_INTAKE_ANONYMOUS_MINUTE", "5")),
        "a_day": int(os.environ.get("CITYBRAIN_INTAKE_ANONYMOUS_DAY", "30")),
    },
}
"""Signals one sender may bring by the interfaces: a program by its token, anybody else by the network address."""

OPEN311_KEYS = os.environ.get("CITYBRAIN_OPEN311_KEYS", "optional")
"""Whether a request to Open311 needs an `api_key`: `optional` (without one: few, checked by address) or `required`."""

MESSAGES_ALLOWED_HOSTS = tuple(
    host for host in os.environ.get("CITYBRAIN_MESSAGES_ALLOWED_HOSTS", "").split(",") if host
)
"""`host:port` pairs inside private networks that gateways and robots may have; everything else private is refused."""

SMS = sms_settings(os.environ)
"""The text message gateway; empty for none."""

globals().update(mail_settings(os.environ.get("CITYBRAIN_SMTP_URL", "")))
DEFAULT_FROM_EMAIL = os.environ.get("CITYBRAIN_MAIL_FROM", "")
"""Sender of e-mails; none are sent without it."""


def secret_key() -> str:
    """The site's secret: from the environment, else made once and kept readable by its owner only."""
    if key := os.environ.get("CITYBRAIN_SECRET_KEY"):
        return key
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("CITYBRAIN_SECRET_KEY_FALLBACKS", "").split(",") if key]
"""Former secrets that still open what was sealed under them, while the secret is being exchanged."""
DEBUG = os.environ.get("CITYBRAIN_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("CITYBRAIN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CITYBRAIN_ORIGINS", "").split(",") if origin]

APPLICATIONS_PACKAGE = "citybrain.applications"
"""Every folder under it with a `manifest.py` is an application."""

APPLICATIONS = ROOT / "citybrain" / "applications"

EVIDENCE_ORIGIN = os.environ.get("CITYBRAIN_EVIDENCE_ORIGIN", "")
"""Name before `/evidence/<log>` in checkpoints, fixed when a log begins; empty: the host of SITE_ADDRESS."""
EVIDENCE_SIGNER = os.environ.get("CITYBRAIN_EVIDENCE_SIGNER", "citybrain.hubs.evidence.keys.Ed25519Signer")
"""Who signs checkpoints: a class after `citybrain.hubs.evidence.keys.Signer`, for a key in a file or in a machine."""
EVIDENCE_FORMER_KEYS = [key for key in os.environ.get("CITYBRAIN_EVIDENCE_FORMER_KEYS", "").split(",") if key]
"""Public keys (`name+id+key`) that signed checkpoints before the one in use."""

INSTALLED_APPS = [
    "citybrain.kernel.registry",
    "citybrain.kernel.identity",
    "citybrain.kernel.live",
    "citybrain.kernel.jobs",
    "citybrain.kernel.records",
    # An application that keeps records is a Django application; no folder is named here.
    *(f"citybrain.applications.{models.parent.name}" for models in sorted(APPLICATIONS.glob("*/models.py"))),
    "citybrain.hubs.evidence",
    "citybrain.hubs.messages",
    "citybrain.centre.understanding",
    "citybrain.centre.duties",
    "citybrain.centre.events",
    "citybrain.centre.intake",
    "citybrain.centre.appraisal",
    "citybrain.warehouse.catalogue",
    "citybrain.warehouse.gathering",
    "citybrain.warehouse.governance",
    "citybrain.warehouse",
    "citybrain.ui.people",
    "citybrain.ui",
    "citybrain.ui.records",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "citybrain.ui.addresses.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "citybrain.ui.headers.SafeHeaders",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "citybrain.ui.account.watching.SessionWatch",
    "citybrain.ui.preferences.LanguageOfAccount",
    "citybrain.ui.account.duties.DutyGate",
    "citybrain.ui.access.AccessMiddleware",
    "citybrain.ui.records.tokens.TokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "citybrain.site.urls"
ASGI_APPLICATION = "citybrain.site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "citybrain.ui.context.shell",
            ],
        },
    },
]

DATABASES = {
    "default": database_from_url(os.environ.get("CITYBRAIN_DATABASE_URL", f"sqlite:///{HOME / 'citybrain.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "citybrain.kernel.identity.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "citybrain.kernel.identity.passwords.ThreeOfFourClasses"},
    {"NAME": "citybrain.kernel.identity.passwords.NotUsedBefore"},
]
PASSWORD_DAYS = int(os.environ.get("CITYBRAIN_PASSWORD_DAYS", "90"))
"""Days until a password must be changed; 0 for never."""
SECOND_FACTOR = os.environ.get("CITYBRAIN_SECOND_FACTOR", "required")
"""`required`: whose roles demand one sets it up before anything else; `optional`: everybody as they like."""
LOCK_AFTER = int(os.environ.get("CITYBRAIN_LOCK_AFTER", "5"))
"""Failures under one name within `LOCK_MINUTES` that lock it."""
LOCK_ADDRESS_AFTER = int(os.environ.get("CITYBRAIN_LOCK_ADDRESS_AFTER", "20"))
"""Failures from one network address within `LOCK_MINUTES` that lock it; more for offices behind one address."""
LOCK_MINUTES = int(os.environ.get("CITYBRAIN_LOCK_MINUTES", "15"))
SESSION_IDLE_MINUTES = int(os.environ.get("CITYBRAIN_SESSION_IDLE_MINUTES", "30"))
"""Minutes an unused session lasts."""
SESSION_HOURS = int(os.environ.get("CITYBRAIN_SESSION_HOURS", "12"))
"""Hours a session lasts at most."""
# An hour more than the session, so that a person is told why it ended.
SESSION_COOKIE_AGE = SESSION_HOURS * 3600 + 3600
SESSIONS_PER_PERSON = int(os.environ.get("CITYBRAIN_SESSIONS_PER_PERSON", "5"))
"""Sessions a person may have at once, the oldest ends; 0 for any number."""
IDENTITY_PROVIDERS = identity_providers(os.environ)
"""External sign-in: `oidc`, `zhezhengding`, `zheliban` with the options of their adapters."""
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "citybrain" / "locale", *sorted((ROOT / "citybrain").rglob("*/locale"))]
"""Every room keeps its own translations; the first path wins where two translate one text."""
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "citybrain.site.static_files.Hashed"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "citybrain.ui.pages.form_expired"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = os.environ.get("CITYBRAIN_HTTPS") == "1"
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SAMESITE = "Lax"
# Scripts take the token from the page, never from the cookie.
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
if SECURE_COOKIES:
    # The prefix makes browsers refuse such a cookie from a sibling host or without TLS.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
TRUSTED_PROXIES = [one for one in os.environ.get("CITYBRAIN_TRUSTED_PROXIES", "").split(",") if one]
"""Networks of our own proxies: their X-Forwarded-For names the visitor whom locks and logs mean."""
UPLOAD_MAX_BYTES = int(os.environ.get("CITYBRAIN_UPLOAD_MAX_MB", "64")) * 1024 * 1024
"""Largest request, bytes; larger ones are refused before they are read."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("CITYBRAIN_LOG_LEVEL", "WARNING")},
}
