"""Cases and ticks as figures: what is counted, by what, and what each number means. See ``kvalitetslosen.figures``."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from deviations import reports
from deviations.kept_figures import kept_cases, kept_ticks
from deviations.lifecycle import WITH_OUTCOME, State
from deviations.models import (
    MILD,
    Category,
    Deviation,
    Harm,
    Kind,
    Severity,
    Shift,
    Source,
    Spot,
    Tick,
    Topic,
)
from documents.models import Document
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.figures.clock import hour_dimension, weekday_dimension
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import (
    Dimension,
    Line,
    Measure,
    Ready,
    Sight,
    Subject,
    choice_dimension,
    register_ready,
    register_subject,
    unit_dimension,
)
from kvalitetslosen.figures.registry import Kind as MeasureKind
from kvalitetslosen.organisation.access import sees_less_below
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui import dates

THERE = Q(source=Source.ELSEWHERE)
SAID_YES, SAID_NO = (Q(helped=said, state__in=WITH_OUTCOME) & ~THERE for said in (True, False))
"""As long as the answer stands: a case opened again is asked about anew."""


def starts(user: User) -> list[Unit | int]:
    return reports.own_units(user) if reports.may_read(user) else []


def sight(user: User, unit: Unit, for_all: bool) -> Sight | None:
    """As the report of the unit has it: the same cases, for the same people."""
    try:
        found = reports.sight(user, unit, for_all=for_all)
    except PermissionDenied:
        return None

    told = _("Only some kinds of cases are counted: those you may see.") if found.narrow else ""
    if sees_less_below(user, unit):
        told = _("Of units two or more levels below you, only cases of high or critical severity are counted.")
    if not found.listed:
        told = _("Figures for the whole municipality. You see the numbers, not the cases behind them.")
    return Sight(
        lambda: reports.counted(user, unit, found, for_all=for_all),
        listed=found.listed, protected=not found.listed, shared=for_all, told=told,
    )  # fmt: skip


# Names


def category_names(question: Question, _values: Collection[str]) -> dict[str, str]:
    rows = Category.objects.filter(municipality=question.user.municipality_id).select_related("parent").order_by("pk")
    return {str(row.pk): row.whole_label for row in rows}


def main_category_names(question: Question, _values: Collection[str]) -> dict[str, str]:
    rows = Category.objects.filter(municipality=question.user.municipality_id, parent=None).order_by("pk")
    return {str(row.pk): row.label for row in rows}


def document_titles(question: Question, values: Collection[str]) -> dict[str, str]:
    """Titles of those the person may open; of the others only that there is one."""
    known = [int(value) for value in values if value.isdecimal()]
    rows = Document.objects.visible_to(question.user).filter(pk__in=known).order_by("pk").values_list("pk", "title")
    return {value: str(_("A document you can’t open")) for value in values} | {str(pk): title for pk, title in rows}


# Dimensions of cases


def _or_word(field: str, word: str) -> Combinable:
    """The field, with a word of its own for the choice that is stored as nothing."""
    return Case(When(**{field: ""}, then=Value(word)), default=F(field))


def _helped(_question: Question) -> Combinable:
    return Case(When(SAID_YES, then=Value("ja")), When(SAID_NO, then=Value("nei")), default=Value(""))


KIND = choice_dimension(
    "type",
    _("Kind"),
    _("What the reporter said it was: deviation, near miss, risk, proposal or good practice; as corrected since."),
    "kind",
    Kind.choices,
    open_to_all=True,
)
CATEGORY = Dimension(
    "kategori",
    _("Category"),
    _(
        "The category the case has now. A case put directly in a main category counts as that one, not with "
        "those below."
    ),
    lambda _question: F("category_id"),
    category_names,
    number=True,
)
MAIN_CATEGORY = Dimension(
    "hovedkategori",
    _("Main category"),
    _("The main category of the case, with all those below it."),
    lambda _question: Coalesce("category__parent_id", "category_id"),
    main_category_names,
    number=True,
    open_to_all=True,
)
SEVERITY = choice_dimension(
    "alvor",
    _("Severity"),
    _("As the risk matrix has it now: consequence and probability, set by whoever handles the case."),
    "severity",
    list(reversed(Severity.choices)),
    open_to_all=True,
    missing=_("Not assessed"),
)
STATE = choice_dimension(
    "status",
    _("Status"),
    _(
        "Where the case stands now, not where it stood then. A case that was opened again counts as open, and its "
        "closing no more until it is closed anew."
    ),
    "state",
    State.choices,
    open_to_all=True,
)
SOURCE = choice_dimension(
    "kilde",
    _("Source"),
    _(
        "Who told: those who work here, somebody outside, an internal audit, or another system the case was "
        "brought in from."
    ),
    lambda _question: _or_word("source", "her"),
    [(each.value or "her", each.label) for each in Source],
    open_to_all=True,
)
HARM = choice_dimension(
    "skade", _("Harm"), _("The harm so far, as it was reported."), "harm", Harm.choices, open_to_all=True
)
TOPIC = choice_dimension(
    "tema",
    _("Topic"),
    _("Whether the category is about health, safety and environment, about privacy, or neither."),
    lambda _question: _or_word("topic", "vanlig"),
    [("vanlig", Topic.NONE.label), *((each.value, each.label) for each in (Topic.HSE, Topic.PRIVACY))],
)
PROCEDURE = Dimension(
    "prosedyre",
    _("Procedure pointed to"),
    _("The document the reporter or the handler says wasn’t followed. Most cases point to none."),
    lambda _question: F("breached_document_id"),
    document_titles,
    number=True,
    choices=False,
    missing=_("None"),
)
HELPED = choice_dimension(
    "hjalp",
    _("Did it help"),
    _("What the reporter said of the answer."),
    _helped,
    [("ja", _("Yes")), ("nei", _("No"))],
    missing=_("Not answered"),
)
UNIT = unit_dimension(
    _(
        "The unit right below the one asked for where the case is handled now, with all below it. A case forwarded to "
        "another unit counts there and no longer where it came from. When a unit is moved or merged, its cases go "
        "along, those of earlier years too: the figures follow the organisation as it is today."
    ),
    open_to_all=True,
)


# Measures of cases


def _days(time: reports.Time, question: Question) -> Combinable:
    days = WorkdaysBetween("reported_at", time.moment, since=question.first)
    return Case(When(time.counts & ~THERE, then=days), output_field=IntegerField())


def _has_days(time: reports.Time) -> Q:
    return time.counts & ~THERE & Q(**{f"{time.moment}__isnull": False})


MANY_DAYS = 21
"""So many working days and more are told as one."""


def _days_at_most(time: reports.Time, question: Question) -> Combinable:
    # The moment is asked for by itself: of nothing and a number, PostgreSQL finds the number to be the least.
    days = Least(WorkdaysBetween("reported_at", time.moment, since=question.first), Value(MANY_DAYS))
    return Case(When(_has_days(time), then=days), output_field=IntegerField())


def _day_names(_question: Question, values: Collection[str]) -> dict[str, str]:
    names = {str(n): ngettext("%(days)s day", "%(days)s days", n) % {"days": n} for n in range(1, MANY_DAYS)}
    names |= {
        "0": gettext("The same day"),
        str(MANY_DAYS): gettext("More than %(days)s days") % {"days": MANY_DAYS - 1},
    }
    return {value: names[value] for value in values if value in names}


TIMES = {
    "receipt": (_("Working days to receipt"), _("Received within the limit")),
    "answer": (_("Working days to first answer"), _("First answer within the limit")),
    "outcome": (_("Working days to outcome"), _("Outcome told within the limit")),
    "closing": (_("Working days to closing"), _("Closed within the limit")),
}
"""What the time is called, and that its limit was kept."""


def _day_dimensions() -> list[Dimension]:
    return [
        Dimension(
            f"{time.address}-tid",
            TIMES[time.measure][0],
            _(
                "Working days from the day of the report, more than twenty as one. Cases that still wait have none, "
                "nor have those from other systems."
            ),
            partial(_days_at_most, time),
            _day_names,
            ordered=tuple(str(n) for n in range(MANY_DAYS + 1)),
            number=True,
            choices=False,
            missing=_("Not measured"),
        )
        for time in reports.TIMES
    ]


def _in_time(time: reports.Time, _question: Question) -> Combinable:
    """Whether the limit was kept: not where it is past and the case still waits; unknown before that."""
    return Case(
        When(THERE, then=Value(None)),
        When(time.counts & Q(**{f"{time.moment}__lte": F(time.limit)}), then=Value(1)),
        When(time.counts & Q(**{f"{time.moment}__gt": F(time.limit)}), then=Value(0)),
        When(Q(**{"closed_at": None, time.moment: None, f"{time.limit}__lt": timezone.now()}), then=Value(0)),
        output_field=IntegerField(),
    )


_WORKDAYS = _(
    "Working days from the day of the report; the median: half took so long or less. Cases from other systems "
    "are left "
    "out. Of a case opened again, the first receipt and answer count, and the latest closing."
)
_LIMIT = _(
    "The share of those decided: kept the limit, broke it, or are past it and still wait. The limit is the one each "
    "case was promised. Cases from other systems are left out."
)
COUNT = Measure(
    "antall",
    _("Number of cases"),
    _("Each case once, by the moment it was reported. What was brought in from another system and merged into a case "
      "here is that case."),
)  # fmt: skip


def _time_measures() -> list[Measure]:
    found = []
    for time in reports.TIMES:
        days, limit = TIMES[time.measure]
        has_days = partial(_has_days, time)
        found.append(Measure(time.address, days, _WORKDAYS, MeasureKind.MEDIAN, partial(_days, time), has_days))
        found.append(Measure(f"{time.address}-innen", limit, _LIMIT, MeasureKind.SHARE, partial(_in_time, time)))
    return found


def _said_it_helped(_question: Question) -> Combinable:
    return Case(When(SAID_YES, then=Value(1)), When(SAID_NO, then=Value(0)), output_field=IntegerField())


EFFECT = Measure(
    "virkning",
    _("The answer helped"),
    _("The share of the reporters who said whether the answer helped, who said that it did."),
    MeasureKind.SHARE,
    _said_it_helped,
    lambda: SAID_YES | SAID_NO,
)


def _case_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.for_lines()  # type: ignore[attr-defined, no-any-return]


def _case_line(row: Deviation) -> Line:
    about = f"{row.unit.name} · {row.get_state_display()} · {dates.short(row.reported_at)}"
    return Line(f"{row.reference} · {row.subject_matter}", row.get_absolute_url(), about)


register_subject(
    Subject(
        key="avvik",
        label=_("Deviations"),
        counts=_("Cases"),
        definition=_(
            "Everything that is reported as a case: deviations, near misses, risks, proposals and good practice. "
            "Counted by the moment of the report, in Norwegian time, in the unit that handles the case now. Ticks on "
            "tally sheets stand for themselves. Cases about a leader are counted for nobody but those who may "
            "open them."
        ),
        order=10,
        starts=starts,
        sight=sight,
        moment="reported_at",
        lines=_case_lines,
        line=_case_line,
        dimensions=(
            KIND, MAIN_CATEGORY, CATEGORY, SEVERITY, STATE, HARM, SOURCE, UNIT, hour_dimension("reported_at"),
            weekday_dimension("reported_at"), PROCEDURE, TOPIC, HELPED, *_day_dimensions(),
        ),
        measures=(COUNT, *_time_measures(), EFFECT),
        kept=kept_cases,
        empty=_("No reports need not mean that nothing happens. Ask at the next team meeting what people have seen."),
    )
)  # fmt: skip


# Ticks


def tick_sight(user: User, unit: Unit, for_all: bool) -> Sight | None:
    try:
        found = reports.sight(user, unit, for_all=for_all)
    except PermissionDenied:
        return None
    return Sight(lambda: found.ticks().counted(), listed=found.listed, protected=not found.listed, shared=for_all)


def _tick_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("sheet__unit", "category__parent")


def _tick_line(row: Tick) -> Line:
    about = f"{row.sheet.unit.name} · {dates.short(row.date)} · {row.get_shift_display()}"
    return Line(row.category.whole_label, row.sheet.get_absolute_url(), about)


register_subject(
    Subject(
        key="telling",
        label=_("Ticks"),
        counts=_("Ticks"),
        definition=_(
            "Frequent mild events that were ticked on a tally sheet instead of reported, by the day they happened. "
            "What was taken back isn’t counted, and a tick that became a case is counted as the case. What other "
            "systems count stands in the report of deviations."
        ),
        order=20,
        starts=starts,
        sight=tick_sight,
        moment="date",
        by_day=True,
        lines=_tick_lines,
        line=_tick_line,
        dimensions=(
            Dimension(
                "kategori",
                _("Category"),
                _("The category that was ticked."),
                lambda _question: F("category_id"),
                category_names,
                number=True,
                open_to_all=True,
            ),
            Dimension(
                "hovedkategori",
                _("Main category"),
                _("The main category of what was ticked, with all those below it."),
                lambda _question: Coalesce("category__parent_id", "category_id"),
                main_category_names,
                number=True,
            ),
            choice_dimension("skift", _("Shift"), _("The shift it happened in."), "shift", Shift.choices),
            choice_dimension(
                "skade", _("Harm"), _("None or mild: anything worse is a case."), "harm",
                [(each.value, each.label) for each in MILD],
            ),
            choice_dimension(
                "sted",
                _("Place"),
                _("Where in the house, roughly."),
                "place",
                [(each.value, each.label) for each in Spot if each.value],
                missing=_("Not said"),
            ),
            weekday_dimension("date", by_day=True),
            unit_dimension(
                _(
                    "The unit right below the one asked for whose sheet it stands on; a moved unit takes "
                    "its sheets along."
                ),
                "sheet__",
                open_to_all=True,
            ),
        ),
        measures=(Measure("antall", _("Number of ticks"), _("Each tick that stands, once.")),),
        kept=kept_ticks,
        empty=_("Nothing is ticked. Choose on the tally sheet what is to be ticked here."),
    )
)  # fmt: skip


# Good questions to begin with

FIRST = 10


def _falls(user: User) -> str:
    fall = Category.objects.filter(municipality=user.municipality_id, base="patients-and-users-services/fall").first()
    return f"om=avvik&per=alt&del=time&kategori={fall.pk}" if fall else "om=avvik&per=alt&del=time"


for _order, _label, _address in (
    (10, _("Which categories grow?"), lambda _user: "om=avvik&per=alt&del=hovedkategori&ifjor=1"),
    (20, _("When on the day do falls happen?"), _falls),
    (30, _("How long until first answer, by unit?"), lambda _user: "om=avvik&mal=svar&per=alt&del=under"),
    (40, _("Which procedures are pointed to?"), lambda _user: "om=avvik&per=alt&del=prosedyre&vis=pareto"),
    (50, _("How serious is it, in each unit?"), lambda _user: "om=avvik&per=alt&del=under&del=alvor"),
):
    register_ready("avvik", Ready(_label, _address, open_to_all=_order == FIRST), order=_order)
