"""Which documents a text links to, and which of its links lead nowhere."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from documents.lifecycle import State
from documents.models.document import Document, Version, answered_for
from kvalitetslosen.organisation.models import User


class Fault(models.TextChoices):
    """Why a link leads nowhere, as far as the text alone or the document it leads to can tell."""

    GONE = "gone"  # to a document that isn't here
    PART = "part"  # to a heading that the document no longer has
    ANCHOR = "anchor"  # to a heading that the text no longer has
    ADDRESS = "address"  # to something that is no address


class DocumentLinkQuerySet(models.QuerySet["DocumentLink"]):
    def of_what_applies(self) -> Self:
        return self.filter(version__state=State.IN_FORCE)

    def broken(self) -> Self:
        """Those with a fault, and those to documents of which nothing is in force."""
        there = Version.objects.in_force().filter(document=OuterRef("target"))
        return self.filter(~Q(fault="") | Q(target__isnull=False) & ~Exists(there))

    def answered_for_by(self, user: User) -> Self:
        """Links in the documents a person owns or answers for."""
        mine = Q(version__document__owner=user) | answered_for(user, "version__document__")
        return self.filter(mine, version__document__level_0=user.municipality_id)


class DocumentLink(models.Model):
    """One link of one version: each to another document, and of the others those that lead nowhere.

    Written by ``documents.links.keep`` whenever the text of a version is.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="links")
    target = models.ForeignKey(Document, models.CASCADE, null=True, related_name="links_here", db_index=False)
    part = models.CharField(max_length=80, blank=True)  # the anchor of a heading of the target
    address = models.CharField(max_length=300, blank=True)  # of what isn't a document
    words = models.CharField(max_length=200, blank=True)  # that are linked; none where the title is shown
    fault = models.CharField(max_length=7, choices=Fault.choices, blank=True)

    objects = DocumentLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(fault=""), name="document_link_leads_or_is_broken"
            ),
        ]
        indexes = [
            models.Index(fields=["target"], name="document_link_target", condition=Q(target__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.words or self.address
