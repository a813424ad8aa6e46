"""Real workers and a real broker of the tests' own, to be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from kvalitetslosen.celery import app
from tests.notifications.mail_server import free_port

FILES = "filesystem://"
PATIENCE = 90.0
"""Seconds a busy machine gets before a test says that something never happened."""


def until(what: str, happens: Callable[[], object], *workers: Worker) -> None:
    """Waits for it, and fails with what the workers logged when it doesn't come."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if happens():
            return
        time.sleep(0.05)
    logs = "\n".join(worker.log for worker in workers)
    raise AssertionError(f"In {PATIENCE:.0f} seconds it never came to this: {what}\n{logs}")


def database_url() -> str:
    """The tests' database, for a process of its own."""
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{where['NAME']}"
    user = where["USER"] + (f":{where['PASSWORD']}" if where["PASSWORD"] else "")
    return f"postgres://{user}@{where['HOST'] or 'localhost'}:{where['PORT'] or 5432}/{where['NAME']}"


@dataclass
class Broker:
    """A Redis server that nothing else uses. Killed, it has forgotten everything."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> Broker:
        server = shutil.which("redis-server")
        if server is None:
            pytest.skip("redis-server is missing: apt-get install redis-server")
        self._process = subprocess.Popen(
            [server, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        until("Redis answers", self._answers)
        return self

    def _answers(self) -> bool:
        import redis

        try:
            return bool(redis.Redis(port=self.port).ping())
        except redis.exceptions.ConnectionError:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def announcing_to(url: str, folder: Path) -> Iterator[None]:
    """Let this process, as a web process would, tell a real broker of what happens, instead of doing it at once."""
    options: dict[str, Any] = {"socket_connect_timeout": 0.5, "max_retries": 0, "global_keyprefix": "kvalitetslosen:"}
    if url == FILES:
        queue = queue_folder(folder) / "queue"
        queue.mkdir(parents=True, exist_ok=True)
        control = str(queue_folder(folder) / "control")
        options = {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": control}
    names = ("task_always_eager", "broker_url", "broker_transport_options")
    before = {name: app.conf[name] for name in names}
    app.conf.update(dict(zip(names, (False, url, options), strict=True)))
    _forget_connections()
    try:
        yield
    finally:
        app.conf.update(before)
        _forget_connections()


def _forget_connections() -> None:
    app._pool = None  # type: ignore[attr-defined]
    app.amqp._producer_pool = None  # type: ignore[attr-defined]
    app._away_until = 0.0


def queue_folder(folder: Path) -> Path:
    return folder / "files" / "celery"


@dataclass
class Worker:
    """Celery with beat, as in production or (without Redis) as in a trial, only more impatient: a round a second."""

    folder: Path
    mail_port: int
    broker_url: str = FILES
    name: str = "one"
    beat: bool = True

    def environment(self) -> dict[str, str]:
        data = self.folder / "files"
        (data / "celery" / "tmp").mkdir(parents=True, exist_ok=True)
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(data),
            "TMPDIR": str(data / "celery" / "tmp"),
            "REDIS_URL": "" if self.broker_url == FILES else self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "SECRET_KEY": settings.SECRET_KEY,
            "DEMO": "1",
            "SITE_URL": "http://testserver",
            "BEAT_FILE": str(self.folder / f"beat-{self.name}"),
        }

    def start(self) -> Worker:
        self._log = (self.folder / f"worker-{self.name}.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--quiet", "-A", "kvalitetslosen", "worker", "-n", self.name,
             "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
             "--without-heartbeat", "--pool", "threads" if self.broker_url == FILES else "prefork",
             *(["--beat"] if self.beat else [])],
            cwd=settings.BASE_DIR, env=self.environment(), stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        return self

    def kill(self) -> None:
        """kill -9, children and all: nothing is finished, nothing is given back."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def log(self) -> str:
        return (self.folder / f"worker-{self.name}.log").read_text(errors="replace")


def run_python(code: str, worker: Worker) -> subprocess.Popen[Any]:
    """A process of its own that runs something of the product on the tests' database."""
    return subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup()\n" + code],
        cwd=settings.BASE_DIR,
        env=worker.environment(),
        start_new_session=True,
    )
