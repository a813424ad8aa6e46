from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "kvalitetslosen.ui"
    label = "ui"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Each module says in its own pages.py what it has in the menu and on the morning page.
        autodiscover_modules("pages")
