"""The life of an internal audit: its states and the table of steps between them. Data only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class AuditState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("an audit", "Planned")
    UNDER_WAY = "under_way", pgettext_lazy("an audit", "Under way")
    SENT = "sent", pgettext_lazy("an audit", "Report sent")
    FINAL = "final", pgettext_lazy("an audit", "Final")
    CANCELLED = "cancelled", pgettext_lazy("an audit", "Cancelled")


class AuditPart(models.TextChoices):
    """What a person is to one audit."""

    LEAD = "lead", _("who leads the audit")
    AUDITOR = "auditor", _("auditor")
    AUDITED = "audited", _("leader of the audited unit, or above")
    CONTACT = "contact", _("quality contact")
    SAFETY = "safety", _("safety representative of the area, who reads")


CURRENT = (AuditState.PLANNED, AuditState.UNDER_WAY, AuditState.SENT)
REPORTED = (AuditState.SENT, AuditState.FINAL)
"""From then on others than the auditors read what was found."""
AUDITORS = frozenset({AuditPart.LEAD, AuditPart.AUDITOR})
AUDITORS_WORK = frozenset(
    {"prepare", "strike", "begin", "answer", "write", "send", "take_back", "finish", "finish_without"}
)
"""What nobody does where they lead. A finding is reported all the same, so that it isn't lost."""
_ANSWERS = frozenset({AuditPart.LEAD, AuditPart.CONTACT})
_LEAD = frozenset({AuditPart.LEAD})
_PLANNED = frozenset({str(AuditState.PLANNED)})
_UNDER_WAY = frozenset({str(AuditState.UNDER_WAY)})
_SENT = frozenset({str(AuditState.SENT)})
_OPEN = _PLANNED | _UNDER_WAY
_CURRENT = _OPEN | _SENT

AUDIT = Lifecycle(
    start=AuditState.PLANNED,
    secret=frozenset({"title", "about", "looked_at", "summary", "strengths", "comment"}),
    steps=(
        Step(
            name="prepare",
            sources=_OPEN,
            target=None,
            parts=AUDITORS,
            label=_("Add to the checklist"),
            event="improvement.audit_prepared",
        ),
        Step(
            name="strike",
            sources=_OPEN,
            target=None,
            parts=AUDITORS,
            label=_("Take it off the checklist"),
            event="improvement.audit_point_taken_off",
        ),
        Step(
            name="begin",
            sources=_PLANNED,
            target=AuditState.UNDER_WAY,
            parts=AUDITORS,
            label=_("Begin the audit"),
            event="improvement.audit_begun",
        ),
        Step(
            name="answer",
            sources=_UNDER_WAY,
            target=None,
            parts=AUDITORS,
            label=_("Save the answer"),
            event="improvement.audit_answered",
        ),
        Step(
            name="report_finding",
            sources=_UNDER_WAY | _SENT,
            target=None,
            parts=AUDITORS,
            label=_("Report it"),
            event="improvement.audit_finding_reported",
        ),
        Step(
            name="write",
            sources=_UNDER_WAY,
            target=None,
            parts=AUDITORS,
            label=_("Write the report"),
            event="improvement.audit_written",
        ),
        Step(
            name="send",
            sources=_UNDER_WAY,
            target=AuditState.SENT,
            parts=_LEAD,
            label=_("Send the report to the leader"),
            event="improvement.audit_sent",
            needs=frozenset({"summary", "comment_by"}),
        ),
        Step(
            name="comment",
            sources=_SENT,
            target=None,
            parts=frozenset({AuditPart.AUDITED}),
            label=_("Comment on the report"),
            event="improvement.audit_commented",
            needs=frozenset({"comment"}),
        ),
        Step(
            name="take_back",
            sources=_SENT,
            target=AuditState.UNDER_WAY,
            parts=_LEAD,
            label=_("Take the report back"),
            event="improvement.audit_taken_back",
            note=Note.REQUIRED,
            note_label=_("What is to be put right?"),
        ),
        Step(
            name="finish",
            sources=_SENT,
            target=AuditState.FINAL,
            parts=_ANSWERS,
            label=_("Approve the report"),
            event="improvement.audit_final",
            needs=frozenset({"comment"}),
        ),
        Step(
            # The leader had their time, and nothing came.
            name="finish_without",
            sources=_SENT,
            target=AuditState.FINAL,
            parts=_ANSWERS,
            label=_("Approve it without a comment"),
            event="improvement.audit_final",
            note=Note.REQUIRED,
            note_label=_("Why is there no comment?"),
        ),
        Step(
            name="change",
            sources=_PLANNED,
            target=None,
            parts=_ANSWERS,
            label=_("Change the plan"),
            event="improvement.audit_changed",
            needs=frozenset({"title", "held_on"}),
        ),
        Step(
            name="appoint",
            sources=_OPEN,
            target=None,
            parts=_ANSWERS,
            label=_("Add an auditor"),
            event="improvement.audit_appointed",
        ),
        Step(
            name="dismiss",
            sources=_OPEN,
            target=None,
            parts=_ANSWERS,
            label=_("Take the auditor off"),
            event="improvement.audit_dismissed",
        ),
        Step(
            name="hand_over",
            sources=_CURRENT,
            target=None,
            parts=_ANSWERS,
            label=_("Give to somebody else"),
            event="improvement.audit_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=_CURRENT,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.audit_inherited",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="cancel",
            sources=_OPEN,
            target=AuditState.CANCELLED,
            parts=_ANSWERS,
            label=_("Cancel the audit"),
            event="improvement.audit_cancelled",
            note=Note.REQUIRED,
            note_label=_("Why is it not held?"),
        ),
    ),
)
"""Planned, under way, report sent to the leader who comments, final and locked."""
