"""Forums of leaders or a team, their meetings, and what is on the agenda."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.models import Deviation
from improvement.meeting_lifecycle import MEETING, OPEN, MeetingState
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Role, TreeQuerySet, Unit, UnitScoped, User
from kvalitetslosen.ui.dates import clock, dated, local_day, written

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import ManyRelatedManager


class ForumKind(models.TextChoices):
    """Which ready agenda its meetings begin with."""

    LEADERS = "leaders", _("Leaders’ meeting")
    TEAM = "team", _("Team meeting")
    BOARD = "board", _("Board meeting by the wall")
    WORK_ENVIRONMENT = "amu", _("Working environment committee")
    REVIEW = "review", _("Management review")
    AUDIT = "audit", _("Audit")
    PEERS = "peers", _("Community of practice")


class Every(models.TextChoices):
    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Once a year")


class ForumQuerySet(TreeQuerySet["Forum"]):
    def visible_to(self, user: User) -> Self:
        """Those one is in, whichever municipality it was founded in. Nobody else, above or beside.

        One across municipalities is open to those of the network as long as theirs is a member.
        """
        mine = Forum.members.through._default_manager.filter(user=user).values("forum")
        networks = Network.objects.of(user.municipality_id).values("pk")
        here = Q(network=None, level_0=user.municipality_id) | Q(network__in=networks)
        return self.filter(here, pk__in=mine)

    def going(self) -> Self:
        return self.filter(ended_at=None)

    def to_join(self, user: User) -> Self:
        """Those of the networks one's municipality is in, that one isn't in: leaders and quality contacts may join."""
        if not user.standing.has(Role.LEADER, Role.QUALITY_CONTACT):
            return self.none()
        mine = Forum.members.through._default_manager.filter(user=user).values("forum")
        return (
            self.going().filter(network__in=Network.objects.of(user.municipality_id).values("pk")).exclude(pk__in=mine)
        )


class Forum(UnitScoped, Journaled):
    """A group of leaders or a team that meets: about a unit, or across the municipalities of a network.

    ``unit`` is what its agendas count; of one across municipalities nothing is counted, and it is only where it was
    founded. Whoever leads it is one of the members.
    """

    name = models.CharField(_("name"), max_length=120, db_collation="nb")
    kind = models.CharField(_("which agenda"), max_length=10, choices=ForumKind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    network = models.ForeignKey(
        Network, models.PROTECT, null=True, blank=True, related_name="forums", verbose_name=_("network")
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who leads it")
    )
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who takes the minutes"),
        db_index=False,
    )
    members: ManyRelatedManager[User] = models.ManyToManyField(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, related_name="forums", verbose_name=_("members")
    )
    every = models.CharField(_("how often"), max_length=10, choices=Every.choices, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = ForumQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(network=None) & ~Q(kind=ForumKind.PEERS) | Q(network__isnull=False, kind=ForumKind.PEERS),
                name="forum_across_municipalities_counts_nothing",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meetings:forum", args=[self.pk])

    @property
    def is_going(self) -> bool:
        return self.ended_at is None

    @property
    def is_across(self) -> bool:
        """Whether people of several municipalities read what stands here."""
        return self.network_id is not None


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Those of the forums one is in."""
        return self.filter(forum__in=Forum.objects.visible_to(user).values("pk"))

    def planned(self) -> Self:
        return self.filter(state=MeetingState.PLANNED)

    def minuted(self) -> Self:
        """Those that were held."""
        return self.filter(state__in=(MeetingState.HELD, MeetingState.APPROVED))


class Meeting(Moving):
    """One meeting about a period. ``sequence`` counts what was sent to calendars; ``key`` is its name there."""

    lifecycle: ClassVar[Lifecycle] = MEETING
    LASTS: ClassVar[int] = 60
    LONGEST: ClassVar[int] = 600  # minutes

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="meetings", db_index=False)
    starts_at = models.DateTimeField(_("when"))
    lasts = models.PositiveSmallIntegerField(_("minutes"), default=LASTS)
    place = models.CharField(_("where"), max_length=120, blank=True)
    period_first = models.DateField(_("about the time from"))
    period_last = models.DateField(_("to"))
    state = models.CharField(_("status"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    sent_at = models.DateTimeField(null=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MeetingState.APPROVED, approved_at__isnull=False, approved_by__isnull=False)
                | ~Q(state=MeetingState.APPROVED) & Q(approved_at=None, approved_by=None),
                name="meeting_approved_by_somebody",
            ),
            models.CheckConstraint(condition=Q(period_last__gte=F("period_first")), name="meeting_period_in_order"),
            models.CheckConstraint(condition=Q(lasts__range=(5, 600)), name="meeting_lasts_a_while"),
        ]
        indexes = [
            models.Index(fields=["forum", "-starts_at", "-id"], name="meeting_of_forum"),
            models.Index(fields=["starts_at"], name="meeting_open", condition=Q(state__in=OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.forum}, {timezone.localdate(self.starts_at)}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def ends_at(self) -> datetime.datetime:
        return self.starts_at + datetime.timedelta(minutes=self.lasts)

    @property
    def period_begins(self) -> str:
        """With the year when it isn't this one: what is looked at once a year begins the year before."""
        return written(self.period_first)

    @property
    def when_words(self) -> str:
        """Day and hour: «4. desember 09.00»."""
        return f"{written(local_day(self.starts_at))} {clock(self.starts_at)}"

    @property
    def when_and_how_soon(self) -> str:
        """«4. desember 09.00 (om 5 dager)»."""
        day = written(local_day(self.starts_at))
        return dated(self.starts_at).replace(day, f"{day} {clock(self.starts_at)}", 1)

    @property
    def is_planned(self) -> bool:
        return self.state == MeetingState.PLANNED

    @property
    def is_open(self) -> bool:
        """Whether anything may still be written in it."""
        return self.state in OPEN


CASE, OWN = "case", "own"
"""Kinds of items that come from no source: a case somebody brings, and what is written by hand."""


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def chosen(self) -> Self:
        """What is on the agenda."""
        return self.filter(chosen=True)


class AgendaItem(models.Model):
    """One thing on an agenda, and what the meeting made of it. Its events are the meeting's.

    ``kind`` names the source it was made from. What stands in it is read by every member: figures and words, never a
    case. Who brought a case writes ``words``, which tell it without who, and the answer to its reporter, ``told``.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", db_index=False)
    kind = models.CharField(max_length=30)
    heading = models.CharField(_("heading"), max_length=120)
    words = models.TextField(_("what it says"), blank=True)
    position = models.PositiveSmallIntegerField()
    chosen = models.BooleanField(default=True)  # on the agenda; else one click away
    by_hand = models.BooleanField(default=False)  # somebody has written in it: figures made anew leave it alone
    edits = models.PositiveIntegerField(default=0)
    deviation = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    taken_off = models.TextField(_("why it is not on the agenda"), blank=True)  # said to whoever suggested it
    happened = models.TextField(_("What happened?"), blank=True)
    why = models.TextField(_("Why?"), blank=True)
    typical = models.TextField(_("What is typical?"), blank=True)
    tries = models.TextField(_("What do we try?"), blank=True)
    decision = models.TextField(_("decision"), blank=True)
    told = models.TextField(_("answer to the reporter"), blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CASE, deviation__isnull=False) | ~Q(kind=CASE) & Q(deviation=None),
                name="agenda_item_case_has_one",
            ),
            models.UniqueConstraint(
                fields=["meeting", "deviation"], name="agenda_item_case_once", condition=Q(deviation__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["meeting", "position"], name="agenda_item_of_meeting")]

    def __str__(self) -> str:
        return self.heading

    def get_absolute_url(self) -> str:
        return f"{reverse('meetings:meeting', args=[self.meeting_id])}#punkt-{self.pk}"

    @property
    def is_case(self) -> bool:
        return self.kind == CASE

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was said to the four questions: the question and the words, where there are any."""
        asked = [(str(self._meta.get_field(name).verbose_name), getattr(self, name)) for name in QUESTIONS]  # type: ignore[union-attr]
        return [(question, words) for question, words in asked if words]

    @property
    def was_discussed(self) -> bool:
        return bool(self.decision or self.answers)


QUESTIONS = ("happened", "why", "typical", "tries")


class Attendance(models.Model):
    """That somebody was there or was not, as the minutes have it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    present = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.user_id}: {self.present}"
