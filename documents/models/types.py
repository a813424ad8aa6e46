"""What kinds of document a municipality has, and what it asks of each."""

from __future__ import annotations

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, User

MOST_LETTERS = 4


class Kind(models.TextChoices):
    """The kinds every municipality knows: what its own types stand on, and what numbers from elsewhere can compare."""

    POLICY = "policy", _("Policy")
    REGULATION = "regulation", _("Regulation")
    PLAN = "plan", _("Plan")
    CONTINGENCY_PLAN = "contingency_plan", _("Contingency plan")
    PROCEDURE = "procedure", _("Procedure")
    ROUTINE = "routine", _("Routine")
    GUIDELINE = "guideline", _("Guideline")
    INSTRUCTION = "instruction", _("Instruction")
    CHECKLIST = "checklist", _("Checklist")
    FORM = "form", _("Form")
    TEMPLATE = "template", _("Template")
    ACTION_CARD = "action_card", _("Action card")
    GUIDE = "guide", _("Guidance document")
    RISK_ASSESSMENT = "risk_assessment", _("Risk assessment")


class DocumentTypeQuerySet(models.QuerySet["DocumentType"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality=user.municipality_id)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class DocumentType(Journaled):
    """A kind of document in a municipality: one of the shared kinds, or its own.

    What is decided here holds for what is begun from now on; a document in force keeps its number and interval.
    """

    comes_with_product = True  # a municipality that was there before types were had the shared ones laid for it

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    base = models.CharField(max_length=20, choices=Kind.choices, blank=True, default="", editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True, default="", db_collation="nb")
    letters = models.CharField(
        max_length=MOST_LETTERS,
        validators=[RegexValidator(r"\A[A-ZÆØÅ]+\Z", _("Write one to four capital letters."))],
    )
    with_unit_code = models.BooleanField(default=False)
    template = models.TextField(blank=True, default="")  # clean HTML
    review_months = models.PositiveSmallIntegerField(_("months between reviews"), default=24)
    asks_hearing = models.BooleanField(default=False)
    asks_approval = models.BooleanField(default=True)
    asks_reading = models.BooleanField(_("is to be read and confirmed"), default=False)
    required = models.JSONField(default=list, blank=True)  # names in documents.required
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = DocumentTypeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "base"], condition=~Q(base=""), name="document_type_once_a_kind"
            ),
            models.UniqueConstraint(
                fields=["municipality", "name"], condition=~Q(name=""), name="document_type_name_once"
            ),
            models.CheckConstraint(condition=~Q(base="") | ~Q(name=""), name="document_type_has_a_name"),
            models.CheckConstraint(
                condition=Q(review_months__range=(1, 120)), name="document_type_review_within_ten_years"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The municipality's own name for it; else the shared kind's, in the reader's language."""
        return self.name or str(Kind(self.base).label)

    @property
    def review_rhythm(self) -> str:
        """How often its documents are reviewed, in years where they are whole: «reviewed every fourth year»."""
        years, rest = divmod(self.review_months, 12)
        in_years = (
            gettext("reviewed every year"), gettext("reviewed every other year"), gettext("reviewed every third year"),
            gettext("reviewed every fourth year"), gettext("reviewed every fifth year"),
        )  # fmt: skip
        if not rest and 1 <= years <= len(in_years):
            return in_years[years - 1]
        months = self.review_months
        return ngettext("reviewed every month", "reviewed every %(months)s months", months) % {"months": months}

    @property
    def slug(self) -> str:
        """What addresses and forms call it: the shared kind, the same in every municipality, or its own number."""
        return self.base or str(self.pk)
