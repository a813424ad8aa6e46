"""Whoever installs gets exactly what was tried, from wherever they fetch it."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"://|--index|--find-links|--extra-index|^-i\b", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_has_one_version_and_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert len(entries) > 1
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^ ]+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_development_lock_contains_the_production_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), flags=re.MULTILINE))

    assert pins("prod.txt") < pins("dev.txt")


def test_a_lock_made_on_one_machine_serves_another() -> None:
    """redis needs async-timeout before Python 3.11.3, which is what Debian 12 has (3.11.2)."""
    assert "async-timeout==" in (ROOT / "requirements" / "prod.txt").read_text()


def test_the_front_end_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package, name
        if name:
            assert package["integrity"].startswith("sha512-"), name


def test_front_end_packages_have_exact_versions() -> None:
    package = json.loads((ROOT / "frontend" / "package.json").read_text())
    versions = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    assert versions
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
