"""What documents that are alike are found by."""

from __future__ import annotations

from django.db import models

from documents.models.document import Document


class Fingerprint(models.Model):
    """A few numbers that tell what a document in force says: two that share many of them say much the same.

    Written by ``documents.likeness`` in the transaction that brings the document into force.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    level_0 = models.BigIntegerField()  # the municipality: documents of two are never held against each other
    mark = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "mark"], name="fingerprint_once")]
        indexes = [models.Index(fields=["level_0", "mark"], name="fingerprint_mark")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.mark}"
