"""What the page of a case asks about risk, within the case's own question."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from improvement.models import HazardCase, RiskAnalysis
from improvement.risk_lifecycle import RiskState
from kvalitetslosen.organisation.models import LEVELS


def points_to_risk() -> Exists:
    """Asked within the case's own question: whether it points to any hazard."""
    return Exists(HazardCase.objects.filter(deviation=OuterRef("pk")))


def risk_applies() -> Exists:
    """Whether any analysis applies where the case is handled, or above."""
    line = Q()
    for level in LEVELS:
        line |= Q(unit=OuterRef(level))
    return Exists(RiskAnalysis.objects.filter(line, state=RiskState.APPLIES, level_0=OuterRef("level_0")))
