"""The words a case is described with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    DEVIATION = "deviation", _("Deviation")
    NEAR_MISS = "near_miss", _("Near miss")
    RISK = "risk", _("Risk")
    PROPOSAL = "proposal", _("Improvement proposal")
    GOOD_PRACTICE = "good_practice", _("Good practice")


class Topic(models.TextChoices):
    """What a category is about where somebody besides the leaders has a right by law to see it."""

    NONE = "", _("Ordinary")
    HSE = "hse", _("Health, safety and environment of employees")
    PRIVACY = "privacy", _("Privacy")


class When(models.TextChoices):
    NOW = "now", _("Now")
    TODAY = "today", _("Earlier today")
    SHIFT = "shift", _("During this shift")
    DATE = "date", _("On a date")
    UNKNOWN = "unknown", _("Don't know")


class Harm(models.TextChoices):
    NONE = "none", _("No harm")
    MILD = "mild", _("Mild harm")
    SERIOUS = "serious", _("Serious harm")
    UNKNOWN = "unknown", _("Don't know")


class Severity(models.TextChoices):
    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Naming(models.TextChoices):
    NAMED = "named", _("With name")
    SEALED = "sealed", _("Name hidden")
    ANONYMOUS = "anonymous", _("Anonymous")


class Source(models.TextChoices):
    INSIDE = "", _("From those who work here")
    OUTSIDE = "outside", _("From outside")
    ELSEWHERE = "elsewhere", _("From another system")
    AUDIT = "audit", _("From an internal audit")


SERIOUS = (Severity.HIGH, Severity.CRITICAL)


def severity_of(consequence: int, probability: int) -> Severity:
    """The class of the 5×5 matrix: 1–4 low, 5–9 moderate, 10–14 high, 15–25 critical; consequence 5 at least high."""
    score = consequence * probability
    if score >= 15:
        return Severity.CRITICAL
    if score >= 10 or consequence == 5:
        return Severity.HIGH
    return Severity.MODERATE if score >= 5 else Severity.LOW
