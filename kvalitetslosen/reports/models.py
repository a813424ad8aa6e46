"""Reports that are kept, whom they are shared with, when which are sent, and what an hour costs."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Moving
from kvalitetslosen.organisation.models import LEVELS, Language, Role, TreeQuerySet, Unit, UnitScoped, User
from kvalitetslosen.reports.lifecycle import REPORT, State
from kvalitetslosen.reports.periods import MONTHS_IN, Period, Rhythm
from kvalitetslosen.reports.registry import Kind, find, kinds

SHARED_WITH = (
    Role.LEADER,
    Role.QUALITY_CONTACT,
    Role.SAFETY_REP,
    Role.UNION_REP,
    Role.WORK_ENVIRONMENT,
    Role.OCCUPATIONAL_HEALTH,
    Role.DPO,
)
"""Whom a report can be shared with."""


def in_rhythm(kind: Kind) -> Q:
    """Reports of a whole month, quarter or year, as the kind is made."""
    months, where = MONTHS_IN[kind.rhythm], Q(pk__in=())
    for first in range(1, 13, months):
        where |= Q(first__month=first, last__month=first + months - 1)
    return where & Q(last__year=F("first__year"))


def written_by(user: User, rhythm: Callable[[Kind], Q] = in_rhythm) -> Q:
    """The reports the person may write: by kind, of the units they hold a role for it at, and below.

    Where the municipality narrows what upper leaders see, they don't read on from two levels down. Those with figures
    only have those of its own rhythm, as live: the difference of two periods would tell the small numbers of both.
    """
    where, standing = Q(pk__in=()), user.standing
    for kind in kinds():
        place = Q(pk__in=())
        for role in kind.roles:
            for unit in standing.units(role) if role not in kind.only_read else ():
                here = Q(**{LEVELS[unit.depth]: unit.pk})
                if role == Role.LEADER and standing.narrowed and unit.depth + 2 < len(LEVELS):
                    here &= Q(**{LEVELS[unit.depth + 2]: None})
                place |= here
        whole = [role for role in kind.whole if role not in kind.only_read]
        if standing.has(*whole):
            has_cases = standing.has(*(role for role in whole if role not in kind.figures_only))
            place |= Q(level_1=None) if has_cases else Q(level_1=None) & rhythm(kind)
        if place != Q(pk__in=()):
            where |= Q(place, kind=kind.name, level_0=user.municipality_id)
    return where


def shared_with(user: User) -> Q:
    """Approved reports shared with a role the person holds at the report's unit, above it or below it."""
    where = Q(pk__in=())
    for role, units in user.standing.held.items():
        if role not in SHARED_WITH:
            continue
        place = Q(pk__in=())
        for unit in units:
            place |= Q(**{LEVELS[unit.depth]: unit.pk}) | Q(unit__in=unit.ancestor_ids)
        shares = Share.objects.filter(report=OuterRef("pk"), role=role, ended_at=None)
        where |= Q(place, Exists(shares))
    return where & Q(state=State.APPROVED, level_0=user.municipality_id)


class ReportQuerySet(TreeQuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """Those of one's own units, and approved ones that are shared with a role one has."""
        return self.filter(written_by(user) | shared_with(user)).exclude(state=State.PUT_AWAY)

    def living(self) -> Self:
        return self.filter(state__in=(State.DRAFT, State.APPROVED))


class Report(UnitScoped, Moving):
    """A report of a unit and a period: the writer's words, and once it is approved its figures as they were then."""

    lifecycle = REPORT

    kind = models.CharField(_("report"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))  # the first day of its last month
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("writer"))
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.DRAFT)
    texts = models.JSONField(default=dict, blank=True)  # section → the writer's words
    added = models.JSONField(default=list, blank=True)  # see ``added.Added``
    frozen = models.JSONField(null=True, blank=True, editable=False)  # the sections as they were approved
    scope = models.CharField(max_length=20, blank=True, default="", editable=False)  # see ``Kind.scope``
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit", "first", "last"],
                condition=Q(state="draft"),
                name="report_one_draft_of_each",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "put_away"), frozen=None, approved_at=None, approver=None)
                | Q(
                    state__in=("approved", "withdrawn"),
                    frozen__isnull=False,
                    approved_at__isnull=False,
                    approver__isnull=False,
                ),
                name="report_approved_with_its_figures",
            ),
        ]
        indexes = [models.Index(fields=["level_0", "-created_at"], name="report_of_municipality")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def of_kind(self) -> Kind | None:
        return find(self.kind)

    @property
    def label(self) -> str:
        kind = self.of_kind
        return str(kind.label) if kind else self.kind

    @property
    def title(self) -> str:
        return f"{self.label}, {self.unit.name}, {self.period}"

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == State.APPROVED


class Share(Journaled):
    """That a report is read by everybody with a role at its unit, above it or below it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="shares")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "role"], condition=Q(ended_at=None), name="report_shared_once_with_a_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.role}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.report.level_0


class ScheduleQuerySet(TreeQuerySet["Schedule"]):
    def visible_to(self, user: User) -> Self:
        """Those of reports the person has."""
        return self.filter(written_by(user, lambda kind: Q(rhythm=kind.rhythm)))

    def running(self) -> Self:
        return self.filter(ended_at=None)


class Schedule(UnitScoped, Journaled):
    """«Every month to the leaders here»: when a period is over, those who have the report are told."""

    kind = models.CharField(_("report"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm.choices)
    roles = models.JSONField(default=list)  # to everybody with one of these, at the unit and above it
    with_file = models.BooleanField(_("with the report as a file"), default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    told_first = models.DateField(null=True, blank=True, editable=False)  # of the last period that was told
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit", "rhythm"], condition=Q(ended_at=None), name="schedule_once_of_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.rhythm}"

    def get_absolute_url(self) -> str:
        return reverse("reports:plan", args=[self.pk])

    @property
    def label(self) -> str:
        kind = find(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    def latest_over(self, today: datetime.date) -> Period:
        """The last period that is over."""
        return Period.around(self.rhythm, today, back=1)


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)


class Recipient(Journaled):
    """Somebody who gets the report by name, besides those who get it for a role. It gives no right to read it."""

    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="named")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "person"], condition=Q(ended_at=None), name="recipient_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.person_id}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.schedule.level_0


PRICES: tuple[str, ...] = ("report_minutes", "tick_minutes", "handle_minutes", "cause_minutes")


class HourPrice(Journaled):
    """What an hour costs and how long things take, as a municipality reckons. Kept by the administrator."""

    municipality = models.OneToOneField(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    price = models.PositiveIntegerField(
        _("what an hour costs"), validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    report_minutes = models.PositiveSmallIntegerField(_("to report a case"), default=0)
    tick_minutes = models.PositiveSmallIntegerField(_("to tick an event"), default=0)
    handle_minutes = models.PositiveSmallIntegerField(_("to follow up a case until it is closed"), default=0)
    cause_minutes = models.PositiveSmallIntegerField(_("to look for the cause step by step"), default=0)

    class Meta:
        verbose_name = _("price of an hour")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(price__gte=1), name="hour_price_is_a_price")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.price}"

    def said(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("price", *PRICES)}
