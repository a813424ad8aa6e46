"""Pages of a long list that cost the same however far down: by where the last row stands, not by counting rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=models.Model)
PER_PAGE = 25


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    rows: Sequence[M]
    newer: str | None  # addresses, or None at the ends
    older: str | None


def newest_first(rows: models.QuerySet[M], field: str, query: QueryDict, size: int = PER_PAGE) -> KeysetPage[M]:
    """One page of rows by a moment and the id, both falling; ``etter`` and ``for`` in the address say where."""
    return by_moment(rows, field, query, size)


def by_moment(
    rows: models.QuerySet[M], field: str, query: QueryDict, size: int = PER_PAGE, *, rising: bool = False
) -> KeysetPage[M]:
    """The same, or ``rising``: the oldest first. ``newer`` leads towards the beginning of the list either way."""
    down, up = ("gt", "lt") if rising else ("lt", "gt")
    falling, climbing = (f"-{field}", "-pk"), (field, "pk")
    order, reverse = (climbing, falling) if rising else (falling, climbing)
    after, before = position(query.get("etter", "")), position(query.get("for", ""))
    if before:
        found = list(_beyond(rows, field, up, before).order_by(*reverse)[: size + 1])
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        if after:
            rows = _beyond(rows, field, down, after)
        found = list(rows.order_by(*order)[: size + 1])
        more_newer, more_older = after is not None, len(found) > size
        found = found[:size]
    return KeysetPage(
        found,
        _address(query, "for", found[0], field) if found and more_newer else None,
        _address(query, "etter", found[-1], field) if found and more_older else None,
    )


def _beyond(
    rows: models.QuerySet[M], field: str, way: str, place: tuple[datetime.datetime, int]
) -> models.QuerySet[M]:
    """The rows on one side of a place in the list; said twice, so that the database looks no further than it must."""
    moment, pk = place
    return rows.filter(
        Q(**{f"{field}__{way}": moment}) | Q(**{field: moment, f"pk__{way}": pk}), **{f"{field}__{way}e": moment}
    )


def position(text: str) -> tuple[datetime.datetime, int] | None:
    """A place in the list as the address has it, or nothing when somebody has written in it."""
    moment, _, pk = text.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not 1900 < at.year < 2200 or not pk.isdecimal() or len(pk) > 18:
        return None
    return at, int(pk)


def _address(query: QueryDict, name: str, row: Any, field: str) -> str:
    address = query.copy()
    for each in ("etter", "for"):
        address.pop(each, None)
    address[name] = f"{getattr(row, field).isoformat()}~{row.pk}"
    return "?" + address.urlencode()
