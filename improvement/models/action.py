"""What is to be done so that it doesn't happen again: an action has one owner, a deadline and an end."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import SERIOUS, Deviation, Naming, own_reports
from improvement.lifecycle import ENDED, LIFECYCLE, OPEN, State
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORKING = (Role.EMPLOYEE, Role.LEADER)
"""The roles of those who work in a unit, and so are colleagues there."""


class Strength(models.TextChoices):
    """How much an action depends on people remembering it, after the action hierarchy of root cause analysis."""

    STRONG = "strong", _("Strong: makes the mistake impossible or hard to make")
    MEDIUM = "medium", _("Medium: checklists, fewer distractions, a second pair of eyes")
    WEAK = "weak", _("Weak: reminders, training, new procedures")


SHORT: dict[str, _StrPromise] = {
    Strength.STRONG: pgettext_lazy("an action", "Strong"),
    Strength.MEDIUM: pgettext_lazy("an action", "Medium strong"),
    Strength.WEAK: pgettext_lazy("an action", "Weak"),
}
"""In a word, where there is no room for what it means."""


class ActionQuerySet(TreeQuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those one has a part in; those of what one works on; those of the units one leads or is
        quality contact for; those of the cases one handles. As a table: docs/decisions/0048.

        Whoever reported a case sees of what is done in it no more than other reporters, whatever they lead.
        What belongs to a case about a leader is never seen by that leader, nor by quality contacts.
        """
        mine = Q(owner=user) | Q(pk__in=having_part(user)) | worked_on_by(user)
        rows = self.filter(mine | oversight_of(user))
        return rows.exclude(deviation__about=user).exclude(agenda_item__deviation__about=user)

    def about_no_leader(self) -> Self:
        """Without those of cases about a leader, decided in a meeting that talked about one too."""
        return self.filter(deviation__about=None, agenda_item__deviation__about=None)

    def to_do(self, user: User) -> Self:
        """What the person is to do themselves: all of it, or a part they haven't ticked."""
        whole = Action.objects.open().filter(owner=user).values("pk")
        return self.open().filter(pk__in=whole.union(having_part(user, waiting=True)))

    def shared_with(self, user: User) -> Self:
        """What colleagues may read of actions, and then only what was to be done, what was done, unit and strength.

        Done, ticked to be shown, and of the unit they work in or one above it. Never from a case about a leader or one
        whose reporter hid their name, nor from a meeting that talked about such a case: what is done may tell of them.
        """
        standing = user.standing
        units = {pk for role in WORKING for unit in standing.units(role) for pk in unit.ancestor_ids}
        behind = [
            Q(**{case: None}) | Q(**{f"{case}__about": None, f"{case}__naming": Naming.NAMED})
            for case in ("deviation", "agenda_item__deviation")
        ]
        return self.filter(*behind, unit__in=units, shared=True, state=State.DONE)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def ended(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def overdue(self, today: datetime.date | None = None) -> Self:
        return self.open().filter(deadline__lt=today or timezone.localdate())


def having_part(user: User, *, waiting: bool = False) -> models.QuerySet[Any, Any]:
    """The ids of the actions somebody has a part in; ``waiting``: one they haven't ticked."""
    parts = Action._meta.get_field("parts").related_model._default_manager.filter(owner=user)
    return (parts.filter(done_at=None) if waiting else parts).values("action")


def worked_on_by(user: User) -> Q:
    """The actions of the improvements the person leads or is invited to, and against hazards of their own analyses.

    Three questions, each answered by an index; the first two as one would look through every improvement there is.
    """
    improvements: Any = Action._meta.get_field("improvement").related_model
    hazards = Action._meta.get_field("hazard").related_model._default_manager.filter(analysis__owner=user)
    invited = improvements.invited.through._default_manager.filter(user=user)
    return (
        Q(improvement__in=improvements._default_manager.filter(owner=user).values("pk"))
        | Q(improvement__in=invited.values("improvement"))
        | Q(hazard__in=hazards.values("pk"))
    )


BY_UNIT_OR_CASE = ("", "deviation__")
BY_CASE = ("deviation__",)


def oversight_of(user: User, ways: Iterable[str] = BY_UNIT_OR_CASE) -> Q:
    """What the person answers for without doing it: by the action's unit, or by where its case is handled now.

    Not in a case they reported: of that they read, as any reporter, what is done and how it stands, on its page.
    """
    standing = user.standing
    where = Q(deviation__handler=user)
    of_no_leader = Q(deviation__about=None)
    if "" in ways:
        of_no_leader &= Q(agenda_item__deviation__about=None)
    for prefix in ways:
        for unit in standing.units(Role.LEADER):
            in_line = Q(**{f"{prefix}{LEVELS[unit.depth]}": unit.pk})
            if standing.narrowed and unit.depth + 2 < len(LEVELS):
                in_line &= (
                    Q(**{f"{prefix}{LEVELS[unit.depth + 2]}": None})
                    | Q(deviation=None)
                    | Q(deviation__severity__in=SERIOUS)
                )
            where |= in_line
        for unit in standing.units(Role.QUALITY_CONTACT):
            where |= Q(**{f"{prefix}{LEVELS[unit.depth]}": unit.pk}) & of_no_leader
    return where & ~own_reports(user, "deviation__")


class Action(Moving, UnitScoped):
    """One thing to be done, by one person, by a date. An action of a case lies where the case is handled."""

    lifecycle: ClassVar[Lifecycle] = LIFECYCLE

    what = models.TextField(_("what is to be done"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who does it"), db_index=False
    )
    deadline = models.DateField(_("deadline"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    deviation = models.ForeignKey(
        Deviation, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("case")
    )
    improvement = models.ForeignKey(
        "Improvement", models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("improvement")
    )
    agenda_item = models.ForeignKey(  # what a meeting decided; its members read what, who and by when
        "improvement.AgendaItem", models.PROTECT, null=True, blank=True, related_name="actions"
    )
    hazard = models.ForeignKey(
        "Hazard", models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("hazard")
    )
    strength = models.CharField(_("strength"), max_length=10, choices=Strength.choices, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.PLANNED)
    goes_on = models.BooleanField(_("goes on after the case is closed"), default=False)
    shared = models.BooleanField(_("shown to colleagues when it is done"), default=False)
    created_at = models.DateTimeField(_("planned"), default=timezone.now, editable=False)
    done_note = models.TextField(_("what was done"), blank=True)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=OPEN) | Q(closed_at__isnull=False, state__in=ENDED),
                name="action_closed_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="action_closed_at_and_by_both_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DONE) & ~Q(done_note="") | ~Q(state=State.DONE) & Q(done_note=""),
                name="action_done_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=Q(hazard=None) | Q(deviation=None, improvement=None), name="action_of_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(goes_on=False) | Q(deviation__isnull=False), name="action_outlives_a_case_only"
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "deadline", "id"],
                    name=f"action_open_{depth}",
                    condition=Q(**{f"{level}__isnull": False, "closed_at": None}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["owner", "deadline", "id"], name="action_owned", condition=Q(closed_at=None)),
            models.Index(fields=["deadline", "id"], name="action_due", condition=Q(closed_at=None)),
            models.Index(fields=["-closed_at", "-id"], name="action_ended", condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["unit", "-closed_at", "-id"],
                name="action_shared",
                condition=Q(shared=True, state=State.DONE),
            ),
        ]

    def __str__(self) -> str:
        return self.what[:80]

    def get_absolute_url(self) -> str:
        return reverse("improvement:action", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def case_behind(self) -> Deviation | None:
        """The case it was planned in, or that the meeting talked about when it was decided."""
        if self.deviation is not None or self.agenda_item is None:
            return self.deviation
        return self.agenda_item.deviation

    @property
    def in_a_word(self) -> str:
        """The strength, for a line of a list."""
        return str(SHORT.get(self.strength, ""))

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.deadline < timezone.localdate()
