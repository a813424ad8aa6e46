"""Did it work? Planned before one acts, looked at when its day has come."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.models import Deviation
from improvement.lifecycle import EFFECT, JUDGED, WAITING, EffectState
from improvement.models.action import BY_CASE, Action, oversight_of
from improvement.models.measure import Measure
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User


class EffectCheckQuerySet(TreeQuerySet["EffectCheck"]):
    def visible_to(self, user: User) -> Self:
        """One's own; those of the cases one handles, and of the cases of units one leads or coordinates.

        Where a case was handled before it was forwarded, nothing more is told of it. What belongs to a case about a
        leader is never seen by that leader, nor by quality contacts. Of an action without a case: its owner, and those
        who lead or coordinate its unit.
        """
        standing = user.standing
        over = standing.over(Role.LEADER) | standing.over(Role.QUALITY_CONTACT) | Q(action__owner=user)
        seen = Q(owner=user) | oversight_of(user, BY_CASE) | Q(deviation=None) & over
        rows = self.filter(seen).exclude(deviation__about=user)
        return rows.exclude(action__agenda_item__deviation__about=user)

    def about_no_leader(self) -> Self:
        """What belongs to no case about a leader, nor to an action decided where a meeting talked about one."""
        return self.filter(deviation__about=None, action__agenda_item__deviation__about=None)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def open(self) -> Self:
        return self.filter(state=EffectState.OPEN)

    def due(self, today: datetime.date) -> Self:
        """Planned, and its day has come."""
        return self.filter(state=EffectState.PLANNED, opens_on__lte=today)


def seen_of_action(user: User, looks: models.QuerySet[Any, Any]) -> Case:
    """For each row of ``Action.objects.visible_to``: the first of the looks at its effect that the person may see.

    The same as ``visible_to``, asked of the action and its case once instead of each look: otherwise PostgreSQL takes
    seconds where many are counted. ``tests/figures`` holds them together.
    """
    over = user.standing.over(Role.LEADER) | user.standing.over(Role.QUALITY_CONTACT)
    of_case, of_action = looks.filter(deviation=OuterRef("deviation")), looks.filter(action=OuterRef("pk"))
    return Case(
        When(oversight_of(user, BY_CASE), then=Subquery(of_case[:1])),
        When(deviation__isnull=False, then=Subquery(of_case.filter(owner=user)[:1])),
        When(owner=user, then=Subquery(of_action[:1])),
        default=Subquery(of_action.filter(Q(owner=user) | over)[:1]),
        output_field=models.CharField(),
    )


class EffectCheck(Moving, UnitScoped):
    """What shall be seen, by when, by whom, if what was done works: about a case, or by an action that has none.

    It lies where the case is handled, or with the action.
    """

    lifecycle: ClassVar[Lifecycle] = EFFECT

    deviation = models.ForeignKey(
        Deviation, models.PROTECT, null=True, blank=True, related_name="effect_checks", verbose_name=_("case")
    )
    action = models.ForeignKey(  # one of no case: planned in an improvement, a meeting, against a hazard, or by itself
        Action, models.PROTECT, null=True, blank=True, related_name="effect_checks", verbose_name=_("action")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who looks"), db_index=False
    )
    criterion = models.TextField(_("what shows that it works"))
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("measure"), db_index=False
    )
    looks_from = models.DateField(_("looks at the time from"))
    opens_on = models.DateField(_("looked at on"))
    state = models.CharField(_("status"), max_length=12, choices=EffectState.choices, default=EffectState.PLANNED)
    words = models.TextField(_("what was seen"), blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EffectCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JUDGED, judged_at__isnull=False, judged_by__isnull=False) & ~Q(words="")
                | ~Q(state__in=JUDGED) & Q(judged_at=None, judged_by=None, words=""),
                name="effect_judged_in_words",
            ),
            models.CheckConstraint(condition=~Q(criterion=""), name="effect_has_a_criterion"),
            models.CheckConstraint(
                condition=Q(deviation=None, action__isnull=False) | Q(deviation__isnull=False, action=None),
                name="effect_of_a_case_or_an_action",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__gte=models.F("looks_from")), name="effect_opens_after_its_window_begins"
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "opens_on", "id"],
                    name=f"effect_waiting_{depth}",
                    condition=Q(**{f"{level}__isnull": False, "state__in": WAITING}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["owner", "opens_on"], name="effect_owned", condition=Q(state__in=WAITING)),
            models.Index(fields=["opens_on"], name="effect_due", condition=Q(state=EffectState.PLANNED)),
        ]

    def __str__(self) -> str:
        return self.criterion[:80]

    def get_absolute_url(self) -> str:
        return reverse("improvement:effect", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING
