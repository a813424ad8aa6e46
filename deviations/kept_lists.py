"""What a kept list asks: what of an address may be kept, and how it is said in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext

from deviations.filters import AREA, IN_HAND, NOT_SET, STATUSES, WITH_SUB, month
from deviations.models import Category, KeptList, Kind, Severity
from deviations.reports import EVENTS_ONLY, OURS, TIMES, in_words
from kvalitetslosen.months import month_words
from kvalitetslosen.organisation.models import Unit, User

KEPT = (
    "visning", "enhet", "status", "type", "kategori", "alvor", "prosedyre", "fra", "til", "kode", "tall", "selv",
    "tema", "uke", "uten", "kilde", "kolonne", "rekkefolge", EVENTS_ONLY, "hjalp", *(time.address for time in TIMES),
)  # fmt: skip
"""All that is kept of an address. Not what is searched for: words may name a person, and a list is shared."""
HOW_SHOWN = ("visning", "kolonne", "rekkefolge")  # of what is kept: these narrow no list
VALUE = re.compile(r"[\w.~-]{1,40}")
LONGEST = 1000


def sanitized(query: QueryDict) -> str:
    """The question of an address, as far as a list may keep it, always written in one way."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        values = sorted({value for value in query.getlist(name) if VALUE.fullmatch(value)})
        if name != "kolonne":
            values = [value for value in query.getlist(name)[-1:] if VALUE.fullmatch(value)]
        if name == "status" and query.getlist(name)[-1:] == [""]:
            values = [""]  # the open ones, where a list would show all without it
        kept.setlist(name, values) if values else None
    text = kept.urlencode()
    return text if len(text) <= LONGEST else ""


def without_place(query: QueryDict) -> QueryDict:
    """The address without which page of the list it is."""
    left = query.copy()
    for name in ("etter", "for", "velg", "liste", "merket"):
        left.pop(name, None)
    return left


@dataclass(frozen=True)
class Described:
    words: str  # «Late · Fall · Hjemmetjenesten»
    gone: Sequence[str] = ()  # what the list was made for and isn't there any more, a sentence each


def described(user: User, queries: Iterable[str]) -> list[Described]:
    """The lists in words, in the same order. Two queries, however many there are."""
    asked = [QueryDict(text) for text in queries]
    units = {number for each in asked if (number := _number(each.get("enhet", "")))}
    categories = {number for each in asked if (number := _number(each.get("kategori", "").removeprefix(WITH_SUB)))}
    found = Unit.objects.visible_to(user).filter(pk__in=units)
    units_there = {unit.pk: unit for unit in found} if units else {}
    rows = Category.objects.visible_to(user).filter(pk__in=categories).select_related("parent")
    categories_there = {row.pk: row for row in rows} if categories else {}
    return [_described(each, units_there, categories_there) for each in asked]


def _described(query: QueryDict, units: dict[int, Unit], categories: dict[int, Category]) -> Described:
    words, gone = [], []
    if (view := query.get("visning", "")) == IN_HAND:
        words.append(gettext("In my hands"))
    elif view not in ("", AREA):
        words.append(gettext("Reported by me"))
    status = query.get("status", "")
    words.append(str(dict(STATUSES).get(status, "")) if "status" in query or view in ("", AREA, IN_HAND) else "")
    words.append(str(dict(Kind.choices).get(query.get("type", ""), "")))
    value = query.get("kategori", "")
    if number := _number(value.removeprefix(WITH_SUB)):
        category = categories.get(number)
        words.append(category.whole_label if category else "")
        if category is None:
            gone.append(gettext("The category this list was made for isn’t there any more: no case can fit."))
        elif not category.is_active:
            said = gettext("The category “%(name)s” isn’t used any more. Cases from before still stand here.")
            gone.append(said % {"name": category.whole_label})
    elif value == NOT_SET:
        words.append(gettext("Without a category"))
    severity = query.get("alvor", "")
    words.append(gettext("Not assessed") if severity == NOT_SET else str(dict(Severity.choices).get(severity, "")))
    unit = None
    if number := _number(query.get("enhet", "")):
        unit = units.get(number)
        words.append(unit.name if unit else "")
        if unit is None:
            gone.append(gettext("The unit this list was made for isn’t there any more. It shows all you may see."))
        elif unit.closed_on:
            said = gettext("The unit “%(name)s” is closed. Cases from before still stand here.")
            gone.append(said % {"name": unit.name})
    elif view in ("", AREA):
        words.append(gettext("My area"))
    if origin := query.get("kilde", ""):
        words.append({OURS: gettext("Registered here")}.get(origin, gettext("In other systems")))
    if query.get("prosedyre"):
        words.append(gettext("Only cases that point to one document.").rstrip("."))
    first, last = month(query.get("fra", "")), month(query.get("til", ""))
    if first or last:
        words.append(" – ".join((month_words(first) if first else "", month_words(last) if last else "")).strip())
    words += [sentence.rstrip(".") for sentence in in_words(query, unit)]
    return Described(Truncator(" · ".join(word for word in words if word)).chars(300), gone)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def address(kept: KeptList, base: str) -> str:
    """The list of cases it asks for, with the list named, so that its page can say which it is."""
    return f"{base}?{kept.query}{'&' if kept.query else ''}liste={kept.key}"
