"""What a chart is made of: values in the order of time, and what kind of values they are."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Nature(models.TextChoices):
    """What is written down each time. It decides which limits can be drawn."""

    NUMBER = "number", _("A number: minutes, kroner, a score")
    COUNT = "count", _("How many times something happened")
    RATE = "rate", _("How many times, of so many days or visits")
    SHARE = "share", _("How many of so many: a share")
    DAYS = "days", _("Days between each time it happens")


class Better(models.TextChoices):
    """Which way is good. For counts of reports there is no such way: reporting is health."""

    UP = "up", pgettext_lazy("which way is good", "Up")
    DOWN = "down", pgettext_lazy("which way is good", "Down")
    NEITHER = "neither", pgettext_lazy("which way is good", "Neither: we only follow it")


@dataclass(frozen=True)
class Point:
    """One value. ``size`` is what ``value`` is counted out of: bed-days, visits, people; 1 where nothing is."""

    day: datetime.date
    value: float
    size: float = 1
    name: str = ""  # of the month, week or day, as people say it
    short: str = ""  # where there is little room

    @property
    def y(self) -> float:
        return self.value / self.size


def gaps(points: list[Point]) -> list[Point]:
    """How many periods passed without an event between one event and the next, each point at the later one.

    For counts that are zero most of the time. Two events in the same period have 0 between them. The wait before the
    first event isn't known, so that it begins the first gap and is none itself.
    """
    found: list[Point] = []
    last: int | None = None
    for place, point in enumerate(points):
        for _each in range(round(point.value)):
            if last is not None:
                found.append(Point(point.day, max(0, place - last - 1), name=point.name, short=point.short))
            last = place
    return found
