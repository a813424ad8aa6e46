"""What a report is about: the period, the unit as far as the person sees it, and the lists behind its numbers.

Every number is that of the cases in the list it links to, as the person who asks would see that list. The counting is
in ``report_counts``, and the figures as people read them in ``report_sections``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from deviations.figures import IN_TIME, LATE
from deviations.lifecycle import WITH_OUTCOME, State
from deviations.models import (
    BroughtCount,
    BroughtCountQuerySet,
    Deviation,
    DeviationQuerySet,
    Kind,
    Source,
    Tick,
    TickQuerySet,
    Topic,
)
from deviations.national import CODES, FIGURES
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.months import WholeMonths, months_after, this_month
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.organisation.standing import FIGURES as OF_A_UNIT
from kvalitetslosen.workdays import midnight

FIGURES_ONLY = (Role.UNION_REP, Role.WORK_ENVIRONMENT)
"""Who has the figures of the whole municipality, and no cases behind them."""

READERS = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.DPO, *FIGURES_ONLY, OF_A_UNIT)
NOT_SET = "-"
LONGEST = 120  # months in one report


class Time(NamedTuple):
    """What is measured in working days from the report: the fields it ends with, and its limit."""

    measure: str
    moment: str
    limit: str
    address: str  # its name there

    @property
    def counts(self) -> Q:
        """The cases it may be measured of once the moment is there."""
        return Q(state__in=WITH_OUTCOME) if self.measure == "outcome" else Q()


TIMES = (
    Time("receipt", "received_at", "receive_by", "mottak"),
    Time("answer", "first_answer_at", "answer_by", "svar"),
    Time("outcome", "closed_at", "deadline", "utfall"),  # what the reporter is told came of it
    Time("closing", "closed_at", "deadline", "lukking"),  # what was merged too
)
WAITS = "venter"
LIMITS = (IN_TIME, LATE, WAITS)
"""Within its limit, after it, or past it and still waiting; as an address has them."""
HELPED = {"ja": True, "nei": False, "ikke-svart": None}
"""Whether the answer helped, as an address has it."""
TOPICS = (Topic.HSE.value, Topic.PRIVACY.value)
DAYS: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, None))
# How many months ago an open case was reported: from, to.
AGES: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 3), (4, 6), (7, 12), (13, None))


def may_read(user: User) -> bool:
    """Whether the person has figures at all. Asked for the menu on every page: no query."""
    return user.standing.has(*READERS)


# Time


@dataclass(frozen=True)
class Period(WholeMonths):
    """Of cases, by when they were reported."""

    @classmethod
    def latest(cls, months: int) -> Period:
        """The running month and those before it."""
        last = this_month()
        return cls(months_after(last, 1 - months), last)

    @property
    def reported(self) -> dict[str, datetime.datetime]:
        """What a case of the period answers to."""
        return {"reported_at__gte": midnight(self.first), "reported_at__lt": midnight(months_after(self.last, 1))}


# The unit, and what the person sees of it


@dataclass(frozen=True)
class Place:
    """A unit, the units right below it, and those above it as far as the person has figures, the topmost first."""

    unit: Unit
    below: Sequence[Unit]
    above: Sequence[Unit]


def own_units(user: User) -> list[Unit | int]:
    """Where the person's figures begin, the topmost of each role. A municipality may stand as its id."""
    found: dict[int, Unit | int] = {}
    for role in (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, OF_A_UNIT):
        for unit in user.standing.units(role):
            found.setdefault(unit.pk, unit)
    if user.standing.has(Role.DPO, *FIGURES_ONLY):
        found.setdefault(user.municipality_id, user.municipality_id)
    return list(found.values())


def place(user: User, number: str) -> Place:
    """The unit asked for, or the person's own when none is.

    Raises ``Http404`` for a unit of another municipality or none at all, ``PermissionDenied`` where the person has no
    figures. One query.
    """
    if not may_read(user):
        raise PermissionDenied
    if number and not (number.isdecimal() and len(number) < 18):
        raise Http404
    own = own_units(user)
    pk = int(number) if number else _pk(own[0])
    wanted = Q(pk=pk) | Q(parent=pk)
    if number:
        here = Unit.objects.filter(pk=pk)
        for level in LEVELS[min(0 if isinstance(each, int) else each.depth for each in own) : -1]:
            wanted |= Q(pk__in=here.values(level))
    fields = ("name", "depth", "parent", "closed_on", *LEVELS)
    rows = list(Unit.objects.visible_to(user).filter(wanted).only(*fields).order_by("depth", "name", "pk"))
    unit = next((row for row in rows if row.pk == pk), None)
    if unit is None:
        raise Http404
    if not _has_figures(user, unit):
        raise PermissionDenied
    above = [row for row in rows if row.depth < unit.depth and _has_figures(user, row)]
    return Place(unit, [row for row in rows if row.parent_id == pk], above)


def _pk(place: Unit | int) -> int:
    return place if isinstance(place, int) else place.pk


def _has_figures(user: User, unit: Unit) -> bool:
    if _sees_cases(user, unit) or (user.standing.has(*FIGURES_ONLY) and unit.depth == 0):
        return True
    return any(unit.pk == bound.pk for bound in user.standing.units(OF_A_UNIT))  # that one, none above it or below


def _sees_cases(user: User, unit: Unit) -> bool:
    standing = user.standing
    roles = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP)
    return standing.has(Role.DPO) or any(standing.reaches(role, unit) for role in roles)


@dataclass(frozen=True)
class Sight:
    """How what a person may see of a unit is counted.

    ``kept``: from the counts that are kept, less the ``rows``, which the person doesn't see; there can be none of
    these unless a case answers to the condition ``hidden``. Otherwise the ``rows`` are those they see. ``listed``:
    whether they may open the lists behind the figures.
    """

    rows: Callable[[], DeviationQuerySet]  # asked only when needed: putting a query together takes its time
    brought: Callable[[], BroughtCountQuerySet]  # counts of other systems, as the ticks
    ticks: Callable[[], TickQuerySet]  # those whose counts the person sees; where all is kept, none need be asked for
    kept: bool = True
    hidden: str = ""
    listed: bool = True
    narrow: bool = False  # only some kinds of cases, by law: the page says so


def sight(user: User, unit: Unit, *, for_all: bool = False) -> Sight:
    """How the person's figures of the unit are counted. Raises ``PermissionDenied`` where they have none.

    ``for_all``: others read them too, and no case about a leader is among them: whoever could take their own figures
    from these would find the one about themselves.
    """
    found = _sight(user, unit)
    if not for_all:
        return found
    if found.kept:
        return replace(found, rows=lambda: _about_leaders(unit), hidden="about_id IS NOT NULL")
    return replace(found, rows=lambda: found.rows().filter(about=None))


def sight_of_topic(user: User, unit: Unit, topic: str, *, for_all: bool = False) -> Sight:
    """The same of cases about one topic alone, each counted; see ``Topic``."""
    found = sight(user, unit, for_all=for_all)
    return replace(
        found,
        rows=lambda: counted(user, unit, found, for_all=for_all).filter(topic=topic),
        ticks=lambda: found.ticks().filter(category__topic=topic),
        brought=lambda: found.brought().filter(category__topic=topic),
        kept=False,
        hidden="",
    )


def counted(user: User, unit: Unit, found: Sight, *, for_all: bool) -> DeviationQuerySet:
    """The cases that the person's figures are of, one by one. ``found``: their ``sight`` of the unit."""
    if not found.listed:
        return Deviation.objects.in_subtree(unit).once().filter(about=None)
    seen = Deviation.objects.visible_to(user, within=unit).once()
    return seen.filter(about=None) if for_all else seen


def _about_leaders(unit: Unit) -> DeviationQuerySet:
    return Deviation.objects.in_subtree(unit).once().filter(about__isnull=False)


def _sight(user: User, unit: Unit) -> Sight:
    standing = user.standing

    def seen() -> DeviationQuerySet:
        return Deviation.objects.visible_to(user, within=unit).once()

    def about_leaders() -> DeviationQuerySet:
        return _about_leaders(unit)

    def ticks() -> TickQuerySet:
        return Tick.objects.visible_to(user).within(unit)

    def brought() -> BroughtCountQuerySet:
        return BroughtCount.objects.visible_to(user).in_subtree(unit)

    if standing.reaches(Role.LEADER, unit) and not standing.narrowed:
        return Sight(lambda: about_leaders().filter(about=user), brought, ticks, hidden=f"about_id = {int(user.pk)}")
    if standing.reaches(Role.QUALITY_CONTACT, unit):
        # Whether a contact sees a case about a leader depends on what else they are; the others they see, all of them.
        return Sight(
            lambda: about_leaders().exclude(pk__in=seen().filter(about__isnull=False).values("pk")),
            brought,
            ticks,
            hidden="about_id IS NOT NULL",
        )
    if _sees_cases(user, unit):
        return Sight(seen, brought, ticks, kept=False, narrow=not standing.reaches(Role.LEADER, unit))
    if _has_figures(user, unit):
        return Sight(
            about_leaders,
            lambda: BroughtCount.objects.in_subtree(unit),
            lambda: Tick.objects.within(unit),
            hidden="about_id IS NOT NULL",
            listed=False,
        )
    raise PermissionDenied


# The lists behind the figures: what their addresses may say besides the list's own filters


def day_range(text: str) -> tuple[int, int | None] | None:
    """Working days as an address has them: ``3``, ``3-5``, ``21-``. Nothing when it makes no sense."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or len(first) > 5 or len(last) > 5 or (last and not last.isdecimal()):
        return None
    return int(first), int(last) if last else None if dash else int(first)


def days_text(first: int, last: int | None) -> str:
    return f"{first}-" if last is None else f"{first}" if first == last else f"{first}-{last}"


def narrowed(rows: DeviationQuerySet, query: QueryDict, unit: Unit | None = None) -> DeviationQuerySet:
    """The rows that took so many working days, or lie in the unit itself and not below it, if the address says so."""
    for time in TIMES:
        measure, moment, _limit, name = time
        rows = within_limit(rows, time, query.get(name, ""))
        days = day_range(query.get(name, ""))
        if days is None:
            continue
        first, last = days
        rows = rows.filter(time.counts, **{f"{moment}__isnull": False}).exclude(source=Source.ELSEWHERE)
        if first or last is not None:
            rows = rows.alias(**{f"days_to_{measure}": WorkdaysBetween("reported_at", moment)})
        if first:  # the first bucket has no floor: what was taken in hand at once may have been written down later
            rows = rows.filter(**{f"days_to_{measure}__gte": first})
        if last is not None:
            rows = rows.filter(**{f"days_to_{measure}__lte": last})
    for name, of in (("kode", "category__code"), ("tall", "category__figure")):
        if value := query.get(name, "")[:30]:
            rows = rows.filter(Q(category=None) | Q(**{of: ""}) if value == NOT_SET else Q(**{of: value}))
    if (topic := query.get("tema", "")) in TOPICS:
        rows = rows.filter(topic=topic)
    if (said := query.get("hjalp", "")) in HELPED:
        rows = rows.filter(state__in=WITH_OUTCOME, helped=HELPED[said]).exclude(source=Source.ELSEWHERE)
    if query.get(EVENTS_ONLY):
        rows = events(rows)
    if (monday := week(query.get("uke", ""))) is not None:
        rows = rows.filter(reported_at__gte=midnight(monday), reported_at__lt=midnight(monday + WEEK))
    if query.get("uten") == ABOUT_LEADERS:
        rows = rows.filter(about=None)
    if query.get("selv") and unit and unit.depth + 1 < len(LEVELS):
        rows = rows.filter(**{LEVELS[unit.depth + 1]: None})
    return rows


def within_limit(rows: DeviationQuerySet, time: Time, how: str) -> DeviationQuerySet:
    """Those of the rows that kept the limit, broke it, or are past it and still wait; all for another word."""
    if how in LIMITS:  # of what is registered elsewhere no limit is ours
        rows = rows.exclude(source=Source.ELSEWHERE)
    if how == WAITS:
        return rows.filter(**{"closed_at": None, time.moment: None, f"{time.limit}__lt": timezone.now()})
    if how in LIMITS:
        compared = "lte" if how == IN_TIME else "gt"
        return rows.filter(time.counts, **{f"{time.moment}__{compared}": F(time.limit)})
    return rows


EVENTS_ONLY = "hendelser"
ABOUT_LEADERS = "om-leder"
WEEK = datetime.timedelta(days=7)


def week(text: str) -> datetime.date | None:
    """The Monday of a week as an address has it, ``2026-w34``. Nothing for what is no week, or is far off."""
    year, _w, number = text.partition("-w")
    if not (year.isdecimal() and number.isdecimal() and 1900 < int(year) < 2200):
        return None
    try:
        return datetime.date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None


def week_text(day: datetime.date) -> str:
    """As in an address: 2026-w34."""
    year, number, _weekday = day.isocalendar()
    return f"{year}-w{number:02}"


OURS, THEIRS = "her", "andre"
"""Where a case or count was registered, as an address has it: here, or in another system. Else all, each once."""


def registered(rows: DeviationQuerySet, where: str) -> DeviationQuerySet:
    """Those registered here, in other systems, or in the one system whose number is given."""
    if where == OURS:
        return rows.exclude(source=Source.ELSEWHERE)
    if where == THEIRS:
        return rows.filter(source=Source.ELSEWHERE)
    return rows.filter(elsewhere__system=int(where)).distinct() if where else rows


def events(rows: DeviationQuerySet) -> DeviationQuerySet:
    """What happened or nearly did, each once: not what was merged into another case that tells of the same."""
    return rows.filter(kind__in=(Kind.DEVIATION, Kind.NEAR_MISS)).exclude(state=State.MERGED)


def in_words(query: QueryDict, unit: Unit | None = None) -> list[str]:
    """What ``narrowed`` does with this address, a sentence each, for the list to say."""
    sentences = (
        (gettext("Received the same day."), gettext("Received after %(days)s working days.")),
        (gettext("First answer the same day."), gettext("First answer after %(days)s working days.")),
        (gettext("The outcome told the same day."), gettext("The outcome told after %(days)s working days.")),
        (gettext("Closed the same day."), gettext("Closed after %(days)s working days.")),
    )
    limits = (
        (
            gettext("Received within the limit."),
            gettext("Received after the limit."),
            gettext("Not received, and past the limit."),
        ),
        (
            gettext("First answer within the limit."),
            gettext("First answer after the limit."),
            gettext("No answer yet, and past the limit."),
        ),
        (
            gettext("The outcome told within the limit."),
            gettext("The outcome told after the limit."),
            gettext("No outcome yet, and past the limit."),
        ),
        (
            gettext("Closed within the limit."),
            gettext("Closed after the limit."),
            gettext("Not closed, and past the limit."),
        ),
    )
    said = []
    for time, (same_day, after), of_limit in zip(TIMES, sentences, limits, strict=True):
        asked = query.get(time.address, "")
        if asked in LIMITS:
            said.append(of_limit[LIMITS.index(asked)])
        days = day_range(asked)
        if days is not None:
            first, last = days
            number = f"{first}+" if last is None else str(first) if first == last else f"{first}–{last}"
            said.append(same_day if last == 0 else after % {"days": number})
    if value := query.get("kode", "")[:30]:
        label = CODES[value].label if value in CODES else value
        said.append(
            gettext("Without a national code.")
            if value == NOT_SET
            else gettext("National code: %(code)s.") % {"code": label}
        )
    if value := query.get("tall", "")[:30]:
        label = FIGURES[value].label if value in FIGURES else value
        said.append(
            gettext("Counts in no yearly figure.")
            if value == NOT_SET
            else gettext("Yearly figure: %(figure)s.") % {"figure": label}
        )
    if (value := query.get("tema", "")) in TOPICS:
        said.append(
            gettext("Only cases about health, safety and environment.")
            if value == Topic.HSE
            else gettext("Only cases about privacy.")
        )
    if (value := query.get("hjalp", "")) in HELPED:
        said.append(
            {
                True: gettext("The reporter says it helped."),
                False: gettext("The reporter says it did not help."),
                None: gettext("The reporter hasn't said whether it helped."),
            }[HELPED[value]]
        )
    if query.get(EVENTS_ONLY):
        said.append(gettext("Only deviations and near misses, and none that was merged into another case."))
    if (monday := week(query.get("uke", ""))) is not None:
        iso = monday.isocalendar()
        said.append(gettext("Reported in week %(week)d of %(year)d.") % {"week": iso.week, "year": iso.year})
    if query.get("uten") == ABOUT_LEADERS:
        said.append(gettext("Without cases about a leader."))
    if query.get("selv") and unit:
        said.append(gettext("Only %(unit)s itself, not the units below.") % {"unit": unit.name})
    return said
