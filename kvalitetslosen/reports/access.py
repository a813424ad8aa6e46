"""Who may do what with ready reports. Which a person sees at all is ``Report.objects.visible_to``."""

from __future__ import annotations

from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.reports.lifecycle import REPORT, Part
from kvalitetslosen.reports.models import SHARED_WITH, Report
from kvalitetslosen.reports.registry import kinds_of


def has_page(user: User) -> bool:
    """Whether the page of ready reports is for the person: those who have some, and those they are shared with."""
    return user.standing.has(*SHARED_WITH)


def may_schedule(user: User) -> bool:
    return bool(kinds_of(user)) and user.standing.has(Role.LEADER, Role.QUALITY_CONTACT, Role.DPO)


def parts_in(report: Report, user: User) -> frozenset[Part]:
    kind = report.of_kind
    return frozenset({Part.WRITER}) if kind is not None and kind.writes(user, report.unit) else frozenset()


def steps_of(report: Report, user: User) -> dict[str, Step]:
    return {step.name: step for step in REPORT.available(report.state, parts_in(report, user))}


def may_add(report: Report, user: User) -> bool:
    """Whether the person may put figures in: whoever writes it and has the cases behind them."""
    kind = report.of_kind
    return kind is not None and kind.writes(user, report.unit) and not kind.protects(user, report.unit)


def reads_in_full(report: Report, user: User) -> bool:
    """Whether the person has the cases behind the figures anyway: small numbers are kept from all others."""
    return Part.WRITER in parts_in(report, user)
