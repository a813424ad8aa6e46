"""A file on its way in. A worker does it row by row: killed at any moment, it goes on where it was."""

from __future__ import annotations

import datetime
import time
from collections import Counter

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from deviations import elsewhere
from deviations.actions.elsewhere import bring_in
from deviations.models import Bringing, OtherSystem
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.tables import Table

AT_ONCE, SLICE = 5.0, 20.0  # seconds: while somebody waits for the page, and of a worker before others come first
LEASE = datetime.timedelta(seconds=120)
MOST_REFUSED = 200  # rows that are shown with what is wrong in them


def read_file(*, system: OtherSystem, by: User, file_name: str, table: Table) -> Bringing:
    """Keep what was read, to be looked through. Nobody else sees it, and it is gone in a day."""
    Bringing.objects.expired().delete()
    return Bringing.objects.create(
        system=system, owner=by, file_name=file_name[-200:], headings=table.headings, rows=table.rows,
        total=len(table.rows),
    )  # fmt: skip


def carry_out(*, bringing: Bringing, columns: dict[str, str]) -> None:
    """Begin; what is short is done at once, the rest by a worker. Begun already: nothing happens."""
    begun = Bringing.objects.filter(pk=bringing.pk, begun_at=None).update(begun_at=timezone.now(), columns=columns)
    if begun and go_on(bringing.pk, seconds=AT_ONCE):
        tell(bringing.pk)


def tell(pk: int) -> None:
    from kvalitetslosen.celery import app

    app.tell("deviations.go_on_bringing", pk)


def sweep() -> None:
    """Go on with what no worker heard of, or one left."""
    free = Q(worked_at=None) | Q(worked_at__lt=timezone.now() - LEASE)
    for pk in Bringing.objects.filter(free, begun_at__isnull=False, ended_at=None).values_list("pk", flat=True):
        tell(pk)


def go_on(pk: int, *, seconds: float = SLICE) -> bool:
    """Bring in rows for so long. True when more waits. Nothing where another is at it."""
    now = timezone.now()
    free = Q(worked_at=None) | Q(worked_at__lt=now - LEASE)
    waiting = Bringing.objects.filter(free, pk=pk, begun_at__isnull=False, ended_at=None)
    if not waiting.update(worked_at=now):
        return False
    kept = Bringing.objects.select_related("system__municipality", "owner").get(pk=pk)
    try:
        with translation.override(kept.owner.language or None):
            return _some(kept, time.monotonic() + seconds)
    finally:
        Bringing.objects.filter(pk=pk).update(worked_at=None)


def _some(kept: Bringing, until: float) -> bool:
    system = kept.system
    owner = kept.owner  # read just now, with the rights of today: a role may have ended in between
    reader = elsewhere.Reader(system, lambda unit: owner.is_active and elsewhere.may_bring_to(owner, unit))
    outcome, refused = Counter(kept.outcome), list(kept.refused)
    rows = reader.read_all(
        (number, elsewhere.by_field(kept.columns, kept.headings, cells)) for number, cells in kept.rows
    )
    for row in rows[kept.done :]:
        with transaction.atomic():
            if row.problems:
                outcome["refused"] += 1
                refused += [[row.number, row.problems]] if len(refused) < MOST_REFUSED else []
            else:
                outcome[bring_in(system=system, row=row, by=owner)] += 1
            kept.done += 1
            Bringing.objects.filter(pk=kept.pk).update(
                done=kept.done, outcome=dict(outcome), refused=refused, worked_at=timezone.now()
            )
        if time.monotonic() > until and kept.done < kept.total:
            return True
    with transaction.atomic():
        Bringing.objects.filter(pk=kept.pk).update(ended_at=timezone.now(), rows=[])
        record(system, "deviations.brought", by=owner, outcome=dict(outcome))
    return False
