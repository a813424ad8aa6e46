"""The line of a case in the register of injuries and illness due to work (arbeidsmiljøloven § 5-1)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deviations.models.deviation import Deviation
from kvalitetslosen.organisation.models import Role, User

REGISTER_READERS = (
    Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.WORK_ENVIRONMENT, Role.OCCUPATIONAL_HEALTH,
)  # fmt: skip
"""Whom the register is open to, each from the unit where the role is held and down: the employer's leaders, and those
§ 5-1 names. Arbeidstilsynet gets it as a file or on paper."""


class Harmed(models.TextChoices):
    """What the register tells apart. Never a diagnosis, nor a part of the body."""

    ACCIDENT = "accident", _("Accident")
    VIOLENCE = "violence", _("Violence or threats")
    EXPOSURE = "exposure", _("Exposure to infection or substances")
    ILLNESS = "illness", _("Illness that may be due to work")


class InjuryCause(models.TextChoices):
    """How it happened, by the words of Nav's injury report (NAV 13-07.05)."""

    STRUCK = "struck", _("Struck by something")
    COLLISION = "collision", _("Collision or run over")
    OVERTURNED = "overturned", _("Overturned")
    CAUGHT = "caught", _("Jammed or caught")
    FALL = "fall", _("Fall")
    CUT = "cut", _("Cut or stabbed by something sharp")
    ELECTRICITY = "electricity", _("Electric current")
    TEMPERATURE = "temperature", _("High or low temperature")
    CHEMICALS = "chemicals", _("Chemicals")
    EXPLOSION = "explosion", _("Explosion, blasting or fire")
    VIOLENCE = "violence", _("Inflicted violence")
    THREAT = "threat", _("Threat of violence")
    LIFTING = "lifting", _("Lifting or strain")
    OTHER = "other", _("Something else")


class Absence(models.TextChoices):
    NONE = "none", _("No absence")
    SHORT = "short", _("Up to three days")
    LONG = "long", _("More than three days")
    UNKNOWN = "unknown", _("Not known yet")


class InjuryQuerySet(models.QuerySet["Injury"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(register_sight(user, "deviation__"))


def register_sight(user: User, prefix: str = "") -> Q:
    """The cases whose lines in the register the person may read; ``prefix`` is the way to the case.

    Never one about a leader: § 5-1 names readers who would be told of it, and its line would tell where it was.
    """
    where = Q(pk__in=())
    for role in REGISTER_READERS:
        where |= user.standing.over(role, prefix)
    return where & Q(**{f"{prefix}about": None})


class Injury(models.Model):
    """What the register says of one case, in words that name nobody and tell nothing of anybody's health.

    Kept apart from the case: those who read the register needn't see cases, and what the reporter wrote is not in it.
    Its events are the case's.
    """

    deviation = models.OneToOneField(Deviation, models.PROTECT, related_name="injury", verbose_name=_("case"))
    happened_on = models.DateField(_("date"))
    at_time = models.TimeField(_("time of day"), null=True, blank=True)
    harmed = models.CharField(_("what it is"), max_length=10, choices=Harmed.choices, blank=True)
    cause = models.CharField(_("how it happened"), max_length=12, choices=InjuryCause.choices, blank=True)
    absence = models.CharField(_("absence"), max_length=8, choices=Absence.choices, default=Absence.UNKNOWN)
    text = models.CharField(_("in neutral words"), max_length=400, blank=True)
    taken_out = models.CharField(_("why it is not in the register"), max_length=300, blank=True)

    objects = InjuryQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the register of work injuries")
        constraints = [
            models.CheckConstraint(
                condition=~Q(taken_out="") | (~Q(harmed="") & ~Q(cause="") & ~Q(text="")),
                name="injury_described_or_taken_out",
            )
        ]

    def __str__(self) -> str:
        return str(self.deviation_id)
