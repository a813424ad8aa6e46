from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "kvalitetslosen.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        # Tasks are known wherever events happen, and the platform's own messages before the modules'.
        from kvalitetslosen.notifications import people, tasks  # noqa: F401

        # Each module says in its own notifications.py whom it tells what, and of what it reminds.
        autodiscover_modules("notifications")
