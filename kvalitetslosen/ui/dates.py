"""Moments and deadlines as people say them: «today 14.05», «yesterday», «in 3 days», and then the date."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, gettext, ngettext

NEAR = 7  # days ahead that are counted; a date says more than «in 23 days»


def local_day(value: date | datetime) -> date:
    """The calendar day in the municipality's time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def clock(value: datetime) -> str:
    """Hours and minutes: 14.05 in Norwegian, 14:05 in English."""
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    separator = ":" if get_language() == "en" else "."
    return f"{value.hour:02}{separator}{value.minute:02}"


@lru_cache(maxsize=4096)
def _written(day: date, language: str, with_year: bool) -> str:
    month = MONTHS[day.month]
    text = f"{day.day} {month}" if language == "en" else f"{day.day}. {month}"
    return f"{text} {day.year}" if with_year else text


def written(day: date, *, today: date | None = None) -> str:
    """«12. november», with the year when it isn't this one."""
    today = today or timezone.localdate()
    return _written(day, get_language() or "nb", day.year != today.year)


def full(value: date | datetime) -> str:
    """The whole date, and the time if there is one: «12. november 2026 14.05»."""
    text = _written(local_day(value), get_language() or "nb", True)  # noqa: FBT003
    return f"{text} {clock(value)}" if isinstance(value, datetime) else text


@lru_cache(maxsize=4096)
def _relative(day: date, today: date, language: str) -> str:
    days = (day - today).days
    if days == 0:
        return gettext("today")
    if days == -1:
        return gettext("yesterday")
    if days == 1:
        return gettext("tomorrow")
    if 1 < days <= NEAR:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return _written(day, language, day.year != today.year)


def when(value: date | datetime | None) -> str:
    """A date or a moment in words; nothing for None. The time of day is given for the days next to today."""
    if value is None:
        return ""
    today = timezone.localdate()
    day = local_day(value)
    text = _relative(day, today, get_language() or "nb")
    if isinstance(value, datetime) and -1 <= (day - today).days <= 1:
        return f"{text} {clock(value)}"
    return text


def days_left(deadline: date | datetime | None) -> str:
    """How far it is to a deadline, or how long since it passed; nothing for None. Counts calendar days."""
    if deadline is None:
        return ""
    days = (local_day(deadline) - timezone.localdate()).days
    if days == 0:
        return gettext("due today")
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def in_words(number: int) -> str:
    """Up to twelve in words, for use inside sentences; larger numbers in digits."""
    words = (
        gettext("none"), gettext("one"), gettext("two"), gettext("three"), gettext("four"), gettext("five"),
        gettext("six"), gettext("seven"), gettext("eight"), gettext("nine"), gettext("ten"), gettext("eleven"),
        gettext("twelve"),
    )  # fmt: skip
    return words[number] if 0 <= number < len(words) else str(number)
