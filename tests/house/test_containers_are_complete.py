"""docker-compose.yml and Dockerfile, read as the tools would read them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.test import find_compose

ROOT = Path(__file__).resolve().parent.parent.parent
NEEDED = ("SECRET_KEY", "JOURNAL_KEY", "SITE_URL", "POSTGRES_PASSWORD", "EMAIL_URL")
DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    compose: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    volumes = {name.split(":")[0] for service in compose["services"].values() for name in service.get("volumes", [])}
    assert volumes == set(compose["volumes"])
    services: dict[str, dict[str, Any]] = compose["services"]
    return services


def test_all_parts_are_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"db", "redis", "migrate", "web", "worker", "beat"}
    assert services["db"]["image"] == "postgres:16"
    assert services["redis"]["image"] == "valkey/valkey:8"


def test_there_is_exactly_one_beat(services: dict[str, dict[str, Any]]) -> None:
    beats = [name for name, service in services.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert services["beat"]["deploy"]["replicas"] == 1
    assert not any("--beat" in service.get("command", []) for service in services.values())


def test_everything_that_stays_up_is_watched(services: dict[str, dict[str, Any]]) -> None:
    assert "HEALTHCHECK" in DOCKERFILE.read_text()
    for name in ("db", "redis", "worker", "beat"):
        assert services[name]["healthcheck"]["test"], name


def test_nobody_works_before_the_tables_are_there(services: dict[str, dict[str, Any]]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_database_and_the_queue_are_not_reachable_from_outside(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["web"]
    assert services["web"]["ports"][0].startswith("127.0.0.1:")


def test_the_container_does_not_run_as_root() -> None:
    lines = DOCKERFILE.read_text().splitlines()
    last_stage = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER losen" in last_stage
    assert "python:3.11-slim-bookworm" in last_stage[0]


def test_every_setting_that_is_offered_is_read(services: dict[str, dict[str, Any]]) -> None:
    source = (ROOT / "kvalitetslosen" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*[\"'](\w+)[\"']", source))
    by_others = {"POSTGRES_PASSWORD", "WEB_CONCURRENCY", "VERSION"}
    offered = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    given = set(services["web"]["environment"])
    assert offered - by_others <= read
    assert given - by_others <= read
    assert read <= offered


def test_what_is_set_in_the_file_reaches_the_product_in_its_container() -> None:
    """Else somebody sets how many proxies there are, or another host, and nothing comes of it."""
    without, _heading, seldom = (
        (ROOT / ".env.example").read_text().partition("# Without docker compose")[2].partition("# Seldom needed")
    )
    alone = set(re.findall(r"^#? ?([A-Z_]+)=", without, flags=re.MULTILINE))
    wanted = set(re.findall(r"^#? ?([A-Z_]+)=", seldom, flags=re.MULTILINE))
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert wanted <= used
    assert not alone & used


COLLECT_ONE = """
import django
django.setup()
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
staticfiles_storage.save("one.css", ContentFile(b"body{}"))
"""


def test_the_image_has_static_files_that_its_user_may_read(tmp_path: Path) -> None:
    """They are collected by root, with what the Dockerfile gives that step and nothing else, and served by losen."""
    step = re.search(r"&& ((?:[A-Z_]+=\S+ (?:\\\n *)?)+)\S*python manage\.py collectstatic", DOCKERFILE.read_text())
    assert step
    given = dict(re.findall(r"([A-Z_]+)=(\S+)", step[1]))
    assert given["STATIC_ROOT"] == "/app/staticfiles"
    given |= {"STATIC_ROOT": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kvalitetslosen.settings"}
    done = subprocess.run(
        [sys.executable, "-c", COLLECT_ONE], cwd=ROOT, env=given, check=False, stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "one.css").stat().st_mode & 0o777 == 0o644


def test_docker_compose_reads_the_file() -> None:
    compose = find_compose()
    if compose is None:  # which `make test` says loudly
        pytest.skip("no Docker Compose here")

    def read(given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        command = [*compose.split(), "config", "--quiet"]
        without = {name: value for name, value in os.environ.items() if name not in NEEDED}
        environment = {**without, **given}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, stderr=subprocess.PIPE, text=True)

    done = read(dict.fromkeys(NEEDED, "given"))
    assert (done.returncode, done.stderr) == (0, "")
    if not (ROOT / ".env").exists():  # which Compose would read
        assert read({}).returncode != 0


def test_what_production_needs_is_asked_for_before_anything_starts() -> None:
    written = (ROOT / "docker-compose.yml").read_text()
    assert {name: f"${{{name}:?Set {name} in .env}}" in written for name in NEEDED} == dict.fromkeys(NEEDED, True)
    first = (ROOT / ".env.example").read_text().split("# Whom mail is from")[0]
    assert set(re.findall(r"^([A-Z_]+)=", first, flags=re.MULTILINE)) == set(NEEDED)
