"""What cases are about, and examples of what counts as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deviations.models.choices import Topic
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User


class HandlerRole(models.TextChoices):
    """Who has the cases of a category instead of the unit's leader.

    Not safety or union representatives: they watch over the employer's work, and can't be set to do it.
    """

    LEADER = "", _("The leader of the unit")
    QUALITY_CONTACT = Role.QUALITY_CONTACT.value, _("The quality contact nearest to the unit")
    DPO = Role.DPO.value, _("The data protection officer")


LONGEST_MAIN = 24  # a longer name of a main category hides what it stands before


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality=user.municipality_id)

    def active(self) -> Self:
        return self.filter(is_active=True)


class Category(Journaled):
    """What a case is about: a tree of two levels per municipality."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name, bokmål"), max_length=120)
    name_nn = models.CharField(_("name, nynorsk"), max_length=120, blank=True)
    name_en = models.CharField(_("name, English"), max_length=120, blank=True)
    topic = models.CharField(_("about"), max_length=10, choices=Topic.choices, blank=True, default=Topic.NONE)
    base = models.CharField(max_length=120, blank=True, default="", editable=False)  # its key in the shared base
    code = models.CharField(_("national code"), max_length=20, blank=True)
    figure = models.CharField(_("national figure"), max_length=30, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    may_be_ticked = models.BooleanField(_("may be ticked on a tally sheet"), default=False)
    asks = models.ForeignKey(
        "QuestionSet", models.PROTECT, null=True, blank=True, related_name="+", editable=False, db_index=False
    )  # the version that is asked now
    consequence = models.PositiveSmallIntegerField(_("suggested consequence"), null=True, blank=True)
    probability = models.PositiveSmallIntegerField(_("suggested probability"), null=True, blank=True)
    handler_role = models.CharField(
        _("who gets the cases"), max_length=15, choices=HandlerRole.choices, blank=True, default=HandlerRole.LEADER
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="main_category_once", condition=Q(parent=None)
            ),
            models.UniqueConstraint(
                fields=["parent", "name"], name="category_once", condition=Q(parent__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["municipality", "base"], name="category_of_the_base_once", condition=~Q(base="")
            ),
            models.CheckConstraint(
                condition=Q(consequence=None, probability=None)
                | Q(
                    consequence__isnull=False,
                    consequence__range=(1, 5),
                    probability__isnull=False,
                    probability__range=(1, 5),
                ),
                name="category_severity_both_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(handler=None) | Q(handler_role=""), name="category_handler_a_role_or_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, bokmål where it has no other."""
        language = get_language() or "nb"
        return (language == "nn" and self.name_nn) or (language == "en" and self.name_en) or self.name

    @property
    def whole_label(self) -> str:
        """With a short main category before it: «Not given» alone says little, «Medication: not given» does."""
        main, own = self.parent.label if self.parent else "", self.label
        if not main or main.lower() in own.lower():
            return own
        if len(main) > LONGEST_MAIN:
            return own
        is_word = own[1:2].islower()  # not an abbreviation
        return f"{main}: {own[0].lower() if is_word else own[0]}{own[1:]}"

    # What a category doesn't say itself, its main category says for it.

    @property
    def asked_set(self) -> int | None:
        """The version of the questions that are asked now."""
        return self.asks_id or (self.parent.asks_id if self.parent else None)

    @property
    def severity_from(self) -> Category | None:
        """The category that suggests a severity: itself or its main one."""
        return next((each for each in (self, self.parent) if each and each.consequence), None)

    @property
    def handler_from(self) -> Category | None:
        """The category that says who gets the cases, where that isn't the unit's leader."""
        return next((each for each in (self, self.parent) if each and (each.handler_role or each.handler_id)), None)


class ExampleQuerySet(TreeQuerySet["Example"]):
    def near(self, unit: Unit) -> Self:
        """The three examples nearest to the unit: its own first, then those of the units above."""
        return self.in_line(unit.ancestor_ids)

    def in_line(self, units: Iterable[int]) -> Self:
        return self.filter(unit__in=list(units), is_active=True).order_by("-unit__depth", "position", "pk")[:3]

    def visible_to(self, user: User) -> Self:
        return self.filter(level_0=user.municipality_id)


class Example(UnitScoped, Journaled):
    """What counts as a deviation here, in a sentence or two: written by the unit's leader, shown beside the form."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    text = models.CharField(_("example"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = ExampleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text


EXAMPLES = Prepared(lambda **line: Example.objects.in_line(line.values()), **dict.fromkeys(LEVELS, int))
"""The examples near a unit, asked by its ``line`` beside each form."""
