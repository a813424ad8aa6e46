"""The verbs behind a municipality's types of document."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from documents.html import clean
from documents.models import DocumentType
from documents.standards import STANDARDS
from kvalitetslosen.journal.record import change, create, create_many
from kvalitetslosen.organisation.models import Unit, User


def type_of(municipality_id: int, kind: DocumentType | str) -> DocumentType:
    """The municipality's type for a shared kind; a type is itself. Raises ``DocumentType.DoesNotExist``."""
    if isinstance(kind, DocumentType):
        return kind
    return DocumentType.objects.get(municipality=municipality_id, base=str(kind))


@transaction.atomic
def lay_types(*, municipality: Unit, by: User | None) -> list[DocumentType]:
    """Lay the shared types the municipality lacks, after its own; they are its own from then on."""
    Unit.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    there = DocumentType.objects.filter(municipality=municipality)
    known = set(there.values_list("base", flat=True))
    last = there.order_by("-position").values_list("position", flat=True).first()
    position = 0 if last is None else last + 1
    laid = [
        DocumentType(
            municipality=municipality,
            base=kind,
            letters=standard.letters,
            review_months=standard.review_months,
            template=clean(standard.template_in(municipality.language)),
            position=position + number,
        )
        for number, (kind, standard) in enumerate(STANDARDS.items())
        if kind not in known
    ]
    create_many(laid, "documents.type_added", by=by, data=lambda each: {"name": each.base})
    return laid


@transaction.atomic
def lay_templates(*, municipality: Unit, by: User | None) -> list[DocumentType]:
    """Give shared types that have no template the one they have nowadays: which ones it was."""
    Unit.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    bare = DocumentType.objects.filter(municipality=municipality, template="").exclude(base="").in_order()
    filled = []
    for type in bare:
        standard = STANDARDS.get(type.base)
        if standard is not None and (template := clean(standard.template_in(municipality.language))):
            change(type, "documents.type_changed", by=by, template=template)
            filled.append(type)
    return filled


@transaction.atomic
def add_type(*, municipality_id: int, by: User, template: str = "", **fields: Any) -> DocumentType:
    """A type of the municipality's own, last in the order."""
    Unit.objects.select_for_update(of=("self",)).get(pk=municipality_id)
    last = DocumentType.objects.filter(municipality=municipality_id).order_by("-position").first()
    added = DocumentType(
        municipality_id=municipality_id,
        template=clean(template),
        position=last.position + 1 if last else 0,
        **fields,
    )
    return create(added, "documents.type_added", by=by, name=fields["name"])


@transaction.atomic
def change_type(*, type: DocumentType, by: User, template: str | None = None, **fields: Any) -> None:
    """Set what a type asks for. What is in force keeps its number and interval.

    Raises ``ValidationError`` where it would leave nothing a new document can be.
    """
    others = DocumentType.objects.active().filter(municipality=type.municipality_id).exclude(pk=type.pk)
    if not fields.get("is_active", True) and not others.exists():
        raise ValidationError(
            {"is_active": _("One type must stay in use: a new document has to be something.")}, code="last"
        )
    if template is not None:
        fields["template"] = clean(template)
    change(type, "documents.type_changed", by=by, **fields)


@transaction.atomic
def move_type(*, type: DocumentType, by: User, up: bool) -> bool:
    """Let the type change places with its neighbour; False when it is first, or last, already."""
    Unit.objects.select_for_update(of=("self",)).get(pk=type.municipality_id)
    rows = list(DocumentType.objects.filter(municipality=type.municipality_id).in_order())
    place = rows.index(type)
    target = place - 1 if up else place + 1
    if not 0 <= target < len(rows):
        return False
    rows.insert(target, rows.pop(place))
    for position, row in enumerate(rows):
        change(row, "documents.type_moved", by=by, position=position)
    return True
