"""Every setting in one place; what differs between machines comes from the environment.

DATABASE_URL             PostgreSQL 15 or newer                            (one of our own)
REDIS_URL                Redis or Valkey: broker and cache                 (one of our own)
UPCURRENT_STATE          directory of local servers, logs and secrets      (.local)
UPCURRENT_SECRET_KEY     signs sessions                                    (made once, kept)
UPCURRENT_PSEUDONYM_KEY  keys the pseudonyms; with another one everybody   (made once, kept)
                         is a stranger
UPCURRENT_HOSTS          host names served, separated by commas            (loopback)
UPCURRENT_CURRENCY       currency the earnings are published in            (USD)
UPCURRENT_HTTPS          1 when one proxy in front speaks HTTPS; it must   (0)
                         set X-Forwarded-Proto and add the client's
                         address to X-Forwarded-For
UPCURRENT_SMTP           server for mail: smtps://user:password@host,      (none: no mail)
                         smtp+tls:// for STARTTLS, smtp:// for neither
UPCURRENT_MAIL_FROM      sender of mail, e.g. Upcurrent <skills@host>      (noreply@ first host)
UPCURRENT_DEBUG          1 shows tracebacks in the browser                 (0)
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from marketplace.secrets import kept_secret

# Lets classes such as admin.ModelAdmin[Skill] say what they are of.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("UPCURRENT_STATE") or BASE_DIR / ".local")


def required(name: str) -> str:
    """Return the environment variable NAME, or an error that says what to do."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"{name} is not set. Start through manage.py, which provides one, or set it."
        ) from None


DEBUG = os.environ.get("UPCURRENT_DEBUG") == "1"
SECRET_KEY = kept_secret("UPCURRENT_SECRET_KEY", state=STATE_DIR)
PSEUDONYM_KEY = kept_secret("UPCURRENT_PSEUDONYM_KEY", state=STATE_DIR)
ALLOWED_HOSTS = os.environ.get("UPCURRENT_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
REPORTING_CURRENCY = os.environ.get("UPCURRENT_CURRENCY", "USD")

INSTALLED_APPS = [
    # Before the admin, whose frame it replaces.
    "trends",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "csp",
    "axes",
    "django_htmx",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "marketplace.local",
    "marketplace.skills",
    "marketplace.gigs",
    "marketplace.searches",
    "marketplace.simulation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "marketplace.rate_limits.RateLimits",
    "marketplace.error_pages.ReadableAddresses",
    "marketplace.error_pages.NotAllowedInWords",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # The last: it looks at what the login answered.
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
# Six wrong passwords for one name from one address, and both wait a quarter of an hour. Counted in
# the cache: no address is stored.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "marketplace.origin.origin"
AXES_LOCKOUT_CALLABLE = "trends.admin.login.locked_out"
AXES_RESET_ON_SUCCESS = True
# Somebody else behind the same address must not be able to keep a person out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
# Its lists would stay empty: nothing is written to its tables.
AXES_ENABLE_ADMIN = False

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trends.frame.chrome",
            ],
        },
    }
]

# A connection lives a minute: long enough to be reused, short enough to notice a restarted server.
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        required("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = required("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "upcurrent",
        # A cache that hangs is a cache that is down: nobody waits longer for it than for a page.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# Without a server the site says that it sends no mail, and offers none.
SMTP = urlsplit(os.environ.get("UPCURRENT_SMTP", ""))
SENDS_MAIL = bool(SMTP.hostname)
EMAIL_HOST, EMAIL_HOST_USER = SMTP.hostname or "", unquote(SMTP.username or "")
EMAIL_HOST_PASSWORD = unquote(SMTP.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP.scheme == "smtps", SMTP.scheme == "smtp+tls"
EMAIL_PORT = SMTP.port or {"smtps": 465, "smtp+tls": 587}.get(SMTP.scheme, 25)
# Who asks for a mail waits for it to be taken.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = (
    os.environ.get("UPCURRENT_MAIL_FROM") or f"Upcurrent <noreply@{ALLOWED_HOSTS[0].lstrip('.')}>"
)

# Nothing in the broker is worth keeping: the queue of record is PostgreSQL (IngestBatch, DirtyDay).
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The hard time limit stays below the visibility timeout, so that no task runs twice at once.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "unacked_restore_throttle": 1}
CELERY_TASK_SOFT_TIME_LIMIT = 780
CELERY_TASK_TIME_LIMIT = 840
# acks_late alone loses the task of a killed child; both together redeliver it.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "process-searches": {"task": "trends.tasks.process_searches", "schedule": 60.0},
    # Asked for by every edit as well: this is for a message that was lost.
    "follow-taxonomy": {"task": "trends.tasks.follow_taxonomy", "schedule": 60.0},
    "create-partitions": {
        "task": "trends.tasks.create_partitions",
        "schedule": crontab(minute=0, hour=3),
    },
    "forget-old": {"task": "trends.tasks.forget_old", "schedule": crontab(minute=10, hour=3)},
    "discover-terms": {
        "task": "trends.tasks.discover_terms",
        "schedule": crontab(minute=40, hour=1),
    },
    # Every day, to make up for one missed; from the fifth of the month on there is work once.
    "draft-edition": {
        "task": "trends.tasks.draft_edition",
        "schedule": crontab(minute=10, hour=4),
    },
    # Asked for by whoever wants one proven as well: this is for a message that was lost.
    "prove-editions": {"task": "trends.tasks.prove_editions", "schedule": 60.0},
    # After the snapshot of the hour; who is due is found by the day they were last written to.
    "send-digests": {"task": "trends.tasks.send_digests", "schedule": crontab(minute=50)},
    # Every hour, to make up for one missed; the first after midnight does the work of the day.
    "refresh-trends": {"task": "trends.tasks.refresh_trends", "schedule": crontab(minute=20)},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.searches.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "marketplace.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Upcurrent",
    "DESCRIPTION": (
        "Which freelance skills are rising, whether that is real and whether it pays. 120 requests"
        " a minute from an address, 1,200 with a key; more are answered 429 with Retry-After."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "marketplace.error_pages.form_expired"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if os.environ.get("UPCURRENT_HTTPS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600

LANGUAGE_CODE = "en"
# Each with a catalogue in trends/locale and marketplace/locale, complete (tests/test_spanish.py),
# and with a method page of its own.
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "marketplace" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Where the files were collected (docker/Dockerfile) they are served compressed; finders would win
# over them, file by file.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "filters": {"error_id": {"()": "marketplace.error_ids.WithErrorId"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["error_id"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "marketplace": {"level": "INFO"},
        "trends": {"level": "INFO"},
    },
}
