"""The document and its versions."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from documents.lifecycle import LIFECYCLE, ONCE_IN_FORCE, OPEN, UNDECIDED, State
from documents.models.approval import LIVE, Answer, Approval
from documents.models.types import DocumentType
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import Role, TreeQuerySet, Unit, UnitScoped, User

if TYPE_CHECKING:
    from documents.models.intake import TakenIn


class Reach(models.TextChoices):
    UNIT = "unit", _("The unit and those below it")
    MUNICIPALITY = "municipality", _("The whole municipality")


def units_of_work(user: User) -> set[int]:
    """The units a person works in and those above them: what is made for any of these reaches the person."""
    return {pk for units in user.standing.held.values() for unit in units for pk in unit.ancestor_ids}


def reached(user: User) -> Q:
    """The documents that, once in force, are for this person."""
    return Q(level_0=user.municipality_id) & (Q(reach=Reach.MUNICIPALITY) | Q(unit__in=units_of_work(user)))


def answered_for(user: User, prefix: str = "") -> Q:
    """The documents of the units a person leads or is quality contact for."""
    return user.standing.over(Role.LEADER, prefix) | user.standing.over(Role.QUALITY_CONTACT, prefix)


class DocumentQuerySet(TreeQuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """What the person may open: what is in force and meant for them, and what they write, own or answer for.

        That one may open a document doesn't let one read all its versions: see ``VersionQuerySet.visible_to``.
        """
        versions = Version.objects.filter(document=OuterRef("pk"))
        return self.filter(
            Q(Exists(versions.in_force()), reached(user) | user.standing.over(Role.QUALITY_CONTACT))
            | Q(Exists(versions.once_in_force()), user.standing.over(Role.QUALITY_CONTACT))
            | user.standing.over(Role.LEADER)
            | Q(owner=user)
            | Q(Exists(versions.filter(Q(author=user) | Q(edited_by=user))))
            | Q(Exists(versions.shown_to_approver(user)))
            | Q(Exists(versions.open().filter(hearings__invitations__user=user))),
            level_0=user.municipality_id,
        )

    def in_force(self) -> Self:
        return self.filter(Exists(Version.objects.in_force().filter(document=OuterRef("pk"))))

    def past_review(self, on: datetime.date | None = None) -> Self:
        return self.in_force().filter(review_on__lt=on or timezone.localdate())


class Document(UnitScoped, Journaled):
    """What stays the same from version to version. The title is that of the version in force."""

    number = models.CharField(_("number"), max_length=32, editable=False)
    title = models.CharField(_("title"), max_length=200, db_collation="nb")
    type = models.ForeignKey(DocumentType, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents", verbose_name=_("owner")
    )
    reach = models.CharField(_("applies to"), max_length=12, choices=Reach.choices, default=Reach.UNIT)
    review_months = models.PositiveSmallIntegerField(_("months between reviews"), default=24)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    keywords = models.CharField(max_length=200, blank=True, default="")  # found by, beside the text
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level_0", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=Q(review_months__range=(1, 120)), name="document_review_within_ten_years"
            ),
        ]
        indexes = [
            models.Index(fields=["review_on"], name="document_review_on", condition=Q(review_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:document", args=[self.number])

    @property
    def reached_unit_id(self) -> int | None:
        """The unit in whose subtree the document applies."""
        return self.level_0 if self.reach == Reach.MUNICIPALITY else self.unit_id

    @property
    def is_past_review(self) -> bool:
        return self.review_on is not None and self.review_on < timezone.localdate()


class ReviewRules(Journaled):
    """When owners are reminded to look their documents over, in working days. One row a municipality."""

    municipality = models.OneToOneField(
        Unit, models.PROTECT, related_name="review_rules", limit_choices_to={"parent": None}
    )
    remind_days_before = models.PositiveSmallIntegerField(_("remind before the review date"), default=20)
    repeat_days = models.PositiveSmallIntegerField(_("remind again after the review date, every"), default=10)
    escalate_days = models.PositiveSmallIntegerField(_("tell the owner's leader after"), default=20)

    class Meta:
        verbose_name = _("reminders of reviews")

    def __str__(self) -> str:
        return str(self.municipality)


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self) -> Self:
        return self.filter(state=State.IN_FORCE)

    def open(self) -> Self:
        """Drafts and what waits for approval."""
        return self.filter(state__in=OPEN)

    def once_in_force(self) -> Self:
        return self.filter(state__in=ONCE_IN_FORCE)

    def shown_to_approver(self, user: User) -> Self:
        """What waits for the person's approval, or has it and waits for others or for its day."""
        asked = Approval.objects.filter(
            version=OuterRef("pk"), approver=user, state__in=[Answer.ASKED, Answer.APPROVED]
        )
        return self.filter(Exists(asked), state__in=[State.APPROVAL, State.SCHEDULED])

    def heard_by(self, user: User) -> Self:
        """What is out for hearing, to those who are asked; once it is closed, they see what was said and no more."""
        return self.filter(state=State.HEARING, hearings__closed_at=None, hearings__invitations__user=user)

    def to_approve(self, user: User) -> Self:
        """What waits for the person's approval at this moment, and nobody else can give for them."""
        asked = Approval.objects.asked_of(user).filter(version=OuterRef("pk"))
        return self.filter(Exists(asked), state=State.APPROVAL)

    def with_approvals(self) -> Self:
        """With who is asked to approve it: one query more, however many versions."""
        return self.prefetch_related(_approvals())

    def visible_to(self, user: User) -> Self:
        """The version in force to whom it reaches; drafts and old ones to those who answer for them."""
        here = Q(document__level_0=user.municipality_id)
        mine = Q(author=user) | Q(edited_by=user) | Q(document__owner=user)
        mine |= user.standing.over(Role.LEADER, "document__")
        quality = user.standing.over(Role.QUALITY_CONTACT, "document__")
        reaches = Q(document__reach=Reach.MUNICIPALITY) | Q(document__unit__in=units_of_work(user))
        return self.filter(
            mine
            | Q(state=State.IN_FORCE) & reaches
            | Q(state__in=ONCE_IN_FORCE) & quality
            | Q(pk__in=Version.objects.shown_to_approver(user).values("pk"))
            | Q(pk__in=Version.objects.heard_by(user).values("pk")),
            here,
        )


def _approvals() -> Prefetch[str, models.QuerySet[Approval], str]:
    return Prefetch("approvals", Approval.objects.select_related("approver", "approver_for").in_line())


def fetch_approvals(versions: Iterable[Version | None]) -> None:
    """Who is asked to approve each of the versions, of different questions even, in one query."""
    prefetch_related_objects([version for version in versions if version is not None], _approvals())


def file_path(version: Version, name: str) -> str:
    """Where an uploaded file lies. The name on disk says nothing about what is in it."""
    return f"documents/{uuid.uuid4().hex}.pdf"


class Version(Moving):
    """One wording of a document: written here or taken from Word (``body``), or a PDF kept as it is (``file``).

    Numbers are given when a version comes into force, so that a discarded draft leaves no gap.
    """

    lifecycle: ClassVar[Lifecycle] = LIFECYCLE

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField(null=True, editable=False)
    minor = models.PositiveSmallIntegerField(null=True, editable=False)
    is_minor = models.BooleanField(_("small change"), default=False)
    hides_old = models.BooleanField(_("readers don't see what it said before"), default=False)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)  # clean HTML: documents.html.clean sees to it before it is stored
    text = models.TextField(blank=True, editable=False)  # the words alone, for search
    file = models.FileField(_("file"), upload_to=file_path, blank=True)
    file_name = models.CharField(max_length=120, blank=True, editable=False)
    file_size = models.PositiveIntegerField(default=0, editable=False)  # bytes
    change_summary = models.TextField(_("what is changed"), blank=True)
    wanted = models.TextField(_("changes wanted"), blank=True, editable=False)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    # Who let it come into force: the last to approve it, or, where its type asks no approval, whoever answers for it.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Taken in from elsewhere and in force at once: whoever took it in answers for it, whoever wrote it (see TakenIn).
    approved_elsewhere = models.BooleanField(default=False, editable=False)
    without_approval = models.BooleanField(default=False, editable=False)
    applies_from = models.DateField(null=True, blank=True)  # when later than the approval
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    in_force_from = models.DateTimeField(_("in force since"), null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=OPEN), name="version_one_open_draft_a_document"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=State.IN_FORCE), name="version_one_in_force_a_document"
            ),
            models.UniqueConstraint(fields=["document", "major", "minor"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[*UNDECIDED, State.DISCARDED], major=None, minor=None)
                & Q(approved_by=None, in_force_from=None)
                | Q(state=State.SCHEDULED, major=None, minor=None, in_force_from=None)
                & Q(approved_by__isnull=False, applies_from__isnull=False)
                | Q(state__in=ONCE_IN_FORCE, major__isnull=False, minor__isnull=False)
                & Q(approved_by__isnull=False, in_force_from__isnull=False),
                name="version_approved_and_numbered_when_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN, State.IN_FORCE], ended_at=None)
                | Q(state__in=[State.REPLACED, State.WITHDRAWN, State.DISCARDED], ended_at__isnull=False),
                name="version_ended_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(approved_elsewhere=True)
                | Q(without_approval=True)
                | (~Q(approved_by=F("author")) & ~Q(approved_by=F("edited_by"))),
                name="version_approved_by_another_than_the_author",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVAL) | Q(sent_at__isnull=False),
                name="version_sent_to_somebody",
            ),
            models.CheckConstraint(condition=Q(body="") | Q(file=""), name="version_is_text_or_file"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.DISCARDED]) | ~Q(body="") | ~Q(file=""),
                name="version_has_content_when_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["applies_from"], name="version_scheduled", condition=Q(state=State.SCHEDULED)),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.label}".strip()

    def get_absolute_url(self) -> str:
        """Where this version is read, or worked on while it is open."""
        if self.state == State.DRAFT:
            return reverse("documents:draft", args=[self.document.number])
        if self.state == State.HEARING:
            return reverse("documents:hearings", args=[self.document.number])
        if self.state in (State.APPROVAL, State.SCHEDULED):
            return reverse("documents:approval", args=[self.document.number])
        if self.state == State.IN_FORCE:
            return self.document.get_absolute_url()
        return reverse("documents:version", args=[self.document.number, self.pk])

    @property
    def label(self) -> str:
        """As 2.1; empty until the version has been in force."""
        return "" if self.major is None else f"{self.major}.{self.minor}"

    @property
    def came_from(self) -> TakenIn | None:
        """Where it was taken in from; None for what was written here."""
        return getattr(self, "taken_in", None)

    @property
    def approved_by_name(self) -> str:
        """Who approved it, as its paper says: elsewhere, where it was taken in as approved."""
        elsewhere = self.came_from.approved_by if self.approved_elsewhere and self.came_from else ""
        return elsewhere or (self.approved_by.name if self.approved_by else "")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_empty(self) -> bool:
        return not self.body and not self.file

    @property
    def asked(self) -> list[Approval]:
        """Whose approval it waits for now, and what those before them said is in ``approvals``."""
        return [each for each in self.approvals.all() if each.state == Answer.ASKED]

    def answer_of(self, user: User) -> str:
        """Whether the person is asked to approve it, or has; empty for anybody else."""
        part = next((each for each in self.living_approvals if each.approver_id == user.pk), None)
        return part.state if part and part.state != Answer.LATER else ""

    @property
    def living_approvals(self) -> list[Approval]:
        """Everybody's part in the round that counts: who has approved, is asked, or comes later."""
        return [each for each in self.approvals.all() if each.state in LIVE]

    @property
    def changes_wanted_by(self) -> Approval | None:
        """Who sent it back last."""
        return next((each for each in reversed(self.approvals.all()) if each.state == Answer.CHANGES_WANTED), None)

    @cached_property
    def is_first(self) -> bool:
        """Whether nothing of the document has been in force before."""
        return not Version.objects.once_in_force().filter(document=self.document_id).exclude(pk=self.pk).exists()

    @property
    def journal_municipality_id(self) -> int | None:
        return self.document.level_0


class Counter(models.Model):
    """The last number given with some letters in a municipality; with a unit's code after them, in that unit."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    letters = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "letters"], name="document_counter_once")]

    def __str__(self) -> str:
        return f"{self.municipality_id}/{self.letters}: {self.last}"
