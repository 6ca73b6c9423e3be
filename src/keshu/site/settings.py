"""One settings module; everything that differs between installations comes from the environment."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from keshu.site.databases import database_of
from keshu.site.mailing import mail_of
from keshu.site.paths import paths_of, secret

PATHS = paths_of()
BASE = Path(__file__).resolve().parent
DEMO = os.environ.get("KESHU_DEMO") == "1"
CATALOGUE_OVERLAY = os.environ.get("KESHU_CATALOGUE") or None

SECRET_KEY = secret(PATHS, "django.key")
DEBUG = os.environ.get("KESHU_DEBUG") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("KESHU_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("KESHU_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "keshu.bureau.records",
    "keshu.bureau.places",
    "keshu.bureau.parties",
    "keshu.bureau.outbox",
    "keshu.bureau.accounts",
    "keshu.bureau.forms",
    "keshu.bureau.ledgers",
    "keshu.bureau.programmes",
    "keshu.bureau.money",
    "keshu.bureau.statistics",
    "keshu.bureau.targets",
    "keshu.bureau.reports",
    "keshu.bureau.texts",
    "keshu.bureau.desk",
    "keshu.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "keshu.bureau.accounts.middleware.SessionLimits",
    "keshu.site.middleware.ReadableText",
    "keshu.site.middleware.KnownNumbers",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "keshu.site.urls"
WSGI_APPLICATION = "keshu.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "keshu.site.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "keshu.site.templatetags.keshu"],
        },
    },
]

DATABASES = {"default": database_of(os.environ.get("KESHU_DATABASE_URL", ""), PATHS.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

globals().update(mail_of(os.environ.get("KESHU_EMAIL_URL", "")))  # EMAIL_*
DEFAULT_FROM_EMAIL = os.environ.get("KESHU_EMAIL_FROM", "keshu@localhost")
EMAIL_TIMEOUT = 10  # seconds
SMS_HOOK = os.environ.get("KESHU_SMS_HOOK", "")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "keshu.bureau.accounts.passwords.Strength"},
    {"NAME": "keshu.bureau.accounts.passwords.NotRecentlyUsed"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

PASSWORD_MAX_AGE_DAYS = int(os.environ.get("KESHU_PASSWORD_DAYS", "90"))
SESSION_IDLE = 60 * int(os.environ.get("KESHU_IDLE_MINUTES", "30"))
SESSION_IDLE_ADMINISTRATORS = 60 * int(os.environ.get("KESHU_ADMIN_IDLE_MINUTES", "10"))
SESSIONS_AT_MOST = int(os.environ.get("KESHU_SESSIONS_AT_MOST", "3"))
CSRF_FAILURE_VIEW = "keshu.site.errors.csrf_failure"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("KESHU_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],  # ECharts and Tabler set style attributes
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = PATHS.data / "static"
STATICFILES_DIRS = [BASE / "static"]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("KESHU_LOG", "WARNING")},
}
