"""What readers say of a document: that a point is wrong or unclear, what could be better, and praise."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.lifecycle import COMMENT_LIFECYCLE, CommentState
from documents.models.document import Document, Version, answered_for
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import User


class CommentKind(models.TextChoices):
    WRONG = "wrong", _("Something is wrong")
    UNCLEAR = "unclear", _("Something is unclear")
    PROPOSAL = "proposal", _("A proposal")
    PRAISE = "praise", _("Praise")


class CommentQuerySet(models.QuerySet["Comment"]):
    def unanswered(self) -> Self:
        return self.filter(state=CommentState.SENT)

    def accepted(self) -> Self:
        """What the next version is to deal with."""
        return self.filter(state=CommentState.ACCEPTED)

    def visible_to(self, user: User) -> Self:
        """To whoever wrote it, the document's owner, and those who answer for the unit; never to colleagues."""
        return self.filter(
            Q(author=user) | Q(document__owner=user) | answered_for(user, "document__"),
            document__level_0=user.municipality_id,
        )

    def to_answer(self, user: User) -> Self:
        """What waits for the person's answer: of the documents in force that they own."""
        return self.unanswered().filter(
            document__owner=user,
            document__level_0=user.municipality_id,
            document__in=Version.objects.in_force().values("document"),
        )


class Comment(Moving):
    """One thing a reader says, about one heading or the whole document. The owner answers, and the reader hears."""

    lifecycle: ClassVar[Lifecycle] = COMMENT_LIFECYCLE

    document = models.ForeignKey(Document, models.PROTECT, related_name="comments")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)  # what they read
    heading = models.CharField(_("about"), max_length=300, blank=True)  # as it was worded; empty: the whole document
    kind = models.CharField(_("kind"), max_length=10, choices=CommentKind.choices)
    text = models.TextField(_("text"))
    state = models.CharField(_("status"), max_length=10, choices=CommentState.choices, default=CommentState.SENT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    # The version that dealt with it.
    settled_in = models.ForeignKey(Version, models.PROTECT, null=True, related_name="settled", db_index=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[CommentState.SENT, CommentState.WITHDRAWN], answered_at=None, answered_by=None)
                | Q(
                    state__in=[CommentState.ACCEPTED, CommentState.DECLINED, CommentState.SETTLED],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="comment_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(settled_in=None) | Q(state=CommentState.SETTLED), name="comment_settled_in_a_version"
            ),
            models.CheckConstraint(
                condition=~Q(state=CommentState.DECLINED) | ~Q(answer=""), name="comment_declined_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["document", "state"], name="comment_by_state"),
            models.Index(fields=["at"], name="comment_unanswered", condition=Q(state=CommentState.SENT)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.document_id}"

    def get_absolute_url(self) -> str:
        return f"{reverse('documents:comments', args=[self.document.number])}#innspill-{self.pk}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.document.level_0

    @property
    def is_praise(self) -> bool:
        return self.kind == CommentKind.PRAISE
