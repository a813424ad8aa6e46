"""What went wrong, nearly went wrong, could go wrong or went well, and what became of it."""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value
from django.db.models import When as Where
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from deviations.lifecycle import ENDED, LIFECYCLE, OPEN, State
from deviations.models.category import Category
from deviations.models.choices import SERIOUS, Harm, Kind, Naming, Severity, Source, Topic, When
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User

OPENING, FIRST_WORDS = 120, 7  # how much of a text stands for the category where there is none


class Counter(models.Model):
    """The last number given to a case in a municipality in a year."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.municipality_id}/{self.year}: {self.last}"


LISTED = (
    "reference", "source", "kind", "state", "severity", "reported_at", "deadline", "receive_by", "answer_by",
    "received_at", "first_answer_at", "reporter_waits_since", "closed_at", "helped", "consequence", "probability",
    "unit__name", "handler__name", "category__name", "category__name_nn", "category__name_en",
    "category__parent__name", "category__parent__name_nn", "category__parent__name_en",
)  # fmt: skip


class DeviationQuerySet(TreeQuerySet["Deviation"]):
    def visible_to(self, user: User, within: Unit | None = None) -> Self:
        """The cases the person may open: the one rule for lists, pages, counts, files, search, mail and exports.

        ``within`` narrows to a unit's subtree, and lets the database use one index when the person's line covers it.
        """
        standing = user.standing
        rows = self.in_subtree(within) if within else self
        if within and standing.reaches(Role.LEADER, within) and not standing.narrowed:
            return rows.exclude(about=user)
        return rows.filter(sight_of(user)).exclude(about=user)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def awaiting(self, user: User) -> Self:
        """Open cases in the person's own hands."""
        return self.open().filter(handler=user)

    def reported_by(self, user: User) -> Self:
        """One's own, under a hidden name too."""
        return self.filter(own_reports(user))

    def opened_with(self, visit: uuid.UUID) -> Self:
        """The one case whose code was shown a while ago, whoever shows it: no log-in comes into it."""
        return self.filter(case_code__visit=visit)

    def for_lines(self, *more: str) -> Self:
        """With what a line of a list says of each, and no more: how the text begins where there is no category.

        ``more`` are further fields, where the list is shown in columns.
        """
        opening = Case(Where(category=None, then=Substr("text", 1, OPENING)), default=Value(""))
        rows = self.select_related("unit", "category__parent", "handler").annotate(opening=opening)
        if "handling_unit__name" in more:
            rows = rows.select_related("handling_unit")
        return rows.only(*LISTED, *more)

    def once(self) -> Self:
        """Each event once: a case from another system that was merged into one here is that one."""
        return self.exclude(source=Source.ELSEWHERE, state=State.MERGED)

    def overdue(self, now: datetime.datetime | None = None) -> Self:
        return self.open().filter(deadline__lt=now or timezone.now())


def own_reports(user: User, prefix: str = "") -> Q:
    return Q(**{f"{prefix}reporter": user}) | Q(
        **{f"{prefix}pk__in": SealedIdentity.objects.filter(user=user).values("deviation")}
    )


def sight_of(user: User, prefix: str = "") -> Q:
    """Who sees which case, row by row of the table in the design; the one it is about is taken out afterwards.

    ``prefix`` is the way to the case, for what hangs on one.
    """
    standing = user.standing
    where = own_reports(user, prefix) | Q(**{f"{prefix}handler": user})
    for unit in standing.units(Role.LEADER):
        in_line = Q(**{f"{prefix}{LEVELS[unit.depth]}": unit.pk})
        if standing.narrowed and unit.depth + 2 < len(LEVELS):
            in_line &= Q(**{f"{prefix}{LEVELS[unit.depth + 2]}": None}) | Q(**{f"{prefix}severity__in": SERIOUS})
        where |= in_line
    not_about_anyone = Q(**{f"{prefix}about": None})
    where |= standing.over(Role.QUALITY_CONTACT, prefix) & not_about_anyone
    where |= standing.over(Role.SAFETY_REP, prefix) & Q(**{f"{prefix}topic": Topic.HSE}) & not_about_anyone
    if standing.has(Role.DPO):
        where |= Q(**{f"{prefix}level_0": user.municipality_id, f"{prefix}topic": Topic.PRIVACY}) & not_about_anyone
    return where


class Deviation(Moving, UnitScoped):
    """One reported case of any kind. Its place in the tree is the unit that handles it."""

    tree_field: ClassVar[str] = "handling_unit"
    lifecycle: ClassVar[Lifecycle] = LIFECYCLE

    reference = models.CharField(_("reference"), max_length=24, unique=True, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("where it happened"), db_index=False
    )
    handling_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("handled by"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"), db_index=False
    )
    topic = models.CharField(max_length=10, choices=Topic.choices, blank=True, default=Topic.NONE)
    # The version of the category's questions that the case was made by, or came to when its category was corrected.
    question_set = models.ForeignKey(
        "QuestionSet", models.PROTECT, null=True, blank=True, related_name="+", editable=False, db_index=False
    )
    text = models.TextField(_("what happened"))
    happened = models.CharField(_("when"), max_length=10, choices=When.choices, default=When.NOW)
    happened_on = models.DateField(_("date"), null=True, blank=True)
    harm = models.CharField(_("harm so far"), max_length=10, choices=Harm.choices, default=Harm.UNKNOWN)
    done_at_once = models.TextField(_("done at once"), blank=True)
    suggestion = models.TextField(_("suggestion"), blank=True)
    breached_document = models.ForeignKey(
        "documents.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deviations",
        verbose_name=_("procedure that was not followed"),
    )

    source = models.CharField(max_length=10, choices=Source.choices, blank=True, default=Source.INSIDE)
    naming = models.CharField(max_length=10, choices=Naming.choices, default=Naming.NAMED)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the leader it concerns"),
    )

    state = models.CharField(_("status"), max_length=15, choices=State.choices, default=State.REPORTED)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    consequence = models.PositiveSmallIntegerField(_("consequence"), null=True, blank=True)
    probability = models.PositiveSmallIntegerField(_("probability"), null=True, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, blank=True)
    cause = models.TextField(_("cause"), blank=True)
    outcome = models.TextField(_("answer to the reporter"), blank=True)
    effect_check_on = models.DateField(_("look at the effect on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    receive_by = models.DateTimeField(_("to be received by"))
    answer_by = models.DateTimeField(_("first answer by"))
    deadline = models.DateTimeField(_("deadline"))
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    first_answer_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    helped = models.BooleanField(_("did it help"), null=True, blank=True)
    # Since the reporter answered, wrote, asked to have it opened or said that it didn't help, and nobody has replied.
    reporter_waits_since = models.DateTimeField(null=True, blank=True)

    objects = DeviationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=OPEN) | Q(closed_at__isnull=False, state__in=ENDED),
                name="deviation_closed_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False)
                | Q(closed_at__isnull=False, source=Source.ELSEWHERE),  # by somebody there
                name="deviation_closed_at_and_by_both_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(naming=Naming.NAMED, reporter__isnull=False)
                | Q(naming__in=[Naming.SEALED, Naming.ANONYMOUS], reporter=None),
                name="deviation_name_shown_or_kept_apart",
            ),
            models.CheckConstraint(
                condition=(Q(consequence=None, probability=None) & Q(severity=""))
                | (Q(consequence__range=(1, 5), probability__range=(1, 5)) & ~Q(severity="")),
                name="deviation_severity_follows_matrix",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLOSED, State.NOT_DEVIATION]) | ~Q(outcome=""),
                name="deviation_closed_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
                name="deviation_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING) | Q(waiting_since__isnull=False), name="deviation_waiting_since"
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "-reported_at", "-id"],
                    name=f"deviation_all_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            *(
                models.Index(
                    fields=[level, "-reported_at", "-id"],
                    name=f"deviation_open_{depth}",
                    condition=Q(**{f"{level}__isnull": False, "closed_at": None}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            *(
                models.Index(
                    fields=[level, "category", "-reported_at", "-id"],
                    name=f"deviation_category_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["handler", "deadline"], name="deviation_in_hand", condition=Q(closed_at=None)),
            models.Index(fields=["deadline"], name="deviation_due", condition=Q(closed_at=None)),
            models.Index(
                fields=["handler"], name="deviation_reporter_waits", condition=Q(reporter_waits_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("deviations:case", args=[self.reference])

    def merged_here(self) -> list[Deviation]:
        """Every case that ended in this one, also by way of another. One query for each step of the way."""
        found: list[Deviation] = []
        ring = [self.pk]
        while ring:
            rows = list(Deviation.objects.filter(merged_into__in=ring).order_by("pk"))
            found += rows
            ring = [row.pk for row in rows]
        return found

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_serious(self) -> bool:
        return self.severity in SERIOUS

    @property
    def subject_matter(self) -> str:
        """What it is about, in a few words for those who may read it: the category, or how the text begins.

        For pages only: mail and the browser's titles and history never repeat what somebody wrote.
        """
        return self.category.whole_label if self.category else self.first_words

    @property
    def first_words(self) -> str:
        """How the text begins, in quotation marks."""
        opening = getattr(self, "opening", None)  # lists fetch no more of the text than this
        words = Truncator(" ".join((self.text[:OPENING] if opening is None else opening).split()))
        return f"«{words.words(FIRST_WORDS, truncate=' …')}»"

    @property
    def promised_by(self) -> datetime.datetime:
        """When the reporter is told to expect an answer: a first word, and from then on what came of it."""
        if self.first_answer_at is None and self.answer_by > timezone.now():
            return self.answer_by
        return self.deadline

    @property
    def score(self) -> int | None:
        return self.consequence * self.probability if self.consequence and self.probability else None


class SealedIdentity(models.Model):
    """The hidden name of a case's reporter. Kept apart; each look by the one named role is an event of the case."""

    deviation = models.OneToOneField(Deviation, models.PROTECT, related_name="sealed_identity")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.deviation_id)


class CaseCode(models.Model):
    """What opens a case to the one who reported it without a name: the keyed hash of a code that is kept nowhere.

    Nothing here says when the code was used, or from where.
    """

    deviation = models.OneToOneField(Deviation, models.PROTECT, related_name="case_code")
    hash = models.CharField(max_length=64, unique=True)
    visit = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # what the browser holds for a while

    def __str__(self) -> str:
        return str(self.deviation_id)


class Message(models.Model):
    """One turn in the talk between the reporter and those who handle the case."""

    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="messages")
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    from_reporter = models.BooleanField()
    text = models.TextField(_("message"))

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_reporter=True) | Q(author__isnull=False), name="message_has_a_sender"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}, {self.at:%Y-%m-%d %H:%M}"
