"""Whether a new version of a document is followed by other figures: the cases that point to it, before and after.

Reports can't measure how often something happens, and few of them tell nothing: so the page counts, says when that is
too little to say anything by, and otherwise only whether chance would explain the difference. Nothing is good or bad.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.dates import MONTHS_AP
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations.models import DeviationQuerySet
from documents.models import Document, Version
from kvalitetslosen.ui.charts import Cell, Figures, Row, columns, folded, number, table
from kvalitetslosen.ui.dates import full, local_day

WINDOW = datetime.timedelta(days=365)  # at most so long on each side
LEAST_DAYS = 60  # after the version, before anything is said of the difference
LEAST_CASES = 10  # on both sides together
CHANCE = 0.05


@dataclass(frozen=True)
class Compared:
    """So many cases in so many days on each side of the day the version came into force."""

    before: int
    days_before: int
    after: int
    days_after: int

    @property
    def is_too_little(self) -> bool:
        short = min(self.days_before, self.days_after) < LEAST_DAYS
        return short or self.before + self.after < LEAST_CASES

    @property
    def by_chance(self) -> float:
        """How likely so uneven a share is if nothing changed: exact, both ways, given how many there are in all."""
        n, share = self.before + self.after, self.days_after / (self.days_before + self.days_after)

        def likely(k: int) -> float:
            return float(comb(n, k) * share**k * (1 - share) ** (n - k))

        found = likely(self.after)
        return sum(each for k in range(n + 1) if (each := likely(k)) <= found * (1 + 1e-9))

    @property
    def verdict(self) -> str:
        if self.is_too_little:
            return _("That is too few, or too short a time, to say whether it helped.")
        if self.by_chance > CHANCE:
            return _("No more of a difference than chance makes.")
        if self.after / self.days_after < self.before / self.days_before:
            return _("Fewer are reported than before, and more clearly so than chance makes.")
        return _("More are reported than before, and more clearly so than chance makes. It may be that more report.")


def versions_of(document: Document) -> tuple[Version, datetime.date] | None:
    """The major version that applies, and the day the document was first in force; nothing where it is the first."""
    rows = list(
        Version.objects.once_in_force()
        .filter(document=document)
        .only("major", "minor", "in_force_from", "document")
        .order_by("in_force_from", "pk")
    )
    if not rows or rows[-1].in_force_from is None or rows[0].in_force_from is None:
        return None
    latest = next(row for row in rows if row.major == rows[-1].major)
    return (latest, local_day(rows[0].in_force_from)) if latest.major != rows[0].major else None


def before_and_after(document: Document, cases: DeviationQuerySet) -> Figures | None:
    """The cases month by month around the version that applies, and what can be said. Two queries.

    ``cases`` are those that point to the document, of what the reader may see.
    """
    found = versions_of(document)
    if found is None:
        return None
    version, first = found
    assert version.in_force_from is not None
    day, today = local_day(version.in_force_from), timezone.localdate()
    begins, ends = max(first, day - WINDOW), min(today, day + WINDOW)
    counted = dict(
        cases.filter(reported_at__date__gte=begins, reported_at__date__lte=ends)
        .order_by()
        .annotate(day=TruncDate("reported_at"))
        .values_list("day")
        .annotate(n=Count("pk"))
    )
    compared = Compared(
        before=sum(n for on, n in counted.items() if on < day),
        days_before=(day - begins).days,
        after=sum(n for on, n in counted.items() if on >= day),
        days_after=(ends - day).days + 1,
    )
    if not compared.before + compared.after:
        return None
    return Figures(
        key="for-og-etter",
        title=_("Before and after version %(label)s") % {"label": version.label},
        sentence=f"{said(day, compared)} {compared.verdict}",
        head=(_("Month"), _("Cases")),
        rows=[
            Row(
                name=full(month).partition(" ")[2],
                cells=[Cell(sum(n for on, n in counted.items() if (on.year, on.month) == (month.year, month.month)))],
                short=str(MONTHS_AP[month.month]),
                under=version.label if (month.year, month.month) == (day.year, day.month) else "",
            )
            for month in months(begins, ends)
        ],
        note=_("What is reported is never all that happens."),
    )


def said(day: datetime.date, compared: Compared) -> str:
    """The numbers in a sentence."""
    before = ngettext("%(n)s case", "%(n)s cases", compared.before) % {"n": number(compared.before)}
    after = ngettext("%(n)s case", "%(n)s cases", compared.after) % {"n": number(compared.after)}
    sentence = _("In force since %(day)s. Before that %(before)s in %(m)s, after it %(after)s in %(k)s.")
    return sentence % {
        "day": full(day),
        "before": before,
        "after": after,
        "m": spell(compared.days_before),
        "k": spell(compared.days_after),
    }


def spell(days: int) -> str:
    """A length of time in months, in days while it is shorter than two."""
    if days < LEAST_DAYS:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    months = round(days / 30.4)
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def months(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The first of each month from one day to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + datetime.timedelta(days=32)).replace(day=1)


def drawn(figures: Figures) -> SafeString:
    """Month by month as a picture, and as a table for who wants the numbers."""
    return SafeString(columns(figures, height=96) + folded(_("The numbers"), table(figures)))
