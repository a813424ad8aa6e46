"""What is asked besides, by category: sets of questions in versions, and the answers given to them."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from deviations.models.category import Category
from deviations.models.deviation import Deviation
from deviations.models.tally import Spot
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui import dates

MOST_QUESTIONS = 12  # in a set: more than this is not answered in a minute
MOST_CHOICES = 20


class Asked(models.TextChoices):
    """What kind of answer a question wants."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("One of several")
    DATE = "date", _("Date")
    PLACE = "place", _("Place")
    YES_NO = "yes_no", _("Yes or no")


WRITTEN = (Asked.TEXT, Asked.PLACE)
"""What people write with their own words: guarded against identity numbers, searched, and never in the journal."""

DECIDING = (Asked.CHOICE, Asked.YES_NO)
"""Only what has few answers can decide whether another question is asked."""

YES, NO = "yes", "no"


def new_key() -> str:
    return uuid.uuid4().hex[:12]


class QuestionSetQuerySet(models.QuerySet["QuestionSet"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality=user.municipality_id)

    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class QuestionSet(Journaled):
    """One version of what a category asks. Once published it never changes: the cases made by it keep it."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    category = models.ForeignKey(Category, models.PROTECT, related_name="question_sets")
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = QuestionSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "number"], name="question_set_once"),
            models.UniqueConstraint(
                fields=["category"], condition=Q(published_at=None), name="one_draft_of_questions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


def in_language(row: Any, field: str) -> str:
    """The field in the reader's language, bokmål where it has no other."""
    language = get_language() or "nb"
    own = getattr(row, f"{field}_{language}", "") if language in ("nn", "en") else ""
    return str(own or getattr(row, field))


def choice_label(choice: Mapping[str, str]) -> str:
    language = get_language() or "nb"
    return choice.get(language, "") or choice["nb"]


class Question(models.Model):
    """One question of a set. The key stays when a later version asks it anew, so that answers can be laid together.

    ``shown_when`` is the key of an earlier question of the set, and ``shown_for`` the answers to it that show this
    one; a question that isn't shown isn't asked.
    """

    set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="questions")
    key = models.CharField(max_length=12, default=new_key)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Asked.choices, default=Asked.TEXT)
    label = models.CharField(_("question, bokmål"), max_length=160)
    label_nn = models.CharField(_("question, nynorsk"), max_length=160, blank=True)
    label_en = models.CharField(_("question, English"), max_length=160, blank=True)
    help_text = models.CharField(_("help, bokmål"), max_length=200, blank=True)
    help_text_nn = models.CharField(_("help, nynorsk"), max_length=200, blank=True)
    help_text_en = models.CharField(_("help, English"), max_length=200, blank=True)
    choices = models.JSONField(default=list, blank=True)  # {"key": …, "nb": …, "nn": …, "en": …}
    required = models.BooleanField(_("must be answered"), default=False)
    shown_when = models.CharField(max_length=12, blank=True, default="")
    shown_for = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["set", "key"], name="question_once")]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return in_language(self, "label")

    @property
    def help_words(self) -> str:
        return in_language(self, "help_text")

    @property
    def options(self) -> list[tuple[str, str]]:
        """The answers one chooses from, in the reader's language."""
        if self.kind == Asked.YES_NO:
            return [(YES, gettext("Yes")), (NO, gettext("No"))]
        return [(each["key"], choice_label(each)) for each in self.choices]

    def said(self, value: str) -> str:
        """A stored answer as people read it."""
        if self.kind in DECIDING:
            return dict(self.options).get(value, value)
        if self.kind == Asked.DATE:
            return dates.full(datetime.date.fromisoformat(value))
        if self.kind == Asked.PLACE:
            return str(dict(Spot.choices).get(value, value)) if value in Spot.values else value
        if self.kind == Asked.NUMBER and get_language() != "en":
            return value.replace(".", ",")
        return value


def shown(questions: Iterable[Question], values: Mapping[str, str]) -> list[Question]:
    """The questions that are asked, given the answers by key: those whose condition holds, and that of each before it.

    Questions come in the order of the set, and depend on earlier ones only.
    """
    seen: dict[str, Question] = {}
    for question in questions:
        if not question.shown_when or (
            question.shown_when in seen and values.get(question.shown_when) in question.shown_for
        ):
            seen[question.key] = question
    return list(seen.values())


class Answer(models.Model):
    """What was answered to one question about one case: as written or chosen, and as a number or a day for figures."""

    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.TextField(blank=True)  # the choice's key, yes or no, a day as 2026-11-23, a number with a point
    number = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    unknown = models.BooleanField(default=False)  # «Don't know»

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deviation", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(unknown=True, value="", number=None, day=None) | (Q(unknown=False) & ~Q(value="")),
                name="answer_known_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id} {self.question_id}"

    def take(self, value: str | None) -> None:
        """Take on what was answered; ``None`` is «Don't know»."""
        kind = self.question.kind
        self.unknown, self.value = value is None, value or ""
        self.number = decimal.Decimal(value) if value and kind == Asked.NUMBER else None
        self.day = datetime.date.fromisoformat(value) if value and kind == Asked.DATE else None

    @property
    def given(self) -> str | None:
        return None if self.unknown else self.value

    @property
    def words(self) -> str:
        return gettext("Don't know") if self.unknown else self.question.said(self.value)


ASKED = Prepared(
    lambda set: Question.objects.filter(set=set).select_related("set").order_by("position", "pk"), set=int
)
"""The questions of a set, which many reports are made by."""


def given_to(deviation: int) -> models.QuerySet[Question]:
    """The questions with what was answered to them in the case, as ``answer`` where there is something."""
    condition = Q(answers__deviation=deviation)
    return Question.objects.annotate(answer=FilteredRelation("answers", condition=condition)).select_related(
        "answer", "set__category"
    )  # type: ignore[misc]  # named just above


ASKED_OR_ANSWERED = Prepared(
    lambda deviation, set: (
        given_to(deviation).filter(Q(set=set) | Q(answer__isnull=False)).order_by("set", "position", "pk")
    ),
    deviation=int,
    set=int,
)
"""All that was asked about a case, and what was answered before it came into another category."""


def values_of(answers: Iterable[Answer]) -> dict[str, str]:
    """What is known, by the key of the question."""
    return {each.question.key: each.value for each in answers if not each.unknown}


def same(one: Sequence[Question], other: Sequence[Question]) -> bool:
    """Whether two versions ask the same in the same way."""
    return [_said(each) for each in one] == [_said(each) for each in other]


COPIED = (
    "key", "position", "kind", "label", "label_nn", "label_en", "help_text", "help_text_nn", "help_text_en", "choices",
    "required", "shown_when", "shown_for",
)  # fmt: skip


def _said(question: Question) -> list[Any]:
    return [getattr(question, name) for name in COPIED if name != "position"]


def copies(questions: Collection[Question], into: QuestionSet) -> list[Question]:
    """The same questions for another version, in the same order."""
    return [
        Question(set=into, **{name: getattr(each, name) for name in COPIED} | {"position": number})
        for number, each in enumerate(questions)
    ]
