"""A broker that is down, or worse, hangs, must not hold up a request; nor must the cache."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvalitetslosen.cache import DispensableRedisCache

ROOT = Path(__file__).resolve().parent.parent.parent
PUBLISH = """
import time
from kvalitetslosen.celery import app
app.finalize()
started = time.monotonic()
try:
    app.send_task("notifications.sweep")
except app.connection_for_write().connection_errors as error:
    print("refused")
except Exception as error:
    print("refused" if type(error).__name__ == "OperationalError" else repr(error))
print(time.monotonic() - started)
"""


@pytest.fixture
def silent_redis() -> Iterator[str]:
    """Accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def absent_redis() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.mark.parametrize("kind", ["silent_redis", "absent_redis"])
def test_publishing_gives_up_within_seconds(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DEMO": "1",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "x",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "REDIS_URL": request.getfixturevalue(kind),
        "DJANGO_SETTINGS_MODULE": "kvalitetslosen.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=True,
    )
    how, seconds = done.stdout.split()
    assert how == "refused", done.stdout
    assert float(seconds) < 3  # a second, with room for a busy machine


@pytest.mark.parametrize("kind", ["silent_redis", "absent_redis"])
def test_the_cache_is_empty_rather_than_in_the_way(kind: str, request: pytest.FixtureRequest) -> None:
    cache = DispensableRedisCache(
        request.getfixturevalue(kind), {"OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}}
    )
    started = time.monotonic()
    cache.set("key", "value")
    assert cache.get("key", "nothing") == "nothing"
    assert cache.add("key", 1) is True
    assert cache.get_many(["key"]) == {}
    assert cache.has_key("key") is False
    assert cache.delete("key") is False
    assert time.monotonic() - started < 3
