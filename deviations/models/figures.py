"""The counts that reports are made from."""

from __future__ import annotations

from django.db import models

from deviations.models.category import Category


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


class TickCount(models.Model):
    """How many ticks a day has of each kind in a unit's subtree: kept in the transaction of every tick.

    Only of municipalities and the units right below them, where there are millions: what lies deeper is counted tick
    by tick. Its fields are called as those of ``Tick``, so that both answer the same questions.
    """

    unit_id = models.BigIntegerField()
    date = models.DateField()
    category = models.ForeignKey(Category, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    shift = models.CharField(max_length=7)
    harm = models.CharField(max_length=4)
    place = models.CharField(max_length=8, blank=True)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "date", "category", "shift", "harm", "place"], name="tick_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.date} {self.category_id} {self.shift} {self.harm} {self.place}: {self.n}"
