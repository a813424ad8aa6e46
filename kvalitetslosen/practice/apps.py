from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    name = "kvalitetslosen.practice"
    label = "practice"
    verbose_name = _("Practice")

    def ready(self) -> None:
        # Each module says in its own practice.py what there is to practise on.
        autodiscover_modules("practice")
