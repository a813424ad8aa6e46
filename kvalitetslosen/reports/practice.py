"""What is forgotten of what was written here while practising."""

from __future__ import annotations

from django.utils import timezone

from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice.playing import Cast, Play, register
from kvalitetslosen.reports.models import Recipient, Report, Schedule


def nothing(cast: Cast) -> None:
    """One writes reports oneself."""


def forget(municipality: Unit) -> None:
    reports = Report.objects.filter(level_0=municipality.pk)
    reports.update(texts={}, added=[])
    reports.exclude(frozen=None).update(frozen={"parts": []})
    now = timezone.now()
    Recipient.objects.running().filter(schedule__level_0=municipality.pk).update(ended_at=now)
    Schedule.objects.filter(level_0=municipality.pk, ended_at=None).update(ended_at=now)


register(Play(copy=nothing, lay=nothing, forget=forget))
