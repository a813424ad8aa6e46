from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "kvalitetslosen.reports"
    label = "reports"
    verbose_name = _("Ready reports")

    def ready(self) -> None:
        # Each module says in its own ready_reports.py which reports there are, and what of it stands in them.
        autodiscover_modules("ready_reports")
