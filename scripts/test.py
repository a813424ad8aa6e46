"""`make test`: everything that can be checked here. What could not be is said at the end, with what would add it.

In CI (CI=true) nothing may be left out. TEST_DATABASE_URL and TEST_REDIS_URL name other servers than this machine's
own, CHROMIUM another browser.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts import setting_up
from scripts.frontend import SetupError
from scripts.setting_up import PYTHON, ROOT, VENV, say

SOURCES = ["kvalitetslosen", "documents", "deviations", "improvement", "scripts", "tests", "manage.py"]
REDIS = "redis://127.0.0.1:6379/14"
CHROMIUMS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
# Debian's names: of the packages, and of what they are needed for.
DEBIAN_PACKAGES = {
    "PostgreSQL": "postgresql",
    "Redis": "redis-server",
    "Chromium": "chromium",
    "Docker Compose": "docker-compose",
    "Pango": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core",
}
NAMED_BY = {"PostgreSQL": "TEST_DATABASE_URL", "Redis": "TEST_REDIS_URL", "Chromium": "CHROMIUM"}


@dataclass
class Report:
    """What was run, how it ended, and what was left out."""

    done: list[tuple[str, bool, float]] = field(default_factory=list)
    left_out: list[tuple[str, list[str]]] = field(default_factory=list)  # and what it lacked

    def run(self, name: str, command: list[str], **more: str) -> None:
        say(f"\n── {name}")
        started = time.monotonic()
        code = subprocess.run(in_venv(command), cwd=ROOT, env=environment(**more), check=False).returncode
        self.done.append((name, code == 0, time.monotonic() - started))

    @contextlib.contextmanager
    def meanwhile(self, name: str, command: list[str]) -> Iterator[None]:
        """Run it beside the rest, for what uses one core only, and show at the end what it had to say."""
        started = time.monotonic()
        ended: list[tuple[int, float]] = []
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(
                in_venv(command), cwd=ROOT, env=environment(), stdout=said, stderr=subprocess.STDOUT
            )
            waiting = threading.Thread(target=lambda: ended.append((process.wait(), time.monotonic() - started)))
            waiting.start()
            try:
                yield
            except BaseException:
                process.kill()
                raise
            finally:
                waiting.join()
            said.seek(0)
            say(f"\n── {name}\n{said.read()}", end="")
        self.done.extend((name, code == 0, seconds) for code, seconds in ended)

    def leave_out(self, name: str, *lacking: str) -> None:
        self.left_out.append((name, list(lacking)))

    def tell(self, *, nothing_may_be_left_out: bool) -> bool:
        """Print the summary and return whether all is well."""
        say("\n── In short")
        for name, well, seconds in self.done:
            say(f"  {'ok    ' if well else 'FAILED'}  {name} ({seconds:.0f} s)")
        for name, lacking in self.left_out:
            say(f"  NOT RUN {name}: no {' and no '.join(lacking)} here")
        if self.left_out:
            say(f"\nAdd what is missing with: {remedy([each for _, lacking in self.left_out for each in lacking])}")
        well = all(well for _, well, _ in self.done)
        if self.left_out and nothing_may_be_left_out:
            say("\nCI=true: nothing may be left out.")
            return False
        if self.left_out:
            say(f"\n{'All that ran is well' if well else 'Not all is well'}, but NOT EVERYTHING RAN: see above.")
        return well


def environment(**more: str) -> dict[str, str]:
    """What is compiled is kept, whatever is usual here: else each process would compile everything anew."""
    return setting_up.environment(PYTHONDONTWRITEBYTECODE="", **more)


def in_venv(command: list[str]) -> list[str]:
    return [str(VENV / "bin" / command[0]), *command[1:]]


# What is there to test with ----------------------------------------------------------------------------------------


def answers(program: str, url: str) -> bool:
    """Whether a few lines of Python, given `url`, end well in the product's environment."""
    return subprocess.run([PYTHON, "-c", program, url], check=False, capture_output=True, timeout=30).returncode == 0


ASK_POSTGRESQL = """
import sys, psycopg2
with psycopg2.connect(sys.argv[1], connect_timeout=3) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
    sys.exit(not cursor.fetchone()[0])
"""
ASK_REDIS = """
import sys, redis
redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3, socket_timeout=3).ping()
"""


def find_postgresql() -> str | None:
    """A server on which this person may make databases: the one named, else this machine's over TCP or its socket."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        return named if answers(ASK_POSTGRESQL, named) else None
    user = getpass.getuser()
    candidates = [
        f"postgres://{user}@127.0.0.1:5432/postgres",
        f"postgres://{user}@/postgres?host=/var/run/postgresql",
    ]
    return next((url for url in candidates if answers(ASK_POSTGRESQL, url)), None)


def find_redis() -> str | None:
    url = os.environ.get("TEST_REDIS_URL", REDIS)
    return url if answers(ASK_REDIS, url) else None


def find_chromium() -> str | None:
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUMS):
        if name and (found := shutil.which(name)):
            return found
    return None


def find_compose() -> str | None:
    """The command, as plug-in of Docker's or on its own. Neither needs a running Docker to read a file."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and quietly(*command, "version"):
            return " ".join(command)
    return None


def find_pango() -> str | None:
    """The libraries paper copies are printed with; WeasyPrint looks for them when it is imported."""
    return "WeasyPrint" if answers("import weasyprint", "") else None


def quietly(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


FINDERS: dict[str, Callable[[], str | None]] = {
    "PostgreSQL": find_postgresql,
    "Redis": find_redis,
    "Chromium": find_chromium,
    "Docker Compose": find_compose,
    "Pango": find_pango,
}


def named_elsewhere(name: str) -> bool:
    """Whether somebody has said which one to use: then installing another is no remedy."""
    return bool(os.environ.get(NAMED_BY.get(name, "")))


def may_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def add(missing: list[str]) -> None:
    """As root on Debian: install what is missing and start it. What fails is reported by the search that follows."""
    packages = [package for name in missing for package in DEBIAN_PACKAGES[name].split()]
    with setting_up.step(f"Installing {', '.join(packages)} with apt-get"):
        quietly("apt-get", "update")
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        # A machine that has just started may still be updating itself.
        wait = "DPkg::Lock::Timeout=300"
        quietly("apt-get", "install", "-y", "-o", wait, "--no-install-recommends", *packages)
        if "PostgreSQL" in missing:
            quietly("service", "postgresql", "start")
            wait_for(lambda: quietly("runuser", "-u", "postgres", "--", "psql", "-c", "SELECT 1"))
            quietly("runuser", "-u", "postgres", "--", "createuser", "--superuser", getpass.getuser())
        if "Redis" in missing and not quietly("service", "redis-server", "start"):
            quietly("redis-server", "--daemonize", "yes", "--save", "")
        wait_for(lambda: all(FINDERS[name]() for name in missing))


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.5)


def remedy(missing: list[str]) -> str:
    """What would add what is missing, in one line."""
    if named := [NAMED_BY[name] for name in missing if named_elsewhere(name)]:
        return f"another {' and '.join(named)}, or none: what it names does not answer"
    command = f"sudo apt install -y {' '.join(DEBIAN_PACKAGES[name] for name in missing)}"
    if "PostgreSQL" in missing:
        command += f" && sudo -u postgres createuser --superuser {getpass.getuser()}"
    return command


# The legs ----------------------------------------------------------------------------------------------------------


def check(report: Report) -> None:
    report.run("format", ["ruff", "format", "--check", "--quiet", "."])
    report.run("lint", ["ruff", "check", "--quiet", "."])
    report.run("templates", ["djlint", "--lint", "--quiet", "templates"])
    report.run("imports", ["lint-imports"])


def files_of(mark: str) -> list[str]:
    """The files a mark stands in: to read all the others takes each process many seconds."""
    return [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if f"mark.{mark}" in path.read_text(encoding="utf-8")
    ]


def test(report: Report) -> None:
    pytest = ["pytest", "-q", "-n", str(min(4, os.cpu_count() or 2)), "--dist", "loadgroup"]
    found = {name: find() for name, find in FINDERS.items()}
    missing = [name for name, where in found.items() if where is None and not named_elsewhere(name)]
    if missing and may_install():
        add(missing)
        found = {name: find() for name, find in FINDERS.items()}
    migrations = ["python", "manage.py", "makemigrations", "--check", "--dry-run"]
    report.run("migrations are complete", migrations, DJANGO_SETTINGS_MODULE="tests.settings")
    report.run(
        "tests on SQLite", [*pytest, "-m", "not journey and not postgresql and not redis"],
        TEST_DATABASE_URL="", TEST_REDIS_URL="",
    )  # fmt: skip
    postgresql, redis, chromium = found["PostgreSQL"], found["Redis"], found["Chromium"]
    if postgresql and redis:
        report.run(
            "tests on PostgreSQL and Redis", [*pytest, "-m", "not journey and database and not one_kind"],
            TEST_DATABASE_URL=postgresql, TEST_REDIS_URL=redis,
        )  # fmt: skip
    else:
        lacking = [name for name in ("PostgreSQL", "Redis") if not found[name]]
        report.leave_out("tests on PostgreSQL and Redis", *lacking)
    if chromium:
        report.run(
            "journeys in a browser", [*pytest, "-m", "journey", *files_of("journey")],
            CHROMIUM=chromium, TEST_DATABASE_URL="", TEST_REDIS_URL="",
        )  # fmt: skip
    else:
        report.leave_out("journeys in a browser", "Chromium")
    if found["Docker Compose"] is None:
        report.leave_out("docker-compose.yml as Docker Compose reads it", "Docker Compose")
    if found["Pango"] is None:
        report.leave_out("paper copies as PDF", "Pango")


def main() -> int:
    report = Report()
    in_ci = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    try:
        setting_up.check_python()
        setting_up.make_venv()
        setting_up.install("dev")
        setting_up.make_frontend()
        setting_up.compile_messages()
        with report.meanwhile("types", ["mypy", *SOURCES]):
            check(report)
            if "--check" not in sys.argv[1:]:
                test(report)
    except SetupError as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted.")
        return 130
    return 0 if report.tell(nothing_may_be_left_out=in_ci) else 1


if __name__ == "__main__":
    sys.exit(main())
