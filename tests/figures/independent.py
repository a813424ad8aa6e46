"""The answer to a question about cases, counted a second time: in plain Python, one row after the other.

Nothing of ``kvalitetslosen.figures`` or of what is kept counted is used. Only who may open which case is asked of the
one rule for that; where a case lies follows from the parents of its unit, not from the levels on its row.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from deviations.models import Category, Deviation
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.workdays import workdays_between

OSLO = ZoneInfo("Europe/Oslo")
DAYS = {"mottak": "received_at", "svar": "first_answer_at", "utfall": "closed_at", "lukking": "closed_at"}
LIMITS = {"mottak": "receive_by", "svar": "answer_by", "utfall": "deadline", "lukking": "deadline"}


@dataclass(frozen=True)
class Told:
    """One case, as a figure knows it."""

    day: datetime.date
    values: dict[str, str]
    measured: dict[str, int]


def parents() -> dict[int, int | None]:
    return dict(Unit.objects.order_by("pk").values_list("pk", "parent"))


def right_below(place: int | None, unit: int, up: dict[int, int | None]) -> str | None:
    """Which unit below ``unit`` the place is in; - for itself, None for elsewhere."""
    below = "-"
    while place is not None:
        if place == unit:
            return below
        below, place = str(place), up[place]
    return None


def cases(user: User, unit: Unit, *, figures_only: bool = False) -> list[Told]:
    """The cases of a unit that the person may open, or all that aren't about a leader."""
    rows = list(Deviation.objects.order_by("pk"))
    visible = set(Deviation.objects.visible_to(user).values_list("pk", flat=True))
    mains = {row.pk: row.parent_id or row.pk for row in Category.objects.order_by("pk")}
    up, found = parents(), []
    for row in rows:
        below = right_below(row.handling_unit_id, unit.pk, up)
        if below is None or (row.source == "elsewhere" and row.state == "merged"):
            continue
        if (row.about_id is not None) if figures_only else (row.pk not in visible):
            continue
        found.append(told(row, below, mains))
    return found


def told(row: Deviation, below: str, mains: dict[int, int]) -> Told:
    at = row.reported_at.astimezone(OSLO)
    values = {
        "type": row.kind,
        "kategori": str(row.category_id or "-"),
        "hovedkategori": str(mains[row.category_id]) if row.category_id else "-",
        "alvor": row.severity or "-",
        "status": row.state,
        "skade": row.harm,
        "kilde": row.source or "her",
        "under": below,
        "time": str(at.hour),
        "ukedag": str(at.isoweekday()),
        "prosedyre": str(row.breached_document_id or "-"),
        "tema": row.topic or "vanlig",
        "hjalp": "-",
    }
    if row.state in ("closed", "not_deviation") and row.source != "elsewhere":
        values["hjalp"] = {True: "ja", False: "nei", None: "-"}[row.helped]
    return Told(at.date(), values, measured(row, at.date()))


def measured(row: Deviation, begun: datetime.date) -> dict[str, int]:
    found: dict[str, int] = {"antall": 1}
    if row.source == "elsewhere":
        return found
    if row.helped is not None and row.state in ("closed", "not_deviation"):
        found["virkning"] = int(row.helped)
    for name, field in DAYS.items():
        moment = getattr(row, field)
        ended = None if name == "utfall" and row.state not in ("closed", "not_deviation") else moment
        limit = getattr(row, LIMITS[name])
        if ended is not None:
            found[name] = workdays_between(begun, ended.astimezone(OSLO).date())
            found[f"{name}-innen"] = int(ended <= limit)
        elif moment is None and row.closed_at is None and limit < timezone.now():
            found[f"{name}-innen"] = 0
    return found


def value(rows: Iterable[Told], measure: str) -> float | None:
    numbers = [row.measured[measure] for row in rows if measure in row.measured]
    if measure == "antall":
        return len(numbers)
    if not numbers:
        return None
    if measure in DAYS:
        return statistics.median(numbers)
    rounded = round(100 * sum(numbers) / len(numbers))
    if rounded == 100 and not all(numbers):
        return 99
    return 1 if rounded == 0 and any(numbers) else rounded


def kept(rows: Iterable[Told], *tests: Callable[[Told], bool]) -> list[Told]:
    return [row for row in rows if all(test(row) for test in tests)]
