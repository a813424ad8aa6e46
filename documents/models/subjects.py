"""What documents are about: a municipality's own tree of two levels."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, User


class SubjectQuerySet(models.QuerySet["Subject"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality=user.municipality_id)

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "name", "pk")


class Subject(Journaled):
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name, bokmål"), max_length=120, db_collation="nb")
    name_nn = models.CharField(_("name, nynorsk"), max_length=120, blank=True)
    name_en = models.CharField(_("name, English"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="main_subject_once", condition=Q(parent=None)
            ),
            models.UniqueConstraint(fields=["parent", "name"], name="subject_once", condition=Q(parent__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, bokmål where it has no other."""
        language = get_language() or "nb"
        return (language == "nn" and self.name_nn) or (language == "en" and self.name_en) or self.name


class SubjectOf(models.Model):
    """That a document is about a subject."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="subjects")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="documents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "subject"], name="subject_of_document_once")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.subject_id}"
