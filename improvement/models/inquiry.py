"""What one leader asks another: about a case, figures, a measure, or what was learnt; and help asked for upwards."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.models import Category, Deviation, own_reports, sight_of
from improvement.lifecycle import INQUIRY, InquiryState
from improvement.models.measure import Measure
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import Role, TreeQuerySet, Unit, UnitScoped, User


class Topic(models.TextChoices):
    LEARNING = "learning", _("What was learnt")
    CATEGORY = "category", _("Cases of a category")
    CASE = "case", _("One case")
    MEASURE = "measure", _("A measure")
    HELP = "help", _("Help from above")


class InquiryQuerySet(TreeQuerySet["Inquiry"]):
    def visible_to(self, user: User) -> Self:
        """The two, and who leads one level above the upper of them. Nobody else, further up neither.

        What is asked about a case is never seen by whom the case is about; from above only by those who see the case,
        and not by whoever reported it: to them it is not told how it is handled.
        """
        leads = [unit.pk for unit in user.standing.units(Role.LEADER)]
        sees_case = Q(deviation=None) | (sight_of(user, "deviation__") & ~own_reports(user, "deviation__"))
        rows = self.filter(Q(asker=user) | Q(asked=user) | Q(upper__parent__in=leads) & sees_case)
        return rows.filter(level_0=user.municipality_id).exclude(deviation__about=user)

    def waiting(self) -> Self:
        """Without an answer yet."""
        return self.filter(state=InquiryState.ASKED)

    def to_answer(self, user: User) -> Self:
        return self.waiting().filter(asked=user)

    def to_read(self, user: User) -> Self:
        """Answers the asker hasn't read."""
        return self.filter(state=InquiryState.ANSWERED, asker=user)


class Inquiry(Moving, UnitScoped):
    """A question with an answer by a day. ``unit`` is asked about; ``upper`` is what the upper of the two leads.

    ``counts`` are the numbers both saw when it was asked: only of cases that both may see, so that nobody finds out by
    comparing that there are others.
    """

    lifecycle: ClassVar[Lifecycle] = INQUIRY
    TIME: ClassVar[datetime.timedelta] = datetime.timedelta(days=7)

    topic = models.CharField(_("about"), max_length=10, choices=Topic.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    upper = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    question = models.TextField(_("the question"))
    deviation = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="inquiries")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="inquiries", db_index=False
    )
    counts = models.JSONField(null=True, blank=True)
    due_on = models.DateField(_("answer by"))
    state = models.CharField(_("status"), max_length=10, choices=InquiryState.choices, default=InquiryState.ASKED)
    answer = models.TextField(_("the answer"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="inquiry_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", state__in=(InquiryState.ASKED, InquiryState.WITHDRAWN))
                | Q(answered_at__isnull=False, state__in=(InquiryState.ANSWERED, InquiryState.READ)) & ~Q(answer=""),
                name="inquiry_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(topic=Topic.CASE, deviation__isnull=False) | ~Q(topic=Topic.CASE) & Q(deviation=None),
                name="inquiry_about_a_case_has_one",
            ),
            models.CheckConstraint(
                condition=Q(topic=Topic.MEASURE, measure__isnull=False) | ~Q(topic=Topic.MEASURE) & Q(measure=None),
                name="inquiry_about_a_measure_has_one",
            ),
            models.CheckConstraint(
                condition=Q(topic=Topic.CATEGORY) | Q(category=None), name="inquiry_about_a_category"
            ),
        ]
        indexes = [
            models.Index(fields=["asked", "state", "due_on"], name="inquiry_asked"),
            models.Index(fields=["asker", "state", "-asked_at"], name="inquiry_by"),
            models.Index(fields=["upper", "-asked_at"], name="inquiry_upper"),
            models.Index(fields=["due_on"], name="inquiry_due", condition=Q(state=InquiryState.ASKED)),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}, {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("inquiries:inquiry", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == InquiryState.ASKED

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.due_on < timezone.localdate()


class InquiryRhythmQuerySet(TreeQuerySet["InquiryRhythm"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(asker=user, level_0=user.municipality_id)

    def going(self) -> Self:
        return self.filter(ended_at=None)

    def due(self, today: datetime.date) -> Self:
        return self.going().filter(next_on__lte=today)

    def like(self, inquiry: Inquiry) -> Self:
        """What asks the same again, every month: whoever is asked knows of it too."""
        return self.going().filter(
            asker=inquiry.asker_id, unit=inquiry.unit_id, topic=inquiry.topic, category=inquiry.category_id,
            question=inquiry.question,
        )  # fmt: skip


class InquiryRhythm(UnitScoped, Journaled):
    """The same question to whoever leads a unit, every month on the same day: before the leaders meet, say."""

    LAST_DAY: ClassVar[int] = 28  # a day every month has

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    topic = models.CharField(max_length=10, choices=Topic.choices)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    question = models.TextField(_("the question"))
    day = models.PositiveSmallIntegerField(_("day of the month"))
    next_on = models.DateField()
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = InquiryRhythmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=28), name="inquiry_rhythm_day"),
            models.CheckConstraint(
                condition=Q(topic=Topic.CATEGORY) | Q(topic=Topic.LEARNING, category=None),
                name="inquiry_rhythm_about_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["asker"], name="inquiry_rhythm_of", condition=Q(ended_at=None)),
            models.Index(fields=["next_on"], name="inquiry_rhythm_due", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.day}."

    @property
    def is_going(self) -> bool:
        return self.ended_at is None
