"""Make the tables, the cache's table and, in demo mode, the demo world. Run by the other scripts, inside .venv."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError
from django.utils import translation

from scripts.setting_up import Memory, data_dir, step


def prepare() -> None:
    django.setup()
    with step("Making the tables"):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    if settings.DEMO:
        with step("Loading the demo world: three municipalities, two years"):
            call_command("load_demo", verbosity=0)
        from kvalitetslosen.demo.logins import LOGINS

        with translation.override("en"):
            logins = [[login.email, str(login.role)] for login in LOGINS]
        Memory(data_dir() / "setup.json")["demo_logins"] = logins
    if settings.PRODUCTION:
        with step("Collecting static files"):
            call_command("collectstatic", interactive=False, verbosity=0)


def main() -> int:
    try:
        prepare()
    except (ImproperlyConfigured, OperationalError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
