from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OpenFiguresConfig(AppConfig):
    name = "kvalitetslosen.open_figures"
    label = "open_figures"
    verbose_name = _("Figures for other programs")

    def ready(self) -> None:
        # Each module says in its own star.py what of it stands in tables for other programs.
        autodiscover_modules("star")
