"""A month of ticks: the figures, and closing it with what was learnt."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter as Tally
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from deviations import access, actions
from deviations.filters import month as month_of
from deviations.forms.tallying import CloseMonthForm, ReopenMonthForm, SheetForm
from deviations.lifecycle import SHEET, Part
from deviations.models import BroughtCount, BroughtCountQuerySet, Category, Harm, Shift, TallySheet, Tick
from deviations.views.visiting import visitor
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import Told, tell
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.months import month_text, month_words, months_after, this_month
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.ui import charts
from kvalitetslosen.ui.charts import Cell, Figures, Row
from kvalitetslosen.ui.registry import panels

LISTED = 200  # ticks one by one: more than a unit has in a month
BELOW = 60  # unclosed sheets of units below


def asked_for(user: User, unit: int, month: str) -> tuple[Unit, datetime.date]:
    """The unit and the month of the address; 404 for another municipality's unit and for what is no month.

    403 for whoever neither works there nor sees the unit's cases.
    """
    first = month_of(month)
    if first is None:
        raise Http404
    place = get_object_or_404(Unit.objects.visible_to(user), pk=unit)
    return place, first


def sees_days(user: User, unit: Unit) -> bool:
    """Whether the person may see the unit's ticks by day, all of them or those of their own kinds."""
    standing = user.standing
    return standing.has(Role.DPO) or any(
        standing.reaches(role, unit) for role in (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP)
    )


@require_GET
def month(request: HttpRequest, unit: int, month: str) -> HttpResponse:
    """What was ticked, when, and what we learnt from it."""
    user = visitor(request)
    place, first = asked_for(user, unit, month)
    sheet = TallySheet.objects.filter(unit=place, month=first).select_related("closed_by", "handler").first()
    parts = access.parts_in_sheet(sheet, user) if sheet else frozenset()
    by_day = sees_days(user, place) or Part.HANDLER in parts
    if not by_day and not user.standing.reaches(Role.EMPLOYEE, place):
        raise PermissionDenied
    ticks = Tick.objects.counted().within(place).filter(sheet__month=first)
    if by_day:
        ticks = ticks.visible_to(user)
    counts = BroughtCount.objects.in_subtree(place)
    theirs = Theirs.of(counts.visible_to(user) if by_day else counts, first)
    shown = Shown(place, first, ticks, by_day=by_day)
    may_close = bool(parts & {Part.HANDLER, Part.LEADER})
    return render(
        request,
        "deviations/tally/month.html",
        {
            "unit": place,
            "sheet": sheet,
            "month": month_words(first),
            "month_text": month_text(first),
            "is_over": first < this_month(),
            "narrow": by_day and not sees_all(user, place, parts),
            "total": shown.total + theirs.total,
            "sentence": shown.sentence,
            "counted_elsewhere": theirs.sentence(shown.total),
            "cards": [*theirs.cards(shown.categories), *shown.cards],
            "may_close": may_close,
            "may_strike": sheet is not None and access.may_strike(sheet, parts),
            "ticks": _one_by_one(sheet) if sheet is not None and access.may_strike(sheet, parts) else (),
            "unclosed": _unclosed(user, place, first) if by_day else (),
            "panels": panels("deviations.tally_month", user, sheet) if sheet is not None else (),
            "told": _history(sheet, user) if sheet is not None and by_day else (),
            "before": _address(place, months_after(first, -1)),
            "after": _address(place, months_after(first, 1)) if first < this_month() else "",
        },
    )


def sees_all(user: User, unit: Unit, parts: frozenset[Part]) -> bool:
    """Whether it is all of the ticks the person sees, and not only those of some kinds."""
    standing = user.standing
    return Part.HANDLER in parts or any(standing.reaches(role, unit) for role in (Role.LEADER, Role.QUALITY_CONTACT))


def _address(unit: Unit, month: datetime.date) -> str:
    return reverse("deviations:tally_month", args=[unit.pk, month_text(month)])


class Shown:
    """The month's figures: two queries, however many ticks."""

    def __init__(self, unit: Unit, month: datetime.date, ticks: Any, *, by_day: bool) -> None:
        self.unit, self.month, self.by_day = unit, month, by_day
        self.deeper = LEVELS[unit.depth + 1] if by_day and unit.depth + 1 < len(LEVELS) else ""
        counted = ticks.order_by().values_list("category", "harm", *(("date", "shift") if by_day else ()))
        rows = list(counted.annotate(n=Count("pk")))
        self.categories: Tally[int] = Tally()
        self.mild: Tally[int] = Tally()
        self.days: Tally[datetime.date] = Tally()
        self.shifts: Tally[tuple[int, str]] = Tally()
        for category, harm, *when, n in rows:
            self.categories[category] += n
            if harm == Harm.MILD:
                self.mild[category] += n
            if when:
                self.days[when[0]] += n
                self.shifts[category, when[1]] += n
        self.total = sum(self.categories.values())
        self.below: list[tuple[int, int]] = []
        if self.deeper and self.total:
            self.below = list(ticks.order_by().values_list(f"sheet__{self.deeper}").annotate(n=Count("pk")))

    @property
    def sentence(self) -> str:
        if not self.total:
            return _("Nothing was ticked.")
        mild = sum(self.mild.values())
        said = ngettext("%(n)s event was ticked", "%(n)s events were ticked", self.total) % {"n": self.total}
        return _("%(ticked)s, %(mild)s of them with mild harm.") % {"ticked": said, "mild": mild}

    @property
    def cards(self) -> list[str]:
        if not self.total:
            return []
        return [self._by_category(), *([self._by_day()] if self.by_day else []), *self._by_unit()]

    def _by_category(self) -> str:
        rows = Category.objects.filter(pk__in=list(self.categories)).select_related("parent")
        names = {each.pk: each.whole_label for each in rows}
        shifts = list(Shift) if self.by_day else []
        lines = [
            Row(
                names[pk],
                [
                    Cell(n),
                    Cell(n - self.mild[pk]),
                    Cell(self.mild[pk]),
                    *(Cell(self.shifts[pk, shift]) for shift in shifts),
                ],
            )
            for pk, n in sorted(self.categories.items(), key=lambda each: (-each[1], names[each[0]]))
        ]
        head = [_("Category"), _("Ticks"), _("No harm"), _("Mild harm"), *(str(shift.label) for shift in shifts)]
        figures = Figures("kategorier", _("What was ticked"), "", head, lines)
        return charts.card(figures, charts.table(figures, bars=0))

    def _by_day(self) -> str:
        last = calendar.monthrange(self.month.year, self.month.month)[1]
        days = [self.month.replace(day=day) for day in range(1, last + 1)]
        most, n = max(self.days.items(), key=lambda each: (each[1], each[0]))
        sentence = ngettext("Most on the %(day)s.: %(n)s tick.", "Most on the %(day)s.: %(n)s ticks.", n) % {
            "day": most.day,
            "n": n,
        }
        rows = [Row(f"{day.day}.", [Cell(self.days[day])], short=str(day.day)) for day in days]
        figures = Figures("dager", _("Day by day"), sentence, [_("Day"), _("Ticks")], rows)
        return charts.card(
            figures, charts.columns(figures, height=120), charts.folded(_("Show the numbers"), charts.table(figures))
        )

    def _by_unit(self) -> list[str]:
        inside = [(pk, n) for pk, n in self.below if pk]
        if not inside:
            return []
        names = dict(Unit.objects.filter(pk__in=[pk for pk, _n in inside]).values_list("pk", "name"))
        itself = sum(n for pk, n in self.below if not pk)
        rows = [
            Row(names[pk], [Cell(n)], href=reverse("deviations:tally_month", args=[pk, month_text(self.month)]))
            for pk, n in sorted(inside, key=lambda each: (-each[1], names[each[0]]))
        ]
        if itself:
            rows.append(Row(_("%(unit)s itself") % {"unit": self.unit.name}, [Cell(itself)]))
        figures = Figures("enheter", _("The units below"), "", [_("Unit"), _("Ticks")], rows)
        return [charts.card(figures, charts.table(figures, bars=0))]


@dataclass(frozen=True)
class Theirs:
    """What other systems have counted in the month: beside the ticks, and together with them, each event once."""

    categories: Tally[int]
    systems: tuple[str, ...]

    @classmethod
    def of(cls, counts: BroughtCountQuerySet, month: datetime.date) -> Theirs:
        rows = counts.filter(date__gte=month, date__lt=months_after(month, 1)).order_by()
        categories: Tally[int] = Tally()
        systems = set()
        for category, system, n in rows.values_list("category", "system__name").annotate(summed=Sum("n")):
            categories[category] += n
            systems.add(system)
        return cls(categories, tuple(sorted(systems)))

    @property
    def total(self) -> int:
        return sum(self.categories.values())

    def sentence(self, ticked: int) -> str:
        if not self.total:
            return ""
        return ngettext(
            "%(n)s more was counted in %(systems)s, which makes %(together)s together.",
            "%(n)s more were counted in %(systems)s, which makes %(together)s together.",
            self.total,
        ) % {"n": self.total, "systems": ", ".join(self.systems), "together": ticked + self.total}

    def cards(self, ours: Tally[int]) -> list[str]:
        if not self.total:
            return []
        names = {
            each.pk: each.whole_label
            for each in Category.objects.filter(pk__in={*ours, *self.categories}).select_related("parent")
        }
        together = ours + self.categories
        rows = [
            Row(names[pk], [Cell(ours[pk]), Cell(self.categories[pk]), Cell(n)])
            for pk, n in sorted(together.items(), key=lambda each: (-each[1], names[each[0]]))
        ]
        sums = [Cell(sum(ours.values())), Cell(self.total), Cell(sum(together.values()))]
        figures = Figures(
            "kilde", _("Registered here and elsewhere"), "",
            [_("Category"), _("Ticked here"), ", ".join(self.systems), _("Together")], rows,
            foot=Row(_("Together"), sums),
        )  # fmt: skip
        return [charts.card(figures, charts.table(figures, bars=2))]


def _one_by_one(sheet: TallySheet) -> list[Tick]:
    """Each tick that can be taken away or become a case; who ticked is not among what is said."""
    rows = Tick.objects.counted().filter(sheet=sheet).select_related("category__parent")
    return list(rows.order_by("-date", "-pk")[:LISTED])


def _unclosed(user: User, unit: Unit, month: datetime.date) -> list[TallySheet]:
    """Sheets of the month in the units below that wait for a note."""
    if month >= this_month():
        return []
    rows = TallySheet.objects.visible_to(user).in_subtree(unit).open().filter(month=month).exclude(unit=unit)
    return list(rows.select_related("unit").order_by("unit__name", "pk")[:BELOW])


def _history(sheet: TallySheet, user: User) -> list[Told]:
    events = Event.objects.about(sheet).select_related("by").order_by("-number")[:20]
    return tell(events, user)


FORMS: dict[str, type[SheetForm]] = {"close": CloseMonthForm, "reopen": ReopenMonthForm}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, unit: int, month: str, name: str) -> HttpResponse:
    """Close the month with what was learnt, or open it again with why."""
    user = visitor(request)
    place, first = asked_for(user, unit, month)
    if name not in FORMS:
        raise Http404
    sheet = TallySheet.objects.filter(unit=place, month=first).select_related("unit").first()
    if sheet is None:
        if not access.may_choose_ticked(user, place):
            raise PermissionDenied
        raise Http404
    if not access.parts_in_sheet(sheet, user) & SHEET[name].parts:
        raise PermissionDenied
    if SHEET.find(name, sheet.state) is None:
        return _too_late(request, sheet)
    form = FORMS[name](request.POST if request.method == "POST" else None, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        verb: Any = actions.close_month if name == "close" else actions.reopen_month
        try:
            verb(sheet=sheet, by=user, **form.cleaned_data)
        except StepRefused:
            return _too_late(request, sheet)
        done = _("Closed. Those who work in the unit are told.") if name == "close" else _("The month is open again.")
        messages.success(request, done)
        return redirect(sheet)
    ticks = Tick.objects.counted().filter(sheet=sheet)
    shown = Shown(place, first, ticks, by_day=True) if name == "close" else None
    return render(
        request,
        "deviations/tally/step.html",
        {
            "form": form,
            "sheet": sheet,
            "unit": place,
            "step": SHEET[name],
            "month": month_words(first),
            "is_over": first < this_month(),
            "sentence": shown.sentence if shown else "",
            "cards": shown.cards if shown else (),
        },
    )


def _too_late(request: HttpRequest, sheet: TallySheet) -> HttpResponse:
    messages.warning(request, _("Somebody was here before you. This is how the month stands now."))
    return redirect(sheet)
