"""The rows behind a number, the newest first, page by page."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from kvalitetslosen.figures.question import Question
from kvalitetslosen.ui.keyset import PER_PAGE, KeysetPage, newest_first


def page_of(question: Question, query: QueryDict) -> KeysetPage[Any]:
    """One page of the rows, as it costs the same however far down."""
    rows, subject = question.subject.lines(question.rows()), question.subject
    page = _by_day(rows, subject.moment, query) if subject.by_day else newest_first(rows, subject.moment, query)
    if subject.fetched is not None:
        subject.fetched(question.user, page.rows)
    return page


def _by_day(rows: Any, field: str, query: QueryDict) -> KeysetPage[Any]:
    after, before = _place(query.get("etter", "")), _place(query.get("for", ""))
    if before:
        found = list(_beyond(rows, field, "gt", before).order_by(field, "pk")[: PER_PAGE + 1])
        newer, older = len(found) > PER_PAGE, True
        found = found[:PER_PAGE][::-1]
    else:
        if after:
            rows = _beyond(rows, field, "lt", after)
        found = list(rows.order_by(f"-{field}", "-pk")[: PER_PAGE + 1])
        newer, older = after is not None, len(found) > PER_PAGE
        found = found[:PER_PAGE]
    return KeysetPage(
        found,
        _address(query, "for", found[0], field) if found and newer else None,
        _address(query, "etter", found[-1], field) if found and older else None,
    )


def _beyond(rows: Any, field: str, way: str, place: tuple[datetime.date, int]) -> Any:
    day, pk = place
    beyond = Q(**{f"{field}__{way}": day}) | Q(**{field: day, f"pk__{way}": pk})
    return rows.filter(beyond, **{f"{field}__{way}e": day})


def _place(text: str) -> tuple[datetime.date, int] | None:
    """A place in the list as the address has it, or nothing when somebody has written in it."""
    day, _, pk = text.partition("~")
    try:
        at = datetime.date.fromisoformat(day)
    except ValueError:
        return None
    return (at, int(pk)) if pk.isdecimal() and len(pk) < 18 else None


def _address(query: QueryDict, name: str, row: Any, field: str) -> str:
    address = query.copy()
    for each in ("etter", "for"):
        address.pop(each, None)
    address[name] = f"{getattr(row, field).isoformat()}~{row.pk}"
    return "?" + address.urlencode()
