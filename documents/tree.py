"""The handbook as a tree, by unit and by subject, with how many documents the reader has under each."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Coalesce

from documents.models import SearchEntry, Subject, SubjectOf
from kvalitetslosen.organisation.models import Unit, User


@dataclass
class Branch:
    """A unit or a subject under which the reader has documents."""

    pk: int
    name: str
    count: int = 0  # with what lies below
    below: list[Branch] = field(default_factory=list)


def by_unit(user: User) -> list[Branch]:
    """The municipality's units with documents in force that the person may read, as a tree. Two questions."""
    rows = SearchEntry.objects.visible_to(user).order_by().values_list("unit_id").annotate(count=Count("pk"))
    counts: dict[int, int] = dict(rows)
    above: set[int] = set()
    units = {}
    for unit in Unit.objects.visible_to(user).order_by("depth", "name", "pk"):
        units[unit.pk] = unit
    for pk in counts:
        if pk in units:
            above.update(units[pk].ancestor_ids)
    branches = {pk: Branch(pk, unit.name, counts.get(pk, 0)) for pk, unit in units.items() if pk in above}
    roots: list[Branch] = []
    for pk, branch in branches.items():
        parent = units[pk].parent_id
        (branches[parent].below if parent in branches else roots).append(branch)
    for pk in reversed(list(branches)):
        parent = units[pk].parent_id
        if parent in branches:
            branches[parent].count += branches[pk].count
    return roots


def by_subject(user: User) -> tuple[list[Branch], int]:
    """The subjects with documents in force that the person may read, and how many are under none. Four questions."""
    entries = SearchEntry.objects.visible_to(user).order_by()
    placed = SubjectOf.objects.filter(document__in=entries.values("document")).order_by()
    counts = dict(placed.values_list("subject_id").annotate(count=Count("pk")))
    main = Coalesce("subject__parent_id", "subject_id")
    mains = dict(placed.annotate(main=main).values_list("main").annotate(count=Count("document", distinct=True)))
    below: dict[int, list[Branch]] = {}
    roots = []
    for subject in Subject.objects.visible_to(user).in_order():
        if subject.parent_id is None and subject.pk in mains:
            roots.append(Branch(subject.pk, subject.label, mains[subject.pk]))
        elif subject.parent_id is not None and subject.pk in counts:
            below.setdefault(subject.parent_id, []).append(Branch(subject.pk, subject.label, counts[subject.pk]))
    for branch in roots:
        branch.below = below.get(branch.pk, [])
    without = entries.filter(~Exists(SubjectOf.objects.filter(document=OuterRef("document")))).count()
    return roots, without


def main_subjects(user: User) -> list[Subject]:
    """The main subjects under which the person has documents in force, without counting them. One question."""
    entries = SearchEntry.objects.visible_to(user).order_by()
    placed = SubjectOf.objects.filter(document__in=entries.values("document"))
    main = Coalesce("subject__parent_id", "subject_id")
    used = placed.annotate(main=main).order_by().values("main").distinct()
    return list(Subject.objects.visible_to(user).filter(parent=None, pk__in=used).in_order())
