import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from kvalitetslosen.ui.apps import front_end_files_are_there
from scripts import frontend

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = [
    *ROOT.glob("templates/**/*.html"), *ROOT.glob("kvalitetslosen/**/*.py"), *ROOT.glob("d*/**/*.py"),
    *ROOT.glob("improvement/**/*.py"),
]  # fmt: skip


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "frontend/package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_every_version_is_exact() -> None:
    package = (ROOT / "frontend/package.json").read_text()
    versions = re.findall(r'"@[^"]+": "([^"]+)"', package)
    assert versions
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_nothing_fetched_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "static_vendor", "frontend/node_modules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout == ""


def test_what_is_served_is_there_and_up_to_date() -> None:
    assert frontend.is_current(), "run scripts/frontend.py"
    for name in ("designsystemet.css", "designsystemet.js", "icons.svg", "fonts/inter-latin-wght-normal.woff2"):
        assert finders.find(name), name


def test_a_second_run_does_nothing() -> None:
    before = frontend.STAMP.stat().st_mtime_ns
    done = subprocess.run(
        [sys.executable, "scripts/frontend.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert frontend.STAMP.stat().st_mtime_ns == before


def test_one_is_told_when_they_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert front_end_files_are_there() == []
    monkeypatch.setattr(finders, "find", lambda path: None)
    assert [each.id for each in front_end_files_are_there()] == ["ui.W001"]


def test_npm_that_is_not_there_is_named() -> None:
    with pytest.raises(frontend.SetupError, match="/no/such/npm"):
        frontend.find_npm("/no/such/npm")


def test_every_icon_that_is_used_exists() -> None:
    used = set()
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        used |= set(re.findall(r"""\{% icon ["']([a-z-]+)["']""", text))
        used |= set(re.findall(r"""\b(?:icon|icon_name)=["']([a-z-]+)["']""", text))
        used |= set(re.findall(r"""_icon\(["']([a-z-]+)["']""", text))
    assert used
    assert used <= set(frontend.ICONS)


def test_no_template_has_inline_style_or_script() -> None:
    faulty = [
        source.name
        for source in ROOT.glob("templates/**/*.html")
        if re.search(r"<[^>]+\s(style|on[a-z]+)=\"", text := source.read_text(encoding="utf-8"))
        or re.search(r"<script(?![^>]*\bsrc=)(?![^>]*nonce=)", text)
        if "email" not in source.parts
    ]
    assert faulty == []
