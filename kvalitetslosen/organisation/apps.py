from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "kvalitetslosen.organisation"
    label = "organisation"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        # Each module says in its own handover.py what people answer for in it, in founding.py what one begins with.
        autodiscover_modules("handover", "founding")
