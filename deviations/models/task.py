"""What somebody who handles a case asks of one named colleague."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.lifecycle import TASK, TaskState
from deviations.models.deviation import Deviation, own_reports
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import Unit, User


class Asking(models.TextChoices):
    QUESTION = "question", pgettext_lazy("asked of a colleague", "A question")
    JOB = "job", pgettext_lazy("asked of a colleague", "Something to do")
    ANALYSIS = "analysis", pgettext_lazy("asked of a colleague", "Help to find the cause")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """One's own until it is answered or taken back, and those of the cases one sees without having reported them.

        Nothing of a case is ever shown to the one it is about.
        """
        cases = Deviation.objects.visible_to(user).exclude(own_reports(user))
        return self.filter(Q(given_to=user, ended_at=None) | Q(deviation__in=cases.values("pk"))).exclude(
            deviation__about=user
        )

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, user: User) -> Self:
        """What the person is to answer or do."""
        return self.open().filter(given_to=user).exclude(deviation__about=user)


class Task(Moving):
    """One question or one thing to do in a case, for one named colleague, by a date.

    The colleague reads what is asked and, where ``shows`` says so, what the reporter wrote; never who reported, the
    talk, the files or what others found out. When it is answered or taken back they see nothing of it any more.
    Whoever is asked for help to find the cause writes in the case's analysis, and reads that as well.
    """

    lifecycle: ClassVar[Lifecycle] = TASK

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="tasks", verbose_name=_("case"))
    # The case whose text the colleague reads. It stays when the task goes along to another case.
    shows = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asking = models.CharField(max_length=10, choices=Asking.choices, default=Asking.QUESTION)
    text = models.TextField(_("what is asked"))
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is asked"), db_index=False
    )
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    deadline = models.DateField(_("deadline"))
    state = models.CharField(_("status"), max_length=10, choices=TaskState.choices, default=TaskState.ASKED)
    answer = models.TextField(_("answer"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TaskState.ASKED, ended_at=None)
                | (~Q(state=TaskState.ASKED) & Q(ended_at__isnull=False)),
                name="task_ended_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.ANSWERED) & ~Q(answer="") | ~Q(state=TaskState.ANSWERED) & Q(answer=""),
                name="task_answered_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["given_to", "deadline", "id"], name="task_of", condition=Q(ended_at=None)),
            models.Index(fields=["deadline", "id"], name="task_due", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("deviations:task", args=[self.key])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def opens_analysis(self) -> bool:
        """Whether the colleague takes part in the analysis: of the case they were asked about, and of no other.

        Where the task went along to another case, that one's analysis was never shown to them.
        """
        return self.is_open and self.asking == Asking.ANALYSIS and self.shows_id == self.deviation_id
