from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Warning, register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "kvalitetslosen.ui"
    label = "ui"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Each module says in its own pages.py what it has in the menu and on the morning page.
        autodiscover_modules("pages")
        register(front_end_files_are_there)


def front_end_files_are_there(**_kwargs: Any) -> list[CheckMessage]:
    """Where files are served from their sources. In production they were collected when the image was built."""
    if not (settings.DEBUG or settings.DEMO) or finders.find("designsystemet.css"):
        return []
    return [Warning("The front-end files are missing.", hint="Run scripts/frontend.py.", id="ui.W001")]
