from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "kvalitetslosen.figures"
    label = "figures"
    verbose_name = _("Figures")

    def ready(self) -> None:
        # Each module says in its own subjects.py what of it can be counted.
        autodiscover_modules("subjects")
