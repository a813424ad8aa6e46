"""Files that belong to something: a case, a procedure, an action."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.files import store
from kvalitetslosen.files.kinds import KINDS, PDF, Kind

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User


NO_PREVIEW = (0, 0)
"""Width and height of what was tried and can't be drawn."""


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, owner: models.Model) -> Self:
        """The owner's files in the order they came. Who may see the owner may see them."""
        return self.owned_by(ContentType.objects.get_for_model(owner).pk, owner.pk)

    def owned_by(self, owner_type: int, owner_id: int) -> Self:
        return self.filter(owner_type=owner_type, owner_id=owner_id).order_by("pk")

    def waiting_for_preview(self) -> Self:
        """PDFs nobody has tried to draw."""
        return self.filter(content_type=PDF.content_type, width=None)

    def by_owner(self, owners: Collection[models.Model]) -> dict[int, list[Attachment]]:
        """The files of all rows of one model on a page, in one query, by the id of the owner."""
        found: defaultdict[int, list[Attachment]] = defaultdict(list)
        for model in {type(owner) for owner in owners}:
            ids = [owner.pk for owner in owners]
            of = self.filter(owner_type=ContentType.objects.get_for_model(model), owner_id__in=ids)
            for attachment in of.order_by("pk"):
                found[attachment.owner_id].append(attachment)
        return found


FILES = Prepared(lambda **owner: AttachmentQuerySet(Attachment).owned_by(**owner), owner_type=int, owner_id=int)


def files_of(owner: models.Model) -> list[Attachment]:
    """The owner's files in the order they came. Who may see the owner may see them."""
    return FILES(owner_type=ContentType.objects.get_for_model(owner).pk, owner_id=owner.pk)


class Attachment(models.Model):
    """One file. It has no rights of its own: whoever its owner is visible to may have it (``is_visible_to``)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    owner_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=100)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=32, db_index=True)  # several rows may tell of the same bytes
    width = models.PositiveSmallIntegerField(null=True, blank=True)
    height = models.PositiveSmallIntegerField(null=True, blank=True)
    # Empty where the sender's name is hidden: nothing here may tell it.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)

    remove_url: str = ""  # filled in by the owner's page for readers who may remove its files
    door: str = ""  # filled in where files are handed out at another address than usual, for those without a log-in

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(width=None, height=None) | Q(width__isnull=False, height__isnull=False),
                name="attachment_both_sides_or_none",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_type", "owner_id"], name="attachment_owner"),
            models.Index(
                fields=["id"], name="attachment_to_draw", condition=Q(content_type=PDF.content_type, width=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:file", args=[self.key])

    @property
    def url(self) -> str:
        return f"{self.door}{self.key}/" if self.door else self.get_absolute_url()

    @property
    def thumbnail_url(self) -> str:
        """Empty for what nothing can be shown of."""
        if self.door and self.has_preview:
            return f"{self.door}{self.key}/liten/"
        return reverse("files:thumbnail", args=[self.key]) if self.has_preview else ""

    @property
    def kind(self) -> Kind:
        return KINDS[self.content_type]

    @property
    def is_picture(self) -> bool:
        return self.kind.is_picture

    @property
    def has_preview(self) -> bool:
        """A picture, or a PDF whose first page was drawn: ``width`` and ``height`` are those of what can be seen."""
        return bool(self.width)

    @property
    def thumbnail_size(self) -> tuple[int, int]:
        """Width and height a picture is shown with in a list, in CSS pixels: so that the page doesn't jump."""
        if not self.width or not self.height:
            return 0, 0
        scale = min(1, SHOWN_SIDE / max(self.width, self.height))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    def is_visible_to(self, user: User) -> bool:
        """The owner's own rule decides, whatever the owner is.

        Never here where the owner hands its files out itself (``files_by_own_door``), because each look is kept there.
        """
        model: Any = self.owner_type.model_class()
        if model is None or getattr(model, "files_by_own_door", False):
            return False
        return bool(model.objects.visible_to(user).filter(pk=self.owner_id).exists())

    def open(self) -> BinaryIO:
        """The bytes. Raises ``FileNotFoundError``."""
        return store.open_stored(self.stored_as)

    def open_thumbnail(self) -> BinaryIO:
        return store.open_stored(self.stored_as + store.SMALL)


SHOWN_SIDE = 160
