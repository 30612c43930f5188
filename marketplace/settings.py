"""Every setting in one place; what differs between machines comes from the environment.

DATABASE_URL             PostgreSQL 15 or newer                            (one of our own)
REDIS_URL                Redis or Valkey: broker and cache                 (one of our own)
UPCURRENT_STATE          directory of local servers, logs and secrets      (.local)
UPCURRENT_SECRET_KEY     signs sessions                                    (made once, kept)
UPCURRENT_PSEUDONYM_KEY  keys the pseudonyms; with another one everybody   (made once, kept)
                         is a stranger
UPCURRENT_HOSTS          host names served, separated by commas            (loopback)
UPCURRENT_CURRENCY       currency the earnings are published in            (USD)
UPCURRENT_HTTPS          1 when a proxy in front speaks HTTPS              (0)
UPCURRENT_DEBUG          1 shows tracebacks in the browser                 (0)
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

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
    """The environment variable NAME, or an error that says what to do."""
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
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # The last: it looks at what the login answered.
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Six wrong passwords for one name from one address, and both wait a quarter of an hour. Counted in
# the cache: no address is stored.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
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
                "trends.pages.chrome",
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
    }
}

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
    "create-partitions": {
        "task": "trends.tasks.create_partitions",
        "schedule": crontab(minute=0, hour=3),
    },
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
    "DESCRIPTION": "Which freelance skills are rising, whether that is real and whether it pays.",
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
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if os.environ.get("UPCURRENT_HTTPS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600

LANGUAGE_CODE = "en"
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
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "marketplace": {"level": "INFO"},
        "trends": {"level": "INFO"},
    },
}
