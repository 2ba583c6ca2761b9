"""Django settings: what production needs and nothing else.

`PEER_DATABASE` names the database; `PEER_ASGI` is set under an ASGI server, where each request has
a thread of its own, so that connections cannot stay with threads but come from a pool.
"""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

ASGI = bool(os.environ.get("PEER_ASGI"))
CONN_MAX_AGE = 0 if ASGI else None
DEBUG = False
SECRET_KEY = os.environ.get("PEER_SECRET", "only-for-measuring")
ALLOWED_HOSTS = ["*"]
USE_TZ = True
USE_I18N = False
ROOT_URLCONF = "bench.peers.django_rest.urls"
WSGI_APPLICATION = "bench.peers.django_rest.wsgi.application"
AUTH_USER_MODEL = "plans.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "rest_framework.authtoken",
    "auditlog",
    "bench.peers.django_rest.apps.PlansConfig",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # for Content-Length
APPEND_SLASH = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "bench.peers.django_rest.authentication.BearerTokenAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}


def sqlite(path: str) -> dict[str, Any]:
    """One file, as durable as the gateway's: every commit reaches the disk before the answer."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": CONN_MAX_AGE,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Connections kept open by each worker, statements prepared, as without a connection proxy."""
    parts = urlsplit(url)
    pool = {"pool": {"min_size": 2, "max_size": 8, "timeout": 30}} if ASGI else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": CONN_MAX_AGE,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, **pool},
    }


def database(url: str) -> dict[str, Any]:
    """`sqlite:///PATH` (an absolute path has four slashes) or `postgresql://...`."""
    scheme, _, rest = url.partition("://")
    return sqlite(rest.removeprefix("/")) if scheme == "sqlite" else postgresql(url)


DATABASES = {"default": database(os.environ.get("PEER_DATABASE", "sqlite:///:memory:"))}
