"""Who receives whistle-blowing, and the cases: what was said, by whom if they say, what was written, what was done."""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.whistle.lifecycle import ENDED, State
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Membership, Role, Unit, User

FEWEST = 2
"""So many must receive: a case that concerns one of them has another to go to."""


class Matter(models.TextChoices):
    """Censurable conditions, as arbeidsmiljøloven § 2 A-1 second paragraph names them."""

    LIFE = "life", _("Danger to life or health")
    CLIMATE = "climate", _("Danger to the climate or the environment")
    CORRUPTION = "corruption", _("Corruption or other economic crime")
    POWER = "power", _("Abuse of authority")
    WORK = "work", _("A working environment that isn’t sound")
    PRIVACY = "privacy", _("Breach of the security of personal data")
    OTHER = "other", _("Something else that breaks the law, our ethical rules or common norms")


class WhistleSettings(Journaled):
    """The municipality's own limits. One row each, kept by the administrator."""

    municipality = models.OneToOneField(
        Unit, models.PROTECT, related_name="whistle_settings", limit_choices_to={"parent": None}
    )
    # Directive (EU) 2019/1937 article 9 (1) b says seven days; Norwegian law says none, some municipalities fourteen.
    receipt_days = models.PositiveSmallIntegerField(
        _("the whistle-blower gets a receipt within"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    protect_days = models.PositiveSmallIntegerField(
        _("how the whistle-blower is treated is looked at after"),
        default=90,
        validators=[MinValueValidator(14), MaxValueValidator(730)],
    )
    keep_months = models.PositiveSmallIntegerField(
        _("what was written is deleted after"), default=24, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    instead = models.TextField(_("whom to turn to when it concerns all recipients"), blank=True, max_length=500)

    class Meta:
        verbose_name = _("settings of the whistle-blowing channel")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(receipt_days__range=(1, 30), protect_days__range=(14, 730), keep_months__range=(1, 120)),
                name="whistle_settings_within_reason",
            )
        ]

    def __str__(self) -> str:
        return str(self.municipality)


class WhistleRecipientQuerySet(models.QuerySet["WhistleRecipient"]):
    def current(self) -> Self:
        return self.filter(ended_at=None)

    def in_place(self) -> Self:
        """Those who see cases today.

        Whoever keeps the accounts sees none, whatever they were appointed to. Nor does anybody whose address was
        changed after they were let in: a new address is a way into the account for whoever chose it.
        """
        keeps = Membership.objects.on(timezone.localdate()).filter(user=OuterRef("user"), role=Role.ADMINISTRATOR)
        return (
            self.current()
            .annotate(lower_address=Lower("user__email"))
            .filter(~Exists(keeps), user__is_active=True, lower_address=F("address"))
        )

    def seeing_all(self) -> Self:
        return self.in_place().filter(sees_all_at__isnull=False)

    def seeing(self, case: WhistleCase) -> Self:
        """Those who see the case: it concerns them not, and came after them, or another let them in to the older."""
        later = Q(appointed_at__lte=case.received_at) | Q(sees_all_at__isnull=False)
        concerned = WhistleConcern.objects.filter(case=case).values("user")
        return self.in_place().filter(later, municipality=case.municipality_id).exclude(user__in=concerned)

    def visible_to(self, user: User) -> Self:
        """Everybody in the municipality knows who receives."""
        return self.filter(municipality=user.municipality_id)


class WhistleRecipient(Journaled):
    """A person who receives whistle-blowing in a municipality, until it ends."""

    municipality = models.ForeignKey(
        Unit, models.PROTECT, related_name="whistle_recipients", limit_choices_to={"parent": None}
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="receives_whistles")
    address = models.EmailField()  # the one they had when they were appointed or let in
    appointed_at = models.DateTimeField(default=timezone.now)
    sees_all_at = models.DateTimeField(null=True)  # also what came before they were appointed
    ended_at = models.DateTimeField(null=True)

    objects = WhistleRecipientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["municipality", "user"], condition=Q(ended_at=None), name="whistle_recipient_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class WhistleCaseQuerySet(models.QuerySet["WhistleCase"]):
    def visible_to(self, user: User) -> Self:
        """The one rule: a recipient of the municipality whom it doesn't concern, let in to what came before them."""
        recipients = (
            WhistleRecipient.objects.in_place()
            .filter(user=user, municipality=OuterRef("municipality"))
            .filter(Q(sees_all_at__isnull=False) | Q(appointed_at__lte=OuterRef("received_at")))
        )
        concerned = WhistleConcern.objects.filter(case=OuterRef("pk"), user=user)
        return self.filter(Exists(recipients), ~Exists(concerned))

    def opened_with(self, visit: uuid.UUID) -> Self:
        """The case whose code was shown."""
        return self.filter(visit=visit)

    def ended(self) -> Self:
        return self.filter(state__in=ENDED)

    def open(self) -> Self:
        return self.exclude(state__in=ENDED)


class WhistleCase(models.Model):
    """One case. It has a journal of its own (``WhistleEvent``), and its files are handed out by its own pages."""

    files_by_own_door = True

    key = models.UUIDField(unique=True, editable=False)
    events_count = models.PositiveIntegerField(default=0, editable=False)
    events_head = models.CharField(max_length=64, default="", editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    visit = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # what a browser's mark names
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})

    state = models.CharField(_("status"), max_length=12, choices=State.choices, default=State.RECEIVED)
    matter = models.CharField(_("what it is about"), max_length=12, choices=Matter.choices, blank=True)
    text = models.TextField(_("what it is"), blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    happened = models.CharField(_("when"), max_length=200, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    receipt_by = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(null=True)  # something came that no recipient has answered
    outcome = models.TextField(_("answer to the whistle-blower"), blank=True)
    passed_to = models.CharField(_("which authority"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    protect_on = models.DateField(null=True)  # when it is looked at how the whistle-blower is treated
    erased_at = models.DateTimeField(null=True)

    objects = WhistleCaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state=State.RECEIVED, acknowledged_at=None)
                | (~Q(state=State.RECEIVED) & Q(acknowledged_at__isnull=False)),
                name="whistle_receipt_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at=None)),
                name="whistle_end_follows_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PASSED_ON) | ~Q(passed_to=""), name="whistle_passed_on_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(text=""), name="whistle_says_something_until_erased"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(erased_at__isnull=False) | ~Q(outcome=""),
                name="whistle_end_has_answer_until_erased",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(text="", place="", happened="", outcome="", state__in=ENDED),
                name="whistle_erased_is_empty",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["municipality", "-received_at"], name="whistle_of_municipality")
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("deviations:whistle_case", args=[self.key])

    @property
    def reference(self) -> str:
        """What recipients call it among themselves. It has no number: numbers count."""
        return f"V-{self.key.hex[:6].upper()}"

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def receipt_is_late(self) -> bool:
        return self.acknowledged_at is None and timezone.localdate() > self.receipt_by

    @property
    def protection_is_due(self) -> bool:
        return self.protect_on is not None and timezone.localdate() >= self.protect_on

    def kept_until(self, keep_months: int) -> datetime.datetime | None:
        """When what was written is deleted; None while the case is open. A month is 30.44 days."""
        return self.ended_at + datetime.timedelta(days=round(30.44 * keep_months)) if self.ended_at else None


class WhistleConcern(models.Model):
    """That the case is about one of the recipients, so that it goes past that one."""

    case = models.ForeignKey(WhistleCase, models.CASCADE, related_name="concerns")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "user"], name="whistle_concern_once")
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class WhistleIdentity(models.Model):
    """Who the whistle-blower says they are. Kept apart: each look at it is an event of the case."""

    case = models.OneToOneField(WhistleCase, models.CASCADE, related_name="identity")
    name = models.CharField(_("name"), max_length=120)
    reach = models.CharField(_("phone or e-mail"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="whistle_identity_has_name")
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class WhistleEntry(models.Model):
    """Something written in the case: by or to the whistle-blower, or among the recipients."""

    class To(models.TextChoices):
        RECIPIENTS = "recipients", _("from the whistle-blower")
        REPORTER = "reporter", _("to the whistle-blower")
        NOTE = "note", _("among the recipients")

    case = models.ForeignKey(WhistleCase, models.CASCADE, related_name="entries")
    to = models.CharField(max_length=10, choices=To.choices)
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "whistle entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(to="recipients", author=None) | (~Q(to="recipients") & Q(author__isnull=False)),
                name="whistle_reporter_is_no_author",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class WhistleEvent(models.Model):
    """One link of a case's own journal: who did what when, never a word of what was written.

    Append-only by the databases' own triggers, chained and sealed as the common journal is; in a table of its own, so
    that nothing that reads the common journal can come upon it.
    """

    case = models.ForeignKey(WhistleCase, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="whistle_event_one_of_each_number")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.number}"


def whistle_settings(municipality_id: int) -> WhistleSettings:
    """The municipality's choices; the defaults until it has made its own."""
    found = WhistleSettings.objects.filter(municipality=municipality_id).first()
    return found or WhistleSettings(municipality_id=municipality_id)
