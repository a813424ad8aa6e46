"""`make run`: set up what is not set up yet, then serve the product and do its background work until Ctrl-C.

A trial unless told otherwise: demo people and cases, mail to files, SQLite, no Redis. DATABASE_URL and REDIS_URL put
it on PostgreSQL and Redis; PORT moves it; DEMO=0 leaves the demo world out.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from scripts import setting_up
from scripts.frontend import SetupError
from scripts.setting_up import PYTHON, ROOT, Memory, say

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
WORKER_RESTARTS = 5


def wanted_port() -> int:
    """Raises SetupError when PORT is no port or another program has it."""
    said = setting_up.setting("PORT", "8000")
    if not said.isdigit() or not 0 < int(said) < 65536:
        raise SetupError(f"PORT is {said!r}, which is no port number. For instance: make run PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(said)))
        except OSError as error:
            raise SetupError(
                f"Port {said} cannot be used here ({error.strerror}). Choose another: make run PORT={int(said) + 1}"
            ) from error
    return int(said)


@contextmanager
def only_one() -> Iterator[None]:
    """Two at once on the same data would do the background work twice. Raises SetupError when one runs already."""
    path = setting_up.data_dir() / "run.lock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            where = file.read().strip() or "this folder"
            raise SetupError(
                f"KvalitetsLosen is running already ({where}). Stop it there with Ctrl-C first."
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, port {setting_up.setting('PORT', '8000')}")
        file.flush()
        yield


def database_file() -> Path | None:
    """The SQLite file, or None when the database is a server."""
    url = setting_up.setting("DATABASE_URL")
    if not url:
        return setting_up.data_dir() / "kvalitetslosen.sqlite3"
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def prepare_database() -> None:
    """Tables and demo world. A file is left alone while no migration changed; a server is always asked."""
    file = database_file()
    migrations = sorted(ROOT.glob("kvalitetslosen/*/migrations/*.py")) + sorted(ROOT.glob("*/migrations/*.py"))
    wanted = setting_up.digest(
        str(file), str(setting_up.is_on("DEMO")), ROOT / "requirements" / "prod.txt", *migrations
    )
    memory = Memory(setting_up.data_dir() / "setup.json")
    if file is not None and file.exists() and memory["database"] == wanted:
        return
    done = subprocess.run(
        [PYTHON, "-m", "scripts.prepare_database"],
        cwd=ROOT,
        env=setting_up.environment(),
        preexec_fn=setting_up.end_with_us,
        check=False,
    )
    if done.returncode:
        raise SetupError("The database could not be made ready; the lines above say why.")
    memory["database"] = wanted


def start(command: list[str], **more: str) -> subprocess.Popen[bytes]:
    """A child in a session of its own: Ctrl-C reaches this script alone, which stops its children in order."""
    return subprocess.Popen(
        [str(PYTHON), "-m", *command],
        cwd=ROOT,
        env=setting_up.environment(**more),
        start_new_session=True,
        preexec_fn=setting_up.end_with_us,  # noqa: PLW1509 - no threads here
    )


def start_web(port: int) -> subprocess.Popen[bytes]:
    return start(
        ["gunicorn", "kvalitetslosen.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4",
         "--preload", "--log-level", "warning", "--graceful-timeout", "5", "--no-control-socket"]
    )  # fmt: skip


def start_worker() -> subprocess.Popen[bytes]:
    """Worker and beat in one process. The broker's files pass through TMPDIR: ours, as the system's is everybody's."""
    scratch = setting_up.data_dir() / "celery" / "tmp"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    return start(
        ["celery", "--quiet", "-A", "kvalitetslosen", "worker", "--beat", "--pool", "threads", "--concurrency", "2",
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        TMPDIR=str(scratch),
        # In a trial as root (a container, a fresh virtual machine) that warning helps nobody.
        PYTHONWARNINGS="ignore:You're running the worker with superuser privileges",
    )  # fmt: skip


def stop(*children: subprocess.Popen[bytes]) -> None:
    """Ask all to finish what they are doing, then make them."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in running:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def wait_until_it_answers(web: subprocess.Popen[bytes], port: int) -> None:
    """Raises SetupError when the web server gives up or takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise SetupError("The web server did not start; the lines above say why.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SetupError(f"The web server did not answer within {SECONDS_TO_START} seconds.")


def tell(port: int) -> None:
    say(f"\nKvalitetsLosen is running: http://{HOST}:{port}/")
    logins: list[list[str]] = Memory(setting_up.data_dir() / "setup.json")["demo_logins"] or []
    if setting_up.is_on("DEMO") and logins:
        say("Log in with one of these (password: demo):")
        width = max(len(email) for email, _ in logins)
        for email, role in logins:
            say(f"  {email:{width}}  {role}")
    say("Ctrl-C stops it.")


def serve(port: int) -> None:
    """Until a signal says stop. A worker that dies is started again; without the web server there is nothing left."""
    children = {"web": start_web(port), "worker": start_worker()}
    restarts = 0
    try:
        wait_until_it_answers(children["web"], port)
        tell(port)
        while children["web"].poll() is None:
            if children["worker"].poll() is not None:
                restarts += 1
                if restarts > WORKER_RESTARTS:
                    raise SetupError("The background worker keeps dying; the lines above say why.")
                say("The background worker ended unexpectedly; starting it again.")
                children["worker"] = start_worker()
            time.sleep(0.5)
        raise SetupError("The web server ended unexpectedly; the lines above say why.")
    except KeyboardInterrupt:
        say("\nStopping …")
        stop(*children.values())
        say("Stopped.")
    finally:
        stop(*children.values())


def _interrupt(signal_number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # which is what nohup asks for
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        setting_up.check_python()
        if not setting_up.setting("DEMO") and not setting_up.is_on("DEBUG"):
            os.environ["DEMO"] = "1"
        port = wanted_port()
        os.environ["PORT"] = str(port)
        with only_one():
            setting_up.make_venv()
            setting_up.install("prod")
            setting_up.make_frontend()
            setting_up.compile_messages()
            setting_up.make_secret_key()
            prepare_database()
            serve(port)
    except SetupError as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
