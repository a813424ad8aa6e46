"""Actions, looks at the effect, improvements, questions to leaders and meetings as figures, and the run chart.

See ``kvalitetslosen.figures``: what a person may see, and nothing else, is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from deviations.models import Deviation, Severity
from deviations.subjects import category_names, main_category_names
from improvement import charts
from improvement.charts.words import said_of
from improvement.lifecycle import JUDGED, EffectState, InquiryState, State
from improvement.meeting_lifecycle import MeetingState
from improvement.models import (
    SHORT,
    Action,
    ActionQuerySet,
    EffectCheck,
    EffectCheckQuerySet,
    ForumKind,
    Improvement,
    Inquiry,
    Meeting,
    Topic,
)
from improvement.models import Measure as Followed
from improvement.models.effect import seen_of_action
from improvement.seven_steps import Stage
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.clock import hour_dimension, weekday_dimension
from kvalitetslosen.figures.pictures import Picture, register_picture
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import (
    Dimension,
    Kind,
    Line,
    Measure,
    Ready,
    Sight,
    Subject,
    choice_dimension,
    held,
    register_ready,
    register_subject,
    unit_dimension,
)
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.ui import dates

OVERSEEING = (Role.LEADER, Role.QUALITY_CONTACT)
HERE = _(
    "The unit right below the one asked for that it belongs to now, with all below it. A moved unit takes along "
    "what is "
    "its own, that of earlier years too."
)


def reads(*roles: str) -> Callable[[User, Unit], bool]:
    return lambda user, unit: any(user.standing.reaches(role, unit) for role in roles)


def seen(
    rows: Callable[[User, Unit], QuerySet[Any]],
    roles: tuple[str, ...],
    *,
    shared: Callable[[Any], QuerySet[Any]] | None = None,
) -> Callable[[User, Unit, bool], Sight | None]:
    """What the person may see in the unit. ``shared``: what of it counts where others read too."""

    def sight(user: User, unit: Unit, for_all: bool) -> Sight | None:
        if not reads(*roles)(user, unit):
            return None

        def counted() -> QuerySet[Any]:
            found = rows(user, unit)
            return shared(found) if for_all and shared is not None else found

        return Sight(counted, shared=for_all)

    return sight


def in_unit(prefix: str = "") -> Callable[[Unit], Q]:
    return lambda unit: Q(**{f"{prefix}{LEVELS[unit.depth]}": unit.pk})


# Actions


def _origin(_question: Question) -> Combinable:
    return Case(
        When(deviation__isnull=False, then=Value("sak")),
        When(improvement__isnull=False, then=Value("forbedring")),
        When(hazard__isnull=False, then=Value("risiko")),
        When(agenda_item__isnull=False, then=Value("mote")),
        default=Value(""),
        output_field=CharField(),
    )


def _lateness(_question: Question) -> Combinable:
    today = timezone.localdate()
    return Case(
        When(closed_at=None, deadline__lt=today, then=Value("sent")),
        When(closed_at=None, then=Value("i-rute")),
        default=Value("avsluttet"),
        output_field=CharField(),
    )


def _of_case(field: Combinable) -> Callable[[Question], Combinable]:
    """Something of the case an action was planned for, where the reader may open that: one may do what one can't."""

    def expression(question: Question) -> Combinable:
        case = Deviation.objects.visible_to(question.user).filter(pk=OuterRef("deviation"))
        return Subquery(case.order_by().annotate(told=field).values("told")[:1])

    return expression


WAITS = "venter"


def _found(question: Question) -> Combinable:
    """What was found last of all that the reader may know of; where nothing was, that somebody is to look."""
    told = Case(When(state__in=JUDGED, then=F("state")), default=Value(WAITS), output_field=CharField())
    latest = (
        EffectCheck.objects.exclude(state=EffectState.DROPPED)
        .order_by(F("judged_at").desc(nulls_last=True), "-pk")
        .annotate(told=told)
        .values("told")
    )
    return seen_of_action(question.user, latest)


def _done_in_time(_question: Question) -> Combinable:
    """Whether it was done by its deadline: not where that is past and it is still open."""
    return Case(
        When(state=State.DONE, closed_at__isnull=False, then=_by(F("deadline"), TruncDate("closed_at"))),
        When(closed_at=None, deadline__lt=timezone.localdate(), then=Value(0)),
        output_field=IntegerField(),
    )


def _by(limit: Combinable, day: Combinable) -> Combinable:
    """1 where the day is the limit or before it, else 0."""
    in_time = LessThanOrEqual(day, limit)
    return Case(When(in_time, then=Value(1)), default=Value(0), output_field=IntegerField())


register_subject(
    Subject(
        key="tiltak",
        of_people=False,
        label=_("Actions"),
        counts=_("Actions"),
        definition=_(
            "Actions by the moment they were planned, in the unit they belong to now; those of a case lie where the "
            "case is handled. Actions in cases you can’t open aren’t counted for you, unless they are yours."
        ),
        order=30,
        starts=held(*OVERSEEING),
        sight=seen(
            lambda user, unit: Action.objects.visible_to(user).in_subtree(unit),
            OVERSEEING,
            shared=ActionQuerySet.about_no_leader,
        ),
        moment="created_at",
        lines=lambda rows: rows.select_related("unit", "owner"),
        line=lambda row: Line(
            str(row),
            row.get_absolute_url(),
            f"{row.unit.name} · {row.get_state_display()} · {dates.short(row.deadline)}",
        ),
        dimensions=(
            choice_dimension("status", _("Status"), _("Where it stands now."), "state", State.choices),
            choice_dimension(
                "styrke",
                _("Strength"),
                _("How much the action depends on people remembering it; set by whoever plans it."),
                "strength",
                list(SHORT.items()),
                missing=_("Not assessed"),
            ),
            choice_dimension(
                "frist",
                _("Deadline"),
                _("Open past its deadline today, open and on time, or ended."),
                _lateness,
                [("sent", _("Overdue")), ("i-rute", _("On time")), ("avsluttet", _("Ended"))],
            ),
            choice_dimension(
                "opphav",
                _("Came from"),
                _("What it was planned for."),
                _origin,
                [
                    ("sak", _("A case")),
                    ("forbedring", _("An improvement")),
                    ("risiko", _("A risk analysis")),
                    ("mote", _("A meeting")),
                ],
                missing=_("Nothing else"),
            ),
            choice_dimension(
                "virkning",
                _("Effect"),
                _(
                    "What was found when somebody last looked at the effect: of the action, or of the case it was "
                    "planned for. Looks you can’t open don’t count."
                ),
                _found,
                [
                    *((each.value, each.label) for each in (EffectState.EFFECTIVE, EffectState.INEFFECTIVE)),
                    (WAITS, _("Not looked at yet")),
                ],
                missing=_("No look is planned"),
            ),
            Dimension(
                "hovedkategori",
                _("Main category of the case"),
                _("Of the case it was planned for, as that stands now. Cases you can’t open don’t count."),
                _of_case(Coalesce("category__parent_id", "category_id")),
                main_category_names,
                number=True,
                missing=_("None"),
                of_people=True,
            ),
            choice_dimension(
                "alvor",
                _("Severity of the case"),
                _("Of the case it was planned for, as that stands now. Cases you can’t open don’t count."),
                _of_case(F("severity")),
                list(reversed(Severity.choices)),
                missing=_("None"),
                of_people=True,
            ),
            unit_dimension(HERE),
        ),
        measures=(
            Measure("antall", _("Number of actions"), _("Each action once, cancelled ones too.")),
            Measure(
                "tid",
                _("Working days to its end"),
                _("From the day it was planned until it was done or cancelled; the median."),
                Kind.MEDIAN,
                lambda _question: WorkdaysBetween("created_at", "closed_at"),
            ),
            Measure(
                "innen",
                _("Done by the deadline"),
                _(
                    "The share of those done, or open past the deadline, that were done by it. A moved deadline "
                    "counts as moved."
                ),
                Kind.SHARE,
                _done_in_time,
            ),
        ),
        empty=_("No action was planned in the period."),
    )
)


# Looks at the effect


def _worked(_question: Question) -> Combinable:
    return Case(
        When(state=EffectState.EFFECTIVE, then=Value(1)),
        When(state=EffectState.INEFFECTIVE, then=Value(0)),
        output_field=IntegerField(),
    )


register_subject(
    Subject(
        key="effekt",
        of_people=False,
        label=_("Looks at the effect"),
        counts=_("Looks at the effect"),
        definition=_(
            "Planned looks at whether what was done about a case works, by the day they are to be looked at."
        ),
        order=35,
        starts=held(*OVERSEEING),
        sight=seen(
            lambda user, unit: EffectCheck.objects.visible_to(user).in_subtree(unit),
            OVERSEEING,
            shared=EffectCheckQuerySet.about_no_leader,
        ),
        moment="opens_on",
        by_day=True,
        lines=lambda rows: rows.select_related("unit"),
        line=lambda row: Line(
            str(row),
            row.get_absolute_url(),
            f"{row.unit.name} · {row.get_state_display()}",
        ),
        dimensions=(
            choice_dimension("status", _("Status"), _("Where it stands now."), "state", EffectState.choices),
            unit_dimension(HERE),
        ),
        measures=(
            Measure("antall", _("Number of looks at the effect"), _("Each once, those not looked at yet too.")),
            Measure(
                "virket",
                _("It worked"),
                _(
                    "The share of those judged where it worked. What couldn’t be judged and got a new date is "
                    "one that waits."
                ),
                Kind.SHARE,
                _worked,
            ),
        ),
    )
)


# Improvements

BAD_FIRST = (
    charts.Verdict.WORSE, charts.Verdict.IMPROVED, charts.Verdict.UNCHANGED, charts.Verdict.TOO_EARLY,
)  # fmt: skip
"""Which verdict an improvement has whose measures say different things: none is good where something grew worse."""


def _judged(question: Question) -> Combinable:
    """The verdict of its measures, of those the reader may see."""
    judged = Followed.objects.visible_to(question.user).filter(improvements=OuterRef("pk")).exclude(verdict="")
    rank = Case(*(When(verdict=each, then=Value(n)) for n, each in enumerate(BAD_FIRST)), output_field=IntegerField())
    return Subquery(judged.order_by(rank, "pk").values("verdict")[:1])


register_subject(
    Subject(
        key="forbedring",
        of_people=False,
        label=_("Improvements"),
        counts=_("Improvements"),
        definition=_("Improvements by the moment they were begun, in their unit; those finished or given up too."),
        order=60,
        starts=held(*OVERSEEING),
        sight=seen(lambda user, unit: Improvement.objects.visible_to(user).in_subtree(unit), OVERSEEING),
        moment="begun_at",
        lines=lambda rows: rows.select_related("unit"),
        line=lambda row: Line(str(row), row.get_absolute_url(), f"{row.unit.name} · {row.get_state_display()}"),
        dimensions=(
            choice_dimension(
                "status",
                _("Step"),
                _("Which of the seven steps it is at now, or how it ended."),
                "state",
                Stage.choices,
            ),
            choice_dimension(
                "virkning",
                _("Effect"),
                _(
                    "What whoever answers for its measures says of how it went. Of several measures: worse where one "
                    "is, else improved where one is. Measures you can’t open don’t count."
                ),
                _judged,
                charts.Verdict.choices,
                missing=_("Not judged"),
            ),
            unit_dimension(HERE),
        ),
        measures=(
            Measure("antall", _("Number of improvements"), _("Each once.")),
            Measure(
                "tid",
                _("Working days to finished"),
                _("From the day it was begun until it was finished; the median. What was given up is left out."),
                Kind.MEDIAN,
                lambda _question: WorkdaysBetween("begun_at", "finished_at"),
            ),
        ),
    )
)


# Questions to leaders


def _answered_in_time(_question: Question) -> Combinable:
    return Case(
        When(answered_at__isnull=False, then=_by(F("due_on"), TruncDate("answered_at"))),
        When(state=InquiryState.ASKED, due_on__lt=timezone.localdate(), then=Value(0)),
        output_field=IntegerField(),
    )


register_subject(
    Subject(
        key="sporsmal",
        own=True,
        label=_("Questions to leaders"),
        counts=_("Questions"),
        definition=_(
            "What leaders ask each other, by the moment it was asked, in the unit asked about. Counted for the "
            "two, and "
            "for whoever leads one level above."
        ),
        order=70,
        starts=held(Role.LEADER),
        sight=seen(
            lambda user, unit: Inquiry.objects.visible_to(user).in_subtree(unit),
            (Role.LEADER,),
            shared=lambda rows: rows.filter(deviation__about=None),
        ),
        moment="asked_at",
        lines=lambda rows: rows.select_related("unit"),
        line=lambda row: Line(
            str(row), row.get_absolute_url(), f"{row.get_state_display()} · {dates.short(row.asked_at)}"
        ),
        dimensions=(
            choice_dimension("status", _("Status"), _("Where it stands now."), "state", InquiryState.choices),
            choice_dimension("tema", _("About"), _("What it was asked about."), "topic", Topic.choices),
            Dimension(
                "kategori",
                _("Category"),
                _("The category it was asked about, where it was about cases of one."),
                lambda _question: F("category_id"),
                category_names,
                number=True,
                missing=_("None"),
            ),
            unit_dimension(HERE),
        ),
        measures=(
            Measure("antall", _("Number of questions"), _("Each once, withdrawn ones too.")),
            Measure(
                "tid",
                _("Working days to the answer"),
                _("From the day it was asked; the median of those answered."),
                Kind.MEDIAN,
                lambda _question: WorkdaysBetween("asked_at", "answered_at"),
            ),
            Measure(
                "innen",
                _("Answered in time"),
                _("The share of those answered, or past their day without an answer, that were answered by it."),
                Kind.SHARE,
                _answered_in_time,
            ),
        ),
    )
)


# Meetings

register_subject(
    Subject(
        key="moter",
        of_people=False,
        own=True,
        label=_("Meetings"),
        counts=_("Meetings"),
        definition=_(
            "Meetings of the forums you are in, by the hour they begin, planned and cancelled ones too. Forums across "
            "municipalities aren’t counted."
        ),
        order=80,
        starts=held(*OVERSEEING, Role.SAFETY_REP),
        sight=seen(
            lambda user, unit: Meeting.objects.visible_to(user).filter(in_unit("forum__")(unit), forum__network=None),
            (*OVERSEEING, Role.SAFETY_REP),
        ),
        moment="starts_at",
        lines=lambda rows: rows.select_related("forum"),
        line=lambda row: Line(row.forum.name, row.get_absolute_url(), f"{row.when_words} · {row.get_state_display()}"),
        dimensions=(
            choice_dimension(
                "type", _("Kind of meeting"), _("Which agenda the forum uses."), "forum__kind", ForumKind.choices
            ),
            choice_dimension("status", _("Status"), _("Where it stands now."), "state", MeetingState.choices),
            hour_dimension("starts_at", definition=_("The hour it begins, by the clock in Norway.")),
            weekday_dimension("starts_at"),
            unit_dimension(HERE, "forum__"),
        ),
        measures=(Measure("antall", _("Number of meetings"), _("Each once.")),),
    )
)


# The run chart


def _is_series(answer: Answer) -> bool:
    question = answer.question
    return (
        bool(question.by)
        and not question.split
        and question.measure.kind is not Kind.SHARE
        and not question.sight.protected
        and len(_over(answer)) > 1
    )


def _over(answer: Answer) -> list[int]:
    """The places of the stretches that are over: a month that has just begun would look like a fall."""
    today = timezone.localdate()
    return [place for place, part in enumerate(answer.stretches) if part.stretch and part.stretch.last < today]


def _run_chart(answer: Answer) -> SafeString:
    """Chance or change: the chart's own rules, and what they say in sentences."""
    figures, question = answer.figures, answer.question
    nature = charts.Nature.COUNT if question.measure.kind is Kind.COUNT else charts.Nature.NUMBER
    rate = answer.rate if answer.draws_rates else None
    if rate is not None:
        nature = charts.Nature.RATE
    points = []
    for place in _over(answer):
        part, value = answer.stretches[place], figures.rows[place].cells[0].value
        size = answer.divided_by(part) if rate else 1
        if part.stretch is not None and value is not None and size:
            short = f"{part.short} {part.under}"
            points.append(charts.Point(part.stretch.first, value, size, name=part.name, short=short))
    chart = charts.read(nature, points)
    said = said_of(chart)
    told = "".join(f"<p>{line}</p>" for line in map(escape, said))
    picture = charts.drawn(chart, " ".join(said), times=rate.per if rate else 1)
    return mark_safe(f"{picture}{told}")  # noqa: S308 - escaped


register_picture(Picture("serie", _("Run chart: chance or change"), 50, _is_series, _run_chart))

register_ready(
    "tiltak", Ready(_("How strong are the actions?"), lambda _user: "om=tiltak&per=alt&del=styrke"), order=60
)
register_ready(
    "tiltak",
    Ready(_("Are actions done in time?"), lambda _user: "om=tiltak&mal=innen&per=kvartal&del=ingen"),
    order=70,
)
register_ready(
    "avvik", Ready(_("Is it more than chance?"), lambda _user: "om=avvik&per=maned&del=ingen&vis=serie"), order=80
)
