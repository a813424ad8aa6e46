"""What people were told, and the mail on its way to them. Every mail is a row before it is a mail."""

from __future__ import annotations

import datetime
import secrets
from email.utils import parseaddr
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.wording import Wording
from kvalitetslosen.organisation.models import Language, Unit, User

MONDAY, FRIDAY = 1, 5


class Delivery(models.Model):
    """An event whose messages have been written: the claim that keeps them from being written twice."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.event_id)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """A sentence for one person with a link, in the product's own list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications", db_index=False)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=200)
    text = models.JSONField(default=dict)  # language → sentence: people change language, lists don't mix them
    key = models.CharField(max_length=160, unique=True)  # what this notice is: the same one isn't written twice
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return str(self.text.get(get_language() or "nb") or next(iter(self.text.values()), ""))


def new_message_id() -> str:
    """The name a mail keeps for ever, however often it has to be sent: `<random@the sender's domain>`."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{secrets.token_hex(16)}@{domain}>"


class EmailQuerySet(models.QuerySet["Email"]):
    def due(self, now: datetime.datetime) -> Self:
        """To be sent now: those whose time has come, and those somebody began to send and never finished."""
        return self.filter(state__in=[Email.State.QUEUED, Email.State.SENDING], next_try_at__lte=now)


class Email(models.Model):
    """One mail to one person. ``next_try_at`` of a mail in sending is when it is taken up again."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Refused")
        WITHDRAWN = "withdrawn", _("No longer needed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="emails", db_index=False
    )
    to = models.EmailField()
    language = models.CharField(max_length=2, choices=Language.choices)
    name = models.CharField(max_length=80)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", db_index=False)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    thread = models.CharField(max_length=80, blank=True)  # mails about the same thing are shown together
    secret = models.BooleanField(default=False)  # emptied once sent
    calendar = models.TextField(blank=True, default="")  # what comes along for the reader's calendar (RFC 5545)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=120, unique=True, default=new_message_id)
    key = models.CharField(max_length=160, unique=True)  # what this mail is: the same one isn't written twice

    objects = EmailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="email_sent_at_follows_state",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="email_due", condition=Q(state__in=["queued", "sending"])),
        ]

    def __str__(self) -> str:
        return self.message_id


class Reminder(models.Model):
    """That a person was reminded of a row on one occasion. The occasion names the date it follows from."""

    rule = models.CharField(max_length=80)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    occasion = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    email = models.ForeignKey(Email, models.PROTECT, null=True, related_name="reminders")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "rule", "occasion", "user"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject_id} {self.occasion}"


class Digest(models.Model):
    """That a person got the week's grouped mail. ``week`` is the ISO week, as 2026-W53."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    week = models.CharField(max_length=8)
    email = models.OneToOneField(Email, models.PROTECT, related_name="digest")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="digest_once_a_week")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.week}"


class DigestRound(models.Model):
    """That everybody in the municipality who was to have the week's mail has it."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    week = models.CharField(max_length=8)
    finished_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "week"], name="digest_round_once")]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.week}"


class MailSettings(Journaled):
    """When a municipality sends its mail, and what it adds to it. One row each, kept by the administrator."""

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")

    municipality = models.OneToOneField(
        Unit, models.PROTECT, related_name="mail_settings", limit_choices_to={"parent": None}
    )
    reminder_hour = models.PositiveSmallIntegerField(
        _("reminders go out at"), default=7, validators=[MinValueValidator(5), MaxValueValidator(18)]
    )
    digest = models.BooleanField(_("send everybody who has something waiting one mail a week"), default=True)
    digest_weekday = models.PositiveSmallIntegerField(
        _("the weekly mail goes out on"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("the weekly mail goes out at"), default=7, validators=[MinValueValidator(5), MaxValueValidator(18)]
    )
    texts = models.JSONField(default=dict, blank=True)  # message → language → what the municipality adds
    # message → language → subject and body the municipality says instead of the standard text
    wordings = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("mail")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(reminder_hour__range=(5, 18)), name="reminder_hour_by_day"),
            models.CheckConstraint(condition=Q(digest_hour__range=(5, 18)), name="digest_hour_by_day"),
            models.CheckConstraint(condition=Q(digest_weekday__range=(MONDAY, FRIDAY)), name="digest_on_weekday"),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    def added(self, key: str, language: str) -> str:
        """What the municipality adds to a message in a language; empty where it adds nothing."""
        return str(self.texts.get(key, {}).get(language, ""))

    def wording_of(self, key: str, language: str) -> Wording:
        """What the municipality says instead of the standard text of a message in a language."""
        return Wording(**self.wordings.get(key, {}).get(language, {}))


class Lease(models.Model):
    """Who does a job that one at a time is enough for, and until when nobody else need begin."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=32)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


def mail_settings(municipality_id: int) -> MailSettings:
    """The municipality's choices; the defaults until it has made its own."""
    return MailSettings.objects.filter(municipality=municipality_id).first() or MailSettings(
        municipality_id=municipality_id
    )


def all_mail_settings() -> dict[int, MailSettings]:
    """Those that have made choices, by municipality."""
    chosen: dict[int, Any] = {each.municipality_id: each for each in MailSettings.objects.all()}
    return chosen
