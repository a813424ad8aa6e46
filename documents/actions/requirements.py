"""The verbs of the register of laws: what a document rests on, and what a municipality adds of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from documents.laws import Reference, key_of, references_in
from documents.models import Document, LegalBasis, Requirement, Source
from kvalitetslosen.journal.record import change, create, record
from kvalitetslosen.organisation.models import User

MOST_BASES = 40  # places one document rests on

Place = tuple[Source, str]


def sources_for(municipality_id: int) -> list[Source]:
    """The shared sources and the municipality's own, in their order."""
    mine = Q(municipality=None) | Q(municipality=municipality_id)
    return list(Source.objects.in_use().filter(mine).order_by("position", "title", "pk"))


def places_named(text: str, sources: Iterable[Source]) -> list[Place]:
    """The places a text names, in the register's sources: what ``laws.references_in`` finds, as rows."""
    by_short = {source.short: source for source in sources}
    own = {
        source.short: [source.title, source.title_nn, *source.names.split(",")]
        for source in by_short.values()
        if not source.is_shared
    }
    named = references_in(text, {short: [name.strip() for name in names] for short, names in own.items()})
    return [(by_short[each.source], each.place) for each in named if each.source in by_short]


def places_of(references: Iterable[Reference], municipality_id: int) -> list[Place]:
    """References found before (by an import, say) as rows of the register; unknown sources are left out."""
    by_short = {source.short: source for source in sources_for(municipality_id)}
    return [(by_short[each.source], each.place) for each in references if each.source in by_short]


@transaction.atomic
def set_legal_bases(*, document: Document, by: User | None, places: Iterable[Place]) -> bool:
    """Say which places in laws and standards a document rests on. True when anything differed.

    Where a requirement is listed at the place, the document covers it, and the place is written as it is there.
    """
    places = list(places)[:MOST_BASES]
    asked = _requirements_at(places, document.level_0)
    wanted: dict[tuple[int, str], LegalBasis] = {}
    for source, place in places:
        requirement = asked.get((source.pk, key_of(place)))
        basis = LegalBasis(
            document=document,
            source=source,
            place=requirement.place if requirement else place,
            requirement=requirement,
        )
        wanted.setdefault((source.pk, key_of(basis.place)), basis)
    before = {
        (row.source_id, key_of(row.place)): row
        for row in LegalBasis.objects.filter(document=document).select_related("source").order_by("pk")
    }
    added = [basis for key, basis in wanted.items() if key not in before]
    removed = [row for key, row in before.items() if key not in wanted]
    if not added and not removed:
        return False
    LegalBasis.objects.filter(pk__in=[row.pk for row in removed]).delete()
    LegalBasis.objects.bulk_create(added)
    record(
        document,
        "documents.bases_set",
        by=by,
        added=[f"{row.source.short} {row.place}".strip() for row in added],
        removed=[f"{row.source.short} {row.place}".strip() for row in removed],
    )
    return True


def _requirements_at(places: list[Place], municipality_id: int | None) -> dict[tuple[int, str], Requirement]:
    mine = Q(municipality=None) | Q(municipality=municipality_id)
    rows = Requirement.objects.in_use().filter(
        mine,
        source__in={source.pk for source, _place in places},
        place_key__in={key_of(place) for _source, place in places},
    )
    return {(row.source_id, row.place_key): row for row in rows.order_by("pk")}


def add_source(*, by: User, **fields: Any) -> Source:
    """A law, regulation or standard the municipality works by besides the shared ones."""
    source = Source(municipality_id=by.municipality_id, position=900, **fields)
    return create(source, "documents.source_added", by=by, short=source.short)


def change_source(*, source: Source, by: User, **fields: Any) -> None:
    change(source, "documents.source_changed", by=by, **fields)


@transaction.atomic
def add_requirement(*, by: User, source: Source, place: str, **fields: Any) -> Requirement:
    """Something a source asks. Documents that rest on the place already cover it from now on."""
    requirement = Requirement(
        municipality_id=by.municipality_id, source=source, place=place, place_key=key_of(place), position=900, **fields
    )
    create(requirement, "documents.requirement_added", by=by, place=f"{source.short} {place}")
    _cover(requirement)
    return requirement


@transaction.atomic
def change_requirement(*, requirement: Requirement, by: User, **fields: Any) -> None:
    if "place" in fields:
        fields["place_key"] = key_of(fields["place"])
    change(requirement, "documents.requirement_changed", by=by, **fields)
    _cover(requirement)


def _cover(requirement: Requirement) -> None:
    """Let documents that rest on the place cover the requirement, and those that rest elsewhere no longer."""
    here = LegalBasis.objects.filter(document__level_0=requirement.municipality_id, source=requirement.source_id)
    rows = list(here.filter(Q(requirement=None) | Q(requirement=requirement)).order_by("pk"))
    for row in rows:
        meant = requirement.pk if key_of(row.place) == requirement.place_key else None
        if row.requirement_id != meant:
            row.requirement_id = meant
            row.save(update_fields=["requirement"])
