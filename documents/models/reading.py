"""Read and understood: who is asked to read a document, and who has confirmed that they have.

Nobody is written down as asked. That follows from today's memberships: see ``documents.readers``.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document, Version
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Membership, Role, Unit, User

DAYS_TO_READ = 14  # for whoever begins later, and for the next version, unless something else is said


class ReadRequirementQuerySet(models.QuerySet["ReadRequirement"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> Self:
        """To those who may open the document; whom it asks is told on the pages of leaders and the owner only."""
        return self.filter(document__in=Document.objects.visible_to(user).values("pk"))


class ReadRequirement(Journaled):
    """Somebody asks units, roles or people to confirm that they have read a document; it stands until it is ended.

    It asks for the latest major version: when one comes into force, it asks anew, with a new date.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="requirements")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)  # the one it asks for now
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_on = models.DateField(editable=False)  # the day it began to ask for that version
    due_on = models.DateField(_("to be read by"))
    days = models.PositiveSmallIntegerField(_("days for those who begin later"), default=DAYS_TO_READ)
    note = models.TextField(_("why"), blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ReadRequirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False), name="requirement_ended_by_whom"
            ),
            models.CheckConstraint(condition=Q(days__range=(1, 365)), name="requirement_days_within_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.due_on}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.document.level_0


class ReadAudience(models.Model):
    """Some of those a requirement asks: all who work in a unit or below it, or have a role there; or a person."""

    requirement = models.ForeignKey(ReadRequirement, models.CASCADE, related_name="audience")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)  # empty: all who work there
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person=None) | Q(unit=None, person__isnull=False, role=""),
                name="read_audience_is_unit_or_person",
            ),
            models.UniqueConstraint(
                fields=["requirement", "unit", "role"], condition=Q(person=None), name="read_audience_unit_once"
            ),
            models.UniqueConstraint(
                fields=["requirement", "person"], condition=Q(unit=None), name="read_audience_person_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id}: {self.unit_id or self.person_id} {self.role}".strip()


class ReadReceiptQuerySet(models.QuerySet["ReadReceipt"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the people one leads today."""
        led = user.standing.over(Role.LEADER, "unit__")
        people = Membership.objects.on(timezone.localdate()).filter(led, user=OuterRef("user"))
        return self.filter(Q(user=user) | Q(Exists(people)))


class ReadReceipt(Journaled):
    """Somebody has read and understood a version: once for each major one, whichever of its wordings they saw."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    major = models.PositiveSmallIntegerField(editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReadReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "document", "major"], name="read_receipt_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.version_id}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.document.level_0


class ReadNudgeQuerySet(models.QuerySet["ReadNudge"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)


class ReadNudge(Journaled):
    """A leader reminded somebody of all they have to read; at most once a day, whoever does it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    day = models.DateField(editable=False)

    objects = ReadNudgeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="read_nudge_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.day}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.user.municipality_id
