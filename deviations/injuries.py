"""The register of injuries and illness due to work that every employer keeps (arbeidsmiljøloven § 5-1).

It is made of cases: those in a category that counts as work accidents (``national.FIGURES``), and those whose leader
enters them, since an injury may hide behind violence, a fall or something else. What stands in it is written for it:
never what the reporter wrote, a name, a diagnosis.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import DateField, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext

from deviations.lifecycle import State
from deviations.models import REGISTER_READERS, Deviation, DeviationQuerySet, Injury, Kind, Topic, register_sight
from kvalitetslosen.workdays import OSLO

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import Unit, User

COUNTS_AS = "work-injury"
"""The yearly figure whose categories' cases are in the register by themselves."""

SHOWN = 300
MOST = 20_000


def may_read(user: User) -> bool:
    return user.standing.has(*REGISTER_READERS)


def by_category(deviation: Deviation) -> bool:
    """Whether the case is in the register by its category. A near miss hurt nobody."""
    category = deviation.category
    return deviation.kind == Kind.DEVIATION and category is not None and category.figure == COUNTS_AS


def may_be_entered(deviation: Deviation) -> bool:
    """Whether the case can have a line: something happened to an employee, and it is about no leader."""
    if deviation.about_id is not None or deviation.kind != Kind.DEVIATION or deviation.merged_into_id is not None:
        return False
    return deviation.topic == Topic.HSE or by_category(deviation)


def entry_of(deviation: Deviation) -> Injury | None:
    return Injury.objects.filter(deviation=deviation).first()


def registered() -> Q:
    """The cases of the register: written into it, or not yet described and there by their category."""
    described = Q(injury__isnull=False, injury__taken_out="")
    undescribed = Q(injury=None, category__figure=COUNTS_AS, kind=Kind.DEVIATION)
    return (described | undescribed) & ~Q(state=State.MERGED)


def rows(user: User, year: int, unit: Unit | None = None) -> DeviationQuerySet:
    """The register of a year as the person may read it, the newest first. One query, with all that its lines say.

    What happened in a year is reported in it or later, so that the index of the newest reports serves.
    """
    begins = datetime.datetime(year, 1, 1, tzinfo=OSLO)
    found = Deviation.objects.in_subtree(unit) if unit else Deviation.objects.all()
    return (
        found.filter(register_sight(user), registered(), reported_at__gte=begins)
        .annotate(
            on=Coalesce(
                "injury__happened_on", "happened_on", TruncDate("reported_at", tzinfo=OSLO), output_field=DateField()
            )
        )
        .filter(on__gte=datetime.date(year, 1, 1), on__lte=datetime.date(year, 12, 31))
        .select_related("unit", "injury", "category__parent")
        .order_by("-on", "-pk")
    )


@dataclass
class Line:
    """One line of the register, in words. ``case`` is the way to the case, for those who may open it."""

    on: datetime.date
    at: str
    unit: str
    what: str
    cause: str
    absence: str
    text: str
    described: bool
    case: str = ""

    @property
    def cells(self) -> list[object]:
        return [self.on.isoformat(), self.at, self.unit, self.what, self.cause, self.absence, self.text]


def line(row: Deviation) -> Line:
    """What the register says of a case ``rows`` gave."""
    on: datetime.date = row.on  # type: ignore[attr-defined]  # ``rows`` puts it there
    entry: Injury | None = getattr(row, "injury", None)
    if entry is None:
        what = row.category.label if row.category else ""
        return Line(on, "", row.unit.name, what, "", "", "", described=False)
    at = f"{entry.at_time:%H.%M}" if entry.at_time else ""
    return Line(
        on,
        at,
        row.unit.name,
        str(entry.get_harmed_display()),
        str(entry.get_cause_display()),
        str(entry.get_absence_display()),
        entry.text,
        described=True,
    )


def headings() -> list[object]:
    return [
        gettext("Date"), gettext("Time of day"), gettext("Where"), gettext("What it is"), gettext("How it happened"),
        gettext("Absence"), gettext("In neutral words"),
    ]  # fmt: skip
