"""The counts that reports are made from."""

from __future__ import annotations

from django.db import models


class FigureCount(models.Model):
    """How many cases have a value in a month in a unit's subtree: kept in the transaction of every change.

    ``measure`` is what is counted (kind, category, severity, state, working days to receipt, answer, outcome and
    closing, whether each of these kept its limit, whether the answer helped) and ``value`` the choice or the number of
    days. The month is that of the report.
    """

    unit_id = models.BigIntegerField()
    month = models.DateField()
    measure = models.CharField(max_length=12)
    value = models.CharField(max_length=20)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "measure", "month", "value"], name="figure_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month} {self.measure} {self.value}: {self.n}"
