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
    after, before = position(query.get("etter", "")), position(query.get("for", ""))
    if before:
        moment, pk = before
        up = rows.filter(
            Q(**{f"{field}__gt": moment}) | Q(**{field: moment, "pk__gt": pk}), **{f"{field}__gte": moment}
        )
        found = list(up.order_by(field, "pk")[: size + 1])
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        if after:
            moment, pk = after
            rows = rows.filter(
                Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "pk__lt": pk}), **{f"{field}__lte": moment}
            )
        found = list(rows.order_by(f"-{field}", "-pk")[: size + 1])
        more_newer, more_older = after is not None, len(found) > size
        found = found[:size]
    return KeysetPage(
        found,
        _address(query, "for", found[0], field) if found and more_newer else None,
        _address(query, "etter", found[-1], field) if found and more_older else None,
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
