"""Tally sheets: frequent mild events are ticked, not described, and one learns from the month as a whole."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.lifecycle import SHEET, SheetState
from deviations.models.category import Category
from deviations.models.choices import Harm, Topic
from deviations.models.deviation import Deviation
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User


class Shift(models.TextChoices):
    DAY = "day", _("Day")
    EVENING = "evening", _("Evening")
    NIGHT = "night", _("Night")


class Spot(models.TextChoices):
    """Where in the house, roughly: enough to see a pattern, never enough to see a person."""

    UNSAID = "", _("Not said")
    ROOM = "room", _("In the room")
    BATHROOM = "bathroom", _("In the bathroom")
    CORRIDOR = "corridor", _("In the corridor")
    COMMON = "common", _("In a common room")
    OUTSIDE = "outside", _("Outside")
    OTHER = "other", _("Another place")


MILD = (Harm.NONE, Harm.MILD)
"""What may be ticked. Anything worse is a case."""


class TallyChoiceQuerySet(TreeQuerySet["TallyChoice"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(level_0=user.municipality_id)

    def in_line(self, units: Iterable[int]) -> Self:
        """Those of the units (ids), the deepest unit's first: the first is the one that counts."""
        return self.filter(unit__in=list(units)).order_by("-unit__depth")


class TallyChoice(UnitScoped, Journaled):
    """Which categories are ticked in a unit and those below it, until one of these chooses for itself."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    categories = models.ManyToManyField(Category, related_name="ticked_in", blank=True)

    objects = TallyChoiceQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.unit)


CHOICES_IN_LINE = Prepared(
    lambda **line: TallyChoice.objects.in_line(line.values()).select_related("unit"), **dict.fromkeys(LEVELS, int)
)
"""What the unit and those above it have chosen, the nearest first, asked by the unit's ``line``."""

TICKED = Prepared(
    lambda choice: (
        Category.objects.active()
        .filter(may_be_ticked=True, ticked_in=choice)
        .select_related("parent")
        .order_by("parent__position", "position", "name", "pk")
    ),
    choice=int,
)
"""The categories of a choice that may still be ticked."""


class TallySheetQuerySet(TreeQuerySet["TallySheet"]):
    def visible_to(self, user: User) -> Self:
        """Whose totals the person may know, and whose note they may read: colleagues, and those who see the cases."""
        return self.filter(sees_sheets(user) | user.standing.over(Role.EMPLOYEE))

    def open(self) -> Self:
        return self.filter(state=SheetState.OPEN)

    def ended(self, today: datetime.date | None = None) -> Self:
        """Of months that are over."""
        return self.filter(month__lt=(today or timezone.localdate()).replace(day=1))


def sees_sheets(user: User, prefix: str = "") -> Q:
    """Where the person sees the ticks day by day: as they see the unit's ordinary cases of low severity.

    ``prefix`` is the way to the sheet. Safety representatives and the data protection officer see the ticks of their
    own kinds only: ``TickQuerySet.visible_to``.
    """
    return Q(**{f"{prefix}handler": user}) | sees_mild(user, prefix)


def sees_mild(user: User, prefix: str = "") -> Q:
    """The places whose ordinary cases of low severity the person sees."""
    standing = user.standing
    where = standing.over(Role.QUALITY_CONTACT, prefix)
    for unit in standing.units(Role.LEADER):
        in_line = Q(**{f"{prefix}{LEVELS[unit.depth]}": unit.pk})
        if standing.narrowed and unit.depth + 2 < len(LEVELS):
            in_line &= Q(**{f"{prefix}{LEVELS[unit.depth + 2]}": None})
        where |= in_line
    return where


class TallySheet(Moving, UnitScoped):
    """A unit's ticks of a month. The leader closes it with a note on what was learnt."""

    lifecycle: ClassVar[Lifecycle] = SHEET

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"), db_index=False)
    month = models.DateField(_("month"))  # its first day
    state = models.CharField(_("status"), max_length=10, choices=SheetState.choices, default=SheetState.OPEN)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    learning_note = models.TextField(_("what was learnt"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = TallySheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="tally_sheet_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="tally_sheet_of_a_month"),
            models.CheckConstraint(
                condition=Q(state=SheetState.OPEN, closed_at=None, closed_by=None)
                | (
                    Q(state=SheetState.CLOSED, closed_at__isnull=False, closed_by__isnull=False) & ~Q(learning_note="")
                ),
                name="tally_sheet_closed_with_a_note",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "month"],
                    name=f"tally_sheet_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["handler", "month"], name="tally_sheet_in_hand", condition=Q(state=SheetState.OPEN)),
            models.Index(fields=["month"], name="tally_sheet_open", condition=Q(state=SheetState.OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("deviations:tally_month", args=[self.unit_id, f"{self.month:%Y-%m}"])

    @property
    def is_open(self) -> bool:
        return self.state == SheetState.OPEN


class TickQuerySet(models.QuerySet["Tick"]):
    def counted(self) -> Self:
        """Those that stand: not taken back, and not counted as a case instead."""
        return self.filter(undone_at=None, became=None)

    def visible_to(self, user: User) -> Self:
        """The ticks whose day and shift the person may know: where they see the unit's cases of the same category."""
        where, standing = sees_sheets(user, "sheet__"), user.standing
        if standing.has(Role.SAFETY_REP):
            where |= standing.over(Role.SAFETY_REP, "sheet__") & Q(category__topic=Topic.HSE)
        if standing.has(Role.DPO):
            where |= Q(sheet__level_0=user.municipality_id, category__topic=Topic.PRIVACY)
        return self.filter(where)

    def within(self, unit: Unit) -> Self:
        return self.filter(**{f"sheet__{LEVELS[unit.depth]}": unit.pk})


class Tick(models.Model):
    """One event that was ticked. Who did it is kept to let them take it back, shown to nobody, and forgotten
    when the month is closed or the tick becomes a case.
    """

    sheet = models.ForeignKey(TallySheet, models.PROTECT, related_name="ticks", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    date = models.DateField(_("day"))
    shift = models.CharField(_("shift"), max_length=7, choices=Shift.choices)
    harm = models.CharField(_("harm"), max_length=4, choices=[(each.value, each.label) for each in MILD])
    place = models.CharField(_("place"), max_length=8, choices=Spot.choices, blank=True, default=Spot.UNSAID)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    became = models.OneToOneField(Deviation, models.PROTECT, null=True, blank=True, related_name="ticked")

    objects = TickQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(harm__in=[str(each) for each in MILD]), name="tick_is_mild"),
            models.CheckConstraint(condition=Q(undone_at=None) | Q(became=None), name="tick_undone_or_a_case"),
        ]
        indexes = [
            models.Index(fields=["sheet", "category", "date"], name="tick_of_sheet"),
            models.Index(fields=["by", "-at"], name="tick_lately", condition=Q(by__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.shift} {self.category_id}"
