"""Work outside the request: deliveries, mail, reminders."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.app.log import Logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")


class SettingsLogging(Logging):
    """Leaves logging as `settings.LOGGING` made it, so that a worker's lines look like the web process's."""

    def setup_logging_subsystem(self, *args: Any, **kwargs: Any) -> bool:
        return True


class TaskQueue(Celery):
    """Celery whose publishing side gives up within about a second.

    A worker may wait on a silent broker as long as it likes. A request may not: what it wanted to publish is a row
    already, and the sweep finds it.
    """

    def on_configure(self) -> None:  # type: ignore[override]  # a signal, or a method that takes its place
        options: dict[str, Any] = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        for folder in ("data_folder_in", "control_folder"):
            if folder in options:
                Path(options[folder]).mkdir(mode=0o700, parents=True, exist_ok=True)

    def connection_for_write(self, url: str | None = None, **kwargs: Any) -> Any:
        if settings.REDIS_URL:
            kwargs["transport_options"] = {"socket_timeout": 1, **(kwargs.get("transport_options") or {})}
        return super().connection_for_write(url, **kwargs)


app = TaskQueue("kvalitetslosen", log=SettingsLogging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
