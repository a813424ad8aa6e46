"""Work outside the request: deliveries, mail, reminders."""

import logging
import os
from pathlib import Path
from time import monotonic
from typing import Any

from celery import Celery
from celery.app.log import Logging
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")

logger = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds without asking a broker again that did not answer."""


class SettingsLogging(Logging):
    """Leaves logging as `settings.LOGGING` made it, so that a worker's lines look like the web process's."""

    def setup_logging_subsystem(self, *args: Any, **kwargs: Any) -> bool:
        return True


class TaskQueue(Celery):
    """Celery whose publishing side gives up within about a second.

    A worker may wait on a silent broker as long as it likes. A request may not: what it wanted to publish is a row
    already, and the sweep finds it.
    """

    _away_until = 0.0

    def on_configure(self) -> None:  # type: ignore[override]  # a signal, or a method that takes its place
        options: dict[str, Any] = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        for folder in ("data_folder_in", "control_folder"):
            if folder in options:
                Path(options[folder]).mkdir(mode=0o700, parents=True, exist_ok=True)

    def connection_for_write(self, url: str | None = None, **kwargs: Any) -> Any:
        if settings.REDIS_URL:
            kwargs["transport_options"] = {"socket_timeout": 1, **(kwargs.get("transport_options") or {})}
        return super().connection_for_write(url, **kwargs)

    def tell(self, task: str, *args: object) -> None:
        """Queue a task. Where no broker takes it, only the log hears: what it was about is in the database.

        After a failure nothing is tried for some seconds: a hundred events needn't each wait for the same silence.
        """
        if monotonic() < self._away_until:
            return
        try:
            self.signature(task, args).apply_async(ignore_result=True, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            self._away_until = monotonic() + PAUSE
            logger.warning("No broker takes tasks (%s); the sweep finds what was to be done.", type(error).__name__)


app = TaskQueue("kvalitetslosen", log=SettingsLogging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
