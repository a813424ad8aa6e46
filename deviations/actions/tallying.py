"""Ticking what is frequent and mild, and what the leader makes of a month of it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from deviations import figures
from deviations.models import Category, Deviation, Spot, TallyChoice, TallySheet, Tick
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.organisation.routing import leader_for

UNDO_WITHIN = datetime.timedelta(minutes=15)
"""How long whoever ticked can take it back. After that, whoever leads the unit can."""


class SheetClosed(Exception):
    """The month is closed: nothing on it changes until it is opened again."""

    def __init__(self, sheet: TallySheet) -> None:
        super().__init__(str(sheet.pk))
        self.sheet = sheet


def tick(
    *,
    by: User,
    unit: Unit,
    category: Category,
    harm: str,
    shift: str,
    date: datetime.date,
    place: str = Spot.UNSAID,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Tick:
    """Tick one event. ``key`` is the page's own: the same tick sent twice with it is one. Raises ``SheetClosed``.

    The tick leaves no event of its own: the row says all there is to say, and the journal never tells who.
    """
    what: dict[str, Any] = {
        "by": by, "unit": unit, "category": category, "harm": harm, "shift": shift, "date": date, "place": place,
        "now": at or timezone.now(),
    }  # fmt: skip
    try:
        return _tick(**what, key=key)
    except IntegrityError:  # asked of the key's own uniqueness, as for a report
        made = Tick.objects.filter(key=key).select_related("sheet").first() if key else None
        if made is None:
            return _tick(**what, key=key)  # somebody else began the month's sheet at the same moment
        if (made.by_id, made.category_id, made.harm, made.sheet.unit_id) == (by.pk, category.pk, harm, unit.pk):
            return made
        return _tick(**what, key=None)


@transaction.atomic
def _tick(
    *,
    by: User,
    unit: Unit,
    category: Category,
    harm: str,
    shift: str,
    date: datetime.date,
    place: str,
    key: uuid.UUID | None,
    now: datetime.datetime,
) -> Tick:
    sheet = _open_sheet(unit, date.replace(day=1), now)
    made = Tick(sheet=sheet, category=category, date=date, shift=shift, harm=harm, place=place, by=by, at=now)
    if key:
        made.key = key
    made.save(force_insert=True)
    figures.count_tick(made, sheet)
    return made


def _open_sheet(unit: Unit, month: datetime.date, now: datetime.datetime) -> TallySheet:
    """The unit's sheet of the month, locked; begun with the first tick, for the leader of that day to close."""
    found = TallySheet.objects.filter(unit=unit, month=month).first()
    if found is None:
        assignment = leader_for(unit, on=timezone.localdate(now))
        sheet = TallySheet(month=month, handler=assignment.user if assignment else None)
        sheet.place_in(Unit.objects.standing_still(unit.pk))
        return create(sheet, "deviations.tally_begun", by=None, at=now)
    sheet = lock(found)
    if not sheet.is_open:
        raise SheetClosed(sheet)
    return sheet


@transaction.atomic
def undo(*, tick: Tick, at: datetime.datetime | None = None) -> bool:
    """Take a tick back; whether there was anything to take back. Raises ``SheetClosed``."""
    sheet = lock(tick.sheet)
    standing = Tick.objects.select_for_update(of=("self",)).counted().filter(pk=tick.pk).first()
    if standing is None:
        return False
    if not sheet.is_open:
        raise SheetClosed(sheet)
    standing.undone_at = at or timezone.now()
    standing.save(update_fields=["undone_at"])
    figures.count_tick(standing, sheet, -1)
    return True


@transaction.atomic
def become_case(*, tick: Tick, deviation: Deviation) -> bool:
    """It was worse than mild: from now on it counts as the case that tells of it. Whether it still counted as a tick.

    Who had ticked is forgotten: that the two belong together must not tell who reported under a hidden name.
    """
    sheet = lock(tick.sheet)
    standing = Tick.objects.select_for_update(of=("self",)).counted().filter(pk=tick.pk).first()
    if standing is None:
        return False
    standing.became, standing.by = deviation, None
    standing.save(update_fields=["became", "by"])
    figures.count_tick(standing, sheet, -1)
    return True


@transaction.atomic
def close_month(
    *, sheet: TallySheet, by: User, learning_note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> TallySheet:
    """Close the month with a note for those who ticked. The journal keeps what was counted, and nobody who ticked."""
    now = at or timezone.now()
    lock(sheet)
    counted = Tick.objects.counted().filter(sheet=sheet).order_by("category").values_list("category")
    move(
        sheet,
        "close",
        by=by,
        at=now,
        seen=seen,
        learning_note=learning_note,
        closed_at=now,
        closed_by=by,
        data={"counted": {str(category): n for category, n in counted.annotate(n=Count("pk"))}},
    )
    Tick.objects.filter(sheet=sheet, by__isnull=False).update(by=None)
    return sheet


def reopen_month(
    *, sheet: TallySheet, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> TallySheet:
    """Open a closed month again, with why. The note on what was learnt stays, to be written on."""
    move(sheet, "reopen", by=by, at=at, seen=seen, note=note, closed_at=None, closed_by=None)
    return sheet


def hand_over_sheet(*, sheet: TallySheet, by: User | None, to: User) -> None:
    """Give an open month to another, since the one who should have closed it leaves."""
    change(sheet, "deviations.tally_handed_over", by=by, handler=to)


@transaction.atomic
def choose_ticked(*, unit: Unit, categories: Iterable[Category], by: User | None) -> TallyChoice:
    """Decide what is ticked in the unit and below it."""
    chosen = sorted(categories, key=lambda each: each.pk)
    said: dict[str, Any] = {"categories": [each.pk for each in chosen]}
    standing = Unit.objects.standing_still(unit.pk)
    choice = TallyChoice.objects.filter(unit=unit).first()
    if choice is None:
        choice = TallyChoice()
        choice.place_in(standing)
        create(choice, "deviations.ticked_chosen", by=by, **said)
    elif set(choice.categories.values_list("pk", flat=True)) != set(said["categories"]):
        record(choice, "deviations.ticked_chosen", by=by, **said)
    choice.categories.set(chosen)
    return choice
