"""Other systems that cases and counts come from: by file and by API, each row known by their own id."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.models.category import Category
from deviations.models.choices import Topic
from deviations.models.deviation import Deviation
from deviations.models.tally import sees_mild
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Role, TreeQuerySet, Unit, UnitScoped, User


class Brings(models.TextChoices):
    CASES = "cases", _("Cases, one by one")
    COUNTS = "counts", _("Counts: how many a day")


class OtherSystemQuerySet(models.QuerySet["OtherSystem"]):
    def visible_to(self, user: User) -> Self:
        """That the system is there, and how it is read: never what has come from it."""
        return self.filter(municipality=user.municipality_id)

    def active(self) -> Self:
        return self.filter(is_active=True)


class OtherSystem(Journaled):
    """A system of the municipality's that rows come from, and how its columns and words are read here."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    brings = models.CharField(_("what comes"), max_length=6, choices=Brings.choices)
    # Without it what comes is closed here from the beginning: it is handled where it was registered.
    handled_here = models.BooleanField(_("what is open there is handled here"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    columns = models.JSONField(default=dict, blank=True)  # our field: the heading of their column
    units = models.JSONField(default=dict, blank=True)  # their word, casefolded: the id of our unit
    # The same as said by somebody who reads cases in the whole municipality. What a token sends goes by these alone:
    # by the others a leader could have rows of another unit come to their own.
    sure_units = models.JSONField(default=dict, blank=True)
    categories = models.JSONField(default=dict, blank=True)
    # What the other system shows when it sends: only the hash is kept, and who has the token can send, never read.
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    token_made_at = models.DateTimeField(null=True, blank=True)
    token_used_at = models.DateTimeField(null=True, blank=True)

    objects = OtherSystemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="other_system_once"),
            models.CheckConstraint(
                condition=Q(token_hash="", token_made_at=None) | (~Q(token_hash="") & Q(token_made_at__isnull=False)),
                name="other_system_token_both_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deviations:other_system", args=[self.key])

    @property
    def brings_cases(self) -> bool:
        return self.brings == Brings.CASES


class BroughtCase(models.Model):
    """That a case stands in another system too, under which id. A case may stand in several."""

    system = models.ForeignKey(OtherSystem, models.PROTECT, related_name="cases")
    foreign_id = models.CharField(max_length=80)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="elsewhere")
    digest = models.CharField(max_length=64)  # of the row as it came last: the same again changes nothing
    # Field by field the hash of what came: what was changed here since isn't overwritten, and no text lies here twice.
    said = models.JSONField(default=dict)
    came_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "foreign_id"], name="brought_case_once")]

    def __str__(self) -> str:
        return f"{self.system_id}: {self.foreign_id}"


class BroughtCountQuerySet(TreeQuerySet["BroughtCount"]):
    def visible_to(self, user: User) -> Self:
        """As the ticks of the same unit and category."""
        where, standing = sees_mild(user), user.standing
        if standing.has(Role.SAFETY_REP):
            where |= standing.over(Role.SAFETY_REP) & Q(category__topic=Topic.HSE)
        if standing.has(Role.DPO):
            where |= Q(level_0=user.municipality_id, category__topic=Topic.PRIVACY)
        return self.filter(where)


class BroughtCount(UnitScoped):
    """So many events of a category in a unit on a day, counted in another system."""

    system = models.ForeignKey(OtherSystem, models.PROTECT, related_name="counts")
    foreign_id = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    date = models.DateField(_("day"))
    n = models.PositiveIntegerField()

    objects = BroughtCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "foreign_id"], name="brought_count_once")]
        indexes = [models.Index(fields=["level_0", "date"], name="brought_count_of_place")]

    def __str__(self) -> str:
        return f"{self.system_id}: {self.foreign_id}"


class BringingQuerySet(models.QuerySet["Bringing"]):
    def visible_to(self, user: User) -> Self:
        """One's own, for a day: what was read from a file is nobody else's business."""
        return self.filter(owner=user, created_at__gt=timezone.now() - Bringing.LIFE)

    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - Bringing.LIFE)


class Bringing(models.Model):
    """A file on its way in: read, looked through, and then carried out row by row, by a worker where it is long."""

    LIFE: ClassVar[datetime.timedelta] = datetime.timedelta(days=1)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    system = models.ForeignKey(OtherSystem, models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    file_name = models.CharField(max_length=200)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # as they were named when it was begun: another file may name them anew
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)  # emptied when it has been carried out
    total = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, editable=False)
    worked_at = models.DateTimeField(null=True, editable=False)
    done = models.PositiveIntegerField(default=0)  # rows
    ended_at = models.DateTimeField(null=True, editable=False)
    outcome = models.JSONField(default=dict)  # how many made, changed, the same, refused
    refused = models.JSONField(default=list)  # row and sentence names, of the first

    objects = BringingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("deviations:bringing", args=[self.key])
