"""What laws and standards ask, and which documents say how it is done."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from documents import laws
from documents.models.document import Document
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, User


class SourceKind(models.TextChoices):
    LAW = "law", _("Law")
    REGULATION = "regulation", _("Regulation under a law")
    STANDARD = "standard", _("Standard")
    OWN = "own", _("The municipality's own rules")


M = TypeVar("M", bound=models.Model)


class SharedQuerySet(models.QuerySet[M]):
    """Rows of the shared base (no municipality) and a municipality's own."""

    def visible_to(self, user: User) -> Self:
        return self.filter(Q(municipality=None) | Q(municipality=user.municipality_id))

    def owned_by(self, municipality_id: int) -> Self:
        return self.filter(municipality=municipality_id)

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class SourceQuerySet(SharedQuerySet["Source"]):
    pass


class RequirementQuerySet(SharedQuerySet["Requirement"]):
    pass


class Source(Journaled):
    """A law, a regulation or a standard. Those of the shared base are kept with the product (``law_register``)."""

    comes_with_product = True

    municipality = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"parent": None}
    )
    short = models.CharField(_("short name"), max_length=80)
    title = models.CharField(_("name, bokmål"), max_length=250)
    title_nn = models.CharField(_("name, nynorsk"), max_length=250, blank=True)
    names = models.CharField(_("other names"), max_length=250, blank=True)  # with commas between
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind.choices, default=SourceKind.OWN)
    address = models.URLField(_("web address"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["short"], condition=Q(municipality=None), name="source_once_in_the_shared_base"
            ),
            models.UniqueConstraint(
                fields=["municipality", "short"],
                condition=Q(municipality__isnull=False),
                name="source_once_a_municipality",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (get_language() == "nn" and self.title_nn) or self.title

    @property
    def plain_label(self) -> str:
        """The name as a text says it: ``laws.references_in`` knows it again."""
        return laws.plain_title(self.label)

    @property
    def is_shared(self) -> bool:
        return self.municipality_id is None

    def address_of(self, place: str) -> str:
        return laws.address_of(self.address, place)


class Requirement(Journaled):
    """One thing a source asks, in our own words: what a document can cover."""

    comes_with_product = True

    municipality = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"parent": None}
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="requirements", verbose_name=_("law or standard"))
    place = models.CharField(_("place in it"), max_length=60)  # "§ 25-1 bokstav c"
    place_key = models.CharField(max_length=60, editable=False)  # what places are compared by: laws.key_of
    text = models.CharField(_("what it asks"), max_length=500)
    text_nn = models.CharField(_("what it asks, nynorsk"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "place_key"],
                condition=Q(municipality=None),
                name="requirement_once_in_the_shared_base",
            ),
            models.UniqueConstraint(
                fields=["municipality", "source", "place_key"],
                condition=Q(municipality__isnull=False),
                name="requirement_once_a_municipality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.plain_label} {self.place}"

    @property
    def label(self) -> str:
        return (get_language() == "nn" and self.text_nn) or self.text

    @property
    def address(self) -> str:
        return self.source.address_of(self.place)


class LegalBasis(models.Model):
    """What a document rests on: a place in a source, and the requirement there that it covers, where one is listed."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="bases")
    source = models.ForeignKey(Source, models.PROTECT, related_name="bases")
    place = models.CharField(max_length=60, blank=True)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, related_name="bases")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "source", "place"], name="legal_basis_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source.plain_label} {self.place}".strip()

    @property
    def address(self) -> str:
        return self.source.address_of(self.place)
