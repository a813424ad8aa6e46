"""The verbs of the pulse: a round opens each quarter, and everybody answers once. No event is written of an answer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from improvement.models import WORKING, PulseAnswered, PulseRound, PulseTally
from improvement.pulse_protection import FOR_MEANS
from kvalitetslosen.organisation.models import LEVELS, Membership, Unit, User


def first_of_quarter(day: datetime.date) -> datetime.date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def open_rounds(today: datetime.date | None = None) -> int:
    """The quarter's round in every municipality that hasn't one; how many were opened. As often as one likes."""
    day = today or timezone.localdate()
    first = first_of_quarter(day)
    if day > first + PulseRound.OPEN:
        return 0  # a municipality that began since waits for the next quarter
    there = PulseRound.objects.filter(opens_on=first).values("municipality")
    rows = Unit.objects.municipalities().active().exclude(pk__in=there).order_by("pk")
    return len([open_round(municipality=row, first=first) for row in rows])


def open_round(*, municipality: Unit, first: datetime.date) -> PulseRound:
    row, _made = PulseRound.objects.get_or_create(
        municipality=municipality, opens_on=first, defaults={"closes_on": first + PulseRound.OPEN}
    )
    return row


def place_for(unit: Unit, today: datetime.date | None = None) -> Unit:
    """Where an answer is counted: the unit, or the nearest above in which five work, with those below it.

    So that not even whoever reads the database finds a group of fewer who could have answered.
    """
    day = today or timezone.localdate()
    for level in reversed(unit.ancestor_ids):
        above = Unit.objects.get(pk=level)
        here = Membership.objects.on(day).filter(**{f"unit__{LEVELS[above.depth]}": above.pk}, user__is_active=True)
        if here.filter(role__in=WORKING).values("user").distinct()[:FOR_MEANS].count() >= FOR_MEANS:
            return above
    return Unit.objects.get(pk=unit.municipality_id)


@transaction.atomic
def answer_pulse(*, round: PulseRound, by: User, unit: Unit, answers: Mapping[str, int]) -> bool:
    """Count the answers, and that the person has answered; whether they hadn't already.

    What they answered is nowhere, and their name is nowhere near it: the counts have no order and no time.
    """
    try:
        with transaction.atomic():
            PulseAnswered.objects.create(round=round, user=by)
    except IntegrityError:
        return False
    place = place_for(unit)
    for question, value in sorted(answers.items()):
        levels = {level: getattr(place, level) for level in LEVELS}
        row, _made = PulseTally.objects.get_or_create(
            round=round, unit=place, question=question, value=value, defaults=levels
        )
        PulseTally.objects.filter(pk=row.pk).update(n=F("n") + 1)
    return True
