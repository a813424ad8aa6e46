"""Work outside the request: deliveries, mail, reminders."""

import os
from typing import Any

from celery import Celery
from celery.app.log import Logging


class SettingsLogging(Logging):
    """Leaves logging as `settings.LOGGING` made it, so that a worker's lines look like the web process's."""

    def setup_logging_subsystem(self, *args: Any, **kwargs: Any) -> None:
        self.already_setup = True

    def redirect_stdouts_to_logger(self, *args: Any, **kwargs: Any) -> None:
        """Standard output stays what it is: a container's log already collects it."""


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")

app = Celery("kvalitetslosen", log=SettingsLogging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
