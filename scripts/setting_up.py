"""The steps that make a fresh checkout ready. Standard library only: they run before anything is installed.

Each step looks at a hash of what it is made from and does nothing when that is unchanged: a second start is quick.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scripts import frontend
from scripts.frontend import SetupError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
_PR_SET_PDEATHSIG = 1


def say(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """One line for something that takes its time: what, and afterwards how long it took."""
    say(f"{text} …", end=" ")
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - started:.0f} s")


def environment(**more: str) -> dict[str, str]:
    """What the processes we start are given: our own environment, and no other virtual environment's."""
    left_out = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {**{name: value for name, value in os.environ.items() if name not in left_out}, **more}


def setting(name: str, default: str = "") -> str:
    """A setting as the product will read it: the environment's, else the `.env` file's."""
    if name in os.environ:
        return os.environ[name]
    env_file = ROOT / ".env"
    if env_file.is_file():
        for line in env_file.read_text(encoding="utf-8").splitlines():
            if found := re.match(rf"\s*(?:export\s+)?{name}\s*=\s*(.*?)\s*$", line):
                return found[1].strip("'\"")
    return default


def is_on(name: str) -> bool:
    return setting(name).lower() in {"1", "true", "yes", "on", "y", "t", "ok"}


def data_dir() -> Path:
    return Path(setting("DATA_DIR", str(ROOT / "var")))


def digest(*parts: str | Path | bytes) -> str:
    """One hash over texts and files."""
    made = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        made.update(hashlib.sha256(content).digest())
    return made.hexdigest()


class Memory:
    """What was done when, in a small JSON file beside what was made, so that both are thrown away together."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def __getitem__(self, name: str) -> Any:
        return self._read().get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        content = {**self._read(), name: value}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_suffix(".new")
        scratch.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
        scratch.replace(self.path)


def end_with_us() -> None:
    """In a child: be told to stop should this script be killed outright, so that the next one works alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def run(command: Iterable[str | Path], *, failed: str, **more: str) -> str:
    """Run a command quietly and return what it printed. Raises SetupError with its last words and then `failed`."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(**more),
        preexec_fn=end_with_us,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stdout.strip().splitlines() if "Retrying (Retry(" not in line]
        last_words = "\n".join(f"  {line}" for line in said[-15:])
        raise SetupError(f"{last_words}\n\n{failed} When that is put right, the same command goes on from here.\n")
    return done.stdout


# The steps ---------------------------------------------------------------------------------------------------------


def check_python() -> None:
    """Raises SetupError when this Python is too old, or (as Debian ships it) cannot make a virtual environment."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. "
            "If a newer one is installed, name it: make run PYTHON=python3.11"
        )
    if PYTHON.exists():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "Python's venv is not installed. On Debian and Ubuntu this adds it: sudo apt install python3-venv"
        )


def make_venv() -> None:
    """`.venv`, made anew when it was made by a Python that is gone."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0:
        return
    with step("Making a Python environment in .venv"):
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            failed="The Python environment could not be made. On Debian and Ubuntu: sudo apt install python3-venv",
        )


def install(lock: str) -> None:
    """The packages of requirements/<lock>.txt, exactly those that were checked when the lock was written."""
    path = ROOT / "requirements" / f"{lock}.txt"
    memory, wanted = Memory(VENV / "installed.json"), digest(path)
    if memory[lock] == wanted:
        return
    count = len(re.findall(r"^\S+==", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    with step(f"Installing {count} Python packages (about a minute the first time)"):
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
             "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", path],
            failed="The Python packages could not be installed. Is there a way out to the package index?",
        )  # fmt: skip
    memory[lock] = wanted


def _npm_that_works() -> str | None:
    """The machine's own npm, if its node can build the theme."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    version = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    return npm if version >= frontend.OLDEST_NODE else None


def make_frontend() -> None:
    """The third-party files that are served. A machine without npm gets one as a Python package."""
    if frontend.is_current():
        return
    npm = _npm_that_works()
    if npm is None:
        install_node = ROOT / "requirements" / "node.txt"
        with step("This machine has no npm of Node.js 20 or newer; fetching one into .venv"):
            run(
                [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
                 "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", install_node],
                failed="Node.js could not be installed. Is there a way out to the package index?",
            )  # fmt: skip
        npm = str(VENV / "bin" / "npm")
    with step("Fetching style sheets, fonts and icons"):
        run(
            [PYTHON, ROOT / "scripts" / "frontend.py", "--npm", npm],
            failed="The front-end files could not be made. Is there a way out to the npm registry?",
        )


def compile_messages() -> None:
    """Translations in the form that is read at run time. Nothing to do when no catalogue is newer than its result."""
    catalogues = list((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    stale = [
        path
        for path in catalogues
        if not path.with_suffix(".mo").exists() or path.with_suffix(".mo").stat().st_mtime < path.stat().st_mtime
    ]
    if stale:
        run([PYTHON, "-m", "scripts.compile_messages"], failed="The translations could not be compiled.")


def make_secret_key() -> None:
    """A key of this installation's own, readable by its owner only."""
    path = data_dir() / "secret_key"
    if setting("SECRET_KEY") or path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
