"""The product's settings, made quick and independent of whatever the machine's environment says."""

import copy
import os
import tempfile
from pathlib import Path
from typing import Any, cast

_SCRATCH = tempfile.TemporaryDirectory(prefix="kvalitetslosen-tests-", ignore_cleanup_errors=True)
os.environ["DATA_DIR"] = _SCRATCH.name
os.environ["DEBUG"] = "0"
os.environ["DEMO"] = "1"
os.environ["SECRET_KEY"] = "only for tests"
os.environ["SITE_URL"] = "http://testserver"
os.environ["EMAIL_URL"] = ""
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{os.environ['DATA_DIR']}/db.sqlite3"
os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL", "")

from kvalitetslosen import settings
from kvalitetslosen.settings import *  # noqa: F403
from kvalitetslosen.settings import DATA_DIR, DATABASES, REDIS_URL

ALLOWED_HOSTS = ["*"]
# It looks through every static file each time a client is made; the live server brings its own.
MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# What a page says is tested in the words of the source, whether or not the catalogues happen to be compiled here;
# tests/house/test_translations_are_complete.py reads the catalogues themselves.
LOCALE_PATHS = []
# Tasks run where they are called, and their errors are the test's; a real worker has tests of its own.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
if not REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: browser journeys read it from the server's threads.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME", "kvalitetslosen_test")}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # Nothing here has to outlive the machine's power.
    DATABASES["default"]["OPTIONS"] |= {"options": "-c synchronous_commit=off"}


class UnknownVariable(str):
    """Stands where a template names something the page doesn't have: the test fails instead of showing nothing."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        message = f"The template names “{variable}”, which the page does not have."
        raise AssertionError(message)


TEMPLATES = copy.deepcopy(settings.TEMPLATES)
cast("dict[str, Any]", TEMPLATES[0]["OPTIONS"])["string_if_invalid"] = UnknownVariable("%s")

CRISPY_FAIL_SILENTLY = False  # a layout that names a field the form doesn't have
