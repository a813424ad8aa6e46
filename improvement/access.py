"""Who may do what with actions, measures, looks at the effect and improvements. Who sees which is ``visible_to``."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations import access as cases
from deviations.lifecycle import Part as CasePart
from deviations.lifecycle import State as CaseState
from deviations.models import Deviation
from documents import access as handbook
from documents.models import Document
from improvement.actions import may_share
from improvement.lifecycle import (
    EFFECT,
    INQUIRY,
    JUDGED,
    LIFECYCLE,
    MEASURE,
    WAITING,
    EffectState,
    InquiryPart,
    MeasurePart,
    Part,
    State,
)
from improvement.models import Action, EffectCheck, Improvement, Inquiry, Measure, RiskAnalysis, Strength, YearTask
from improvement.risk_lifecycle import RISK, WORKERS, RiskPart, RiskState
from improvement.seven_steps import IMPROVEMENT, Share, Stage
from improvement.year_lifecycle import YEAR_TASK, YearPart
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import Role, User

CASE_RESPONSIBLE = frozenset({CasePart.HANDLER, CasePart.LEADER})


def parts_of(action: Action, user: User) -> frozenset[Part]:
    """What the person is to the action. Who a case is about is nothing to what is done in it.

    Whoever reported a case doesn't decide over what is done in it, as a leader either; one's own action one does.
    """
    deviation = action.deviation
    if deviation is not None and deviation.about_id == user.pk:
        return frozenset()
    parts = set()
    if action.owner_id == user.pk:
        parts.add(Part.OWNER)
    if deviation is None:
        responsible = user.standing.reaches(Role.LEADER, action)
    elif cases.is_reporter(deviation, user):
        responsible = False
    else:
        responsible = (
            deviation.handler_id == user.pk
            or user.standing.reaches(Role.LEADER, action)
            or user.standing.reaches(Role.LEADER, deviation)
        )
    if responsible:
        parts.add(Part.RESPONSIBLE)
    if parts and (deviation is None or deviation.handler_id == user.pk or _sees(user, deviation)):
        parts.add(Part.INSIDER)
    return frozenset(parts)


def _sees(user: User, deviation: Deviation) -> bool:
    return Deviation.objects.visible_to(user).filter(pk=deviation.pk).exists()


def available_steps(action: Action, parts: frozenset[Part]) -> list[Step]:
    """The buttons of the moment: what the table allows, less what this action makes pointless."""
    steps = LIFECYCLE.available(action.state, parts)
    if action.goes_on or action.deviation is None or not action.deviation.is_open:
        steps = [step for step in steps if step.name != "outlive"]
    if action.shared or not may_share(action.case_behind):
        steps = [step for step in steps if step.name != "share"]
    if not action.shared:
        steps = [step for step in steps if step.name != "unshare"]
    return steps


def may_divide(action: Action, parts: frozenset[Part]) -> bool:
    """Whether the person lets others do parts of it. As for handing over: no name is tried without seeing the case."""
    return action.is_open and Part.INSIDER in parts


def may_plan_in(deviation: Deviation, user: User) -> bool:
    """Whoever handles the case, and the leaders in its line."""
    return bool(cases.parts_of(deviation, user) & CASE_RESPONSIBLE)


def may_plan(user: User) -> bool:
    """Leaders plan actions in their units without any case, too."""
    return user.standing.has(Role.LEADER)


def only_weak(rows: Iterable[Action]) -> bool:
    """Whether all that is done about it depends on people remembering: a prompt to think once more, never a hindrance.

    In 227 analyses of serious events, 72 % had no strong action at all (Hibbert et al. 2018). What nobody has assessed
    says nothing.
    """
    strengths = {row.strength for row in rows if row.state != State.CANCELLED}
    return strengths == {Strength.WEAK}


def unfinished(deviation: Deviation) -> str | None:
    """Why the case can't be closed yet, as far as its actions are concerned."""
    count = Action.objects.open().filter(deviation=deviation, goes_on=False).count()
    if not count:
        return None
    return ngettext(
        "An action in the case is not finished. Mark it as done, cancel it, or let it go on after the case is closed.",
        "%(n)d actions in the case are not finished. Mark them as done, cancel them, or let them go on after the "
        "case is closed.",
        count,
    ) % {"n": count}


# Measures


def parts_in_measure(measure: Measure, user: User) -> frozenset[MeasurePart]:
    """What the person is to the measure."""
    parts = set()
    if measure.owner_id == user.pk:
        parts.add(MeasurePart.OWNER)
    if user.standing.reaches(Role.LEADER, measure):
        parts.add(MeasurePart.RESPONSIBLE)
    if user.standing.reaches(Role.QUALITY_CONTACT, measure) or measure.invited.filter(pk=user.pk).exists():
        parts.add(MeasurePart.HELPER)
    return frozenset(parts)


def measure_steps(measure: Measure, parts: frozenset[MeasurePart]) -> list[Step]:
    """The buttons of the moment: what the table allows. What is counted from reports isn't entered."""
    steps = MEASURE.available(measure.state, parts)
    return steps if measure.is_collected else [step for step in steps if step.name != "enter"]


def may_measure(user: User) -> bool:
    """Leaders and quality contacts begin to measure something in their units."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


# Looks at the effect


def parts_in_check(check: EffectCheck, user: User) -> frozenset[Part]:
    """What the person is to it: by where its case is handled now. Who reported the case doesn't judge the effect.

    Of an action without a case, by its unit.
    """
    deviation = check.deviation
    if deviation is None:
        looks = {Part.OWNER, Part.INSIDER} if check.owner_id == user.pk else set()
        leads = {Part.RESPONSIBLE, Part.INSIDER} if user.standing.reaches(Role.LEADER, check) else set()
        return frozenset(looks | leads)
    if deviation.about_id == user.pk:
        return frozenset()
    parts = set()
    if check.owner_id == user.pk:
        parts.add(Part.OWNER)
    if not cases.is_reporter(deviation, user) and (
        deviation.handler_id == user.pk or user.standing.reaches(Role.LEADER, deviation)
    ):
        parts.add(Part.RESPONSIBLE)
    if parts and (deviation.handler_id == user.pk or _sees(user, deviation)):
        parts.add(Part.INSIDER)
    return frozenset(parts)


def check_steps(check: EffectCheck, parts: frozenset[Part]) -> list[Step]:
    return EFFECT.available(check.state, parts)


def may_look_at(action: Action, parts: frozenset[Part]) -> bool:
    """Whether the person plans a look at the effect of the action itself: whoever does it, and the leaders there.

    What was done about a case is looked at in the case.
    """
    return action.deviation_id is None and action.state != State.CANCELLED and bool(parts)


def unplanned(deviation: Deviation) -> str | None:
    """Why a serious case can't be closed yet: nobody has said how one will see whether it works."""
    counts = (*WAITING, EffectState.EFFECTIVE)
    if EffectCheck.objects.filter(deviation=deviation, state__in=counts).exists():
        return None
    return _("The case is serious. Plan first, on its page, how and when you look at whether it worked.")


def not_tried_anew(deviation: Deviation) -> str | None:
    """Why the case can't be closed yet: what was done did not work, and nothing else has been planned since."""
    judged = EffectCheck.objects.filter(deviation=deviation, state__in=JUDGED).order_by("-judged_at").first()
    if judged is None or judged.state == EffectState.EFFECTIVE:
        return None
    since = Action.objects.filter(deviation=deviation, created_at__gte=judged.judged_at)
    if since.exclude(state=State.CANCELLED).exists():
        return None
    return _("What was done did not work. Look at the cause again, and plan another action first.")


# Questions between leaders


def inquiry_steps(inquiry: Inquiry, user: User) -> list[Step]:
    """What is open to the two at the moment; whoever leads above reads only."""
    parts = set()
    if inquiry.asker_id == user.pk:
        parts.add(InquiryPart.ASKER)
    if inquiry.asked_id == user.pk:
        parts.add(InquiryPart.ASKED)
    return INQUIRY.available(inquiry.state, parts)


# Improvements


def parts_in_improvement(improvement: Improvement, user: User) -> frozenset[Share]:
    """What the person is to the improvement."""
    parts = set()
    if improvement.owner_id == user.pk:
        parts.add(Share.OWNER)
    if user.standing.reaches(Role.LEADER, improvement):
        parts.add(Share.RESPONSIBLE)
    if user.standing.reaches(Role.QUALITY_CONTACT, improvement) or improvement.invited.filter(pk=user.pk).exists():
        parts.add(Share.TEAM)
    return frozenset(parts)


def improvement_steps(improvement: Improvement, parts: frozenset[Share]) -> list[Step]:
    """The buttons of the moment: what the table allows, less what the step before hasn't come to yet."""
    pointless = set()
    if improvement.state == Stage.SOLUTIONS and not improvement.solutions.exists():
        pointless.add("weigh_up")
    if improvement.state == Stage.TRY:
        trials = list(improvement.trials.all())
        runs = any(trial.is_running for trial in trials)
        pointless.add("plan_trial" if runs else "study_trial")
        if runs or not trials:
            pointless.add("follow_up")
    if improvement.has_draft and not improvement.is_in_force:
        pointless.add("finish")
    return [step for step in IMPROVEMENT.available(improvement.state, parts) if step.name not in pointless]


def may_improve(user: User) -> bool:
    """Leaders and quality contacts begin to improve something in their units."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


def may_take_up(deviation: Deviation, parts: frozenset[CasePart]) -> bool:
    """Whether the case can become part of an improvement: by those who see all of it, and never one about a leader.

    On a board it would tell of the leader; who wants to improve what lies behind begins in their own words.
    """
    if deviation.about_id is not None or deviation.state == CaseState.MERGED:
        return False
    return bool(parts & (CASE_RESPONSIBLE | {CasePart.QUALITY}))


def documents_to_change(user: User) -> QuerySet[Document]:
    """The documents of which the person may begin a new version: those they own, and those of the units they lead."""
    return Document.objects.filter(
        Q(owner=user) | user.standing.over(Role.LEADER), level_0=user.municipality_id
    ).order_by("title", "pk")


def may_write_anew(improvement: Improvement, user: User) -> bool:
    """Whether the person may make a new document for the improvement's unit."""
    return handbook.may_begin(user) and handbook.units_to_write_for(user).filter(pk=improvement.unit_id).exists()


# The year wheel


def year_steps(task: YearTask, user: User) -> list[Step]:
    """What is open to the person at the moment."""
    parts = set()
    if task.owner_id == user.pk:
        parts.add(YearPart.OWNER)
    if user.standing.reaches(Role.LEADER, task) or user.standing.reaches(Role.QUALITY_CONTACT, task):
        parts.add(YearPart.RESPONSIBLE)
    return YEAR_TASK.available(task.state, parts)


def may_plan_year(user: User) -> bool:
    """Leaders plan the year of their units, quality contacts of theirs. No query of its own."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


# Risk analyses


def parts_in_risk(analysis: RiskAnalysis, user: User) -> frozenset[RiskPart]:
    """What the person is to the analysis; nothing is a colleague, who reads it without the cases."""
    standing = user.standing
    parts = set()
    if analysis.owner_id == user.pk:
        parts.add(RiskPart.OWNER)
    if standing.reaches(Role.LEADER, analysis):
        parts.add(RiskPart.RESPONSIBLE)
    if standing.reaches(Role.QUALITY_CONTACT, analysis):
        parts.add(RiskPart.CONTACT)
    if standing.reaches(Role.SAFETY_REP, analysis):
        parts.add(RiskPart.SAFETY)
    return frozenset(parts)


def risk_steps(analysis: RiskAnalysis, parts: frozenset[RiskPart]) -> list[Step]:
    """The buttons of the moment: what the table allows; without a hazard there is nothing to let apply."""
    steps = RISK.available(analysis.state, parts)
    if analysis.state == RiskState.DRAFT and not analysis.hazards.all():
        steps = [step for step in steps if step.name != "put_in_force"]
    return steps


def may_analyse_risk(user: User) -> bool:
    """Leaders and quality contacts begin to analyse the risk in their units."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


def may_plan_against(analysis: RiskAnalysis, user: User) -> bool:
    """Those who work on the analysis plan what is done against its hazards."""
    return analysis.is_current and bool(parts_in_risk(analysis, user) & WORKERS)


def may_point(deviation: Deviation, parts: frozenset[CasePart]) -> bool:
    """Whether the case can point to a hazard: said by whoever handles it, and never of a case about a leader."""
    if deviation.about_id is not None or deviation.state in (CaseState.MERGED, CaseState.NOT_DEVIATION):
        return False
    return bool(parts & CASE_RESPONSIBLE)
