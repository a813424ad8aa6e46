"""Whether a hazard was estimated too low: what the cases that point to it say, to those who may see each of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations.forms.severity import CONSEQUENCES, HOW_OFTEN
from deviations.lifecycle import State as CaseState
from deviations.models import Deviation, DeviationQuerySet, own_reports
from improvement.models import Hazard, HazardCase, RiskAnalysis
from kvalitetslosen.organisation.models import User

YEAR = datetime.timedelta(days=365)
MOST_IN_A_YEAR = {1: 0, 2: 1, 3: 3, 4: 24}
"""So many cases a year fit the step: rarer than every ten years, every one to ten, about yearly, about monthly.

Between two steps the middle decides: four a year are nearer to monthly than to yearly, and 25 nearer to weekly than to
monthly. Nothing is too much for weekly or more.
"""


@dataclass
class Experience:
    """What has happened since, as far as one person may know."""

    hazard: Hazard
    consequences: list[int] = field(default_factory=list)
    last_year: int = 0
    count: int = 0

    @property
    def worst(self) -> int:
        return max(self.consequences, default=0)

    @property
    def is_worse(self) -> bool:
        return self.worst > self.hazard.consequence

    @property
    def is_more_often(self) -> bool:
        return self.last_year > MOST_IN_A_YEAR.get(self.hazard.probability, self.last_year)

    @property
    def was_wrong(self) -> bool:
        return self.is_worse or self.is_more_often

    @property
    def sentences(self) -> list[str]:
        """In a sentence each: worse than thought, or more often."""
        said = []
        if self.is_worse:
            words = dict(CONSEQUENCES)
            said.append(
                _("It was estimated as “%(estimated)s”, and a case was assessed as “%(worst)s”.")
                % {"estimated": words[str(self.hazard.consequence)], "worst": words[str(self.worst)]}
            )
        if self.is_more_often:
            said.append(
                ngettext(
                    "It was estimated as “%(often)s”, and there was %(n)d case in the last twelve months.",
                    "It was estimated as “%(often)s”, and there were %(n)d cases in the last twelve months.",
                    self.last_year,
                )
                % {"often": str(HOW_OFTEN[str(self.hazard.probability)]).lower(), "n": self.last_year}
            )
        return said


def cases_seen(user: User) -> DeviationQuerySet:
    """The cases that count for this person: none about a leader, none they reported themselves."""
    return (
        Deviation.objects.visible_to(user)
        .filter(about=None)
        .exclude(own_reports(user))
        .exclude(state__in=(CaseState.MERGED, CaseState.NOT_DEVIATION))
    )


def cases_of(hazard: Hazard, user: User) -> DeviationQuerySet:
    rows = cases_seen(user).filter(pk__in=hazard.ties.values("deviation"))
    return rows.select_related("unit", "category__parent").order_by("-reported_at", "-pk")


def experience(
    analysis: RiskAnalysis, hazards: Iterable[Hazard], user: User, now: datetime.datetime | None = None
) -> dict[int, Experience]:
    """By hazard, in one question."""
    since = (now or timezone.now()) - YEAR
    found = {hazard.pk: Experience(hazard) for hazard in hazards}
    ties = HazardCase.objects.filter(hazard__in=found, deviation__in=cases_seen(user).values("pk"))
    for hazard, consequence, reported in ties.values_list(
        "hazard", "deviation__consequence", "deviation__reported_at"
    ):
        seen = found[hazard]
        seen.count += 1
        if consequence:
            seen.consequences.append(consequence)
        if reported >= since:
            seen.last_year += 1
    return found
