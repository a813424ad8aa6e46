"""What several people do together: parts of an action, each with its own person, tick and date."""

from __future__ import annotations

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from improvement.models.action import Action
from kvalitetslosen.organisation.models import User


class ActionPartQuerySet(models.QuerySet["ActionPart"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(action__in=Action.objects.visible_to(user).values("pk"))

    def waiting(self) -> Self:
        """Not ticked, of an action that is still to be done."""
        return self.filter(done_at=None, action__closed_at=None)

    def of(self, user: User) -> Self:
        """The person's own. Whoever a case is about has nothing to do with what is done in it."""
        return self.filter(owner=user).exclude(action__deviation__about=user)

    def due(self, day: datetime.date) -> Self:
        """To be done by the day: by its own, or by the action's where that is sooner."""
        return self.filter(Q(due_on__lte=day) | Q(action__deadline__lte=day))


class ActionPart(models.Model):
    """A part of an action that somebody ticks for themselves. Its events are the action's."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.PROTECT, related_name="parts", verbose_name=_("action"))
    what = models.TextField(_("what is to be done"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who does it"), db_index=False
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)  # without one it follows the action
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActionPartQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "action"], name="action_part_owned"),
            models.Index(fields=["action"], name="action_part_waits", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return self.what[:80]

    def get_absolute_url(self) -> str:
        return f"{self.action.get_absolute_url()}#deler"

    @property
    def by_day(self) -> datetime.date:
        """When it is to be done: no later than the whole."""
        return min(self.due_on or self.action.deadline, self.action.deadline)

    @property
    def is_waiting(self) -> bool:
        return self.done_at is None and self.action.is_open
