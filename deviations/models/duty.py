"""What was answered to the questions of who must be told, and the duties that came of it."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from deviations import duties
from deviations.lifecycle import DUTY, DutyState
from deviations.models.deviation import Deviation, own_reports, sight_of
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import Role, Unit, User


class Reply(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Don't know yet")


class TriageAnswer(models.Model):
    """What was last answered to a question about a case. Who is empty where the reporter hides their name."""

    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="triage", db_index=False)
    code = models.CharField(max_length=12)
    answer = models.CharField(max_length=8, choices=Reply.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deviation", "code"], name="triage_answered_once")]

    def __str__(self) -> str:
        return f"{self.deviation_id} {self.code}: {self.answer}"


class DutySettings(Journaled):
    """What a municipality decides about its duties: who is told, and from when a pending rule holds."""

    municipality = models.OneToOneField(
        Unit, models.PROTECT, related_name="duty_settings", limit_choices_to={"parent": None}
    )
    patient_rules_from = models.DateField(
        _("The new rule for serious patient events holds from"), null=True, blank=True
    )
    doctor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("municipal doctor"),
    )
    ict = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact for ICT"),
    )

    class Meta:
        verbose_name = _("duties to tell")

    def __str__(self) -> str:
        return str(self.municipality_id)

    @property
    def commencements(self) -> duties.Commencements:
        return {duties.PENDING: self.patient_rules_from}


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, user: User) -> Self:
        """Those of the cases the person sees, but not as their reporter; and those the law wants them told of."""
        where = (sight_of(user, "deviation__") & ~own_reports(user, "deviation__")) | advised_on(user)
        return self.filter(municipality=user.municipality_id).filter(where).exclude(deviation__about=user)

    def running(self) -> Self:
        return self.filter(state=DutyState.RUNNING)

    def late(self, now: datetime.datetime | None = None) -> Self:
        return self.running().filter(due_at__lt=now or timezone.now())

    def for_lines(self) -> Self:
        """With what a line of a list says of each."""
        return self.select_related("deviation__unit", "deviation__handler", "done_by")


ADVISED: dict[str, str] = {duties.OUTBREAK: "doctor", duties.ICT: "ict"}
"""The questions whose duties a person named by the administrator sees."""


def advised_on(user: User) -> Q:
    """The duties that somebody is told of by law, whatever the case is filed under; never in a case about a leader."""
    standing = user.standing
    where = Q(triage=duties.EMPLOYEE) & standing.over(Role.SAFETY_REP, "deviation__")
    if standing.has(Role.DPO):
        where |= Q(triage=duties.PRIVACY)
    for triage, field in ADVISED.items():
        where |= Q(triage=triage, municipality__duty_settings__isnull=False) & Q(
            **{f"municipality__duty_settings__{field}": user}
        )
    return where & Q(deviation__about=None)


class Duty(Moving):
    """Somebody who must be told because of a case: whom, how, by when, as the rule was when the clock began."""

    lifecycle: ClassVar[Lifecycle] = DUTY

    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="duties")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    triage = models.CharField(max_length=12)
    rule = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField(default=1)
    frozen = models.JSONField()  # name, recipient, channel and deadline in each language, as they were
    state = models.CharField(_("status"), max_length=10, choices=DutyState.choices, default=DutyState.RUNNING)
    opened_at = models.DateTimeField(default=timezone.now)
    clock_from = models.DateTimeField(_("became aware"))
    due_at = models.DateTimeField(_("deadline"))
    warned = models.PositiveSmallIntegerField(default=0)
    warn_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    receipt = models.CharField(_("receipt number"), max_length=120, blank=True)
    remark = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("why it is not needed"), blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("a duty to tell", "duty")
        constraints = [
            models.UniqueConstraint(fields=["deviation", "rule", "version"], name="duty_once"),
            models.CheckConstraint(condition=Q(due_at__gte=models.F("clock_from")), name="duty_due_after_its_clock"),
            models.CheckConstraint(
                condition=Q(state=DutyState.RUNNING, done_at=None, done_by=None)
                | (~Q(state=DutyState.RUNNING) & Q(done_at__isnull=False, done_by__isnull=False)),
                name="duty_ended_at_and_by_both_or_neither",
            ),
            models.CheckConstraint(
                condition=~Q(state=DutyState.NOT_NEEDED) | ~Q(reason=""), name="duty_not_needed_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "due_at", "id"], name="duty_of_municipality"),
            models.Index(fields=["warn_at"], name="duty_to_warn", condition=Q(state=DutyState.RUNNING)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deviations:duty", args=[self.key])

    def _in_language(self, part: str) -> str:
        texts: dict[str, str] = self.frozen.get(part, {})
        return texts.get(get_language() or "nb") or texts.get("nb", "")

    @property
    def name(self) -> str:
        """What is to be done, in the active language."""
        return self._in_language("name")

    @property
    def recipient(self) -> str:
        return self._in_language("recipient")

    @property
    def channel(self) -> str:
        return self._in_language("channel")

    @property
    def words(self) -> str:
        """The deadline as the law says it."""
        return self._in_language("words")

    @property
    def counted_by(self) -> duties.Rule:
        return duties.rule(self.rule, self.version)

    @property
    def question(self) -> duties.Triage:
        return duties.BY_CODE[self.triage]

    @property
    def is_running(self) -> bool:
        return self.state == DutyState.RUNNING

    @property
    def is_late(self) -> bool:
        """Not done in time, whether it is done by now or not."""
        if self.state == DutyState.NOT_NEEDED:
            return False
        return (self.done_at or timezone.now()) > self.due_at

    @property
    def has_report(self) -> bool:
        """Whether the law says what must be told, field by field."""
        return self.rule == "privacy_authority"

    def clock(self, start: datetime.datetime, now: datetime.datetime) -> dict[str, Any]:
        """The clock as it runs when one became aware at ``start``: deadline, and what is to be warned of next."""
        due = self.counted_by.due(start)
        moments = duties.warnings_of(start, due)
        left = [(stage, at) for stage, at in moments if at > now] or moments[-1:]
        stage, at = left[0]
        return {"clock_from": start, "due_at": due, "warned": stage - 1, "warn_at": at}


class Breach(models.Model):
    """What article 33 of GDPR wants told of a breach, filled in as one gets to know it. Never a name."""

    duty = models.OneToOneField(Duty, models.PROTECT, related_name="breach")
    cause = models.TextField(_("what happened, and why"), blank=True)
    period = models.CharField(_("from when to when"), max_length=200, blank=True)
    found = models.CharField(_("when and how it was found"), max_length=300, blank=True)
    affected = models.CharField(_("how many people, about"), max_length=120, blank=True)
    data_types = models.TextField(_("what kinds of data, about whom"), blank=True)
    consequences = models.TextField(_("what it may lead to for them"), blank=True)
    measures = models.TextField(_("what is done, and will be done"), blank=True)
    contact = models.CharField(_("whom Datatilsynet can ask"), max_length=200, blank=True)

    FIELDS: ClassVar[tuple[str, ...]] = (
        "cause", "period", "found", "affected", "data_types", "consequences", "measures", "contact",
    )  # fmt: skip

    def __str__(self) -> str:
        return str(self.duty_id)

    @property
    def filled_in(self) -> int:
        return sum(bool(getattr(self, name)) for name in self.FIELDS)
