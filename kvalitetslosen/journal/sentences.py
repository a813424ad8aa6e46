"""The journal told in sentences: one table from event type to sentence, filled by the modules.

    sentences.register(
        {
            "deviations.received": _("%(who)s received the case."),
            "deviations.forwarded": forwarded,   # (Telling) -> str, for sentences that need old and new
        },
        refers={"handler": User, "unit": Unit},  # what ids in the events' data stand for
        unnamed=_("The reporter"),               # who did it, where the event keeps no name
    )

Names behind ids are fetched for all events at once: one query a kind of row, however many events.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal.models import Event

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.organisation.models import User

OTHER = gettext_lazy("%(who)s made a change.")
SYSTEM = gettext_lazy("The system")


@dataclass(frozen=True)
class Told:
    """One line of a timeline. ``note`` is what the person wrote to explain the step, if anything."""

    at: datetime.datetime
    who: str
    sentence: str
    note: str
    icon: str = ""

    @property
    def text(self) -> str:
        return self.sentence


class Telling:
    """One event, with the names behind its ids at hand."""

    def __init__(
        self,
        event: Event,
        who: str,
        names: Mapping[tuple[type[Model], int], str],
        refers: Refers,
        reader: User | None = None,
        about_reader: bool = False,  # whether the row is the reader's own: they are spoken to, not of
    ) -> None:
        self.event, self.who = event, who
        self.reader, self.about_reader = reader, about_reader
        self._names, self._refers = names, refers

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.event.data
        return data

    def changed(self, field: str) -> bool:
        return field in self.data.get("changes", {})

    def old(self, field: str) -> Any:
        return self.event.old_and_new(field)[0]

    def new(self, field: str) -> Any:
        return self.event.old_and_new(field)[1]

    def is_reader(self, pk: int | None) -> bool:
        """Whether a person's id is that of who reads."""
        return self.reader is not None and pk == self.reader.pk

    def all_named(self, field: str) -> list[str]:
        """The names behind a list of ids of this field, in its order."""
        return [self.named(field, pk) for pk in self.data.get(field, ())]

    def named(self, field: str, pk: int | None) -> str:
        """The name behind an id of this field; empty for nobody, and for a row that is gone."""
        return "" if pk is None else self._names.get((self._refers[field], pk), "")


Refers = Mapping[str, type[Model]]
Sentence = Callable[[Telling], str]


@dataclass(frozen=True)
class _Entry:
    sentence: _StrOrPromise | Sentence
    refers: Refers
    unnamed: _StrOrPromise
    icon: str


_table: dict[str, _Entry] = {}


def register(
    table: Mapping[str, _StrOrPromise | Sentence],
    *,
    refers: Refers | None = None,
    unnamed: _StrOrPromise = SYSTEM,
    icons: Mapping[str, str] | None = None,
) -> None:
    """Add a module's sentences. A text may use ``%(who)s``; a function returns the whole sentence."""
    for event_type, sentence in table.items():
        _table[event_type] = _Entry(sentence, refers or {}, unnamed, (icons or {}).get(event_type, ""))


def refers_of(event_type: str) -> Refers:
    """What the ids in the data of such an event stand for, field by field."""
    entry = _table.get(event_type)
    return entry.refers if entry else {}


def known(event_type: str) -> bool:
    return event_type in _table


def tell(events: Iterable[Event], reader: User | None, own: Container[str] | None = None) -> list[Told]:
    """The events as sentences in the active language, in the order given. The reader's own deeds say «You».

    An event without a name (a hidden reporter's) tells none. ``own`` is given where the row is the reader's own: the
    types of events that, without a name, are theirs; they alone are told so. Costs one query for people, and one for
    each other kind of row the events point to.
    """
    rows = list(events)
    names = _names(rows)
    people = get_user_model()
    told = []
    for event in rows:
        entry = _table.get(event.type) or _Entry(OTHER, {}, SYSTEM, "")
        if (event.by_id is None and own is not None and event.type in own) or (
            reader is not None and event.by_id == reader.pk
        ):
            who = _("You")
        elif event.by_id is None:
            who = str(entry.unnamed)
        else:
            who = names.get((people, event.by_id), "")
        if callable(entry.sentence):
            sentence = entry.sentence(Telling(event, who, names, entry.refers, reader, own is not None))
        else:
            sentence = str(entry.sentence) % {"who": who}
        note = str(event.data.get("note") or event.data.get("reason") or "")
        told.append(Told(event.at, who, sentence, note, entry.icon))
    return told


def folded(told: Iterable[Told]) -> list[Told]:
    """What was done many times in one day, told once, at its latest, with how many times."""
    latest: dict[tuple[datetime.date, str, str], Told] = {}
    times: Counter[tuple[datetime.date, str, str]] = Counter()
    for each in told:
        key = (timezone.localdate(each.at), each.sentence, each.note)
        times[key] += 1
        if key not in latest or each.at > latest[key].at:
            latest[key] = each
    return [
        replace(each, sentence=_("%(sentence)s (%(n)d times)") % {"sentence": each.sentence, "n": times[key]})
        if times[key] > 1
        else each
        for key, each in latest.items()
    ]


def _names(events: list[Event]) -> dict[tuple[type[Model], int], str]:
    people: type[Model] = get_user_model()
    wanted: dict[type[Model], set[int]] = {}
    known: dict[tuple[type[Model], int], str] = {}
    for event in events:
        if event.by_id is not None:
            if Event.by.is_cached(event):  # came along with the event
                known[people, event.by_id] = str(event.by)
            wanted.setdefault(people, set()).add(event.by_id)
        if (entry := _table.get(event.type)) is None:
            continue
        changes = event.data.get("changes", {})
        for field, model in entry.refers.items():
            said = event.data.get(field)
            ids = [*(said if isinstance(said, list) else [said]), *changes.get(field, ())]
            wanted.setdefault(model, set()).update(pk for pk in ids if isinstance(pk, int))
    for model, pks in wanted.items():
        left = [pk for pk in pks if (model, pk) not in known]
        if left:
            known.update({(model, row.pk): str(row) for row in model._base_manager.filter(pk__in=left)})
    return known
