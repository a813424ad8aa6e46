"""Municipalities, units, people and what they are to each other.

Who a person is to a unit (leader, safety representative …) is a ``Membership`` with dates; everything a person may do
follows from the memberships valid today, gathered in ``Standing``.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.standing import Shape, Standing

DEPTH = 5  # municipality, sector, unit, department, team
LEVELS = tuple(f"level_{depth}" for depth in range(DEPTH))

M = TypeVar("M", bound=models.Model)


class Language(models.TextChoices):
    BOKMAL = "nb", "Bokmål"
    NYNORSK = "nn", "Nynorsk"
    ENGLISH = "en", "English"


class Role(models.TextChoices):
    EMPLOYEE = "employee", _("Employee")
    LEADER = "leader", _("Leader")
    QUALITY_CONTACT = "quality_contact", _("Quality contact")
    SAFETY_REP = "safety_rep", _("Safety representative")
    UNION_REP = "union_rep", _("Union representative")
    DPO = "dpo", _("Data protection officer")
    WORK_ENVIRONMENT = "work_environment", _("Working environment committee")
    OCCUPATIONAL_HEALTH = "occupational_health", _("Occupational health service")
    ADMINISTRATOR = "administrator", _("Administrator")


class TreeQuerySet(models.QuerySet[M]):
    """Rows that carry the ids of their ancestors, so that a subtree is one indexed comparison."""

    def in_subtree(self, unit: Unit) -> Self:
        return self.filter(**{LEVELS[unit.depth]: unit.pk})


class InTree(models.Model):
    """The ids of the units above, the municipality first; what lies deeper than the unit is empty."""

    level_0 = models.BigIntegerField(null=True, editable=False)
    level_1 = models.BigIntegerField(null=True, editable=False)
    level_2 = models.BigIntegerField(null=True, editable=False)
    level_3 = models.BigIntegerField(null=True, editable=False)
    level_4 = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def ancestor_ids(self) -> list[int]:
        return [pk for level in LEVELS if (pk := getattr(self, level)) is not None]

    @property
    def line(self) -> dict[str, int]:
        """The levels without gaps, the last one repeated: for questions whose SQL is to be the same for every unit."""
        ids = self.ancestor_ids
        return {level: ids[min(depth, len(ids) - 1)] for depth, level in enumerate(LEVELS)}

    def is_within(self, unit: Unit) -> bool:
        return bool(getattr(self, LEVELS[unit.depth]) == unit.pk)

    def copy_levels(self, place: InTree) -> None:
        for level in LEVELS:
            setattr(self, level, getattr(place, level))


def standing_still() -> str:
    """What lets a query's units stay in their places until the end of the transaction; SQLite has one writer only.

    Weaker than what Django offers: those who report in a unit don't wait for each other.
    """
    return " FOR SHARE" if connection.features.has_select_for_update else ""


class UnitQuerySet(TreeQuerySet["Unit"]):
    def municipalities(self) -> Self:
        """The real ones: what somebody practises in is in no list, count or round of mail."""
        return self.filter(parent=None, practice=False)

    def of_world(self, practice: bool) -> Self:
        """The municipalities that are real, or those somebody practises in: for pages that ask for no log-in."""
        return self.filter(parent=None, practice=practice)

    def active(self) -> Self:
        return self.filter(closed_on=None)

    def visible_to(self, user: User) -> Self:
        """The units of one's own municipality: names of units are no secret, people in other municipalities are."""
        return self.filter(level_0=user.municipality_id)

    def standing_still(self, pk: int) -> Unit:
        """The unit in its place, where it stays until the end of the transaction: for what is to lie in it.

        Whoever moves units waits for it, and it waits for them. Asked for before any row that lies in the unit is
        locked: the two would wait for each other.
        """
        return self.raw(f"SELECT * FROM organisation_unit WHERE id = %s{standing_still()}", [pk])[0]  # noqa: S608

    def led_by(self, user: User) -> Self:
        """Every unit in the subtrees the person leads today."""
        return self.in_any_subtree(user.standing.units(Role.LEADER))

    def in_any_subtree(self, units: tuple[Unit, ...]) -> Self:
        where = Q(pk__in=())
        for unit in units:
            where |= Q(**{LEVELS[unit.depth]: unit.pk})
        return self.filter(where)


class Unit(Journaled, InTree):
    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        SECTOR = "sector", _("Sector")
        UNIT = "unit", _("Unit")
        DEPARTMENT = "department", _("Department")
        TEAM = "team", _("Team")

    name = models.CharField(_("name"), max_length=120, db_collation="nb")
    code = models.CharField(_("code"), max_length=12, help_text=_("Short, unique in the municipality."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.UNIT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    practice = models.BooleanField(default=False, editable=False)  # a municipality one person practises in

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level_0", "code"], name="unit_code_unique_in_municipality"),
            models.CheckConstraint(
                condition=Q(parent=None, depth=0) | Q(parent__isnull=False, depth__range=(1, DEPTH - 1)),
                name="unit_depth_follows_parent",
            ),
            models.CheckConstraint(condition=Q(practice=False) | Q(parent=None), name="unit_practice_is_a_top"),
        ]
        indexes = [models.Index(fields=[level], name=f"unit_{level}") for level in LEVELS]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation:unit", args=[self.pk])

    @property
    def municipality_id(self) -> int:
        """The root's id, a municipality being its own."""
        return self.level_0 or self.pk


class MunicipalitySettings(Journaled):
    """What a municipality decides for itself. One row each, kept by the administrator."""

    municipality = models.OneToOneField(
        Unit, models.PROTECT, related_name="settings", limit_choices_to={"parent": None}
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.BOKMAL)
    narrow_upper_sight = models.BooleanField(
        _("leaders two or more levels up see only high and critical cases"), default=False
    )
    closed_days = models.JSONField(
        _("days the offices are closed besides public holidays"),
        default=list,
        blank=True,
        help_text=_("As 24.12, one a line."),
    )

    class Meta:
        verbose_name = _("settings of a municipality")

    def __str__(self) -> str:
        return str(self.municipality)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> Self:
        """Colleagues in one's own municipality."""
        return self.filter(municipality=user.municipality_id)

    def holding(self, role: str, unit: Unit, on: datetime.date | None = None) -> Self:
        """Active people who hold the role at the unit itself on the day."""
        memberships = Membership.objects.on(on or timezone.localdate()).filter(role=role, unit=unit)
        return self.active().filter(pk__in=memberships.values("user"))


class User(AbstractBaseUser, Journaled):
    """A person who logs in. Belongs to one municipality; what they may do there is in their memberships."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, db_collation="nb")
    title = models.CharField(_("job title"), max_length=120, blank=True)
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="people", limit_choices_to={"parent": None})
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.BOKMAL)
    is_active = models.BooleanField(_("may log in"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Somebody invented that a person practises as: can't log in, and is never written to outside the product.
    practice = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["municipality", "name"], name="user_municipality_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation:person", args=[self.pk])

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def standing(self) -> Standing:
        """What the person is to whom today; one query, kept for the life of this object."""
        return Standing.of(HELD(user=self.pk, day=timezone.localdate()) if self.is_active else ())

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("standing", None)
        super().refresh_from_db(*args, **kwargs)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: datetime.date) -> Self:
        """Valid on the day, both ends included."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, withdrawn=False)

    def not_ended(self, day: datetime.date) -> Self:
        """Valid on the day or later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), withdrawn=False)

    def with_sight(self) -> models.QuerySet[Any]:
        """With unit, the topmost first, and with whether the municipality narrows what upper leaders see."""
        narrowing = MunicipalitySettings.objects.filter(
            municipality=OuterRef("unit__level_0"), narrow_upper_sight=True
        )
        return self.select_related("unit").annotate(narrowed=Exists(narrowing)).order_by("unit__depth", "pk")

    def visible_to(self, user: User) -> Self:
        return self.filter(unit__level_0=user.municipality_id)


class Membership(Journaled):
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    withdrawn = models.BooleanField(default=False, editable=False)  # taken back before its first day had passed

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role", "valid_from"], condition=Q(withdrawn=False), name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="membership_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="membership_unit_role")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.unit.municipality_id


HELD = Prepared(
    lambda user, day: Membership.objects.on(day).filter(user=user).with_sight().select_related("user"),
    user=int,
    day=datetime.date,
)
"""What a person holds on the day. Every page asks it, so the person comes along: one question instead of two."""


def person_with_standing(pk: int) -> User | None:
    """The person, with what they are to whom today where they are anything."""
    held = HELD(user=pk, day=timezone.localdate())
    if not held:
        return User.objects.filter(pk=pk).first()
    user: User = held[0].user
    user.standing = Standing.of(held if user.is_active else ())
    return user


def with_standing(people: Iterable[User]) -> list[User]:
    """The people, each with what they are to whom today: one question for all of them."""
    found = list(people)
    rows = Membership.objects.on(timezone.localdate()).filter(user__in=[each.pk for each in found]).with_sight()
    held: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        held[row.user_id].append(row)
    for each in found:
        each.standing = Standing.of(held[each.pk] if each.is_active else ())
    return found


def somebody(shape: Shape, *, user: int, municipality: int, **ids: int) -> User:
    """Stands in, in a prepared question, for everybody whose standing has the shape."""
    held, narrowed = shape
    person = User(pk=user, municipality_id=municipality)
    person.standing = Standing(
        {
            role: tuple(Unit(pk=ids[f"{role}_{n}"], depth=depth) for n, depth in enumerate(depths))
            for role, depths in held
        },
        narrowed,
    )
    return person


def about(person: User) -> dict[str, int]:
    """What ``somebody`` is told apart by."""
    return {"user": person.pk, "municipality": person.municipality_id, **person.standing.ids}


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def on(self, day: datetime.date) -> Self:
        """Valid on the day, both ends included."""
        return self.filter(valid_from__lte=day, valid_to__gte=day, withdrawn=False)

    def not_ended(self, day: datetime.date) -> Self:
        """Valid on the day or later."""
        return self.filter(valid_to__gte=day, withdrawn=False)

    def visible_to(self, user: User) -> Self:
        return self.filter(principal__municipality=user.municipality_id)


class Deputy(Journaled):
    """New tasks of the principal go to the deputy in the period. Old ones stay; no right is gained."""

    principal = models.ForeignKey(User, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="deputy_for")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))
    withdrawn = models.BooleanField(default=False, editable=False)  # taken back before its first day had passed

    objects = DeputyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="deputy_ends_after_start"),
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="deputy_is_another_person"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} ({self.principal})"

    @property
    def journal_municipality_id(self) -> int | None:
        return self.principal.municipality_id


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    def visible_to(self, user: User) -> Self:
        """One's own, for a day: what was read from a file is nobody else's business."""
        return self.filter(owner=user, created_at__gt=timezone.now() - ImportDraft.LIFE)

    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - ImportDraft.LIFE)


class ImportDraft(models.Model):
    """What was read from an uploaded spreadsheet, kept between looking at it and carrying it out."""

    LIFE: ClassVar[datetime.timedelta] = datetime.timedelta(days=1)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=dict)  # emptied when it has been carried out
    carried_out_at = models.DateTimeField(null=True, editable=False)

    objects = ImportDraftQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name


class UnitScoped(InTree):
    """A row that belongs to a unit and carries the unit's place in the tree.

    Moving a unit moves the rows with it: ``organisation.actions.move_unit`` knows every model built on this.
    """

    tree_field: ClassVar[str] = "unit"  # the foreign key whose place the levels follow

    class Meta:
        abstract = True

    @property
    def municipality_id(self) -> int | None:
        return self.level_0

    def place_in(self, unit: Unit) -> None:
        """Let the row follow this unit from now on; the unit as ``standing_still`` gives it."""
        setattr(self, self.tree_field, unit)
        self.copy_levels(unit)
