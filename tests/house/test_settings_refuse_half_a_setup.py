"""The settings, as a fresh process reads them from its environment."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRESQL = "postgres://user:secret@db.example/quality"
KEYS = {
    "SECRET_KEY": "".join(chr(33 + number % 90) for number in range(64)),
    "JOURNAL_KEY": "".join(chr(122 - number % 90) for number in range(64)),
    "SITE_URL": "https://quality.example",
}
WHOLE = {**KEYS, "DATABASE_URL": POSTGRESQL, "EMAIL_URL": "filemail:"}
READ = """
import json, pathlib
from kvalitetslosen import settings
text = lambda value: str(value) if isinstance(value, pathlib.Path) else None
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=text))
"""
READER = """
import json, os, sys, traceback
import celery.schedules, csp.constants, django.utils.translation, django_prose_editor.config, environ, js_asset
import kvalitetslosen.celery, redis.backoff, redis.retry, structlog
assert "kvalitetslosen.settings" not in sys.modules
for line in sys.stdin:
    asked = json.loads(line)
    if not os.fork():
        os.environ.clear()
        os.environ.update(asked["environment"])
        for number, path in ((1, asked["out"]), (2, asked["err"])):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
        try:
            exec(asked["read"])
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        sys.stdout.flush()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


@pytest.fixture(autouse=True, scope="module")
def _reader_is_let_go() -> Iterator[None]:
    yield
    if reader.cache_info().currsize:
        reader().communicate()
        reader.cache_clear()


@cache
def reader() -> subprocess.Popen[str]:
    """Has imported all that the settings stand on, but not them. For each setup it makes a process that does."""
    return subprocess.Popen(
        [sys.executable, "-c", READER], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def read_settings(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Empty values keep a developer's own .env file out of it.
    unset = dict.fromkeys(("DEMO", "DEBUG"), "0") | dict.fromkeys(
        ("SECRET_KEY", "JOURNAL_KEY", "SITE_URL", "REDIS_URL", "EMAIL_URL"), ""
    )
    asking, answering = reader().stdin, reader().stdout
    assert asking is not None
    assert answering is not None
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        asked = {
            "environment": {**clean, **unset, "DATA_DIR": str(data_dir), **environment},
            "read": READ,
            "out": str(out),
            "err": str(err),
        }
        asking.write(json.dumps(asked) + "\n")
        asking.flush()
        code = int(answering.readline())
        return subprocess.CompletedProcess("settings", code, out.read_text(), err.read_text())


def settings_of(data_dir: Path, **environment: str) -> dict[str, Any]:
    done = read_settings(data_dir, **environment)
    assert done.returncode == 0, done.stderr
    settings: dict[str, Any] = json.loads(done.stdout)
    return settings


def test_production_refuses_sqlite_and_says_what_to_set(tmp_path: Path) -> None:
    done = read_settings(tmp_path, **KEYS)
    assert done.returncode != 0
    assert "DATABASE_URL=postgres://" in done.stderr


def test_production_refuses_to_write_mail_nobody_gets_and_says_what_to_set(tmp_path: Path) -> None:
    done = read_settings(tmp_path, **KEYS, DATABASE_URL=POSTGRESQL)
    assert done.returncode != 0
    assert "EMAIL_URL=smtp+tls://" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("address", ["consolemail:", "memorymail:", "dummymail:", "smtp+tls:"])
def test_mail_that_would_be_lost_is_refused(tmp_path: Path, address: str) -> None:
    done = read_settings(tmp_path, **{**WHOLE, "EMAIL_URL": address})
    assert done.returncode != 0
    assert "EMAIL_URL is no mail server." in done.stderr


def test_mail_goes_to_files_where_that_was_asked_for(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, **WHOLE)
    assert settings["MAIL_TRANSPORT"] == "kvalitetslosen.notifications.backends.FileMail"
    assert settings["MAIL_DIR"] == str(tmp_path / "mail")


def test_nothing_is_left_to_say_about_an_example_that_is_filled_in(tmp_path: Path) -> None:
    environment = {
        **KEYS,
        "DATABASE_URL": POSTGRESQL,
        "EMAIL_URL": "smtp+tls://user:pass@mail.example:587",
        "DATA_DIR": str(tmp_path),
        "DEMO": "0",
        "DEBUG": "0",
    }
    # What the browser tests ask of this process is nothing production would have.
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**surroundings, "DJANGO_SETTINGS_MODULE": "kvalitetslosen.settings", "REDIS_URL": "", **environment},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("permission", ["DEMO", "DEBUG", "ALLOW_SQLITE"])
def test_sqlite_is_allowed_where_it_was_asked_for(tmp_path: Path, permission: str) -> None:
    settings = settings_of(tmp_path, **KEYS, EMAIL_URL="filemail:", **{permission: "1"})
    database = settings["DATABASES"]["default"]
    assert database["ENGINE"] == "kvalitetslosen.database.sqlite3"
    assert database["NAME"] == str(tmp_path / "kvalitetslosen.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_nothing_starts_without_a_secret_key(tmp_path: Path) -> None:
    done = read_settings(tmp_path, DEMO="1")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_the_secret_key_can_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("from the file\n")
    assert settings_of(tmp_path, DEMO="1")["SECRET_KEY"] == "from the file"


def test_production_on_postgresql_and_redis(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        **KEYS,
        DATABASE_URL=POSTGRESQL,
        REDIS_URL="redis://redis.example/0",
        EMAIL_URL="smtp+tls://user:pass@mail.example:587",
    )
    database = settings["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"]) == ("kvalitetslosen.database.postgresql", "db.example")
    assert database["CONN_MAX_AGE"] == 60
    assert database["CONN_HEALTH_CHECKS"] is True
    assert settings["CELERY_BROKER_URL"] == "redis://redis.example/0"
    assert settings["SESSION_ENGINE"] == "django.contrib.sessions.backends.cached_db"
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert settings["MAIL_TRANSPORT"] == "kvalitetslosen.notifications.backends.Smtp"
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_HSTS_SECONDS"] >= 31536000
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://quality.example"]
    assert "quality.example" in settings["ALLOWED_HOSTS"]
    assert "*" not in settings["ALLOWED_HOSTS"]
    assert "Manifest" in settings["STORAGES"]["staticfiles"]["BACKEND"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "kort"}, "SECRET_KEY can be guessed: it has 4 characters"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY can be guessed"),
        ({"JOURNAL_KEY": ""}, "Set JOURNAL_KEY"),
        ({"JOURNAL_KEY": "kort"}, "Set JOURNAL_KEY"),
        ({"SITE_URL": ""}, "Set SITE_URL=https://"),
        ({"SITE_URL": "quality.example"}, "SITE_URL is no address"),
        ({"SITE_URL": "http://quality.example"}, "SITE_URL must begin with https://"),
        ({"SITE_URL": "http://localhost.example"}, "SITE_URL must begin with https://"),
        ({"SITE_URL": "http://localhost@quality.example"}, "SITE_URL must begin with https://"),
        ({"SITE_URL": "ftp://quality.example"}, "SITE_URL must begin with https://"),
    ],
)
def test_production_does_not_start_half_configured_and_says_what_to_set(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    done = read_settings(tmp_path, **{**WHOLE, **wrong})
    assert done.returncode != 0
    assert said in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "given",
    [
        {"SITE_URL": "http://localhost:8000"},
        {"SITE_URL": "http://127.0.0.1:8000"},
        {"SITE_URL": "http://quality.example", "ALLOW_HTTP": "1"},
    ],
)
def test_without_https_only_on_the_same_machine_or_where_it_was_asked_for(
    tmp_path: Path, given: dict[str, str]
) -> None:
    settings = settings_of(tmp_path, **{**WHOLE, **given})
    assert settings["SITE_URL"] == given["SITE_URL"]
    assert settings["SESSION_COOKIE_SECURE"] is False


def test_the_journals_key_does_not_change_with_the_other(tmp_path: Path) -> None:
    for key in ("a" * 64, "b" * 64):
        assert settings_of(tmp_path, **{**WHOLE, "SECRET_KEY": key})["JOURNAL_KEY"] == KEYS["JOURNAL_KEY"]


def test_a_trial_needs_no_servers(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, SECRET_KEY="x", DEMO="1", PORT="8123")
    assert settings["CELERY_BROKER_URL"].startswith("filesystem://")
    assert settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["data_folder_in"].startswith(str(tmp_path))
    assert settings["MAIL_TRANSPORT"] == "kvalitetslosen.notifications.backends.FileMail"
    assert settings["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"
    assert settings["SITE_URL"] == "http://127.0.0.1:8123"
    assert settings["SESSION_COOKIE_SECURE"] is False


def test_there_is_no_admin_site() -> None:
    from kvalitetslosen import settings

    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_every_scheduled_task_exists() -> None:
    from kvalitetslosen import settings
    from kvalitetslosen.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_psycopg2_is_the_driver_and_no_other_slipped_in() -> None:
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3
