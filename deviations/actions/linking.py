"""Linking cases that belong together."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from deviations.models import Deviation, Related
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import User


def _in_order(one: Deviation, other: Deviation) -> tuple[Deviation, Deviation]:
    return (one, other) if one.pk < other.pk else (other, one)


def _locked(one: Deviation, other: Deviation) -> None:
    """Both at once and in one order, so that two who link the same cases don't wait for each other for ever."""
    rows = Deviation.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk, other.pk])
    list(rows.order_by("pk").values_list("pk"))


@transaction.atomic
def link(*, deviation: Deviation, other: Deviation, by: User, at: datetime.datetime | None = None) -> bool:
    """Say that two cases belong together; whether that was new. An event of both, which names neither to the other."""
    if deviation.pk == other.pk:
        raise ValueError("A case isn't related to itself.")
    _locked(deviation, other)
    now, (first, second) = at or timezone.now(), _in_order(deviation, other)
    _row, made = Related.objects.get_or_create(first=first, second=second, defaults={"by": by, "at": now})
    if made:
        for each, its in ((deviation, other), (other, deviation)):
            record(each, "deviations.linked", by=by, at=now, other=its.pk)
    return made


@transaction.atomic
def unlink(*, deviation: Deviation, other: Deviation, by: User, at: datetime.datetime | None = None) -> bool:
    """They have nothing to do with each other after all; whether they were linked."""
    _locked(deviation, other)
    now, (first, second) = at or timezone.now(), _in_order(deviation, other)
    gone, _each = Related.objects.filter(first=first, second=second).delete()
    if gone:
        for each, its in ((deviation, other), (other, deviation)):
            record(each, "deviations.unlinked", by=by, at=now, other=its.pk)
    return bool(gone)
