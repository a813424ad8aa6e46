"""Rows written by an earlier version are there after an upgrade, with what the new version needs to know of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from documents.models import Approval, Document, DocumentType
from kvalitetslosen.journal import verify

TYPES, BASE = ("documents", "0006_finding_index"), ("deviations", "0009_questions")
AFTER_BASE = ("deviations", "0010_categories_of_the_base")


@contextlib.contextmanager
def empty_database(path: Path, blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """The connection goes to a new file: to migrate the tests' own tables back and forth takes three times as long."""
    with blocker.unblock():
        connection.close()
        ContentType.objects.clear_cache()
        before = connection.settings_dict["NAME"]
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(path)
        try:
            yield
        finally:
            connection.close()
            ContentType.objects.clear_cache()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before


class EachStep(MigrationLoader):
    """As a database from before the first shipment goes: not by the migrations that replace those steps."""

    def load_disk(self) -> None:
        super().load_disk()
        self.disk_migrations = {key: each for key, each in self.disk_migrations.items() if not each.replaces}


def step_by_step() -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.loader = EachStep(connection)
    return executor


def migrate(*targets: tuple[str, str]) -> Any:
    """The models as they were at these points of their history."""
    executor = step_by_step()
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


def leaf(app: str) -> tuple[str, str]:
    (found,) = step_by_step().loader.graph.leaf_nodes(app)
    return app, str(found[1])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the steps are the same, and a new file is quickly made")
def test_documents_and_categories_of_before(
    tmp_path: Path,
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with empty_database(tmp_path / "before.sqlite3", django_db_blocker):
        platform = leaf("organisation")
        add_documents(migrate(TYPES, platform))
        add_categories(migrate(BASE, platform))
        then = migrate(AFTER_BASE, leaf("documents"), platform)

        # Documents get their type, and whoever was asked is an approver with an answer.
        found = dict(Document.objects.order_by("number").values_list("number", "type__base"))
        assert found == {"P-0001": "procedure", "RG-0001": "regulation"}
        parts = Approval.objects.order_by("pk").values_list("approver__name", "state", "version__state")
        assert list(parts) == [("Rolf", "asked", "approval"), ("Rolf", "approved", "in_force")]
        with monkeypatch.context() as patch:  # of the rest, the tables are not of today here
            patch.setattr(verify, "journalled_models", lambda: [DocumentType])
            patch.setattr(verify, "other_journals", [])
            found_faults = list(verify.verify(verify.Count()))
        assert not [fault for fault in found_faults if fault.model == DocumentType._meta.label]

        # Categories are known by the shared base, but for their own ones, and may be ticked.
        categories = then.get_model("deviations", "Category").objects
        given = categories.filter(name="Ikke gitt").order_by("pk")
        assert [(each.base, each.code, each.may_be_ticked) for each in given] == [
            ("medication/not-given", "LEGEMIDDEL", True),
            ("medication/not-given", "2.5", False),
        ]
        assert not categories.exclude(base="").filter(name="Eget").exists()


def add_documents(old: Any) -> None:
    """One that waits for approval and one in force, in a municipality with two people."""
    units, people = old.get_model("organisation", "Unit"), old.get_model("organisation", "User")
    town = units.objects.create(name="Bergdal", code="BER", kind="municipality")
    units.objects.filter(pk=town.pk).update(level_0=town.pk)
    owner = people.objects.create(name="Leif", email="leif@bergdal.example", municipality=town)
    boss = people.objects.create(name="Rolf", email="rolf@bergdal.example", municipality=town)
    now = timezone.now()
    for number, word in (("P-0001", "procedure"), ("RG-0001", "regulation")):
        old.get_model("documents", "Document").objects.create(
            number=number, title="Nøkler", kind=word, unit=town, owner=owner, level_0=town.pk
        )
    stored = old.get_model("documents", "Document").objects.order_by("pk")
    for document, state in zip(stored, ("approval", "in_force"), strict=True):
        is_in_force = state == "in_force"
        old.get_model("documents", "Version").objects.create(
            document=document,
            title="Nøkler",
            body="<p>x</p>",
            state=state,
            author=owner,
            edited_by=owner,
            approver=boss,
            approved_by=boss if is_in_force else None,
            major=1 if is_in_force else None,
            minor=0 if is_in_force else None,
            in_force_from=now if is_in_force else None,
            sent_at=now,
        )


def add_categories(old: Any) -> None:
    """A municipality that changed nothing, and one that has codes of its own and chose what may be ticked."""
    units, categories = old.get_model("organisation", "Unit"), old.get_model("deviations", "Category")
    for name, code, chosen in (("Fjelldal", "FJE", False), ("Sjøvik", "SJO", True)):
        town = units.objects.create(name=name, code=code, kind="municipality")
        units.objects.filter(pk=town.pk).update(level_0=town.pk)
        main = categories.objects.create(municipality=town, name="Legemiddel")
        categories.objects.create(municipality=town, parent=main, name="Ikke gitt", code="2.5" if chosen else "")
        categories.objects.create(municipality=town, parent=main, name="Eget", may_be_ticked=chosen)
