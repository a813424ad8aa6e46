"""A new leader's first week: five small tasks on their own unit, which tick themselves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from deviations.models import Deviation
from improvement.models import FirstWeek, YearTask
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import Deputy, Membership, Role, User

DAYS = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Task:
    name: str
    label: str
    url: str
    done: bool


@dataclass(frozen=True)
class Week:
    membership: Membership
    tasks: list[Task]

    @property
    def left(self) -> list[Task]:
        return [task for task in self.tasks if not task.done]


def beginnings(user: User) -> QuerySet[Membership]:
    """The leader's part that began in the last fourteen days, unless the week was put away. Empty for all others."""
    today = timezone.localdate()
    put_away = FirstWeek.objects.exclude(put_away_at=None).values("membership")
    rows = Membership.objects.on(today).filter(user=user, role=Role.LEADER, valid_from__gt=today - DAYS)
    return rows.exclude(pk__in=put_away)


def of(user: User) -> Week | None:
    """The tasks with what is done; nothing for whoever isn't new, or has put it away. One query."""
    received = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Deviation), by=user, type="deviations.received"
    )
    waits = Deviation.objects.awaiting(user).filter(received_at=None)
    deputies = Deputy.objects.not_ended(timezone.localdate()).filter(principal=user)
    year = YearTask.objects.filter(owner=user, unit=OuterRef("unit"))
    row = (
        beginnings(user)
        .select_related("unit")
        .annotate(
            been=Subquery(FirstWeek.objects.filter(membership=OuterRef("pk")).values("seen")[:1]),
            received=Exists(received),
            waits=Exists(waits),
            has_deputy=Exists(deputies),
            has_year=Exists(year),
        )
        .order_by("-valid_from", "-pk")
        .first()
    )
    if row is None:
        return None
    membership, unit, seen = row, row.unit, row.been or []
    return Week(
        membership,
        [
            Task(
                "receive",
                _("Receive a case, or see that none waits"),
                f"{reverse('deviations:list')}?visning=hos-meg",
                row.received or ("receive" in seen and not row.waits),
            ),
            Task("people", _("See who works in your unit, and can report"),
                 reverse("keeping:team", args=[unit.pk]), "people" in seen),
            Task("figures", _("Look at your unit’s figures"), f"{reverse('deviations:figures')}?enhet={unit.pk}",
                 "figures" in seen),
            Task("deputy", _("Set a deputy for when you are away"), reverse("organisation:deputies"),
                 row.has_deputy),
            Task("year", _("Choose a year wheel for your unit"), f"{reverse('year:lay')}?enhet={unit.pk}",
                 row.has_year),
        ],
    )  # fmt: skip


@transaction.atomic
def been(*, week: Week, name: str) -> None:
    """Note that the person has gone to the task."""
    kept, _made = FirstWeek.objects.select_for_update().get_or_create(membership=week.membership)
    if name not in kept.seen:
        kept.seen = [*kept.seen, name]
        kept.save(update_fields=["seen"])


def put_away(*, week: Week) -> None:
    FirstWeek.objects.update_or_create(membership=week.membership, defaults={"put_away_at": timezone.now()})
