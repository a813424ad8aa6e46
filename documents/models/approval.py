"""Who is asked to approve a version, in what order, and what each of them said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User


class Answer(models.TextChoices):
    """What has become of an approver's part."""

    LATER = "later", _("Comes later")
    ASKED = "asked", _("Asked")
    APPROVED = "approved", _("Approved")
    CHANGES_WANTED = "changes_wanted", _("Wants changes")
    DROPPED = "dropped", _("No longer asked")


LIVE = (Answer.LATER, Answer.ASKED, Answer.APPROVED)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def asked_of(self, user: User) -> Self:
        """What waits for the person at this moment."""
        return self.filter(approver=user, state=Answer.ASKED)

    def in_line(self) -> Self:
        return self.order_by("round", "position", "pk")


class Approval(models.Model):
    """One person's part in approving a version. Those with the same position are asked at the same time.

    Each time the version is sent is a new round. ASKED and APPROVED belong to the round under way, or to the one the
    version came into force by: whoever sends it back or takes it back drops them all.
    """

    version = models.ForeignKey("documents.Version", models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    # Whom the approver stands in for: it was meant for that person, who was away when it was their turn.
    approver_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(max_length=15, choices=Answer.choices, default=Answer.LATER)
    asked_at = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)  # when they answered
    note = models.TextField(blank=True, default="")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "round", "approver"], name="approval_once_a_person"),
            models.CheckConstraint(
                condition=Q(approver_for=None) | ~Q(approver_for=F("approver")), name="approval_for_another"
            ),
            models.CheckConstraint(
                condition=Q(state=Answer.LATER, asked_at=None)
                | Q(state=Answer.DROPPED)
                | Q(state__in=[Answer.ASKED, Answer.APPROVED, Answer.CHANGES_WANTED], asked_at__isnull=False),
                name="approval_asked_at_follows_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Answer.APPROVED, Answer.CHANGES_WANTED]) | Q(at__isnull=False),
                name="approval_answered_at_follows_state",
            ),
        ]
        indexes = [
            models.Index(fields=["approver"], name="approval_asked", condition=Q(state=Answer.ASKED)),
        ]

    def __str__(self) -> str:
        return f"{self.approver_id}: {self.state}"

    @property
    def name(self) -> str:
        """Who it is, and for whom."""
        if self.approver_for is None:
            return self.approver.name
        return _("%(name)s for %(leader)s") % {"name": self.approver.name, "leader": self.approver_for.name}
