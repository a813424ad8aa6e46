"""Procedures and the other documents everyone works by."""

from __future__ import annotations

from typing import Self

from django.db import models

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import TreeQuerySet, UnitScoped, User


class DocumentQuerySet(TreeQuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(level_0=user.municipality_id)


class Document(UnitScoped, Journaled):
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)

    objects = DocumentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title
