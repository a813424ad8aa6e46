"""Improvement in ready reports: what became of what was reported, and the fourteen points of a review."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deviations.duties import PRIVACY
from deviations.models import Topic
from deviations.ready_reports import CONDITIONS, COUNCIL, LEADERS, REVIEW, SAFETY, YEAR, figures, told, where_some
from deviations.report_words import many
from deviations.reports import ABOUT_LEADERS, may_read
from improvement.agendas import READY, sources
from improvement.agendas.making import Making
from improvement.filters import AREA, DONE, ENDED, LATE, PLANNED
from improvement.lifecycle import EffectState, State
from improvement.models import Action, EffectCheck, Forum, ForumKind, Improvement, Meeting, PulseRound
from improvement.pulse_results import Results
from kvalitetslosen.figures.periods import period_text
from kvalitetslosen.figures.rules import Section as Definition
from kvalitetslosen.figures.rules import defined
from kvalitetslosen.figures.rules import register_section as register_definition
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.organisation.standing import Standing
from kvalitetslosen.reports.periods import Rhythm
from kvalitetslosen.reports.registry import BARS, COLUMNS, Asked, Kind, Section, register_kind, register_section
from kvalitetslosen.ui.charts import Cell, Figures, Row

FOR_ALL = "improvement.for_all"

register_kind(
    Kind(
        REVIEW,
        gettext_lazy("Management review"),
        gettext_lazy(
            "The fourteen points, each with what the period tells. You write the assessment and the decisions."
        ),
        order=60,
        rhythm=Rhythm.YEAR,
        roles=(Role.LEADER, Role.QUALITY_CONTACT),
        readers=(Role.LEADER,),
    )
)


for _key, _title, _words in (
    ("tiltak", gettext_lazy("What came of it"), gettext_lazy(
        "Actions in the unit and below that the reader sees, by the day they were planned or done; open and late "
        "ones as they are now. Improvements by the day they were finished. Actions of a case about a leader "
        "aren’t counted."
    )),
    ("effekt", gettext_lazy("Did the actions work?"), gettext_lazy(
        "Looks at the effect in the unit and below, by the day somebody judged it; those that wait as they are now. "
        "What couldn’t be judged waits. Cases about a leader aren’t counted."
    )),
    ("gjennomgang", gettext_lazy("The points of a management review"), gettext_lazy(
        "What an agenda of the period would say: of the unit and those below, compared with as many days before. "
        "Cases about a leader aren’t counted, and fewer than three of what could point to somebody aren’t told."
    )),
    ("puls", gettext_lazy("The pulse: conditions for learning"), gettext_lazy(
        "The last pulse that closed in the period: the mean of each question, from five answers on, and nothing that "
        "subtraction could reveal."
    )),
):  # fmt: skip
    register_definition(Definition(_key, _title, _words, gettext_lazy("Ready reports"), may_read))


class ReportMaking(Making):
    """The agenda's figures for a report: of the unit's own forum where it has one, and naming what all may open."""

    @cached_property
    def members(self) -> list[User]:
        """Nobody is known to read it, so nothing is named that somebody couldn't open."""
        nobody = User(pk=0, municipality_id=self.unit.municipality_id)
        nobody.standing = Standing.of(())
        return [nobody]


def making_of(asked: Asked) -> Making:
    """An agenda of the period, of the unit's review where it holds one, else of none that ever met. It isn't kept."""

    def made() -> Making:
        forum = Forum.objects.filter(unit=asked.unit, kind=ForumKind.REVIEW, ended_at=None).order_by("pk").first()
        forum = forum or Forum(pk=0, unit=asked.unit, kind=ForumKind.REVIEW, level_0=asked.unit.municipality_id)
        last = asked.period.ends
        meeting = Meeting(forum=forum, period_first=asked.period.first, period_last=last)
        meeting.starts_at = datetime.datetime.combine(last, datetime.time(23, 59), tzinfo=datetime.UTC)
        return ReportMaking(asked.user, meeting)

    return asked.remember("improvement.making", made)


OF_CASES = frozenset({"cases", "users", "audits", "hse", "privacy", "competence", "shared", "learning"})
"""Points that say how many cases there were. Their tables leave small numbers out, and words have no columns."""


def point(source: str, heading: str, place: int) -> Callable[[Asked], Figures | None]:
    """One of the fourteen points, with what the period tells of it."""

    def make(asked: Asked) -> Figures:
        making = making_of(asked)
        found = sources().get(source)
        said = found.write(making) if found is not None else ""
        title = str(heading) or (str(found.heading) if found else "")
        return Figures(f"punkt-{place}", title, said, [], [], defined=defined("gjennomgang") if said else "")

    return make


def actions(asked: Asked) -> Figures | None:
    """Actions of the unit: done in the period, open now, late now. None of a case about a leader.

    For those alone who see the unit's: to others none would seem to be done.
    """
    if not any(asked.user.standing.reaches(role, asked.unit) for role in (Role.LEADER, Role.QUALITY_CONTACT)):
        return None
    making = making_of(asked)
    here = Action.objects.visible_to(asked.user).in_subtree(asked.unit).about_no_leader()
    page = f"{reverse('improvement:actions')}?enhet={asked.unit.pk}&uten={ABOUT_LEADERS}&visning="
    first, last = period_text(asked.period.first, asked.period.ends)
    within = f"&fra={first}&til={last}&nar="
    done = here.filter(making.within("closed_at"), state=State.DONE).count()
    still_open, late = here.open().count(), here.overdue().count()
    begun = here.filter(making.within("created_at")).count()
    finished = Improvement.objects.visible_to(asked.user).in_subtree(asked.unit)
    finished = finished.filter(making.within("finished_at"))
    rows = [
        Row(_("Actions planned in the period"), [Cell(begun, f"{page}{AREA}{within}{PLANNED}")]),
        Row(_("Actions done in the period"), [Cell(done, f"{page}{ENDED}{within}{DONE}")]),
        Row(_("Actions open now"), [Cell(still_open, f"{page}{AREA}")]),
        Row(_("Actions late now"), [Cell(late, f"{page}{LATE}")]),
        Row(_("Improvements finished in the period"), [Cell(finished.count())]),
    ]
    return Figures(
        key="tiltak",
        defined=defined("tiltak"),
        title=_("What came of it"),
        sentence=ngettext("%(n)s action was done.", "%(n)s actions were done.", done) % {"n": many(done).capitalize()}
        if done
        else _("No action was done in the period."),
        head=[_("What"), _("How many")],
        rows=rows,
    )


def effects(asked: Asked) -> Figures | None:
    """Whether it worked: what was looked at in the period."""
    making = making_of(asked)
    here = EffectCheck.objects.visible_to(asked.user).in_subtree(asked.unit).about_no_leader()
    counted = dict(here.filter(making.within("judged_at")).order_by().values_list("state").annotate(n=Count("pk")))
    judged = (EffectState.EFFECTIVE, EffectState.INEFFECTIVE)
    rows = [Row(str(state.label), [Cell(counted.get(state, 0))]) for state in judged]
    rows.append(Row(_("To be looked at now"), [Cell(here.open().count())]))
    if not any(row.cells[0].value for row in rows):
        return None
    worked, all_of = counted.get(EffectState.EFFECTIVE, 0), sum(counted.get(state, 0) for state in judged)
    return Figures(
        key="effekt",
        defined=defined("effekt"),
        title=_("Did the actions work?"),
        sentence=_("It was looked at whether actions worked: %(worked)d of %(all)d did.")
        % {"worked": worked, "all": all_of}
        if all_of
        else _("No effect was looked at in the period."),
        head=[_("What was seen"), _("How many")],
        rows=rows,
    )


def pulse(asked: Asked) -> Figures | None:
    """The last pulse that ended in the period, where the unit may be shown at all."""
    first, last = asked.period.first, asked.period.ends
    rounds = PulseRound.objects.filter(municipality=asked.unit.municipality_id).closed()
    found = rounds.filter(closes_on__gte=first, closes_on__lte=last).order_by("-opens_on").first()
    if found is None:
        return None
    results = Results(found)
    lines = results.lines(tuple(asked.unit.ancestor_ids))
    if not lines:
        return None
    return Figures(
        key="puls",
        defined=defined("puls"),
        title=_("The pulse: conditions for learning"),
        sentence=_("Quarter %(quarter)s of %(year)s: %(n)s answered.")
        % {
            "quarter": found.quarter,
            "year": found.opens_on.year,
            "n": results.totals[tuple(asked.unit.ancestor_ids)],
        },
        head=[_("Question"), _("Mean"), _("Out of")],
        rows=[Row(str(line.question), [Cell(line.mean), Cell(line.of)]) for line in lines],
        note=_("Means are shown from five answers on, and nothing that a difference would tell of fewer."),
    )


def for_all(make: Callable[[Asked], Figures | None]) -> Callable[[Asked], Figures | None]:
    """Without cases about a leader, as the points of the review count: one number of the same on one page."""

    def made(asked: Asked) -> Figures | None:
        return make(asked.remember(FOR_ALL, lambda: Asked(asked.user, asked.unit, asked.period, for_all=True)))

    return made


ACTIONS = Section("tiltak", 56, actions, picture=BARS, told=True, prompt=gettext_lazy("What made the difference?"))
EFFECTS = Section("effekt", 57, effects, picture=BARS, told=True)
PULSE = Section("puls", 58, pulse, told=True)

for name in (LEADERS, YEAR, COUNCIL):
    register_section(name, ACTIONS, EFFECTS)
register_section(SAFETY, ACTIONS)
register_section(YEAR, PULSE)
register_section(CONDITIONS, PULSE)
register_section(
    REVIEW,
    Section("sammendrag", 1, title=gettext_lazy("In short")),
    *(
        Section(
            f"punkt-{place}",
            place * 5,
            point(each.source, each.heading, place),  # type: ignore[arg-type]
            prompt=each.words,
            in_words=each.source in OF_CASES,
        )
        for place, each in enumerate(READY[ForumKind.REVIEW].points, start=1)
    ),
)
register_section(  # the figures a point stands on, right below it
    REVIEW,
    Section("maned", 21, for_all(figures("by_month")), picture=COLUMNS, line=1),
    Section("kategori", 22, for_all(where_some("by_main_category")), picture=BARS),
    Section("alvor", 23, for_all(where_some("by_severity")), picture=BARS),
    Section("tid", 24, for_all(where_some("times")), measured="median", apart=True),
    Section("arbeidsmiljo", 36, for_all(where_some("by_category", Topic.HSE)), picture=BARS),
    Section("meldeplikter", 41, for_all(told(PRIVACY))),
    replace(EFFECTS, order=46),
    replace(ACTIONS, order=47),
    replace(PULSE, order=66),
)
