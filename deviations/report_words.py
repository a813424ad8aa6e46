"""What the figures of a report are called, and how numbers stand in its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext, ngettext, pgettext

from deviations.lifecycle import State
from deviations.models import Kind, Severity
from deviations.reports import AGES, DAYS, NOT_SET
from kvalitetslosen.months import month_text, months_after, this_month
from kvalitetslosen.ui.charts import number
from kvalitetslosen.ui.dates import in_words


@dataclass(frozen=True)
class Words:
    """What the figures are called, in one language: said a hundred times on a page, looked up once."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    severities: tuple[tuple[str, str], ...]  # the most serious first
    states: tuple[tuple[str, str], ...]
    days: tuple[str, ...]
    times: tuple[tuple[str, str, str, str], ...]
    ages: tuple[str, ...]
    cases: str
    together: str


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """In the active language, which is the one given."""
    return Words(
        months=("", *(str(MONTHS[n]) for n in range(1, 13))),
        short_months=("", *(str(MONTHS_3[n]).rstrip(".") for n in range(1, 13))),
        kinds=tuple((kind.value, str(kind.label)) for kind in Kind),
        severities=(
            *((each.value, str(each.label)) for each in reversed(Severity)),
            (NOT_SET, gettext("Not assessed")),
        ),
        states=tuple((state.value, str(state.label)) for state in State),
        days=tuple(_days_words(*days) for days in DAYS),
        times=tuple(_time_words()),
        ages=tuple(_age_words(*ages) for ages in AGES),
        cases=gettext("Cases"),
        together=gettext("Together"),
    )


def many(value: float) -> str:
    """A number inside a sentence: in words up to twelve."""
    return in_words(value) if isinstance(value, int) and 0 <= value <= 12 else number(value)


def pair(one: int, other: int) -> tuple[str, str]:
    """Two numbers in one sentence: both in words, or both in figures."""
    return (many(one), many(other)) if max(one, other) <= 12 else (number(one), number(other))


def _days_words(first: int, last: int | None) -> str:
    if last == 0:
        return gettext("The same day")
    if last is None:
        return gettext("More than %(days)s days") % {"days": first - 1}
    if first == last:
        return ngettext("%(days)s day", "%(days)s days", first) % {"days": first}
    return gettext("%(first)s to %(last)s days") % {"first": first, "last": last}


def _time_words() -> list[tuple[str, str, str, str]]:
    """For each of ``TIMES``: its name, and the sentence for the same day, for one day and for several."""
    return [
        (
            pgettext("working days until", "Received"),
            gettext("Half of the cases were received the same day."),
            gettext("Half of the cases were received within one working day."),
            gettext("Half of the cases were received within %(days)s working days."),
        ),
        (
            pgettext("working days until", "First answer"),
            gettext("Half of the reporters had a first answer the same day."),
            gettext("Half of the reporters had a first answer within one working day."),
            gettext("Half of the reporters had a first answer within %(days)s working days."),
        ),
        (
            pgettext("working days until", "Outcome"),
            gettext("Half of the reporters knew the outcome the same day."),
            gettext("Half of the reporters knew the outcome within one working day."),
            gettext("Half of the reporters knew the outcome within %(days)s working days."),
        ),
        (
            pgettext("working days until", "Closed"),
            gettext("Half of the closed cases were closed the same day."),
            gettext("Half of the closed cases were closed within one working day."),
            gettext("Half of the closed cases were closed within %(days)s working days."),
        ),
    ]


def _age_words(first: int, last: int | None) -> str:
    if last == 0:
        return gettext("This month")
    if last == 1:
        return gettext("Last month")
    if last is None:
        return gettext("More than %(months)s months ago") % {"months": first - 1}
    return gettext("%(first)s to %(last)s months ago") % {"first": first, "last": last}


def age_query(first: int, last: int | None) -> str:
    """The months of one of ``AGES``, for the list of open cases."""
    month = this_month()
    since = "" if last is None else f"&fra={month_text(months_after(month, -last))}"
    until = f"&til={month_text(months_after(month, -first))}" if first else ""
    return since + until
