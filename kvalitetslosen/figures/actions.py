"""Writing down what numbers are divided by."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction

from kvalitetslosen.figures.models import Denominator
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.models import Unit, User


@transaction.atomic
def write_denominators(
    *, unit: Unit, basis: str, months: Mapping[datetime.date, int | None], by: User | None
) -> list[datetime.date]:
    """So many of something in each of the months; None takes the number back. Returns the months that differ."""
    still = Unit.objects.standing_still(unit.pk)
    known = {
        row.month: row
        for row in Denominator.objects.select_for_update()
        .filter(unit=unit, basis=basis, month__in=list(months))
        .order_by("month")
    }
    changed = []
    for month, n in sorted(months.items()):
        row = known.get(month)
        if row is not None:
            if change(row, "figures.denominator_changed", by=by, n=n):
                changed.append(month)
        elif n is not None:
            row = Denominator(month=month, basis=basis, n=n)
            row.place_in(still)
            create(row, "figures.denominator_written", by=by, month=month, basis=basis, n=n)
            changed.append(month)
    return changed
