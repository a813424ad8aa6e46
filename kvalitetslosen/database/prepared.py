"""A question that many pages ask, put into SQL once instead of each time it is asked.

Django builds a query anew whenever it is asked, and that takes several times as long as PostgreSQL takes to answer it
by an index: half of what a page cost. The question is still written as a QuerySet, rights and all:

    LEADERS = Prepared(lambda unit, day: Membership.objects.on(day).filter(unit=unit), unit=int, day=datetime.date)
    LEADERS(unit=7, day=today)    # a list of Membership, as the QuerySet would give them

What is asked about differs by value only. What makes another sentence of SQL (nothing instead of something, one unit
more) is another question.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)

# These stand in for what is asked about while the question is put into SQL; nothing real has such values.
STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda n: 2_000_000_011 + n,
    str: lambda n: f"stand-in {n}",
    datetime.date: lambda n: datetime.date(9876, 1, 1) + datetime.timedelta(n),
}


class Prepared(Generic[M]):
    """``question`` is called once, with something of the named type to stand in for each thing asked about."""

    def __init__(self, question: Callable[..., models.QuerySet[M]], **asked_about: type) -> None:
        self._question, self._asked_about = question, asked_about
        self._sentence: _Sentence[M] | None = None

    def __call__(self, **values: Any) -> list[M]:
        # Made at the first use: a database must be there. Two threads at once make the same one, which harms nobody.
        if self._sentence is None:
            self._sentence = _Sentence(self._question, self._asked_about)
        return self._sentence.ask(values)


SIZES = (10, 40, 160)
"""So many keys a question of ``ByKey`` has room for: as few sentences as needed, each put into SQL once."""


class ByKey(Generic[M]):
    """Rows whose keys are known, with what goes along with them: ``question`` makes the QuerySet from the keys.

    Whoever gives the keys has asked whose they are. For more keys than there is room for, it asks several times.
    """

    def __init__(self, question: Callable[[list[int]], models.QuerySet[M]]) -> None:
        self._question = question
        self._of: dict[int, Prepared[M]] = {}

    def __call__(self, keys: Sequence[int]) -> dict[int, M]:
        found: dict[int, M] = {}
        for begun in range(0, len(keys), SIZES[-1]):
            some = keys[begun : begun + SIZES[-1]]
            size = next(each for each in SIZES if each >= len(some))
            names = [f"key_{n}" for n in range(size)]
            if size not in self._of:
                prepared = Prepared(lambda **given: self._question(list(given.values())), **dict.fromkeys(names, int))
                self._of[size] = prepared
            padded = [*some, *[some[-1]] * (size - len(some))]
            found |= {row.pk: row for row in self._of[size](**dict(zip(names, padded, strict=True)))}
        return found


class _Sentence(Generic[M]):
    """The SQL, where in it each value goes, and how Django's compiler wants its rows made into objects."""

    def __init__(self, question: Callable[..., models.QuerySet[M]], asked_about: dict[str, type]) -> None:
        stand_ins = {name: STAND_INS[kind](n) for n, (name, kind) in enumerate(asked_about.items())}
        rows = question(**stand_ins)
        self._db = rows.db
        self._compiler = rows.query.get_compiler(using=self._db)
        self._sql, parameters = self._compiler.as_sql()
        named = {self._as_parameter(value): name for name, value in stand_ins.items()}
        # A pair each: the name of what goes there, or None and the constant.
        self._parameters = [
            (named.get(each), each) if isinstance(each, int | str | datetime.date) else (None, each)
            for each in parameters
        ]
        made_of = self._compiler.klass_info
        assert made_of is not None
        first, last = made_of["select_fields"][0], made_of["select_fields"][-1]
        self._model: type[M] = made_of["model"]
        self._own = slice(first, last + 1)
        self._names = [column[0].target.attname for column in self._compiler.select[self._own]]
        self._related = get_related_populators(made_of, self._compiler.select, self._db)  # type: ignore[call-arg]
        self._annotated = list((self._compiler.annotation_col_map or {}).items())
        self._converters = self._compiler.get_converters([column[0] for column in self._compiler.select])

    def _as_parameter(self, value: Any) -> Any:
        """As this database takes it: SQLite has days as text."""
        if isinstance(value, datetime.date):
            return connections[self._db].ops.adapt_datefield_value(value)
        return value

    def ask(self, values: dict[str, Any]) -> list[M]:
        given = {name: self._as_parameter(value) for name, value in values.items()}
        with connections[self._db].cursor() as cursor:
            cursor.execute(self._sql, [given[name] if name else constant for name, constant in self._parameters])
            rows = cursor.fetchall()
        if self._converters:
            rows = list(self._compiler.apply_converters(rows, self._converters))
        found = []
        for row in rows:
            made = self._model.from_db(self._db, self._names, row[self._own])
            for each in self._related:
                each.populate(row, made)
            for name, place in self._annotated:
                setattr(made, name, row[place])
            found.append(made)
        return found
