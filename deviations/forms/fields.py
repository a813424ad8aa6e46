"""The fields of more than one form: guarded text, places, categories, procedures."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from deviations.models import Category
from deviations.naming import FEW
from documents.models import Document
from kvalitetslosen import identity_numbers
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.organisation.models import LEVELS, Membership, Unit, User

LONGEST_TEXT = 5000


ELSEWHERE = "elsewhere"


class GuardedText(identity_numbers.GuardedCharField):
    """Free text that can't carry an identity number: pointed out in place while writing, refused when sent."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)


def unit_label(unit: Unit) -> str:
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


def units_like(user: User, text: str) -> models.QuerySet[Unit]:
    """The municipality's units whose name has the text in it, those that begin with it first."""
    name = text.split(" (")[0].strip()
    begins = Case(When(name__istartswith=name, then=Value(0)), default=Value(1))
    return (
        Unit.objects.visible_to(user)
        .active()
        .filter(name__icontains=name)
        .select_related("parent")
        .order_by(begins, "name", "pk")
    )


def documents_like(user: User, text: str) -> models.QuerySet[Document]:
    """What is in force: the title of a draft is for those who write it."""
    return Document.objects.visible_to(user).in_force().filter(title__icontains=text.strip()).order_by("title", "pk")


BELOW = Unit.objects.filter(parent=OuterRef("pk"), closed_on=None)


def working_there(day: Any) -> Subquery:
    """How many people a unit has of its own, not those of the units below."""
    here = Membership.objects.on(day).filter(unit=OuterRef("pk"), user__is_active=True).order_by()
    return Subquery(here.values("unit").values(n=Count("user", distinct=True)), output_field=models.IntegerField())


NEAR = Prepared(
    lambda municipality, home, beside, day, **line: (
        Unit.objects.visible_to(User(municipality_id=municipality))
        .active()
        .annotate(working_there=working_there(day), is_parted=Exists(BELOW))
        .filter(Q(parent=home) | Q(parent=beside) | Q(pk__in=list(line.values())))
        .order_by("depth", "name", "pk")[:40]
    ),
    municipality=int,
    home=int,
    beside=int,
    day=datetime.date,
    **dict.fromkeys(LEVELS, int),
)


class NearUnits:
    """The units a person most often reports from: their own, those beside and below it, and the ones above."""

    def __init__(self, user: User) -> None:
        self.user, self.home = user, user.standing.home

    @property
    def first(self) -> Unit | None:
        """One's own, which is known without asking for the others."""
        home = self.home
        if home and home.closed_on is None and home.municipality_id == self.user.municipality_id:
            return home
        return next(iter(self.rows), None)

    @cached_property
    def rows(self) -> list[Unit]:
        home = self.home
        if home is None:
            return []
        beside = (home.depth > 1 and home.parent_id) or home.pk
        today = timezone.localdate()
        units = NEAR(municipality=self.user.municipality_id, home=home.pk, beside=beside, day=today, **home.line)
        return sorted(
            units, key=lambda unit: (unit.pk != home.pk, unit.parent_id != home.parent_id, unit.depth < home.depth)
        )

    def choices(self) -> list[tuple[str, Any]]:
        return [*((str(unit.pk), unit.name) for unit in self.rows), (ELSEWHERE, _("Another place …"))]

    def get(self, value: str) -> Unit | None:
        first = self.first
        if first and str(first.pk) == value:  # most reports: nothing more to ask
            return first
        return next((unit for unit in self.rows if str(unit.pk) == value), None)

    @property
    def small(self) -> list[Unit]:
        """Those where so few work that what is written easily tells who wrote it."""
        rows: list[Any] = self.rows
        return [row for row in rows if 0 < (row.working_there or 0) < FEW and not row.is_parted]


class NearUnitField(forms.ChoiceField):
    """Chosen from ``NearUnits``, or another place."""

    near: NearUnits

    def offer(self, near: NearUnits) -> None:
        self.near = near
        self.choices = near.choices  # asked for when they are shown

    def valid_value(self, value: Any) -> bool:
        return value == ELSEWHERE or self.near.get(value) is not None


CATEGORIES = Prepared(
    lambda municipality: (
        Category.objects.visible_to(User(municipality_id=municipality)).active().order_by("position", "name", "pk")
    ),
    municipality=int,
)


class CategoryChoices:
    """The municipality's categories in one query when they are asked for, main categories as headings."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def rows(self) -> list[Category]:
        rows = CATEGORIES(municipality=self.user.municipality_id)
        mains = {row.pk: row for row in rows}
        for row in rows:
            if row.parent_id in mains:
                row.parent = mains[row.parent_id]
        return rows

    def choices(self, empty: Any) -> list[tuple[Any, Any]]:
        below: dict[int, list[Category]] = {}
        for row in self.rows:
            if row.parent_id:
                below.setdefault(row.parent_id, []).append(row)
        groups: list[tuple[Any, Any]] = [("", empty)]
        for row in self.rows:
            if row.parent_id is None:
                inside = below.get(row.pk)
                if inside:
                    groups.append((row.label, [(str(each.pk), each.label) for each in inside]))
                else:
                    groups.append((str(row.pk), row.label))
        return groups

    def get(self, value: str) -> Category | None:
        return next((row for row in self.rows if str(row.pk) == value), None) if value else None
