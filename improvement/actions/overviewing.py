"""Reading the overview, and putting a sentence away. Nothing is learnt from it, and nobody else sees it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from improvement.models import OverviewReading
from kvalitetslosen.organisation.models import User

KEPT = datetime.timedelta(days=730)
"""What was put away longer ago is forgotten: it isn't so any more."""


def _kept(user: User) -> OverviewReading:
    OverviewReading.objects.get_or_create(user=user)
    return OverviewReading.objects.select_for_update().get(user=user)


@transaction.atomic
def note_reading(*, by: User, facts: Iterable[str]) -> None:
    """The person reads the overview with these facts; a new sitting begins when the last one is over."""
    reading = _kept(by)
    names = list(dict.fromkeys(facts))
    if reading.is_over:
        reading.before_at, reading.before = reading.read_at, reading.facts
        reading.read_at, reading.facts = timezone.now(), names
    else:
        reading.facts = list(dict.fromkeys([*reading.facts, *names]))
    reading.save(update_fields=["read_at", "facts", "before_at", "before"])


@transaction.atomic
def put_away(*, by: User, facts: Iterable[str]) -> None:
    """The person has seen these, and doesn't want to be told of them any more; of new ones they are."""
    reading, today = _kept(by), timezone.localdate()
    oldest = (today - KEPT).isoformat()
    kept = {name: day for name, day in reading.put_away.items() if day >= oldest}
    reading.put_away = kept | dict.fromkeys(facts, today.isoformat())
    reading.save(update_fields=["put_away"])


@transaction.atomic
def take_back(*, by: User, facts: Iterable[str]) -> None:
    """Tell of them again."""
    reading = _kept(by)
    for name in facts:
        reading.put_away.pop(name, None)
    reading.save(update_fields=["put_away"])
