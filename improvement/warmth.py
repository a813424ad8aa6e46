"""Whether the work is alive in each unit, and one thing to do where it isn't: before it dies, not after.

Built from what the reader may see themselves. Who logs in is told of nobody: only that few do, and only where at least
five work, so that nobody can be meant.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations.models import Deviation, Reflection, Tick
from improvement.by_unit import Tree, by_unit
from improvement.models import AgendaItem, Meeting
from improvement.models.meeting import CASE
from improvement.whom_to_ask import leading
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, Unit, User
from kvalitetslosen.organisation.routing import Leaders

MONTH, QUARTER = datetime.timedelta(days=30), datetime.timedelta(days=90)
FEWEST = 5  # people, to say anything of their logging in
FEW = 3  # fewer than one in three
WORTH_IT = 3  # silence, more than one late first answer, or a quiet month beside another sign
MOST = 200  # units on the page
WORKS = (Role.EMPLOYEE, Role.LEADER)


@dataclass(frozen=True)
class Suggestion:
    label: str
    url: str


@dataclass(frozen=True)
class Warmth:
    """How it stands in one unit, with those below it."""

    unit: Unit
    reported: int  # in a month, ticks as well
    quiet: bool  # nothing reported in three months
    waiting: int  # cases without the first answer they should have had
    talked: bool  # a case was taken up with the team, or in a meeting, in three months
    few_log_in: bool

    @property
    def cold(self) -> int:
        """What speaks for a visit, in number: the coldest stand first."""
        late = WORTH_IT if self.waiting > 1 else self.waiting
        return 3 * self.quiet + 2 * (not self.reported) + late + (not self.talked) + self.few_log_in

    @property
    def to_visit(self) -> bool:
        """A single late answer is no reason by itself: it has its own reminders."""
        return self.few_log_in or self.cold >= WORTH_IT

    @property
    def sentence(self) -> str:
        said = []
        if self.quiet:
            said.append(_("Nothing has been reported in three months."))
        elif not self.reported:
            said.append(_("Nothing has been reported in a month."))
        else:
            reported = ngettext("%(n)d reported in a month.", "%(n)d reported in a month.", self.reported)
            said.append(reported % {"n": self.reported})
        if self.waiting:
            waiting = ngettext(
                "%(n)d waits too long for its first answer.",
                "%(n)d wait too long for their first answer.",
                self.waiting,
            )
            said.append(waiting % {"n": self.waiting})
        if not self.talked:
            said.append(_("No case has been taken up with the team or in a meeting in three months."))
        if self.few_log_in:
            said.append(_("Few have logged in this month."))
        return " ".join(said)

    def suggestion(self, user: User, known: Leaders | None = None) -> Suggestion | None:
        """One thing to do, with the page that does it."""
        if self.waiting:
            if leading(user, self.unit, known):
                ask = f"{reverse('inquiries:ask')}?enhet={self.unit.pk}"
                return Suggestion(_("Ask the leader what stops them"), ask)
            late = f"{reverse('deviations:list')}?visning=omrade&enhet={self.unit.pk}&orden=frist"
            return Suggestion(_("Look at what waits, and call the leader"), late)
        if self.quiet or not self.reported:
            return Suggestion(_("Hang up the QR code for reporting"), reverse("keeping:poster", args=[self.unit.pk]))
        if not self.talked:
            return Suggestion(_("Take a case up with the team"), reverse("deviations:meeting"))
        if self.few_log_in:
            return Suggestion(_("Practise together for ten minutes"), reverse("practice:practice"))
        return None


def may_look(user: User) -> bool:
    """Quality contacts, and those who lead leaders. No query of its own."""
    led = user.standing.units(Role.LEADER)
    above = any(unit.kind in (Unit.Kind.MUNICIPALITY, Unit.Kind.SECTOR) for unit in led)
    return above or user.standing.has(Role.QUALITY_CONTACT)


def units_of(user: User) -> list[Unit]:
    """The units with a leader of their own that the person is quality contact for, or that lie below those they lead.

    Where leaders see only what is serious further down, the figures would be of that alone: those units are left out.
    """
    standing, today = user.standing, timezone.localdate()
    where = standing.over(Role.QUALITY_CONTACT)
    for unit in standing.units(Role.LEADER):
        below = Q(**{LEVELS[unit.depth]: unit.pk}, depth__gt=unit.depth)
        where |= below & Q(depth=unit.depth + 1) if standing.narrowed else below
    led = Membership.objects.on(today).filter(role=Role.LEADER).exclude(user=user).values("unit")
    rows = Unit.objects.active().filter(where, level_0=user.municipality_id, pk__in=led)
    return list(rows.exclude(parent=None).order_by("name", "pk")[:MOST])


def look(user: User) -> list[Warmth]:
    """Each unit, the coldest first. As many questions for ten units as for two hundred."""
    units = units_of(user)
    if not units:
        return []
    now = timezone.now()
    cases = Deviation.objects.visible_to(user).once()
    month, quarter = (_reported(user, now - time) for time in (MONTH, QUARTER))
    late = by_unit(cases.open().filter(first_answer_at=None, answer_by__lt=now), "handling_unit")
    talked = by_unit(cases.filter(_talked_about(now)), "handling_unit")
    people, active = _people(user, now)
    within = Tree(user.municipality_id).within
    found = [
        Warmth(
            unit,
            reported=within(unit, month),
            quiet=not within(unit, quarter),
            waiting=within(unit, late),
            talked=bool(within(unit, talked)),
            few_log_in=(there := within(unit, people)) >= FEWEST and within(unit, active) * FEW < there,
        )
        for unit in units
    ]
    return sorted(found, key=lambda each: (-each.cold, each.unit.name, each.unit.pk))


def suggested(user: User, rows: list[Warmth]) -> list[tuple[Warmth, Suggestion | None]]:
    """Each with its suggestion. One question, however many there are."""
    known = Leaders.of(Q(unit__level_0=user.municipality_id), timezone.localdate()) if rows else None
    return [(each, each.suggestion(user, known)) for each in rows]


def _reported(user: User, since: datetime.datetime) -> Counter[int]:
    """Cases and ticks together: where falls are ticked, people do report."""
    cases = Deviation.objects.visible_to(user).once().filter(reported_at__gte=since)
    ticks = Tick.objects.visible_to(user).counted().filter(date__gte=timezone.localdate(since))
    return by_unit(cases, "unit") + by_unit(ticks, "sheet__unit")


def _talked_about(now: datetime.datetime) -> Q:
    """Taken up with the team, or in a meeting that was held. Which meeting, and whose, isn't asked."""
    since = now - QUARTER
    with_team = Reflection.objects.held().filter(held_on__gte=timezone.localdate(since)).values("deviation")
    held = Meeting.objects.minuted().filter(held_at__gte=since).values("pk")
    in_meetings = AgendaItem.objects.filter(kind=CASE, meeting__in=held).values("deviation")
    return Q(pk__in=with_team) | Q(pk__in=in_meetings)


def _people(user: User, now: datetime.datetime) -> tuple[Counter[int], Counter[int]]:
    """How many work in each unit, and how many of them have logged in this month. Each is counted where they work."""
    rows = (
        Membership.objects.on(timezone.localdate(now))
        .filter(unit__level_0=user.municipality_id, role__in=WORKS, user__is_active=True)
        .order_by()
        .values_list("unit")
        .annotate(n=Count("user", distinct=True))
        .annotate(seen=Count("user", distinct=True, filter=Q(user__last_login__gte=now - MONTH)))
    )
    people, active = Counter[int](), Counter[int]()
    for unit, n, seen in rows:
        people[unit], active[unit] = n, seen
    return people, active
