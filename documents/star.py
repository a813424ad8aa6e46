# ruff: noqa: S608 - what is put together here is our own
"""Documents, their versions and readings as tables for other programs: never a text, never who wrote or read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from documents.lifecycle import ONCE_IN_FORCE
from documents.models import Document, ReadReceipt, Version
from documents.readers import AT_WORK
from kvalitetslosen.open_figures.registry import ByDatabase, Column, Holds, LocalDay, StarTable, register_table
from kvalitetslosen.open_figures.sql import local_day, one_of
from kvalitetslosen.organisation.models import User

IN_FORCE = one_of("v.state", ONCE_IN_FORCE)
TYPE = "COALESCE(NULLIF(k.name, ''), k.base)"


def documents(user: User) -> QuerySet[Any]:
    return Document.objects.visible_to(user)


def versions(user: User) -> QuerySet[Any]:
    return Version.objects.visible_to(user)


def readings(user: User) -> QuerySet[Any]:
    return ReadReceipt.objects.visible_to(user)


def _unit_of_reader(vendor: str) -> str:
    """Where whoever read worked that day; the topmost where they worked in several units."""
    day = local_day("r.at", vendor)
    return (
        "(SELECT w.unit_id FROM organisation_membership AS w JOIN organisation_unit AS wu ON wu.id = w.unit_id"
        f" WHERE w.user_id = r.user_id AND NOT w.withdrawn AND {one_of('w.role', AT_WORK)}"
        f" AND w.valid_from <= {day} AND (w.valid_to IS NULL OR w.valid_to >= {day})"
        " ORDER BY wu.depth, w.id LIMIT 1)"
    )


register_table(
    StarTable(
        key="dim_document",
        view="star_handbook",
        definition="The documents that are or have been in force, one a row.",
        source="documents_document AS d JOIN documents_documenttype AS k ON k.id = d.type_id",
        municipality="d.level_0",
        where=f"EXISTS (SELECT 1 FROM documents_version AS v WHERE v.document_id = d.id AND {IN_FORCE})",
        seen=documents,
        columns=(
            Column("document_key", Holds.NUMBER, "d.id", "The document."),
            Column("municipality_key", Holds.NUMBER, "d.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "d.unit_id", "The unit that owns it now."),
            Column("number", Holds.TEXT, "d.number", "Its number."),
            Column("title", Holds.TEXT, "d.title", "Its title."),
            Column("type", Holds.TEXT, TYPE, "What kind of document it is."),
            Column("reach", Holds.TEXT, "d.reach", "Whether it applies to the unit or the whole municipality."),
            Column("review_on", Holds.DAY, "d.review_on", "The day of its next review."),
        ),
    )
)

register_table(
    StarTable(
        key="fact_document",
        view="star_document",
        definition="Versions of documents that are or have been in force, one a row.",
        source="documents_version AS v JOIN documents_document AS d ON d.id = v.document_id",
        municipality="d.level_0",
        where=IN_FORCE,
        seen=versions,
        columns=(
            Column("version_key", Holds.NUMBER, "v.id", "The version."),
            Column("municipality_key", Holds.NUMBER, "d.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "d.unit_id", "The unit that owns the document now."),
            Column("document_key", Holds.NUMBER, "d.id", "The document."),
            Column("major", Holds.NUMBER, "v.major", "The first part of its number."),
            Column("minor", Holds.NUMBER, "v.minor", "The second part of its number."),
            Column("state", Holds.TEXT, "v.state", "Whether it is in force now, or what came of it."),
            Column("in_force_on", Holds.DAY, LocalDay("v.in_force_from"), "The day it came into force."),
            Column("ended_on", Holds.DAY, LocalDay("v.ended_at"), "The day it was replaced or withdrawn."),
        ),
    )
)

register_table(
    StarTable(
        key="fact_reading",
        view="star_reading",
        definition="Confirmed readings, one a row, without who read.",
        source="documents_readreceipt AS r JOIN organisation_user AS p ON p.id = r.user_id",
        municipality="p.municipality_id",
        seen=readings,
        columns=(
            Column("reading_key", Holds.NUMBER, "r.id", "The reading."),
            Column("municipality_key", Holds.NUMBER, "p.municipality_id", "The municipality."),
            Column(
                "unit_key",
                Holds.NUMBER,
                ByDatabase(_unit_of_reader),
                "The unit the reader worked in that day; the topmost of several.",
            ),
            Column("document_key", Holds.NUMBER, "r.document_id", "The document that was read."),
            Column("major", Holds.NUMBER, "r.major", "Which version of it."),
            Column("read_on", Holds.DAY, LocalDay("r.at"), "The day it was confirmed."),
        ),
    )
)
