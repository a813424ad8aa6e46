"""What a report is of: whole months, a quarter, a year. Each by its first day and its last."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.months import WholeMonths, months_after

LONGEST = 36  # months in one report
FIRST_YEAR = 2000


class Rhythm(models.TextChoices):
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Every year")


MONTHS_IN = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.YEAR: 12}


@dataclass(frozen=True)
class Period(WholeMonths):
    """What a report is of."""

    @classmethod
    def around(cls, rhythm: str, day: datetime.date, back: int = 0) -> Self:
        """The month, quarter or year the day lies in, or so many of them earlier."""
        months = MONTHS_IN[Rhythm(rhythm)]
        begins = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        first = months_after(begins, -back * months)
        return cls(first, months_after(first, months - 1))

    @classmethod
    def asked(cls, first: str, last: str) -> Self | None:
        """As an address has it: 2026-01 and 2026-12. None for what makes no sense, or lies ahead."""
        try:
            ends = [datetime.date.fromisoformat(f"{text}-01") for text in (first, last) if len(text) == 7]
        except ValueError:
            return None
        if len(ends) != 2 or not ends[0].year >= FIRST_YEAR or ends[0] > timezone.localdate():
            return None
        period = cls(*ends)
        return period if 1 <= len(period) <= LONGEST else None

    @property
    def is_over(self) -> bool:
        return self.ends < timezone.localdate()

    def __str__(self) -> str:
        """«2026», «1. kvartal 2026», «november 2026», «mars 2026 til mai 2026»."""
        if len(self) == 12 and self.first.month == 1:
            return str(self.first.year)
        if len(self) == 3 and self.first.month % 3 == 1:
            said = {"quarter": (self.first.month + 2) // 3, "year": self.first.year}
            return gettext("Quarter %(quarter)s of %(year)s") % said
        return super().__str__()

    @property
    def heading(self) -> str:
        return str(capfirst(str(self)))
