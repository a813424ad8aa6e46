from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "kvalitetslosen.calendars"
    label = "calendars"
    verbose_name = _("Calendar")

    def ready(self) -> None:
        # Each module says in its own calendars.py what of it stands in people's calendars.
        autodiscover_modules("calendars")
