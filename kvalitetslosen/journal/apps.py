from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "kvalitetslosen.journal"
    label = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        # Each module says in its own timeline.py how its events read.
        autodiscover_modules("timeline")
