"""What was learnt, told so that others can use it: the story, who tried it, and what they ask the teller."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import Category, Deviation
from improvement.models.action import WORKING
from improvement.models.improvement import Improvement
from improvement.models.measure import Measure
from improvement.story_lifecycle import STORY, StoryState
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User

OVERSEEING = (Role.LEADER, Role.QUALITY_CONTACT)


class Audience(models.TextChoices):
    UNIT = "unit", _("Those who work in the unit")
    MUNICIPALITY = "municipality", _("Everybody in the municipality")
    NETWORK = "network", _("The municipalities of a network")


class Season(models.TextChoices):
    WINTER = "winter", _("Winter")
    SPRING = "spring", _("Spring")
    SUMMER = "summer", _("Summer")
    AUTUMN = "autumn", _("Autumn")


SEASON_OF = (
    Season.WINTER, Season.WINTER, Season.SPRING, Season.SPRING, Season.SPRING, Season.SUMMER, Season.SUMMER,
    Season.SUMMER, Season.AUTUMN, Season.AUTUMN, Season.AUTUMN, Season.WINTER,
)  # fmt: skip
"""Of each month, January first. No story says more of when it was."""


class Helped(models.TextChoices):
    """What came of it where somebody else tried what a story tells."""

    YES = "yes", pgettext_lazy("a story tried", "It helped")
    PARTLY = "partly", pgettext_lazy("a story tried", "It helped a little")
    NO = "no", pgettext_lazy("a story tried", "It did not help")


class LearningStoryQuerySet(TreeQuerySet["LearningStory"]):
    def visible_to(self, user: User) -> Self:
        """What is published for the person; a draft is its teller's alone, and its second reader's once it is sent."""
        mine = Q(teller=user) | Q(reader=user, state__in=(StoryState.READING, StoryState.PUBLISHED))
        return self.filter(mine | Q(state=StoryState.PUBLISHED) & reaching(user))

    def published(self) -> Self:
        return self.filter(state=StoryState.PUBLISHED)

    def published_for(self, user: User) -> Self:
        return self.published().filter(reaching(user))

    def told_by(self, user: User) -> Self:
        return self.filter(teller=user)

    def to_read(self, user: User) -> Self:
        """Those that wait for the person's reading."""
        return self.filter(state=StoryState.READING, reader=user)

    def to_change(self, user: User) -> Self:
        """One's own that the second reader wants changed."""
        return self.filter(state=StoryState.DRAFT, teller=user).exclude(wanted="")

    def with_counts(self) -> Self:
        """``tried_count`` and ``helped_count``: how many tried it, and how many of them it helped."""
        tried = Adoption.objects.filter(story=OuterRef("pk")).order_by()
        return self.annotate(tried_count=_counted(tried), helped_count=_counted(tried.exclude(helped=Helped.NO)))


def _counted(rows: models.QuerySet[Adoption]) -> Coalesce:
    return Coalesce(Subquery(rows.values("story").values(n=Count("pk")), output_field=IntegerField()), 0)


def reaching(user: User) -> Q:
    """Whom a story reaches once it is published.

    A unit: those who work in it or below it, and the leaders and quality contacts from there up. A network: the
    municipalities in it today, as long as the teller's is. People without any role here read nothing.
    """
    standing = user.standing
    if not standing.held:
        return Q(pk__in=())
    working = {pk for role in WORKING for unit in standing.units(role) for pk in unit.ancestor_ids}
    in_unit = Q(unit__in=working)
    for role in OVERSEEING:
        for unit in standing.units(role):
            in_unit |= Q(**{LEVELS[unit.depth]: unit.pk})
    members = NetworkMember.objects.members().filter(network=OuterRef("network"))
    shared = Exists(members.filter(municipality=user.municipality_id)) & Exists(
        members.filter(municipality=OuterRef("level_0"))
    )
    return (
        Q(audience=Audience.UNIT, level_0=user.municipality_id) & in_unit
        | Q(audience__in=(Audience.MUNICIPALITY, Audience.NETWORK), level_0=user.municipality_id)
        | Q(audience=Audience.NETWORK) & Q(shared)
    )


class LearningStory(Moving, UnitScoped):
    """What happened, why it made sense then, what was changed and whether it helped; told by one who answers for it.

    ``deviation``, ``improvement`` and ``measure`` are where it comes from. Nobody is told, the second reader neither:
    only the teller is led back to them. ``chart`` holds the figures as they were when the story was sent to its second
    reader, without any day: what is read is what is published.
    """

    lifecycle: ClassVar[Lifecycle] = STORY

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    hides_unit = models.BooleanField(_("don't say which unit"), default=False)
    teller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    title = models.CharField(_("title"), max_length=120)
    happened = models.TextField(_("what happened"), blank=True)
    made_sense = models.TextField(_("why it made sense then"), blank=True)
    changed = models.TextField(_("what we changed"), blank=True)
    helped = models.TextField(_("did it help"), blank=True)
    wanted = models.TextField(_("what the second reader wants changed"), blank=True)
    deviation = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="stories")
    improvement = models.ForeignKey(
        Improvement, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    base = models.CharField(max_length=120, blank=True, default="", editable=False)  # of its main category
    season = models.CharField(_("time of year"), max_length=10, choices=Season.choices, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chart"), db_index=False
    )
    chart = models.JSONField(null=True, blank=True, editable=False)
    audience = models.CharField(_("who reads it"), max_length=15, choices=Audience.choices, default=Audience.UNIT)
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    state = models.CharField(_("status"), max_length=10, choices=StoryState.choices, default=StoryState.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = LearningStoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reader=None) | ~Q(reader=F("teller")), name="story_read_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(StoryState.DRAFT, StoryState.WITHDRAWN))
                | Q(reader__isnull=False, sent_at__isnull=False),
                name="story_has_a_second_reader",
            ),
            models.CheckConstraint(
                condition=Q(state=StoryState.PUBLISHED, published_at__isnull=False)
                | ~Q(state=StoryState.PUBLISHED) & Q(published_at=None),
                name="story_published_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.NETWORK, network__isnull=False)
                | ~Q(audience=Audience.NETWORK) & Q(network=None),
                name="story_for_a_network_has_one",
            ),
        ]
        indexes = [
            models.Index(fields=["level_0", "-published_at"], name="story_here", condition=Q(state="published")),
            models.Index(fields=["network", "-published_at"], name="story_shared", condition=Q(state="published")),
            models.Index(fields=["teller", "state"], name="story_told_by"),
            models.Index(fields=["reader", "sent_at"], name="story_to_read", condition=Q(state="reading")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("stories:story", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == StoryState.PUBLISHED


class AdoptionQuerySet(TreeQuerySet["Adoption"]):
    def visible_to(self, user: User) -> Self:
        """With the story: whoever reads it reads what came of it elsewhere."""
        return self.filter(story__in=LearningStory.objects.visible_to(user).values("pk"))


class Adoption(UnitScoped, Journaled):
    """«We tried it»: one unit's result of what a story tells, by whoever leads or coordinates there."""

    story = models.ForeignKey(LearningStory, models.PROTECT, related_name="adoptions", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    helped = models.CharField(_("did it help"), max_length=10, choices=Helped.choices)
    words = models.TextField(_("the result"))
    # What it became there: shown to those alone who see improvements of that unit.
    improvement = models.ForeignKey(
        Improvement, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "unit"], name="story_tried_once_a_unit"),
            models.CheckConstraint(condition=~Q(words=""), name="story_tried_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.get_helped_display()}"

    def get_absolute_url(self) -> str:
        return f"{reverse('stories:story', args=[self.story_id])}#provd"


class StoryQuestionQuerySet(models.QuerySet["StoryQuestion"]):
    def visible_to(self, user: User) -> Self:
        """Whoever asked and whoever tells the story, as long as they see it; nobody else."""
        mine = Q(asker=user) | Q(story__teller=user)
        return self.filter(mine, story__in=LearningStory.objects.visible_to(user).values("pk"))

    def waiting(self) -> Self:
        return self.filter(answered_at=None)

    def to_answer(self, user: User) -> Self:
        return self.waiting().filter(story__teller=user, story__state=StoryState.PUBLISHED)


class StoryQuestion(Journaled):
    """«Ask me»: a question to whoever tells a story, and the answer. Across a network too."""

    story = models.ForeignKey(LearningStory, models.PROTECT, related_name="questions", db_index=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    question = models.TextField(_("the question"))
    answer = models.TextField(_("the answer"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = StoryQuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="story_question_answered_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["story", "asked_at"], name="story_question_of"),
            models.Index(fields=["asker"], name="story_question_by"),
        ]

    def __str__(self) -> str:
        return f"{self.story_id}: {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{reverse('stories:story', args=[self.story_id])}#sporsmal"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.story.level_0
