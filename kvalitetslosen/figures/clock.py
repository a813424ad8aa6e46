"""Dimensions of a moment: the hour and the day of the week it lies in, by the clock in Norway."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.figures.registry import Dimension

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.figures.question import Question


HOUR_OF_WRITING = _(
    "The hour by the clock in Norway when it was written down, summer time in summer. It may have happened "
    "earlier. The hour that comes twice when summer time ends counts as one hour."
)


def hour_dimension(moment: str, key: str = "time", definition: _StrOrPromise = HOUR_OF_WRITING) -> Dimension:
    """The hour by the clock: the one that comes twice in autumn counts as one, the one left out in spring is empty."""

    def expression(_question: Question) -> Combinable:
        return ExtractHour(moment, tzinfo=timezone.get_default_timezone())

    def names(_question: Question, values: Collection[str]) -> dict[str, str]:
        return {value: f"{int(value):02}–{(int(value) + 1) % 24:02}" for value in values if value.isdecimal()}

    return Dimension(
        key,
        _("Time of day"),
        definition,
        expression,
        names,
        ordered=tuple(str(hour) for hour in range(24)),
        number=True,
    )


def weekday_dimension(moment: str, *, by_day: bool = False) -> Dimension:
    def expression(_question: Question) -> Combinable:
        return (
            ExtractIsoWeekDay(moment) if by_day else ExtractIsoWeekDay(moment, tzinfo=timezone.get_default_timezone())
        )

    def names(_question: Question, values: Collection[str]) -> dict[str, str]:
        return {str(day + 1): capfirst(str(name)) for day, name in WEEKDAYS.items() if str(day + 1) in values}

    return Dimension(
        "ukedag",
        _("Day of the week"),
        _("The day in Norway, from midnight to midnight."),
        expression,
        names,
        ordered=tuple(str(day) for day in range(1, 8)),
        number=True,
    )
