"""`make run`, as somebody who has just cloned the repository meets it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts import run, setting_up
from scripts.frontend import SetupError

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


# What is said when something is in the way ------------------------------------------------------------------------


def test_a_taken_port_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SetupError, match=rf"Port {port} cannot be used .*make run PORT={port + 1}"):
            run.wanted_port()


@pytest.mark.parametrize("nonsense", ["eight", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(SetupError, match="no port number"):
        run.wanted_port()


def test_a_python_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_up, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(SetupError, match=r"Python 3\.11 or newer is needed; .* is 3\."):
        setting_up.check_python()


def test_a_missing_venv_names_the_debian_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setting_up, "PYTHON", tmp_path / "none")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(SetupError, match="apt install python3-venv"):
        setting_up.check_python()


def test_a_second_one_on_the_same_data_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", "8765")
    with run.only_one(), pytest.raises(SetupError, match=r"running already .*port 8765"), run.only_one():
        pytest.fail("both run")
    with run.only_one():
        pass


def test_a_failing_step_shows_its_last_words() -> None:
    with pytest.raises(SetupError, match=r"(?s)no such thing.*That went wrong\."):
        setting_up.run([sys.executable, "-c", "raise SystemExit('no such thing')"], failed="That went wrong.")


# What it remembers ------------------------------------------------------------------------------------------------


def test_what_was_done_is_remembered_and_a_damaged_memory_forgets(tmp_path: Path) -> None:
    memory = setting_up.Memory(tmp_path / "deep" / "setup.json")
    assert memory["anything"] is None
    memory["packages"] = "abc"
    memory["database"] = "def"
    again = setting_up.Memory(tmp_path / "deep" / "setup.json")
    assert (again["packages"], again["database"]) == ("abc", "def")
    again.path.write_text("half a fi")
    assert again["packages"] is None


def test_a_setting_comes_from_the_environment_then_from_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text('# PORT=1\nexport PORT = "8100"\nDEMO=true\n')
    monkeypatch.setattr(setting_up, "ROOT", tmp_path)
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("DEMO", raising=False)
    assert setting_up.setting("PORT", "8000") == "8100"
    assert setting_up.is_on("DEMO")
    monkeypatch.setenv("PORT", "8200")
    assert setting_up.setting("PORT", "8000") == "8200"
    assert setting_up.setting("NOTHING", "default") == "default"


def test_the_secret_key_is_made_once_and_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SECRET_KEY", "")
    setting_up.make_secret_key()
    key_file = tmp_path / "var" / "secret_key"
    key = key_file.read_text()
    assert len(key) > 60
    assert key_file.stat().st_mode & 0o777 == 0o600
    setting_up.make_secret_key()
    assert key_file.read_text() == key


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////data/quality.sqlite3", Path("/data/quality.sqlite3")),
        ("postgres://me@127.0.0.1/quality", None),
    ],
)
def test_only_a_file_can_be_known_to_be_up_to_date(
    monkeypatch: pytest.MonkeyPatch, url: str, file: Path | None
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert run.database_file() == file


# The whole thing --------------------------------------------------------------------------------------------------


@contextmanager
def running(port: int, data_dir: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    left_out = ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "SITE_URL", "EMAIL_URL", "DEMO", "DEBUG")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": f"sqlite:///{data_dir}/db.sqlite3",
        "REDIS_URL": "",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def wait_for(text: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    seconds = 600  # so long only where something hangs
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if text in log.read_text():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    pytest.fail(f"no {text!r} within {seconds} s:\n{log.read_text()}")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_it_starts_serves_works_stops_and_starts_again_without_setting_up(free_port: int, tmp_path: Path) -> None:
    data_dir, log = tmp_path / "var", tmp_path / "log"
    address = f"http://127.0.0.1:{free_port}/"
    with running(free_port, data_dir, log) as process:
        wait_for("Ctrl-C stops it.", log, process)
        said = log.read_text()
        assert address in said
        assert "Making the tables" in said
        assert "Loading the demo world" in said
        assert "leder@aseral.example" in said
        with urllib.request.urlopen(address) as page:
            html = page.read().decode()
        style_sheets = re.findall(r'href="(/static/[^"]+\.css)"', html)
        assert style_sheets
        for path in style_sheets:
            with urllib.request.urlopen(address + path.lstrip("/")) as file:
                assert file.headers["Content-Type"].startswith("text/css")
        with urllib.request.urlopen(address + "readyz") as ready:
            assert ready.read() == b"ready\n"
        # The worker has taken the first tick of the clock off the queue.
        queue = data_dir / "celery" / "queue"
        deadline = time.monotonic() + 30
        while not list(data_dir.glob("celery/beat-schedule*")) or list(queue.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert not answers(free_port)
    assert "Traceback" not in log.read_text()

    with running(free_port, data_dir, log) as process:
        wait_for("Ctrl-C stops it.", log, process)
        assert "Making the tables" not in log.read_text()
        assert "Loading the demo world" not in log.read_text()
        assert "leder@aseral.example" in log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not answers(free_port)
