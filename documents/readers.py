# ruff: noqa: S608 - what is put together here is our own; what anybody wrote goes in as parameters
"""Who is to read what, by when, and who has: computed from today's memberships, in one question to the database.

A person is asked for a document while

* a requirement that isn't ended names them, a unit they work in or one above it (or a role they hold there),
* the document is in force and reaches them, and
* they have not confirmed this major version, whichever requirement they did it for.

So people who come are asked, people who leave are not, and nobody is asked twice. Somebody's date is the requirement's
or, for whoever began later, so many days after their first. A deputy has no membership of their own: not asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from documents.models import Document, ReadAudience, ReadReceipt, ReadRequirement, Version
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, Unit, User

Params = list[Any]

LATELY = datetime.timedelta(days=90)
AT_WORK = (Role.EMPLOYEE, Role.LEADER)
"""Those who work in a unit: what is asked of the unit is asked of them."""

_ABOVE = ", ".join(f"u.{level}" for level in LEVELS)

# A person at work in a unit, what is asked of that unit or of the person, and the version in force.
_FROM = """
FROM organisation_membership m
JOIN organisation_user p ON p.id = m.user_id AND p.is_active
JOIN organisation_unit u ON u.id = m.unit_id
JOIN documents_readaudience a ON {audience}
{asked_for}
LEFT JOIN documents_readreceipt c ON c.user_id = m.user_id AND c.document_id = r.document_id AND c.major = {major}
WHERE NOT m.withdrawn AND m.valid_from <= %s AND (m.valid_to IS NULL OR m.valid_to >= %s)
"""
_ASKED_FOR = f"""
JOIN documents_readrequirement r ON r.id = a.requirement_id AND r.ended_at IS NULL
JOIN documents_searchentry e ON e.document_id = r.document_id AND e.reached_unit_id IN ({_ABOVE})
JOIN documents_version v ON v.id = e.version_id
"""
# The same for one person: found before it meets them. PostgreSQL otherwise goes through every document there is, to
# see that nobody is asked for one by name. For many people it does better when it chooses the order itself.
_FOUND_FIRST = """
WITH asked_for AS MATERIALIZED (
SELECT r.id, r.document_id, r.asked_on, r.due_on, r.days, e.reached_unit_id, v.major
FROM documents_readrequirement r
JOIN documents_searchentry e ON e.document_id = r.document_id
JOIN documents_version v ON v.id = e.version_id
WHERE r.ended_at IS NULL)
"""
_OF_WHAT_IS_FOUND = f"JOIN asked_for r ON r.id = a.requirement_id AND r.reached_unit_id IN ({_ABOVE})"
_OF_UNIT = (
    f"a.unit_id IN ({_ABOVE}) AND (a.role = m.role OR (a.role = '' AND m.role IN ('{AT_WORK[0]}', '{AT_WORK[1]}')))"
)
# The column of the join, not the key: PostgreSQL then knows an anti-join when it sees one, and reckons its rows right.
_UNCONFIRMED = "c.user_id IS NULL"
_OF_PERSON = "a.person_id = m.user_id"


def _later() -> str:
    """The requirement's date or, for whoever began later, so many days after their first."""
    if connection.vendor == "sqlite":
        return "max(r.due_on, date(m.valid_from, '+' || r.days || ' days'))"
    return "GREATEST(r.due_on, m.valid_from + r.days::integer)"


def _asked() -> str:
    """The day it was asked; for whoever began later the day before their first, so that it is news on the first."""
    if connection.vendor == "sqlite":
        return "max(r.asked_on, date(m.valid_from, '-1 day'))"
    return "GREATEST(r.asked_on, m.valid_from - 1)"


def _pairs(
    where: str, parameters: Iterable[Any], since: datetime.date | None = None, *, of_one: bool = False
) -> tuple[str, Params]:
    """Everybody asked with everything they are asked for; a pair comes once for each requirement that reaches it.

    ``since``: only what was, or is, to be read on that day or later. ``of_one``: ``where`` names one person.
    """
    asked_for, major = (_OF_WHAT_IS_FOUND, "r.major") if of_one else (_ASKED_FOR, "v.major")
    today = timezone.localdate()
    given = [*parameters, *([since] if since else [])]
    branches = []
    for audience, due in ((_OF_UNIT, _later()), (_OF_PERSON, "r.due_on")):
        rows = _FROM.format(audience=audience, asked_for=asked_for, major=major)
        branches.append(
            f"SELECT r.document_id, m.user_id, r.id AS requirement_id, {due} AS due, "
            f"{_asked()} AS asked_on, c.id AS receipt_id "
            f"{rows} AND {where}{f' AND {due} >= %s' if since else ''}"
        )
    return (_FOUND_FIRST if of_one else "") + " UNION ALL ".join(branches), [today, today, *given] * 2


def _rows(sql: str, parameters: Params) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _date(value: Any) -> datetime.date:
    """SQLite gives a reckoned date as text."""
    found = parse_date(value) if isinstance(value, str) else value
    assert isinstance(found, datetime.date)
    return found


def _moment(value: Any) -> datetime.datetime | None:
    """SQLite gives it as text, or as a moment that doesn't say it is UTC."""
    found = parse_datetime(value) if isinstance(value, str) else value
    assert found is None or isinstance(found, datetime.datetime)
    return found.replace(tzinfo=datetime.UTC) if found is not None and found.tzinfo is None else found


def within(units: Iterable[Unit]) -> tuple[str, Params]:
    """People who work in the units or below them; nobody where there are no units."""
    tests = [(f"u.{LEVELS[unit.depth]} = %s", unit.pk) for unit in units]
    return f"({' OR '.join(test for test, _pk in tests) or '1 = 0'})", [pk for _test, pk in tests]


# What a person is to read


@dataclass(frozen=True)
class ToRead:
    """A document somebody is to confirm, and what is new in it for them."""

    document: Document
    version: Version
    due: datetime.date
    note: str
    asked_by: str
    receipt_version_id: int | None  # the one they confirmed before: what they are to confirm now is the change

    @property
    def is_late(self) -> bool:
        return self.due < timezone.localdate()

    @property
    def is_change(self) -> bool:
        return self.receipt_version_id is not None

    @property
    def title(self) -> str:
        return self.version.title

    def get_absolute_url(self) -> str:
        return reverse("documents:read", args=[self.document.number])


def to_read(user: User, document: Document | None = None, *, limit: int | None = None) -> list[ToRead]:
    """What the person has left to read, the first date first. A few queries, however much it is."""
    where, parameters = f"m.user_id = %s AND {_UNCONFIRMED}", [user.pk]
    if document is not None:
        where += " AND r.document_id = %s"
        parameters.append(document.pk)
    pairs, given = _pairs(where, parameters, of_one=True)
    first: dict[int, tuple[datetime.date, int]] = {}
    for document_id, requirement_id, due in _rows(
        f"SELECT document_id, requirement_id, due FROM ({pairs}) pairs ORDER BY due, requirement_id",
        given,
    ):
        first.setdefault(document_id, (_date(due), requirement_id))
    if not first:
        return []
    first = dict(sorted(first.items(), key=lambda item: (item[1], item[0]))[:limit])
    versions = {
        version.document_id: version
        for version in Version.objects.in_force()
        .filter(document__in=first)
        .select_related("document__unit", "document__owner")
        .defer("body", "text")
        .order_by("pk")
    }
    said = {
        row.pk: row
        for row in ReadRequirement.objects.filter(pk__in={requirement for _due, requirement in first.values()})
        .select_related("asked_by")
        .order_by("pk")
    }
    before = dict(
        ReadReceipt.objects.filter(user=user, document__in=first)
        .order_by("major")
        .values_list("document_id", "version_id")
    )
    return [
        ToRead(
            document=versions[pk].document,
            version=versions[pk],
            due=due,
            note=said[requirement].note,
            asked_by=said[requirement].asked_by.name,
            receipt_version_id=before.get(pk),
        )
        for pk, (due, requirement) in first.items()
        if pk in versions
    ]


def count_to_read(user: User) -> int:
    pairs, given = _pairs(f"m.user_id = %s AND {_UNCONFIRMED}", [user.pk], of_one=True)
    return int(_rows(f"SELECT COUNT(DISTINCT document_id) FROM ({pairs}) pairs", given)[0][0])


# Who is to read a document


class Reader(NamedTuple):
    """Somebody who is asked for a document, and whether they have confirmed it."""

    user_id: int
    name: str
    unit: str
    due: datetime.date
    at: datetime.datetime | None
    version: str
    nudged: bool  # reminded today

    @property
    def is_late(self) -> bool:
        return self.at is None and self.due < timezone.localdate()


@dataclass(frozen=True)
class Numbers:
    """How many are asked, and how many of them have confirmed; of those left, how many are late."""

    asked: int = 0
    confirmed: int = 0
    late: int = 0

    @property
    def left(self) -> int:
        return self.asked - self.confirmed


def _one_each(where: str, parameters: Iterable[Any], since: datetime.date | None = None) -> tuple[str, Params]:
    """Each pair of person and document once, by the first of the dates."""
    pairs, given = _pairs(where, parameters, since)
    sql = (
        "SELECT document_id, user_id, MIN(due) AS due, MAX(receipt_id) AS receipt_id "
        f"FROM ({pairs}) pairs GROUP BY document_id, user_id"
    )
    return sql, given


def numbers(document_ids: Collection[int], units: Sequence[Unit] | None = None) -> dict[int, Numbers]:
    """For each of the documents that anybody is asked for. Among those who work in the units; all where none is given.

    One query.
    """
    if not document_ids:
        return {}
    where, parameters = f"r.document_id IN ({', '.join(['%s'] * len(document_ids))})", list(document_ids)
    if units is not None:
        test, of_units = within(units)
        where, parameters = f"{where} AND {test}", [*parameters, *of_units]
    return _numbers(where, parameters)


def asked_in(units: Sequence[Unit]) -> QuerySet[Document]:
    """The documents in force that anybody in the units is asked for, as a rule: what was asked last comes first."""
    above = [pk for unit in units for pk in unit.ancestor_ids]
    below = Unit.objects.in_any_subtree(tuple(units)).order_by().values("pk")
    today = timezone.localdate()
    people = Membership.objects.on(today).filter(unit__in=below).order_by().values("user")
    of_unit = Q(audience__unit__in=above) | Q(audience__unit__in=below)
    requirements = (
        ReadRequirement.objects.open()
        .filter(of_unit | Q(audience__person__in=people), document=OuterRef("pk"))
        .order_by("-asked_on", "-pk")
    )
    # Only those that anybody at all is asked for: else each document of the handbook would be looked at.
    asked = ReadRequirement.objects.open().values("document")
    return (
        Document.objects.filter(pk__in=asked)
        .annotate(last_asked=Subquery(requirements.values("asked_on")[:1]))
        .filter(last_asked__isnull=False)
        .in_force()
        .order_by("-last_asked", "title", "pk")
    )


def _numbers(where: str, parameters: Params) -> dict[int, Numbers]:
    pairs, given = _one_each(where, parameters)
    rows = _rows(
        "SELECT document_id, COUNT(*), COUNT(receipt_id), "
        "SUM(CASE WHEN receipt_id IS NULL AND due < %s THEN 1 ELSE 0 END) "
        f"FROM ({pairs}) people GROUP BY document_id",
        [timezone.localdate(), *given],
    )
    return {document: Numbers(asked, confirmed, late or 0) for document, asked, confirmed, late in rows}


def readers(document: Document, units: Sequence[Unit]) -> list[Reader]:
    """Those who work in the units and are asked for the document: first who has not, by date. One query."""
    test, parameters = within(units)
    pairs, given = _one_each(f"r.document_id = %s AND {test}", [document.pk, *parameters])
    today = timezone.localdate()
    rows = _rows(
        "SELECT person.id, person.name, "
        "(SELECT MIN(place.name) FROM organisation_membership held "
        " JOIN organisation_unit place ON place.id = held.unit_id "
        " WHERE held.user_id = person.id AND NOT held.withdrawn AND held.valid_from <= %s "
        " AND (held.valid_to IS NULL OR held.valid_to >= %s) "
        f" AND held.role IN ('{AT_WORK[0]}', '{AT_WORK[1]}') AND place.level_0 = person.municipality_id), "
        "asked.due, receipt.at, seen.major, seen.minor, nudge.id "
        f"FROM ({pairs}) asked "
        "JOIN organisation_user person ON person.id = asked.user_id "
        "LEFT JOIN documents_readreceipt receipt ON receipt.id = asked.receipt_id "
        "LEFT JOIN documents_version seen ON seen.id = receipt.version_id "
        "LEFT JOIN documents_readnudge nudge ON nudge.user_id = person.id AND nudge.day = %s "
        "ORDER BY CASE WHEN receipt.id IS NULL THEN 0 ELSE 1 END, asked.due, person.name, person.id",
        [today, today, *given, today],
    )
    return [
        Reader(pk, name, unit or "", _date(due), _moment(at), "" if major is None else f"{major}.{minor}", bool(nudge))
        for pk, name, unit, due, at, major, minor, nudge in rows
    ]


def behind(units: Sequence[Unit], document: Document | None = None) -> set[int]:
    """The ids of those who work in the units and have something left to read. One query."""
    where, parameters = within(units)
    where += f" AND {_UNCONFIRMED}"
    if document is not None:
        where, parameters = f"{where} AND r.document_id = %s", [*parameters, document.pk]
    pairs, given = _pairs(where, parameters)
    return {pk for (pk,) in _rows(f"SELECT DISTINCT user_id FROM ({pairs}) pairs", given)}


def late_in(units: Sequence[Unit]) -> tuple[int, int]:
    """How many of those who work in the units are late with something, and with how many documents in all.

    Of what should have been read in the last months: a list from years ago isn't news of a morning. One query.
    """
    where, parameters = within(units)
    today = timezone.localdate()
    # The dates are looked at last: a condition on what is reckoned is taken to leave few rows, and then PostgreSQL
    # looks each of them up by itself. Counted by hashes: two COUNT(DISTINCT …) sort every pair.
    pairs, given = _pairs(f"{where} AND {_UNCONFIRMED}", parameters)
    people, documents = _rows(
        f"WITH pairs AS MATERIALIZED ({pairs}), "
        "late AS (SELECT document_id, user_id FROM pairs WHERE due >= %s AND due < %s) "
        "SELECT (SELECT COUNT(*) FROM (SELECT DISTINCT user_id FROM late) people), "
        "(SELECT COUNT(*) FROM (SELECT DISTINCT document_id FROM late) documents)",
        [*given, today - LATELY, today],
    )[0]
    return people, documents


# For the clock


def waiting(since: datetime.date) -> dict[int, tuple[datetime.date, datetime.date]]:
    """Everybody who has something to read by that day or later, by id: the first of their dates, and the last day
    something was asked of them. One query.
    """
    pairs, given = _pairs(_UNCONFIRMED, [], since)
    rows = _rows(f"SELECT user_id, MIN(due), MAX(asked_on) FROM ({pairs}) pairs GROUP BY user_id", given)
    return {pk: (_date(due), _date(asked)) for pk, due, asked in rows}


def people_with_something_to_read(municipality_id: int) -> set[int]:
    """Their ids. One query."""
    pairs, given = _pairs(f"u.level_0 = %s AND {_UNCONFIRMED}", [municipality_id])
    return {pk for (pk,) in _rows(f"SELECT DISTINCT user_id FROM ({pairs}) pairs", given)}


def asked_of_unit(unit: Unit) -> QuerySet[ReadAudience]:
    """What everyone who works in the unit is asked to read, now and when they begin there."""
    return ReadAudience.objects.filter(unit__in=unit.ancestor_ids, role="", requirement__ended_at=None)


# Who may ask whom, and see whose names


def reached_unit(document: Document) -> Unit:
    """The unit in whose subtree it applies. A query where that is the municipality."""
    if document.reached_unit_id == document.unit_id or document.level_0 is None:
        return document.unit
    return Unit.objects.get(pk=document.level_0)


def areas_to_ask(user: User, document: Document) -> tuple[Unit, ...]:
    """The topmost units whose people the person may ask: the owner all it reaches, a leader those they lead."""
    top = reached_unit(document)
    if document.owner_id == user.pk:
        return (top,)
    found: list[Unit] = []
    for unit in user.standing.units(Role.LEADER):
        area = unit if unit.is_within(top) else top if top.is_within(unit) else None
        if area is not None and not any(area.is_within(other) for other in found):
            found.append(area)
    return tuple(found)


def led(user: User) -> tuple[Unit, ...]:
    """The units whose people's names and confirmations the person sees."""
    return user.standing.units(Role.LEADER)


def sees_numbers(user: User, document: Document) -> bool:
    """Whether the person is told how many of all have confirmed: whoever answers for the document."""
    return (
        document.owner_id == user.pk
        or user.standing.reaches(Role.LEADER, document)
        or user.standing.reaches(Role.QUALITY_CONTACT, document)
    )
