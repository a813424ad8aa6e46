"""Ready reports about cases. Their figures are those of the report page, made by the same functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from deviations import duties, report_definitions, report_law  # noqa: F401 - what each part means is said there
from deviations.models import Topic
from deviations.report_conditions import ConditionReport
from deviations.reports import Period
from deviations.yearly import Yearly
from kvalitetslosen.figures.rules import defined
from kvalitetslosen.organisation.models import Role
from kvalitetslosen.reports.periods import Rhythm
from kvalitetslosen.reports.registry import (
    BARS,
    COLUMNS,
    Asked,
    Kind,
    Section,
    register_kind,
    register_section,
)
from kvalitetslosen.ui.charts import Figures

LEADERS, YEAR, SAFETY, PRIVACY = "ledermote", "enhetens-ar", "hms", "personvern"
COUNCIL, REVIEW, HANDBOOK, CONDITIONS, COSTS = "kommunestyret", "gjennomgang", "handboka", "meldevilkar", "tidsbruk"

BOTH = (Role.LEADER, Role.QUALITY_CONTACT)

for kind in (
    Kind(
        LEADERS,
        _("The leaders’ meeting"),
        _("What the month tells: what was reported, what waits, and what came of it."),
        order=10,
        rhythm=Rhythm.MONTH,
        roles=BOTH,
        readers=(Role.LEADER,),
    ),
    Kind(
        YEAR,
        _("A unit’s year"),
        _("A year in one unit: cases, times, causes, actions and procedures."),
        order=20,
        rhythm=Rhythm.YEAR,
        roles=BOTH,
        readers=(Role.LEADER, Role.SAFETY_REP),
    ),
    Kind(
        SAFETY,
        _("Working environment (HSE)"),
        _("For the working environment committee and safety representatives: injuries, violence, what is done."),
        order=30,
        rhythm=Rhythm.QUARTER,
        roles=(*BOTH, Role.SAFETY_REP),
        whole=(Role.WORK_ENVIRONMENT,),
        only_read=(Role.SAFETY_REP,),
        figures_only=(Role.WORK_ENVIRONMENT,),
        narrow=(Role.SAFETY_REP,),
        of_some=True,
        readers=(Role.WORK_ENVIRONMENT, Role.SAFETY_REP, Role.UNION_REP),
    ),
    Kind(
        PRIVACY,
        _("Privacy"),
        _("Breaches, whom somebody had to tell, and whether it was done in time."),
        order=40,
        rhythm=Rhythm.QUARTER,
        roles=BOTH,
        whole=(Role.DPO,),
        of_some=True,
        readers=(Role.DPO, Role.LEADER),
    ),
    Kind(
        COUNCIL,
        _("Yearly report to kommunestyret"),
        _("On internal control, as kommuneloven § 25-2 asks for once a year. You write, the figures stand ready."),
        order=50,
        rhythm=Rhythm.YEAR,
        roles=BOTH,
        top_only=True,
        readers=(Role.LEADER, Role.UNION_REP, Role.WORK_ENVIRONMENT),
    ),
    Kind(
        CONDITIONS,
        _("Conditions for reporting"),
        _("Do people report with their name, before it goes wrong, and do they hear back?"),
        order=80,
        rhythm=Rhythm.YEAR,  # as those with figures only read the same cases elsewhere: quarters would tell months
        roles=BOTH,
        whole=(Role.UNION_REP, Role.WORK_ENVIRONMENT),
        only_read=(Role.UNION_REP, Role.WORK_ENVIRONMENT),
        figures_only=(Role.UNION_REP, Role.WORK_ENVIRONMENT),
        readers=(Role.LEADER, Role.UNION_REP, Role.WORK_ENVIRONMENT),
    ),
    Kind(
        COSTS,
        _("What the work costs in time"),
        _("An estimate of hours and kroner, where the municipality has said what an hour costs."),
        order=90,
        rhythm=Rhythm.YEAR,
        roles=BOTH,
        readers=(Role.LEADER,),
    ),
):
    register_kind(kind)


def report_of(asked: Asked, topic: str = "") -> ConditionReport:
    """The figures of the report page, counted once for all sections."""

    def counted() -> ConditionReport:
        period = Period(asked.period.first, asked.period.last)
        return ConditionReport.of(asked.user, str(asked.unit.pk), period, for_all=asked.for_all, topic=topic)

    return asked.remember(f"deviations.report:{topic}", counted)


def figures(name: str, topic: str = "") -> Callable[[Asked], Figures | None]:
    """One of the page's own sections, by its name there."""

    def make(asked: Asked) -> Figures | None:
        return _defined(getattr(report_of(asked, topic), name))

    return make


def _defined(found: Figures | None) -> Figures | None:
    """With the way to what is counted."""
    return replace(found, defined=defined(found.key)) if found is not None else None


def where_some(name: str, topic: str = "") -> Callable[[Asked], Figures | None]:
    """The same, left out where there is nothing to count."""

    def make(asked: Asked) -> Figures | None:
        found: Figures | None = getattr(report_of(asked, topic), name)
        return _defined(found) if found is not None and found.rows and not found.is_empty else None

    return make


def below(name: str) -> Callable[[Asked], Figures | None]:
    """What compares the units right below, for those who see them."""

    def make(asked: Asked) -> Figures | None:
        report = report_of(asked)
        found: Figures = getattr(report, name)
        return _defined(found) if report.place.below and report.seen.listed and found.rows else None

    return make


def ticks(asked: Asked) -> Figures | None:
    report = report_of(asked)
    return _defined(report.ticks_by_month) if report.ticked else None


def yearly_figures(asked: Asked) -> Figures | None:
    """By yearly figure, where the period is a year as the national ones are."""
    period = asked.period
    if len(period) != 12 or period.first.month != 1:
        return None
    found = Yearly.of(asked.user, str(asked.unit.pk), period.first.year, for_all=asked.for_all).sections[1]
    return replace(found, defined=defined("tall")) if found.rows else None


def injuries(asked: Asked) -> Figures | None:
    return _defined(report_law.register(asked.user, asked.unit, Period(asked.period.first, asked.period.last)))


def told(triage: str = "") -> Callable[[Asked], Figures | None]:
    def make(asked: Asked) -> Figures | None:
        if not report_of(asked).seen.listed:
            return None
        period = Period(asked.period.first, asked.period.last)
        return _defined(report_law.duties(asked.user, asked.unit, period, triage=triage))

    return make


def costs(asked: Asked) -> Figures | None:
    report = report_of(asked)
    return _defined(report.costs) or report.without_costs


def months(topic: str = "") -> Section:
    return Section(
        "maned", 10, figures("by_month", topic), picture=COLUMNS, line=1, prompt=_("What stands out, and why?")
    )


SUMMARY = Section("sammendrag", 1, title=_("In short"), prompt=_("The most important in three sentences."))
NEXT = Section("videre", 95, title=_("What we do next"), prompt=_("What is decided: who does what, and by when?"))
TIMES = Section(
    "tid", 40, where_some("times"), measured="median", apart=True, prompt=_("Do people hear from us in time?")
)
LIMITS = Section("frister", 42, where_some("limits"), measured="share", apart=True)
HELPED = Section("hjalp", 44, where_some("helped"), picture=BARS)
OPEN = Section("apne", 50, figures("open_by_age"), picture=BARS, prompt=_("What stops what is old?"))
CAUSES = Section("arsaker", 34, where_some("causes"), apart=True, prompt=_("What do the causes have in common?"))

register_section(
    LEADERS,
    SUMMARY,
    months(),
    Section("enheter", 15, below("below"), picture=BARS, apart=True),
    Section("kategori", 20, where_some("by_main_category"), picture=BARS),
    Section("alvor", 25, where_some("by_severity"), picture=BARS),
    CAUSES,
    TIMES,
    OPEN,
    Section("apne-enheter", 52, below("open_below")),
    NEXT,
)
register_section(
    YEAR,
    SUMMARY,
    months(),
    Section("kryss", 12, ticks, picture=COLUMNS, bar=2, line=0),
    Section("enheter", 15, below("below"), picture=BARS, apart=True),
    Section("type", 18, where_some("by_kind"), picture=BARS),
    Section("kategori", 20, where_some("by_category"), picture=BARS),
    Section("alvor", 25, where_some("by_severity"), picture=BARS),
    CAUSES,
    TIMES,
    LIMITS,
    HELPED,
    OPEN,
    NEXT,
)
register_section(
    SAFETY,
    SUMMARY,
    months(Topic.HSE),
    Section("kategori", 20, where_some("by_category", Topic.HSE), picture=BARS, prompt=_("What is behind it?")),
    Section("alvor", 25, where_some("by_severity", Topic.HSE), picture=BARS),
    Section("skader", 30, injuries, prompt=_("What was done after the serious ones?")),
    Section("plikter", 32, told(duties.EMPLOYEE)),
    Section("tid", 40, where_some("times", Topic.HSE), measured="median", apart=True),
    Section("apne", 50, figures("open_by_age", Topic.HSE), picture=BARS),
    Section(
        "fravar", 60, title=_("Sick leave and the working environment"), prompt=_("Figures from the payroll system.")
    ),
    Section("runder", 62, title=_("Safety rounds and plans"), prompt=_("Rounds, training, occupational health.")),
    NEXT,
)
register_section(
    PRIVACY,
    SUMMARY,
    months(Topic.PRIVACY),
    Section("kategori", 20, where_some("by_category", Topic.PRIVACY), picture=BARS, prompt=_("What is behind it?")),
    Section("alvor", 25, where_some("by_severity", Topic.PRIVACY), picture=BARS),
    Section("plikter", 32, told(duties.PRIVACY), prompt=_("Why was something told late?")),
    Section("tid", 40, where_some("times", Topic.PRIVACY), measured="median", apart=True),
    Section("apne", 50, figures("open_by_age", Topic.PRIVACY), picture=BARS),
    Section(
        "avtaler",
        60,
        title=_("Agreements, access and training"),
        prompt=_("Agreements with suppliers, who has access to what, training, the record of processing."),
    ),
    NEXT,
)
register_section(
    COUNCIL,
    SUMMARY,
    Section(
        "innhold",
        5,
        title=_("What internal control consists of"),
        prompt=_("Tasks, goals and organisation, routines, and how deviations and risk are followed up (§ 25-1)."),
    ),
    months(),
    Section("sektorer", 15, below("below"), picture=BARS, apart=True, prompt=_("What do the differences mean?")),
    Section("type", 18, where_some("by_kind"), picture=BARS),
    Section("alvor", 25, where_some("by_severity"), picture=BARS),
    Section("tall", 28, yearly_figures),
    CAUSES,
    TIMES,
    LIMITS,
    HELPED,
    OPEN,
    Section("plikter", 54, told()),
    Section(
        "tilsyn",
        70,
        title=_("State supervision and revision"),
        prompt=_("Which supervision there was, what was found, and how far it is put right (§ 25-2)."),
    ),
    Section(
        "vurdering",
        90,
        title=_("The chief executive’s assessment"),
        prompt=_("Is internal control good enough? What worries, and what is good?"),
    ),
    NEXT,
)
register_section(
    CONDITIONS,
    SUMMARY,
    Section("navn", 10, figures("by_naming"), picture=BARS, prompt=_("Do people dare to say who they are?")),
    Section("nesten", 20, figures("near_misses"), picture=BARS),
    Section("enheter", 25, below("below"), picture=BARS, apart=True, prompt=_("Where is it quiet, and why?")),
    TIMES,
    Section("tid-enheter", 41, below("times_below"), told=True),
    LIMITS,
    HELPED,
    NEXT,
)
register_section(COSTS, SUMMARY, Section("kostnad", 10, costs, prompt=_("What did the time give back?")), NEXT)
