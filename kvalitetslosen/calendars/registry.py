"""What stands in people's own calendars: a source a noun, found in each module's ``calendars.py``.

    @register_calendar("improvement.actions")
    def actions_due(user: User) -> Iterator[Entry]:
        for row in Action.objects.visible_to(user).open().filter(owner=user):
            yield Entry(key=str(row.key), title=_("Action"), day=row.deadline, url=row.get_absolute_url())

A calendar leaves the house: others read it over one's shoulder, and whoever keeps it for us stores it. So an entry
says what a mail may say (see ``notifications.messages``) and nothing more: the kind, the unit, a reference, the link.
Never what somebody wrote about a case. See decision 36.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.organisation.models import User


@dataclass(frozen=True)
class Entry:
    """Something on a day, or at an hour: with ``starts``, ``day`` is left out."""

    key: str  # stays the same as long as the thing is the same, and tells nothing
    title: _StrOrPromise
    url: str
    day: datetime.date | None = None
    starts: datetime.datetime | None = None
    minutes: int = 0  # how long, from ``starts``
    place: str = ""  # the unit
    busy: bool = False  # time is set aside for it: others see it as taken

    @property
    def first_day(self) -> datetime.date:
        if self.day is not None:
            return self.day
        assert self.starts is not None, "an entry has a day or an hour"
        return self.starts.date()


Source = Callable[["User"], Iterable[Entry]]

_sources: dict[str, Source] = {}


def register_calendar(name: str) -> Callable[[Source], Source]:
    """A decorator for the entries of one kind. ``name`` is part of their lasting ids: never change it.

    Raises ValueError when another source has the name.
    """

    def registered(source: Source) -> Source:
        known = _sources.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (source.__module__, source.__qualname__):
            raise ValueError(f"There is a calendar source {name} already.")
        _sources[name] = source
        return source

    return registered


def entries_of(user: User) -> list[tuple[str, Entry]]:
    """All that stands in the person's calendar, with the source's name, in the order of the days."""
    found = [(name, entry) for name, source in sorted(_sources.items()) for entry in source(user)]
    return sorted(found, key=lambda each: (each[1].first_day, each[0], each[1].key))
