"""Moments and deadlines as people say them: «today 14.05», «yesterday», «in 3 days», and then the date."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_AP
from django.utils.translation import get_language, gettext, ngettext

NEAR = 7  # days ahead that are counted; a date says more than «in 23 days»


def in_zone(value: datetime) -> datetime:
    """The moment on the municipality's clock. The product has one zone, so nobody need ask which."""
    return value.astimezone(timezone.get_default_timezone()) if timezone.is_aware(value) else value


def today() -> date:
    return datetime.now(timezone.get_default_timezone()).date()


def local_day(value: date | datetime) -> date:
    """The calendar day in the municipality's time zone."""
    return in_zone(value).date() if isinstance(value, datetime) else value


def language() -> str:
    return get_language() or "nb"


def clock(value: datetime) -> str:
    """Hours and minutes: 14.05 in Norwegian, 14:05 in English."""
    return _clock(in_zone(value), language())


def _clock(local: datetime, language: str) -> str:
    return f"{local.hour:02}{':' if language == 'en' else '.'}{local.minute:02}"


@lru_cache(maxsize=4096)
def _written(day: date, language: str, with_year: bool) -> str:
    month = MONTHS[day.month]
    text = f"{day.day} {month}" if language == "en" else f"{day.day}. {month}"
    return f"{text} {day.year}" if with_year else text


def written(day: date) -> str:
    """«12. november», with the year when it isn't this one."""
    return _written(day, language(), day.year != today().year)


@lru_cache(maxsize=4096)
def _short(day: date, language: str, with_year: bool) -> str:
    month = MONTHS_AP[day.month]
    text = f"{day.day} {month}" if language == "en" else f"{day.day}. {month}"
    return f"{text} {day.year}" if with_year else text


def dated(value: date | datetime, *, short: bool = False) -> str:
    """A day to come or just gone with its date and how near it is: «30. november (om 4 dager)»."""
    day, now = local_day(value), today()
    text = (_short if short else _written)(day, language(), day.year != now.year)
    return f"{text} ({_relative(day, now, language())})" if -1 <= (day - now).days <= NEAR else text


def short(value: date | datetime) -> str:
    """«30. nov.», for where there is little room."""
    day = local_day(value)
    return _short(day, language(), day.year != today().year)


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


class Said(NamedTuple):
    """A date or a moment in the three ways a page needs it."""

    text: str
    full: str
    machine: str


@lru_cache(maxsize=4096)
def _day(day: date, today: date, language: str) -> Said:
    return Said(_relative(day, today, language), _written(day, language, True), day.isoformat())  # noqa: FBT003


def say(value: date | datetime) -> Said:
    """«yesterday 21.40», «22. november 2026 21.40», «2026-11-22T21:40+01:00».

    The time of day is said for the days next to today.
    """
    now, speech = today(), language()
    if not isinstance(value, datetime):
        return _day(value, now, speech)
    local = in_zone(value)
    text, full, _iso = _day(local.date(), now, speech)
    hours = _clock(local, speech)
    near = -1 <= (local.date() - now).days <= 1
    return Said(f"{text} {hours}" if near else text, f"{full} {hours}", local.isoformat("T", "minutes"))


def moment(value: datetime) -> Said:
    """As ``say``, with the time of day however long ago it was: «12. november 14.05»."""
    said, hours = say(value), clock(value)
    return said if said.text.endswith(hours) else said._replace(text=f"{said.text} {hours}")


def when(value: date | datetime | None) -> str:
    """A date or a moment in words; nothing for None."""
    return "" if value is None else say(value).text


def full(value: date | datetime) -> str:
    """The whole date, and the time if there is one: «12. november 2026 14.05»."""
    return say(value).full


def days_left(deadline: date | datetime | None) -> str:
    """How far it is to a deadline, or how long since it passed; nothing for None. Counts calendar days."""
    if deadline is None:
        return ""
    days = (local_day(deadline) - today()).days
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
