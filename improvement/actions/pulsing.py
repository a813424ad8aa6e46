"""The verbs of the pulse: a round opens each quarter, and everybody answers once. No event is written of an answer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, F, Q, QuerySet, Value, When
from django.utils import timezone

from improvement.models import WORKING, PulseAnswered, PulseRound, PulseTally
from improvement.pulse_protection import FOR_MEANS
from improvement.pulse_questions import TOP
from kvalitetslosen.organisation.models import LEVELS, Membership, Unit, User
from kvalitetslosen.organisation.routing import line_above


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

    So that not even whoever reads the database finds a group of fewer who could have answered. Two queries.
    """
    working = Membership.objects.on(today or timezone.localdate()).filter(user__is_active=True, role__in=WORKING)
    line = line_above(unit)
    enough = [  # the fifth is there; asked further up only where it isn't
        When(
            Exists(
                working.filter(**{f"unit__{LEVELS[above.depth]}": above.pk})
                .order_by()
                .values("user")
                .distinct()[FOR_MEANS - 1 : FOR_MEANS]
            ),
            then=Value(place),
        )
        for place, above in enumerate(line)
    ]
    nearest = Case(*enough, default=Value(len(line) - 1))
    return line[Unit.objects.annotate(nearest=nearest).values_list("nearest", flat=True).get(pk=unit.pk)]


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
    rows = _counts(round, place_for(unit))
    given = Q()
    for question, value in answers.items():
        given |= Q(question=question, value=value)
    # All are written, also those nothing is added to: else where a row lies in the database's files, which keep what
    # was written last behind the rest, would tell which counts the last to answer added to.
    rows.update(n=F("n") + Case(When(given, then=1), default=0))
    return True


def _counts(round: PulseRound, place: Unit) -> QuerySet[PulseTally]:
    """The place's counts of every possible answer, made at the first, and locked."""
    rows = PulseTally.objects.filter(round=round, unit=place)
    if not rows.exists():
        levels = {level: getattr(place, level) for level in LEVELS}
        PulseTally.objects.bulk_create(
            (
                PulseTally(round=round, unit=place, question=question, value=value, **levels)
                for question, top in TOP.items()
                for value in range(1, top + 1)
            ),
            ignore_conflicts=True,
        )
    # In one order: two who answer at once wait for each other instead of both.
    list(rows.select_for_update().order_by("question", "value"))
    return rows
