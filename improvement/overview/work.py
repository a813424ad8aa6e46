"""What has changed in the work itself: silence, what is late, what was finished, looked at, asked and read.

Each fact has a list (``lists``), and its number is that of the rows in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations.models import Deviation, TallySheet, Tick
from deviations.reports import ABOUT_LEADERS
from documents import keeping
from documents.models import Document
from improvement.charts import Verdict
from improvement.lifecycle import EffectState
from improvement.models import Action, EffectCheck, Improvement, Inquiry, Measure, PulseRound
from improvement.overview.facts import Fact, Kind
from improvement.overview.scope import Scope
from improvement.overview.watched import Counted
from improvement.pulse_results import Results, led
from improvement.seven_steps import Stage
from kvalitetslosen.months import month_words, months_after
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.dates import written
from kvalitetslosen.workdays import midnight

SILENCE = datetime.timedelta(days=60)
LATELY = datetime.timedelta(days=90)
MONTH = datetime.timedelta(days=30)
FEW = 3
"""Fewer late ones than this are told to whoever has them, not here."""


# Silence


def silent(scope: Scope, counted: Counted) -> Iterator[Fact]:
    """Units with a leader of their own where nothing has been reported or ticked for sixty days. Two queries."""
    since = scope.today - SILENCE
    heard = heard_from(scope, since)
    last = counted.last_reports()
    for unit in scope.units.values():
        led_for = [each for each in scope.leaders.at.get(unit.pk, ()) if each.valid_from <= since]
        if unit.pk in heard or unit.pk not in scope.charted or not led_for:
            continue
        month = last.get(unit.pk)
        words = (
            _("No report for 60 days. The last one came in %(month)s.") % {"month": month_words(month)}
            if month
            else _("No report for 60 days, and none in the two years before.")
        )
        yield Fact(
            Kind.SILENT,
            unit,
            months_after(month, 1) if month else counted.first,
            words,
            list_url(Kind.SILENT, unit),
            scope.ask(unit, "quiet"),
        )


def heard_from(scope: Scope, since: datetime.date) -> set[int]:
    """The units where something happened, is handled or was ticked since, and those above each. Two queries."""
    cases = Deviation.objects.visible_to(scope.user).once().filter(scope.where, reported_at__gte=midnight(since))
    happened = [f"unit__{level}" for level in scope.levels]  # a case may be handled elsewhere
    ticks = Tick.objects.counted().filter(sheet=OuterRef("pk"), date__gte=since)
    sheets = TallySheet.objects.filter(scope.where, Exists(ticks), month__gte=since.replace(day=1))
    lines = (
        *cases.order_by().values_list(*scope.levels, *happened).distinct(),
        *sheets.order_by().values_list(*scope.levels).distinct(),
    )
    return {pk for line in lines for pk in line if pk is not None}


# What piles up


def late_cases(user: User) -> QuerySet[Deviation]:
    return Deviation.objects.visible_to(user).once().overdue().filter(about=None)


def late_actions(user: User) -> QuerySet[Action]:
    return Action.objects.visible_to(user).overdue().about_no_leader()


def piled_up(scope: Scope) -> Iterator[Fact]:
    """Three or more are past their deadline, and at least half of them came in the last month. Two queries."""
    fresh = scope.today - MONTH
    cases = late_cases(scope.user).filter(scope.where)
    actions = late_actions(scope.user).filter(scope.where)
    for unit, n, new, latest in _piles(scope, cases, midnight(fresh)):
        query = f"visning=omrade&enhet={unit.pk}&status=sent&uten={ABOUT_LEADERS}"
        words = ngettext(
            "%(n)d case is past its deadline, %(new)d since %(day)s.",
            "%(n)d cases are past their deadline, %(new)d of them since %(day)s.",
            n,
        )
        yield Fact(
            Kind.LATE_CASES,
            unit,
            latest + datetime.timedelta(days=1),
            words % {"n": n, "new": new, "day": written(fresh)},
            f"{reverse('deviations:list')}?{query}",
            scope.ask(unit, "need"),
        )
    for unit, n, new, latest in _piles(scope, actions, fresh):
        words = ngettext(
            "%(n)d action is past its deadline, %(new)d since %(day)s.",
            "%(n)d actions are past their deadline, %(new)d of them since %(day)s.",
            n,
        )
        yield Fact(
            Kind.LATE_ACTIONS,
            unit,
            latest + datetime.timedelta(days=1),
            words % {"n": n, "new": new, "day": written(fresh)},
            f"{reverse('improvement:actions')}?visning=sent&enhet={unit.pk}&uten={ABOUT_LEADERS}",
            scope.ask(unit, "need"),
        )


def _piles(scope: Scope, rows: QuerySet[Any], fresh: datetime.date) -> Iterator[tuple[Unit, int, int, datetime.date]]:
    """The narrowest units with a pile: one above them only where as many again lie beside what is told."""
    found = (
        rows.order_by()
        .values_list(*scope.levels)
        .annotate(n=Count("pk"), new=Count("pk", filter=Q(deadline__gte=fresh)))
        .annotate(latest=Max("deadline"))
    )
    piles = [_Pile(frozenset(line), n, new, _day(latest)) for *line, n, new, latest in found]
    told: set[frozenset[int | None]] = set()
    for unit in scope.deepest_first():
        here = [pile for pile in piles if unit.pk in pile.line]
        if sum(pile.n for pile in here if pile.line not in told) < FEW:
            continue
        n, new = sum(pile.n for pile in here), sum(pile.new for pile in here)
        if 2 * new >= n:
            told.update(pile.line for pile in here)
            yield unit, n, new, max(pile.latest for pile in here)


class _Pile(NamedTuple):
    """What is late in one unit alone, or below those told of: how many, how many since lately, and the latest day."""

    line: frozenset[int | None]
    n: int
    new: int
    latest: datetime.date


def _day(deadline: datetime.date) -> datetime.date:
    return timezone.localdate(deadline) if isinstance(deadline, datetime.datetime) else deadline


# What came of it


def finished(scope: Scope) -> Iterator[Fact]:
    """Improvements finished lately, with the verdict of their measures. Two queries."""
    rows = (
        Improvement.objects.visible_to(scope.user)
        .filter(scope.where, state=Stage.FINISHED, finished_at__gte=timezone.now() - LATELY)
        .select_related("unit")
        .order_by("-finished_at", "pk")[:50]
    )
    improvements = list(rows)
    verdicts: dict[int, list[str]] = {}
    judged = Measure.objects.visible_to(scope.user).exclude(verdict="")
    pairs = judged.filter(improvements__in=[row.pk for row in improvements]).values_list("improvements", "verdict")
    for pk, verdict in pairs.order_by("pk") if improvements else ():
        verdicts.setdefault(pk, []).append(verdict)
    for row in improvements:
        assert row.finished_at is not None
        found = sorted(set(verdicts.get(row.pk, ())))
        words = _("The improvement «%(title)s» is finished.") % {"title": row.title}
        if found:
            said = ", ".join(str(Verdict(each).label).lower() for each in found)
            words += " " + _("What was measured says: %(verdict)s.") % {"verdict": said}
        yield Fact(
            Kind.FINISHED,
            scope.units.get(row.unit_id, row.unit),
            timezone.localdate(row.finished_at),
            words,
            row.get_absolute_url(),
            scope.ask(row.unit, "proud"),
            about=str(row.pk),
            is_good=Verdict.IMPROVED in found and Verdict.WORSE not in found,
        )


def did_not_work(user: User) -> QuerySet[EffectCheck]:
    rows = EffectCheck.objects.visible_to(user).about_no_leader()
    return rows.filter(state=EffectState.INEFFECTIVE, judged_at__gte=timezone.now() - LATELY)


def effects(scope: Scope) -> Iterator[Fact]:
    """Somebody looked, and it did not work. One query."""
    rows = did_not_work(scope.user).filter(scope.where).order_by().values_list("unit").annotate(n=Count("pk"))
    for pk, n, latest in rows.annotate(latest=Max("judged_at")):
        if unit := scope.units.get(pk):
            words = ngettext(
                "%(n)d look at the effect found that what was done did not work.",
                "%(n)d looks at the effect found that what was done did not work.",
                n,
            )
            yield Fact(
                Kind.EFFECT,
                unit,
                timezone.localdate(latest),
                words % {"n": n},
                list_url(Kind.EFFECT, unit),
                scope.ask(unit, "trying"),
            )


# The handbook


def past_review(user: User) -> QuerySet[Document]:
    return keeping.kept(user).past_review()


def unread(user: User) -> QuerySet[Document]:
    return keeping.never_confirmed(user)


def handbook(scope: Scope) -> Iterator[Fact]:
    """Procedures past their review, and those nobody has read, all units together. Two queries."""
    late = past_review(scope.user).filter(scope.where).aggregate(n=Count("pk"), latest=Max("review_on"))
    root = next(iter(scope.roots), None)
    if root is None:
        return
    if late["n"] >= FEW:
        yield Fact(
            Kind.REVIEW,
            root,
            late["latest"] + datetime.timedelta(days=1),
            _("%(n)d documents are past their review.") % {"n": late["n"]},
            list_url(Kind.REVIEW),
        )
    never = unread(scope.user).filter(scope.where).aggregate(n=Count("pk"), latest=Max("pk"))
    if never["n"] >= FEW:
        yield Fact(
            Kind.UNREAD,
            root,
            datetime.date.min,  # it is another fact when other documents are among them
            _("Nobody has confirmed reading %(n)d documents that somebody was asked to read.") % {"n": never["n"]},
            list_url(Kind.UNREAD),
            about=f"{never['latest']}-{never['n']}",
        )


# Questions, and the pulse


def unanswered(user: User) -> QuerySet[Inquiry]:
    return Inquiry.objects.visible_to(user).waiting().filter(asker=user, due_on__lt=timezone.localdate())


def questions(scope: Scope) -> Iterator[Fact]:
    """What one has asked, and nobody has answered by the day. One query."""
    rows = unanswered(scope.user).filter(scope.where).order_by().values_list("unit").annotate(n=Count("pk"))
    for pk, n, latest in rows.annotate(latest=Max("due_on")):
        if unit := scope.units.get(pk):
            words = ngettext(
                "%(n)d question you asked has no answer, and its day has passed.",
                "%(n)d questions you asked have no answer, and their day has passed.",
                n,
            )
            yield Fact(
                Kind.UNANSWERED,
                unit,
                latest + datetime.timedelta(days=1),
                words % {"n": n},
                list_url(Kind.UNANSWERED, unit),
            )


def pulse(scope: Scope) -> Iterator[Fact]:
    """That a round has closed, and for how many of one's units it can be shown; nothing of what it says."""
    user, today = scope.user, scope.today
    if not user.standing.has(Role.LEADER):
        return
    round = PulseRound.objects.visible_to(user).closed().filter(closes_on__gte=today - LATELY).first()
    own = led(user)
    if round is None or not own:
        return
    means = Results(round).means
    n = sum(tuple(unit.ancestor_ids) in means for unit in own)
    if n:
        words = ngettext(
            "The pulse has closed. It can be shown for %(n)d of your units.",
            "The pulse has closed. It can be shown for %(n)d of your units.",
            n,
        )
        yield Fact(
            Kind.PULSE,
            scope.root_of(own[0]),
            round.closes_on + datetime.timedelta(days=1),
            words % {"n": n},
            f"{reverse('pulse:results')}?runde={round.pk}",
            about=str(round.pk),
        )


LISTS: Mapping[str, Callable[[User], QuerySet[Any]]] = {
    Kind.EFFECT: did_not_work,
    Kind.REVIEW: past_review,
    Kind.UNREAD: unread,
    Kind.UNANSWERED: unanswered,
}
"""What the lists of the overview show: the very rows that are counted."""


def list_url(kind: Kind, *units: Unit) -> str:
    where = "?" + "&".join(f"enhet={unit.pk}" for unit in units) if units else ""
    return reverse("overview:list", args=[kind]) + where


def of_work(scope: Scope, counted: Counted) -> list[Fact]:
    return [
        *silent(scope, counted),
        *piled_up(scope),
        *finished(scope),
        *effects(scope),
        *handbook(scope),
        *questions(scope),
        *pulse(scope),
    ]
