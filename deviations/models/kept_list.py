"""Questions to the list of cases that somebody keeps, shares with a unit, and is mailed about each week."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation.models import Unit, User

MOST_KEPT, MOST_FOLLOWED = 40, 10
"""Lists one person keeps, and lists one person is mailed about: each of these is counted every week."""


class KeptListQuerySet(models.QuerySet["KeptList"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those shared with a unit one works in or with a unit above it.

        It is the question that is shared. Which cases answer it is another matter: those the one who looks may see.
        """
        lines = {pk for units in user.standing.held.values() for unit in units for pk in unit.ancestor_ids}
        return self.filter(models.Q(owner=user) | models.Q(shared_with__in=sorted(lines)))

    def shared(self) -> Self:
        return self.filter(shared_with__isnull=False)


class KeptList(models.Model):
    """One question to the list of cases, as it stands in an address: what ``kept_lists.sanitized`` lets be in it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    shared_with = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("shared with")
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptListQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="kept_list_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deviations:kept_list", args=[self.key])


class Following(models.Model):
    """That a person wants the weekly mail to say how many cases answer a list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    kept_list = models.ForeignKey(KeptList, models.CASCADE, related_name="followings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kept_list"], name="following_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kept_list_id}"
