"""All settings, from the environment. `.env.example` lists what can be set; `.env` here is read if there.

Three ways to run: DEBUG (a developer's own machine), DEMO (a trial: demo log-ins, mail to files, SQLite allowed) and
neither, which is production and refuses to start half configured.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from js_asset import static_lazy
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog.typing import Processor

from kvalitetslosen.request_log import without_row_values

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
PRODUCTION = not (DEBUG or DEMO)


def _secret_key() -> str:
    """The environment's, else the file that set-up made; there is no built-in one to forget."""
    key_file = DATA_DIR / "secret_key"
    key = env.str("SECRET_KEY", default="") or (key_file.read_text().strip() if key_file.is_file() else "")
    if not key:
        raise ImproperlyConfigured(f"Set SECRET_KEY, or put a long random text in {key_file} (`make run` does it).")
    return key


KEY_LENGTH = 50  # characters: what token_urlsafe(64) gives is longer, what somebody thinks up is not

SECRET_KEY = _secret_key()
if PRODUCTION and len(SECRET_KEY) < KEY_LENGTH:
    raise ImproperlyConfigured(
        f"SECRET_KEY can be guessed: it has {len(SECRET_KEY)} characters, and {KEY_LENGTH} random ones is the least."
    )

# Seals the journal's chains. Kept apart from SECRET_KEY, which may be changed at any time; this one never.
JOURNAL_KEY = env.str("JOURNAL_KEY", default="") or ("" if PRODUCTION else SECRET_KEY)
if len(JOURNAL_KEY) < KEY_LENGTH and PRODUCTION:
    raise ImproperlyConfigured(
        f"Set JOURNAL_KEY to a random text of {KEY_LENGTH} characters or more and never change it: it seals the "
        "journal. Where none was set before, it is what SECRET_KEY was then."
    )

# The address people use. Links in mail start with it; https here turns secure cookies and HSTS on.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
if not SITE_URL:
    if PRODUCTION:
        raise ImproperlyConfigured("Set SITE_URL=https://…, the address people use: links in mail begin with it.")
    SITE_URL = f"http://127.0.0.1:{env.int('PORT', default=8000)}"
HTTPS = SITE_URL.startswith("https://")
if PRODUCTION and not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured("SITE_URL is no address. Write it as https://kvalitet.example.no.")
if (
    PRODUCTION
    and not HTTPS
    and urlsplit(SITE_URL).hostname not in ("localhost", "127.0.0.1")
    and not env.bool("ALLOW_HTTP", default=False)
):
    raise ImproperlyConfigured(
        "SITE_URL must begin with https://, or passwords go unencrypted. ALLOW_HTTP=1 lets it be http:// all the same."
    )
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), urlsplit(SITE_URL).hostname or "", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Applications ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kvalitetslosen.organisation",
    "kvalitetslosen.journal",
    "kvalitetslosen.notifications",
    "kvalitetslosen.files",
    "kvalitetslosen.networks",
    "kvalitetslosen.practice",
    "kvalitetslosen.calendars",
    "kvalitetslosen.figures",
    "kvalitetslosen.reports",
    "kvalitetslosen.open_figures",
    "kvalitetslosen.ui",
    "kvalitetslosen.demo",
    "documents",
    "deviations",
    "improvement",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "axes",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django_structlog",
]

# Every page pays for each of these. What is not here is done otherwise: `frame-ancestors` in the CSP stands for
# X-Frame-Options, and allauth's session tracking writes at log-in, not on every page.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kvalitetslosen.request_log.RequestLogMiddleware",
    "kvalitetslosen.content_policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kvalitetslosen.practice.middleware.PracticeMiddleware",
    "kvalitetslosen.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kvalitetslosen.front_door.FrontDoorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
if DEBUG:
    INSTALLED_APPS.insert(0, "whitenoise.runserver_nostatic")

ROOT_URLCONF = "kvalitetslosen.urls"
WSGI_APPLICATION = "kvalitetslosen.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kvalitetslosen.ui.context.page",
            ],
        },
    },
]
FORM_RENDERER = "kvalitetslosen.ui.rendering.FormRenderer"
CRISPY_TEMPLATE_PACK = "designsystemet"
CRISPY_ALLOWED_TEMPLATE_PACKS = "designsystemet"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Database ----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kvalitetslosen.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if PRODUCTION and not env.bool("ALLOW_SQLITE", default=False):
        raise ImproperlyConfigured(
            "SQLite is for trials. Set DATABASE_URL=postgres://…, or DEMO=1 for a trial, "
            "or ALLOW_SQLITE=1 if one machine and one small municipality is all this will ever serve."
        )
    DATABASES["default"]["ENGINE"] = "kvalitetslosen.database.sqlite3"
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}
else:
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"]["ENGINE"] = "kvalitetslosen.database.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # PgBouncer in transaction mode cannot keep a cursor open between statements.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("PGBOUNCER", default=False)

# Redis: broker, cache and sessions; without it files and the database do the same work -----------------------------

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "kvalitetslosen.cache.DispensableRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "kvalitetslosen-cache",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)},
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "global_keyprefix": "kvalitetslosen:",
        "socket_connect_timeout": 0.5,
        "max_retries": 0,
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
    _QUEUE = DATA_DIR / "celery" / "queue"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_QUEUE),
        "data_folder_out": str(_QUEUE),
        "control_folder": str(DATA_DIR / "celery" / "control"),
    }

# Celery ------------------------------------------------------------------------------------------------------------
# The database is the truth: every message is a row before it is a task, and the sweep takes up what a dead broker or
# worker left. Publishing is therefore allowed to fail, and fails fast, so that no request waits for a broker.

CELERY_TIMEZONE = "Europe/Oslo"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celery" / "beat-schedule")
# A tick that waited for a worker until the next one came is dropped: a night without a worker leaves no heap behind.
CELERY_BEAT_SCHEDULE = {
    "deliver what was left lying": {"task": "notifications.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "send mail that is due": {"task": "notifications.send_due_mail", "schedule": 60.0, "options": {"expires": 60}},
    "remind": {"task": "notifications.remind", "schedule": 900.0, "options": {"expires": 900}},
    "watch the clocks of duties to tell": {
        "task": "deviations.watch_duties",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tell which reports are ready": {
        "task": "reports.tell_what_is_ready",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "open looks at the effect": {"task": "improvement.open_checks", "schedule": 600.0, "options": {"expires": 600}},
    "open the pulse of the quarter": {
        "task": "improvement.open_pulse",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "go on with files from other systems": {
        "task": "deviations.sweep_bringing",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "keep the dates of documents": {"task": "documents.keep_dates", "schedule": 600.0, "options": {"expires": 600}},
    "ask what leaders ask every month": {
        "task": "improvement.ask_in_rhythm",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "draw the first page of PDFs": {
        "task": "files.draw_previews",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear files that belong to nothing": {
        "task": "files.clear_left_over",
        "schedule": crontab(hour="3", minute="10"),
    },
    "make handbooks that were asked for, and delete old ones": {
        "task": "documents.sweep_exports",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "go on with handbooks being read back": {
        "task": "documents.sweep_readings_back",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "clear paper copies of earlier days": {
        "task": "documents.clear_paper",
        "schedule": crontab(hour="3", minute="30"),
    },
    "forget what was written in drafts and never saved": {
        "task": "documents.clear_copies",
        "schedule": crontab(hour="3", minute="40"),
    },
    "go on with files being taken in": {
        "task": "documents.sweep_intakes",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear archives that belong to no import": {
        "task": "documents.clear_left_over",
        "schedule": crontab(hour="3", minute="20"),
    },
    "forget what was kept about people for a while only": {
        "task": "organisation.forget",
        "schedule": crontab(minute="20"),
    },
    "end practising that was left": {"task": "practice.tidy", "schedule": crontab(hour="4", minute="10")},
    "forget how those outside may be reached": {
        "task": "deviations.forget",
        "schedule": crontab(hour="3", minute="50"),
    },
    "forget what was read and asked for long ago": {
        "task": "documents.forget",
        "schedule": crontab(hour="3", minute="40"),
    },
}

# Mail --------------------------------------------------------------------------------------------------------------

# Whatever sends mail writes a row, and a worker sends the row: by SMTP, or to files where nobody is to get it.
MAIL_DIR = DATA_DIR / "mail"
EMAIL_BACKEND = "kvalitetslosen.notifications.backends.Outbox"
MAIL_TRANSPORT = "kvalitetslosen.notifications.backends.FileMail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if not EMAIL_URL and PRODUCTION:
    raise ImproperlyConfigured(
        "Nobody would get any mail. Set EMAIL_URL=smtp+tls://…, or EMAIL_URL=filemail: to have it written to files."
    )
if EMAIL_URL and not EMAIL_URL.startswith("filemail:"):
    _mail = env.email_url("EMAIL_URL")
    if not str(_mail["EMAIL_BACKEND"]).endswith(".smtp.EmailBackend") or not _mail["EMAIL_HOST"]:
        raise ImproperlyConfigured(
            "EMAIL_URL is no mail server. Write it as smtp+tls://user:password@mail.example.no:587."
        )
    MAIL_TRANSPORT = "kvalitetslosen.notifications.backends.Smtp"
    EMAIL_HOST = _mail["EMAIL_HOST"]
    EMAIL_PORT = _mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
    EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or "KvalitetsLosen <kvalitetslosen@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Log-in ------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "kvalitetslosen.organisation.adapters.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# scrypt is as hard to crack as Django's first choice and takes a tenth of its time to check.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_ADAPTER = "kvalitetslosen.organisation.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "kvalitetslosen.ui.account_forms.LoginForm",
    "change_password": "kvalitetslosen.ui.account_forms.ChangePasswordForm",
    "set_password": "kvalitetslosen.ui.account_forms.SetPasswordForm",
    "reset_password": "kvalitetslosen.notifications.password_reset.ResetPasswordForm",
    "reset_password_from_key": "kvalitetslosen.ui.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Administrators make the accounts; nobody signs up, so there is no address to prove.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/konto/login/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Axes locks out after wrong passwords, per person and address; these stop the rest.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "60/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "signup": False,
}
USERSESSIONS_TRACK_ACTIVITY = False

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says a quarter of an hour, and that is what it takes
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_VERBOSE = False
# By the address as typed, whatever its case, and by what our own proxy saw: neither can be varied to get more tries.
AXES_USERNAME_CALLABLE = "kvalitetslosen.organisation.adapters.log_in_name"
AXES_CLIENT_IP_CALLABLE = "kvalitetslosen.organisation.adapters.client_address"
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options: the CSP says frame-ancestors 'none'
    "security.W005",  # the other names under the municipality's domain are not ours to promise https for
    "security.W008",  # the proxy in front redirects to https
    "security.W021",  # nor to put on browsers' lists
]

# Cookies and headers -----------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "losen_session"
SESSION_COOKIE_AGE = 60 * 60 * 12  # a long shift
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS and PRODUCTION
CSRF_FAILURE_VIEW = "kvalitetslosen.front_door.form_too_old"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000) if HTTPS and PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The editor -------------------------------------------------------------------------------------------------------

# What texts have beyond HTML: documents.html says which of it is stored, static/js/writing.js how it is written.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("js/writing.js")],
        "extensions": {
            "Callout": html_tags(["aside"]),
            "Checklist": html_tags(["ul"]),
            "DocumentLink": html_tags(["a"]),
            "DocumentTitle": html_tags(["a"]),
            "Choosing": html_tags([]),
        },
    }
]

# Language and time -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian (bokmål)")), ("nn", _("Norwegian (nynorsk)")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

# Files -------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# A trial serves each file from where it lies; production collects them, compressed and with a hash in their names.
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))) if PRODUCTION else None
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", BASE_DIR / "static_vendor") if folder.is_dir()]
# Uploads have no address of their own: a view hands them out to those who may see what they belong to.
MEDIA_ROOT = DATA_DIR / "files"
# A file larger than any form takes is not written to disk to its end.
FILE_UPLOAD_HANDLERS = [
    "kvalitetslosen.files.uploads.WholeOrNothing",
    "kvalitetslosen.files.uploads.SwallowRest",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# ClamAV's daemon, as host:port or the path of its socket. When set, nothing is taken in that it hasn't passed.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # Collected by whoever builds, served by another: open to all, unlike uploads.
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600

# Logs: one line a request, as JSON in production; who asked and what was written are never in them -----------------

DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
_BEFORE_RENDERING: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_row_values,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": _BEFORE_RENDERING,
        },
        "readable": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": _BEFORE_RENDERING,
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "readable"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        # The request log says the same without the path and the query string.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "WARNING", "propagate": True},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_BEFORE_RENDERING,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
