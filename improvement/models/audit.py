"""An internal audit of a unit: what is looked at, what was found, and the report."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import Deviation
from documents.models import Document, Requirement
from improvement.audit_lifecycle import AUDIT, CURRENT, REPORTED, AuditState
from improvement.models.action import WORKING
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, TreeQuerySet, Unit, UnitScoped, User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import ManyRelatedManager


class AuditQuerySet(TreeQuerySet["Audit"]):
    def visible_to(self, user: User) -> Self:
        """The auditors; the leaders of the audited unit and above, and its quality contacts; safety reps where HSE."""
        standing = user.standing
        seen = Q(pk__in=Audit.objects.audited_by(user).values("pk"))
        seen |= standing.over(Role.LEADER) | standing.over(Role.QUALITY_CONTACT)
        seen |= standing.over(Role.SAFETY_REP) & Q(is_hse=True)
        return self.filter(seen, level_0=user.municipality_id)

    def audited_by(self, user: User) -> Self:
        """Those the person leads or takes part in as an auditor."""
        taking_part = Audit.auditors.through._default_manager.filter(user=user).values("audit")
        return self.filter(Q(owner=user) | Q(pk__in=taking_part))

    def of_leader(self, user: User) -> Self:
        """Those of units the person leads, and below as far as nobody nearer does: whom mail to the leader goes to."""
        led = Membership.objects.on(timezone.localdate()).filter(role=Role.LEADER, user__is_active=True).values("unit")
        found = Q(pk__in=())
        for unit in user.standing.units(Role.LEADER):
            here = Q(**{LEVELS[unit.depth]: unit.pk})
            for level in LEVELS[unit.depth + 1 :]:
                here &= ~Q(**{f"{level}__in": led})
            found |= here
        return self.filter(found)

    def concerning(self, user: User) -> Self:
        """What stands in the person's own year and calendar: what they audit, and where they are the leader of it."""
        audited, led = Audit.objects.audited_by(user), Audit.objects.of_leader(user)
        return self.filter(Q(pk__in=audited.values("pk")) | Q(pk__in=led.values("pk")))

    def told_to(self, user: User) -> Self:
        """What colleagues may read of, and then only title and result: final, where they work or above."""
        standing = user.standing
        units = {pk for role in WORKING for unit in standing.units(role) for pk in unit.ancestor_ids}
        return self.filter(state=AuditState.FINAL, unit__in=units, level_0=user.municipality_id)

    def current(self) -> Self:
        return self.filter(state__in=CURRENT)

    def with_counts(self) -> Self:
        """How many points there are, and what was found."""
        points: dict[str, Count] = {"n_points": Count("points")}
        for answer in Answer:
            points[f"n_{answer.value}"] = Count("points", filter=Q(points__answer=answer))
        return self.annotate(**points)


class Audit(Moving, UnitScoped):
    """One audit of one unit, those below it included. ``owner`` leads it; ``auditors`` are the others.

    What is found is read by the auditors alone until the report is sent.
    """

    lifecycle: ClassVar[Lifecycle] = AUDIT

    title = models.CharField(_("theme"), max_length=120)
    about = models.TextField(_("goal and scope"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who leads it"), db_index=False
    )
    auditors: ManyRelatedManager[User] = models.ManyToManyField(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, related_name="audits", blank=True
    )
    is_hse = models.BooleanField(_("about the working environment"), default=False)
    period_first = models.DateField(_("about the time from"))
    period_last = models.DateField(_("to"))
    held_on = models.DateField(_("held on"))
    held_until = models.DateField(_("until"))
    state = models.CharField(_("status"), max_length=10, choices=AuditState.choices, default=AuditState.PLANNED)
    looked_at = models.TextField(_("what was looked at"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    comment = models.TextField(_("the leader’s comment"), blank=True)
    comment_by = models.DateField(_("comment by"), null=True, blank=True)
    commented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    edits = models.PositiveIntegerField(default=0)  # of the report
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_last__gte=F("period_first"), held_until__gte=F("held_on")),
                name="audit_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=REPORTED, sent_at__isnull=False, comment_by__isnull=False) & ~Q(summary="")
                | ~Q(state__in=REPORTED) & Q(sent_at=None, comment_by=None),
                name="audit_sent_with_a_summary",
            ),
            models.CheckConstraint(
                condition=Q(state=AuditState.FINAL, final_at__isnull=False, final_by__isnull=False)
                | ~Q(state=AuditState.FINAL) & Q(final_at=None, final_by=None),
                name="audit_final_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(comment="", commented_by=None) | ~Q(comment="") & Q(commented_by__isnull=False),
                name="audit_commented_by_somebody",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "state", "held_on"],
                    name=f"audit_list_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["owner", "state", "held_on"], name="audit_owned"),
            models.Index(fields=["held_on"], name="audit_coming", condition=Q(state__in=CURRENT)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("audits:audit", args=[self.pk])

    @property
    def is_current(self) -> bool:
        return self.state in CURRENT

    @property
    def is_reported(self) -> bool:
        """Whether others than the auditors read what was found."""
        return self.state in REPORTED

    @property
    def due_on(self) -> datetime.date | None:
        """The day the next step is to be taken by, if anything waits."""
        days = {
            AuditState.PLANNED: self.held_on,
            AuditState.UNDER_WAY: self.held_until,
            AuditState.SENT: self.comment_by,
        }
        return days.get(AuditState(self.state))

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


class Answer(models.TextChoices):
    """What was seen of one point."""

    CONFORMS = "conforms", pgettext_lazy("an audit", "As it should be")
    NOT = "not", pgettext_lazy("an audit", "Not as it should be")
    OBSERVATION = "observation", pgettext_lazy("an audit", "Can become better")
    NOT_LOOKED_AT = "skipped", pgettext_lazy("an audit", "Not looked at")


FINDINGS = (Answer.NOT, Answer.OBSERVATION)
"""What can be reported: as a deviation, or as a proposal."""


class AuditPointQuerySet(models.QuerySet["AuditPoint"]):
    def waiting(self) -> Self:
        """Findings somebody is to answer in their case, and hasn't."""
        return self.filter(deviation__closed_at=None, answer_by__isnull=False)

    def late(self, today: datetime.date | None = None) -> Self:
        return self.waiting().filter(answer_by__lt=today or timezone.localdate())


class AuditPoint(models.Model):
    """One thing to look at: what a law asks, what a procedure says, or an own question. Its events are the audit's.

    ``deviation`` is the case it was reported as: read by those who may see that case. ``came_from``: the case it was
    before that one was merged.
    """

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="points", db_index=False)
    number = models.PositiveSmallIntegerField()
    question = models.CharField(_("what is looked at"), max_length=500)
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    heading = models.CharField(max_length=200, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True)
    evidence = models.TextField(_("what was seen"), blank=True)
    edits = models.PositiveIntegerField(default=0)
    deviation = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="audit_points")
    came_from = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answer_by = models.DateField(_("to be answered by"), null=True, blank=True)

    objects = AuditPointQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="audit_point_number_once"),
            models.CheckConstraint(
                condition=~Q(answer__in=FINDINGS) | ~Q(evidence=""), name="audit_finding_has_evidence"
            ),
            models.CheckConstraint(
                condition=Q(deviation=None, answer_by=None, reported_by=None, came_from=None)
                | Q(answer__in=FINDINGS, deviation__isnull=False, reported_by__isnull=False),
                name="audit_finding_reported",
            ),
        ]
        indexes = [models.Index(fields=["answer_by"], name="audit_answer_due", condition=Q(answer_by__isnull=False))]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("audits:point", args=[self.audit_id, self.number])

    @property
    def is_finding(self) -> bool:
        return self.answer in FINDINGS

    @property
    def is_late(self) -> bool:
        """Whether the answer is late; ``deviation`` is to be at hand, and to be seen by the reader."""
        if self.answer_by is None or self.deviation is None or not self.deviation.is_open:
            return False
        return self.answer_by < timezone.localdate()
