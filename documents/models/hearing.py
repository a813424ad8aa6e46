"""A draft out for hearing: who is asked, what they say, and what becomes of it."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.lifecycle import OPEN
from documents.models.document import Version
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Role, Unit, User


class HearingQuerySet(models.QuerySet["Hearing"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def visible_to(self, user: User) -> Self:
        """To whoever wrote the draft, owns the document or leads its unit; to those asked, and to the approvers."""
        here = Q(version__document__level_0=user.municipality_id)
        mine = Q(version__author=user) | Q(version__edited_by=user) | Q(version__document__owner=user)
        mine |= user.standing.over(Role.LEADER, "version__document__")
        invited = Exists(Invitation.objects.filter(hearing=OuterRef("pk"), user=user))
        approving = Exists(Version.objects.shown_to_approver(user).filter(pk=OuterRef("version")))
        return self.filter(mine | Q(invited, version__state__in=OPEN) | Q(approving), here)

    def to_answer(self, user: User) -> Self:
        """What the person is asked about and hasn't answered."""
        waiting = Invitation.objects.filter(hearing=OuterRef("pk"), user=user, answered_at=None)
        return self.open().filter(Exists(waiting), version__document__level_0=user.municipality_id)

    def to_sum_up(self, user: User) -> Self:
        """Closed, and with comments that wait for the person's answer before the draft can go on."""
        waiting = Response.objects.filter(hearing=OuterRef("pk"), outcome=Outcome.WAITS)
        return self.exclude(closed_at=None).filter(Exists(waiting), version__author=user, version__state__in=OPEN)


class Hearing(Journaled):
    """One round of asking what others think of a draft. It is closed by hand, or by the clock after its deadline."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="hearings")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    question = models.TextField(blank=True, default="")
    deadline = models.DateField()
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    # Nobody, where the clock closed it.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = HearingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(closed_at=None), name="hearing_one_open_a_version"
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(closed_at__isnull=False), name="hearing_closed_by_follows_closed_at"
            ),
        ]
        indexes = [models.Index(fields=["deadline"], name="hearing_open", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return str(self.version)

    def get_absolute_url(self) -> str:
        return reverse("documents:hearing", args=[self.version.document.number, self.pk])

    @property
    def journal_municipality_id(self) -> int | None:
        return self.version.document.level_0

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_late(self) -> bool:
        """Whether its deadline has passed and it is still open."""
        return self.is_open and self.deadline < timezone.localdate()

    def days_left(self, today: datetime.date | None = None) -> int:
        return (self.deadline - (today or timezone.localdate())).days


class Invitation(models.Model):
    """One person asked: by name, or for a role they have in a unit."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)  # commented, or said that they have nothing to say

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hearing", "user"], name="invitation_once_a_person")]

    def __str__(self) -> str:
        return f"{self.hearing_id}: {self.user_id}"

    @property
    def part(self) -> str:
        """As «Safety representative»; empty for one asked by name."""
        return str(Role(self.role).label) if self.role else ""


class Outcome(models.TextChoices):
    """What has become of a comment."""

    WAITS = "", _("Not answered yet")
    TAKEN_IN = "taken_in", _("Taken into account")
    NOT_TAKEN_IN = "not_taken_in", _("Not taken into account")


class Response(models.Model):
    """What somebody says of the draft, about one heading or all of it, and what whoever wrote it answers."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="responses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    heading = models.CharField(max_length=300, blank=True, default="")  # as it was worded; empty: the whole document
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default=Outcome.WAITS)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_by=None, answered_at=None)
                | ~Q(outcome="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="response_answered_with_its_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="not_taken_in") | ~Q(answer=""), name="response_not_taken_in_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hearing_id}: {self.by_id}"
