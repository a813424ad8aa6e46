"""Who may do what with an internal audit. Which a person sees at all is ``visible_to``."""

from __future__ import annotations

from django.utils import timezone

from improvement.audit_lifecycle import AUDIT, AUDITORS, AUDITORS_WORK, AuditPart
from improvement.models import Audit
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import Role, User


def parts_in_audit(audit: Audit, user: User) -> frozenset[AuditPart]:
    """What the person is to the audit; nothing is a colleague, who reads the result once it is final."""
    standing = user.standing
    parts = set()
    if audit.owner_id == user.pk:
        parts.add(AuditPart.LEAD)
    elif any(each.pk == user.pk for each in audit.auditors.all()):
        parts.add(AuditPart.AUDITOR)
    if standing.reaches(Role.LEADER, audit):
        parts.add(AuditPart.AUDITED)
    if standing.reaches(Role.QUALITY_CONTACT, audit):
        parts.add(AuditPart.CONTACT)
    if audit.is_hse and standing.reaches(Role.SAFETY_REP, audit):
        parts.add(AuditPart.SAFETY)
    return frozenset(parts)


def leads_it_now(parts: frozenset[AuditPart]) -> bool:
    """Whether an auditor has come to lead what is audited: they can hand it over, and audit it no more."""
    return AuditPart.AUDITED in parts and bool(parts & AUDITORS)


def audit_steps(audit: Audit, parts: frozenset[AuditPart]) -> list[Step]:
    """The buttons of the moment: what the table allows, less what waits for the leader's comment."""
    late = audit.comment_by is not None and audit.comment_by < timezone.localdate()
    pointless = set(AUDITORS_WORK) if leads_it_now(parts) else set()
    if not audit.comment:
        pointless.add("finish")
    if audit.comment or not late:
        pointless.add("finish_without")
    return [step for step in AUDIT.available(audit.state, parts) if step.name not in pointless]


def sees_answers(audit: Audit, parts: frozenset[AuditPart]) -> bool:
    """Whether the person reads what was found: the auditors as they write, the others once the report is sent."""
    return audit.is_reported or bool(parts & AUDITORS)


def may_plan_audits(user: User) -> bool:
    """Leaders and quality contacts have their units audited. No query of its own."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)
