"""Many files taken in at once: what was read from each, corrected by whoever brought them, and what became of it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.intake.notes import in_sentences
from documents.models.document import Document, Reach, Version
from documents.models.types import DocumentType
from kvalitetslosen.organisation.models import Unit, User


def archive_path(intake: Intake, name: str) -> str:
    """Where the files lie until the import is over. The name on disk says nothing about what is in it."""
    return f"intake/{uuid.uuid4().hex}.zip"


class IntakeQuerySet(models.QuerySet["Intake"]):
    def visible_to(self, user: User) -> Self:
        """One's own: what somebody brings is nobody else's business before it is a document."""
        return self.filter(owner=user, municipality=user.municipality_id)

    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - Intake.LIFE)

    def under_way(self) -> Self:
        return self.filter(stage__in=[Intake.Stage.READING, Intake.Stage.TAKING])


class Intake(models.Model):
    """One bringing of files. Its rows are the truth: a worker that dies has done what they say, and no more."""

    class Stage(models.TextChoices):
        READING = "reading", _("The files are being read")
        CHECKING = "checking", _("Ready to be looked through")
        TAKING = "taking", _("Being taken in")
        DONE = "done", _("Done")

    LIFE: ClassVar[datetime.timedelta] = datetime.timedelta(days=14)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)  # of the folder, or of the first file
    archive = models.FileField(upload_to=archive_path, blank=True)  # emptied when it is over
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.READING)
    in_force = models.BooleanField(default=False)  # what is taken in applies at once, approved elsewhere
    left_out = models.PositiveIntegerField(default=0)  # files that computers make for themselves
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    worked_at = models.DateTimeField(null=True, editable=False)  # when a worker last did something to it
    done_at = models.DateTimeField(null=True, editable=False)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="done", done_at__isnull=False) | ~Q(stage="done") & Q(done_at=None),
                name="intake_done_at_follows_stage",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="intake_of_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:intake", args=[self.key])

    @property
    def tone(self) -> str:
        """How its stage is coloured in a list."""
        return {"checking": "warning", "done": "success"}.get(self.stage, "info")

    @property
    def deleted_on(self) -> datetime.date:
        return timezone.localdate(self.created_at + self.LIFE)


class IntakeFileQuerySet(models.QuerySet["IntakeFile"]):
    def readable(self) -> Self:
        """What somebody can decide about."""
        return self.filter(state__in=[IntakeFile.State.READ, IntakeFile.State.FAILED])

    def chosen(self) -> Self:
        return self.readable().filter(keep=True)

    def without_text(self) -> Self:
        return self.defer("body", "text")


class IntakeFile(models.Model):
    """One file of an import: what it seems to be, to be corrected, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READ = "read", _("Read")
        QUEUED = "queued", _("Being taken in")
        REFUSED = "refused", _("Can't be taken in")
        FAILED = "failed", _("Not taken in")  # can be corrected and tried again
        TAKEN = "taken", _("Taken in")
        SAME = "same", _("Here already, unchanged")
        SKIPPED = "skipped", _("Left out")

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()  # in the archive, from 0
    path = models.CharField(max_length=300)  # folders and name with / between
    size = models.PositiveBigIntegerField(default=0)  # bytes, as the archive says
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)  # a file that breaks its reader is given up
    problem = models.CharField(max_length=40, blank=True)  # why it is refused or failed: a name in intake.problems
    problem_data = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)  # what couldn't be kept: intake.notes

    keep = models.BooleanField(default=True)
    title = models.CharField(max_length=200, blank=True)
    type = models.ForeignKey(DocumentType, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.CharField(max_length=32, blank=True)
    label = models.CharField(max_length=8, blank=True)  # as 3.1
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reach = models.CharField(max_length=12, choices=Reach.choices, default=Reach.UNIT)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    revised_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    laws = models.TextField(blank=True)  # one a line

    body = models.TextField(blank=True)  # clean HTML; empty for a PDF
    text = models.TextField(blank=True)  # the words alone
    is_pdf = models.BooleanField(default=False)
    match = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")  # of which it is a new version
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+", db_index=False)  # what it became

    objects = IntakeFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "position"], name="intake_file_once"),
            models.CheckConstraint(
                condition=Q(state="taken", version__isnull=False) | ~Q(state="taken") & Q(version=None),
                name="intake_file_version_when_taken",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "failed"]) | ~Q(problem=""), name="intake_file_says_why"
            ),
        ]
        indexes = [models.Index(fields=["intake", "state"], name="intake_file_by_state")]

    def __str__(self) -> str:
        return self.title or self.path

    def get_absolute_url(self) -> str:
        return reverse("documents:intake_file", args=[self.intake.key, self.pk])

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def notes(self) -> list[str]:
        """What one should look at, in the reader's language."""
        return in_sentences(self.counts)

    @property
    def problem_in_words(self) -> str:
        from documents.intake.problems import in_words

        return in_words(self.problem, self.name, self.problem_data) if self.problem else ""

    @property
    def is_open(self) -> bool:
        """Whether somebody can still decide about it."""
        return self.state in (self.State.READ, self.State.FAILED)


class TakenInQuerySet(models.QuerySet["TakenIn"]):
    def of_file(self, sha256: str, municipality_id: int | None) -> Self:
        return self.filter(sha256=sha256, version__document__level_0=municipality_id)


class TakenIn(models.Model):
    """Where a version that was taken in came from. Kept as long as the version: the document says it."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="taken_in")
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField(default=timezone.now, editable=False)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    approved_elsewhere = models.BooleanField(default=False)  # came into force when it was taken in
    approved_by = models.CharField(max_length=120, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    left_out = models.JSONField(default=dict, blank=True)  # what of the file couldn't be kept: intake.notes

    objects = TakenInQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name

    @property
    def notes(self) -> list[str]:
        counts: dict[str, Any] = self.left_out
        return in_sentences(counts)
