"""The life of a risk analysis: its states and the table of steps between them. Data only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class RiskState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a risk analysis", "Being made")
    APPLIES = "applies", pgettext_lazy("a risk analysis", "Applies")
    WITHDRAWN = "withdrawn", pgettext_lazy("a risk analysis", "Withdrawn")


class RiskPart(models.TextChoices):
    """What a person is to one analysis."""

    OWNER = "owner", _("owner")
    RESPONSIBLE = "responsible", _("leader in line")
    CONTACT = "contact", _("quality contact")
    SAFETY = "safety", _("safety representative of the area, who reads")


CURRENT = (RiskState.DRAFT, RiskState.APPLIES)
_ANSWERS = frozenset({RiskPart.OWNER, RiskPart.RESPONSIBLE})
WORKERS = _ANSWERS | {RiskPart.CONTACT}
_DRAFT = frozenset({str(RiskState.DRAFT)})
_APPLIES = frozenset({str(RiskState.APPLIES)})
_CURRENT = _DRAFT | _APPLIES

RISK = Lifecycle(
    start=RiskState.DRAFT,
    secret=frozenset({"title", "about"}),
    steps=(
        Step(
            name="add_hazard",
            sources=_CURRENT,
            target=None,
            parts=WORKERS,
            label=_("Add a hazard"),
            event="improvement.hazard_added",
        ),
        Step(
            name="assess",
            sources=_CURRENT,
            target=None,
            parts=WORKERS,
            label=_("Change the hazard"),
            event="improvement.hazard_assessed",
        ),
        Step(
            name="decide",
            sources=_CURRENT,
            target=None,
            parts=_ANSWERS,
            label=_("Accept it, or not"),
            event="improvement.hazard_decided",
        ),
        Step(
            # What has applied stays in its place: actions and cases point to it.
            name="take_away",
            sources=_DRAFT,
            target=None,
            parts=WORKERS,
            label=_("Take the hazard away"),
            event="improvement.hazard_taken_away",
        ),
        Step(
            name="put_in_force",
            sources=_DRAFT,
            target=RiskState.APPLIES,
            parts=_ANSWERS,
            label=_("Let it apply"),
            event="improvement.risk_applies",
            needs=frozenset({"review_on"}),
        ),
        Step(
            name="confirm",
            sources=_APPLIES,
            target=None,
            parts=_ANSWERS,
            label=_("Reviewed, nothing changed"),
            event="improvement.risk_confirmed",
            needs=frozenset({"review_on"}),
            note=Note.OPTIONAL,
            note_label=_("A note"),
        ),
        Step(
            name="revise",
            sources=_APPLIES,
            target=None,
            parts=_ANSWERS,
            label=_("Reviewed, with changes"),
            event="improvement.risk_revised",
            needs=frozenset({"review_on"}),
            note=Note.REQUIRED,
            note_label=_("What has changed?"),
        ),
        Step(
            name="rewrite",
            sources=_CURRENT,
            target=None,
            parts=WORKERS,
            label=_("Change what it covers"),
            event="improvement.risk_rewritten",
            needs=frozenset({"title"}),
        ),
        Step(
            name="hand_over",
            sources=_CURRENT,
            target=None,
            parts=_ANSWERS,
            label=_("Give to somebody else"),
            event="improvement.risk_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=_CURRENT,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.risk_inherited",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="withdraw",
            sources=_CURRENT,
            target=RiskState.WITHDRAWN,
            parts=_ANSWERS,
            label=_("Withdraw it"),
            event="improvement.risk_withdrawn",
            note=Note.REQUIRED,
            note_label=_("Why does it apply no more, or which one replaces it?"),
        ),
    ),
)
"""Made, applies, withdrawn. A review leaves it where it is, with a note and a new date."""
