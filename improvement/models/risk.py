"""What can go wrong where a unit works: an analysis of risk, its hazards, and the cases that point to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import Deviation, Severity, severity_of
from improvement.models.action import WORKING
from improvement.risk_lifecycle import CURRENT, RISK, RiskState
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User

if TYPE_CHECKING:
    import datetime

    from django_stubs_ext.db.models.manager import ManyRelatedManager

OVERSEEING = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP)
"""The roles that see every analysis of their area: leaders and quality contacts, and, as it is HSE, safety reps."""
CLASSES = (Severity.LOW, Severity.MODERATE, Severity.HIGH, Severity.CRITICAL)
STEPS = (1, 5)


class RiskAnalysisQuerySet(TreeQuerySet["RiskAnalysis"]):
    def visible_to(self, user: User) -> Self:
        """Whoever answers for it, those who oversee the area, and colleagues there or below once it applies."""
        standing = user.standing
        seen = Q(owner=user)
        for role in OVERSEEING:
            seen |= standing.over(role)
        works_at = {pk for role in WORKING for unit in standing.units(role) for pk in unit.ancestor_ids}
        return self.filter(seen | Q(state=RiskState.APPLIES, unit__in=works_at), level_0=user.municipality_id)

    def current(self) -> Self:
        return self.filter(state__in=CURRENT)

    def to_review(self, by: datetime.date) -> Self:
        """What applies and is to be looked at anew by that day, or was to be before."""
        return self.filter(state=RiskState.APPLIES, review_on__lte=by)


class RiskAnalysis(Moving, UnitScoped):
    """One analysis: what it covers, its hazards, and when it is looked at anew.

    Which cases point to its hazards is told in the cases' own journals alone, and shown to those who may see each.
    """

    lifecycle: ClassVar[Lifecycle] = RISK

    title = models.CharField(_("what is analysed"), max_length=120)
    about = models.TextField(_("what it covers"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"), db_index=False
    )
    state = models.CharField(_("status"), max_length=10, choices=RiskState.choices, default=RiskState.DRAFT)
    review_on = models.DateField(_("reviewed by"), null=True, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    applies_from = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RiskAnalysisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RiskState.APPLIES, review_on__isnull=False)
                | ~Q(state=RiskState.APPLIES) & Q(review_on=None),
                name="risk_reviewed_while_it_applies",
            ),
            models.CheckConstraint(
                condition=Q(state=RiskState.DRAFT, applies_from=None)
                | Q(state=RiskState.APPLIES, applies_from__isnull=False)
                | Q(state=RiskState.WITHDRAWN),
                name="risk_applies_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=RiskState.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(state=RiskState.WITHDRAWN) & Q(withdrawn_at=None),
                name="risk_withdrawn_at_follows_state",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "state", "review_on"],
                    name=f"risk_list_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["owner", "state", "review_on"], name="risk_owned"),
            models.Index(fields=["review_on"], name="risk_review", condition=Q(review_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("risks:risk", args=[self.pk])

    @property
    def is_current(self) -> bool:
        return self.state in CURRENT

    @property
    def is_late(self) -> bool:
        return self.review_on is not None and self.review_on < timezone.localdate()


class Acceptance(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("a hazard", "Accepted")
    NOT_ACCEPTED = "not", pgettext_lazy("a hazard", "Not accepted")


class Hazard(models.Model):
    """Something that can happen: why, what it would lead to, what prevents it today, and how large the risk is.

    ``consequence`` and ``probability`` are how it is today; the expected ones how it is to be after the actions.
    """

    analysis = models.ForeignKey(RiskAnalysis, models.PROTECT, related_name="hazards", db_index=False)
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("what can happen"), max_length=200)
    causes = models.TextField(_("causes"), blank=True)
    consequences = models.TextField(_("what it leads to"), blank=True)
    prevented_by = models.TextField(_("what prevents it today"), blank=True)
    consequence = models.PositiveSmallIntegerField(_("consequence"))
    probability = models.PositiveSmallIntegerField(_("probability"))
    expected_consequence = models.PositiveSmallIntegerField(null=True, blank=True)
    expected_probability = models.PositiveSmallIntegerField(null=True, blank=True)
    acceptance = models.CharField(max_length=10, choices=Acceptance.choices, blank=True)
    reason = models.TextField(_("why"), blank=True)
    cases: ManyRelatedManager[Deviation] = models.ManyToManyField(  # type: ignore[assignment]
        Deviation,
        through="HazardCase",
        through_fields=("hazard", "deviation"),
        related_name="hazards",
        blank=True,
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "number"], name="hazard_number_once"),
            models.CheckConstraint(
                condition=Q(consequence__range=STEPS, probability__range=STEPS), name="hazard_in_the_matrix"
            ),
            models.CheckConstraint(
                condition=Q(expected_consequence=None, expected_probability=None)
                | Q(expected_consequence__range=STEPS, expected_probability__range=STEPS),
                name="hazard_expected_in_the_matrix",
            ),
            models.CheckConstraint(
                condition=Q(acceptance="", reason="") | ~Q(acceptance="") & ~Q(reason=""),
                name="hazard_accepted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("risks:hazard", args=[self.analysis_id, self.number])

    @property
    def severity(self) -> Severity:
        return severity_of(self.consequence, self.probability)

    @property
    def score(self) -> int:
        return self.consequence * self.probability

    @property
    def level(self) -> int:
        """1 for low to 4 for critical, for the bars."""
        return CLASSES.index(self.severity) + 1

    @property
    def after(self) -> tuple[int, int] | None:
        """Consequence and probability as they are to be when the actions are done, if that has been said."""
        if self.expected_consequence is None or self.expected_probability is None:
            return None
        return self.expected_consequence, self.expected_probability

    @property
    def severity_after(self) -> Severity | None:
        return severity_of(*self.after) if self.after else None

    @property
    def score_after(self) -> int:
        return self.after[0] * self.after[1] if self.after else 0

    @property
    def level_after(self) -> int:
        return CLASSES.index(self.severity_after) + 1 if self.severity_after else 0

    @property
    def rank(self) -> tuple[Any, ...]:
        """The largest risk first: by class, as consequence 5 is never below high, then by points."""
        return (-self.level, -self.score, self.number)


class HazardCase(models.Model):
    """A case that points to a hazard. ``came_from``: one that was merged into it."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="ties", db_index=False)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="+")
    came_from = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hazard", "deviation"], name="hazard_case_once")]

    def __str__(self) -> str:
        return f"{self.hazard_id}: {self.deviation_id}"
