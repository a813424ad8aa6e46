"""Answering who must be told, and ticking off that they were. What nobody ticks gets loud."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations import duties
from deviations.actions.asking import came_from
from deviations.lifecycle import DutyState
from deviations.models import Breach, Deviation, Duty, DutySettings, Reply, TriageAnswer
from kvalitetslosen.bulk import asked_once
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.notifications.outbox import in_every_language
from kvalitetslosen.organisation.models import Membership, Role, User
from kvalitetslosen.ui.dates import local_day


class DutyRuns(Exception):
    """The answer can't be taken back while somebody is still to be told because of it."""


def duty_settings_of(municipality_id: int) -> DutySettings:
    """What the municipality has decided about its duties; nothing, until it has."""

    def ask() -> DutySettings:
        found = DutySettings.objects.filter(municipality=municipality_id).first()
        return found or DutySettings(municipality_id=municipality_id)

    return asked_once((DutySettings, municipality_id), ask)


def privacy_deadline(deviation: Deviation) -> datetime.datetime:
    """When Datatilsynet would have to know, if it turns out to be a breach."""
    return duties.rule("privacy_authority", 1).due(deviation.reported_at)


@transaction.atomic
def answer_triage(
    *,
    deviation: Deviation,
    by: User | None,
    answers: Mapping[str, str],
    aware: datetime.datetime | None = None,
    at: datetime.datetime | None = None,
) -> list[Duty]:
    """Reply questions about whom to tell; the duties a «yes» set going. The same answers again change nothing.

    ``by`` is nobody where the reporter, without a name, answers while reporting. ``aware`` is when the municipality
    became aware, where the clocks start: when the case was reported, unless somebody says otherwise. Raises
    ``DutyRuns``.
    """
    now = at or timezone.now()
    lock(deviation)
    before = {row.code: row for row in TriageAnswer.objects.filter(deviation=deviation)}
    told = {code: row.answer for code, row in before.items()}
    new = {
        each.code: answers[each.code]
        for each in duties.QUESTIONS
        if answers.get(each.code) and answers[each.code] != told.get(each.code)
    }
    if not new:
        return []
    taken_back = [code for code in new if told.get(code) == Reply.YES]
    if Duty.objects.running().filter(deviation=deviation, triage__in=taken_back).exists():
        raise DutyRuns
    for code, answer in new.items():
        row = before.get(code) or TriageAnswer(deviation=deviation, code=code)
        row.answer, row.by, row.at = answer, by, now
        row.save()
    record(deviation, "deviations.triage_answered", by=by, at=now, answers=new)
    yes = [code for code, answer in new.items() if answer == Reply.YES]
    return [duty for code in yes for duty in _set_going(deviation, code, by, aware or deviation.reported_at, now)]


def _set_going(
    deviation: Deviation, code: str, by: User | None, aware: datetime.datetime, now: datetime.datetime
) -> list[Duty]:
    """A duty for each rule in force when one became aware. One that was not needed is needed again."""
    aware = min(aware, now)
    known = {(row.rule, row.version): row for row in Duty.objects.filter(deviation=deviation, triage=code)}
    commencements = duty_settings_of(deviation.level_0 or 0).commencements
    opened = []
    for rule in duties.rules_on(code, local_day(aware), commencements):
        duty = known.get((rule.code, rule.version))
        if duty is None:
            opened.append(_open(deviation, rule, by, aware, now))
        elif duty.state == DutyState.NOT_NEEDED:
            ended: dict[str, Any] = {"done_at": None, "done_by": None, "reason": ""}
            clock = duty.clock(aware, now)
            how: dict[str, Any] = {"data": _which(duty), "untold": _silent(clock), **_told(clock), **ended}
            move(duty, "answered_again", by=by, at=now, **how)
            opened.append(duty)
    return opened


def _told(clock: dict[str, Any]) -> dict[str, Any]:
    return {name: clock[name] for name in ("clock_from", "due_at")}


def _silent(clock: dict[str, Any]) -> dict[str, Any]:
    return {name: clock[name] for name in ("warned", "warn_at")}


def _open(
    deviation: Deviation, rule: duties.Rule, by: User | None, aware: datetime.datetime, now: datetime.datetime
) -> Duty:
    duty = Duty(
        deviation=deviation,
        municipality_id=deviation.level_0,
        triage=rule.triage,
        rule=rule.code,
        version=rule.version,
        frozen={
            part: in_every_language(lambda part=part: str(getattr(rule, part)))  # type: ignore[misc]
            for part in ("name", "recipient", "channel", "words")
        },
        opened_at=now,
    )
    for name, value in duty.clock(aware, now).items():
        setattr(duty, name, value)
    return create(duty, "deviations.duty_opened", by=by, at=now, rule=rule.code, version=rule.version, due=duty.due_at)


def mark_done(
    *,
    duty: Duty,
    by: User,
    done_at: datetime.datetime | None = None,
    receipt: str = "",
    remark: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Duty:
    """They have been told: when, and with which receipt."""
    now = at or timezone.now()
    move(
        duty,
        "done",
        by=by,
        at=now,
        seen=seen,
        data=_which(duty),
        done_at=min(done_at or now, now),
        done_by=by,
        receipt=receipt,
        remark=remark,
        untold={"warn_at": None},
    )
    return duty


def mark_not_needed(
    *, duty: Duty, by: User, reason: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Duty:
    """Nobody need be told, and why: for a breach of privacy that is what the law wants kept."""
    now = at or timezone.now()
    move(
        duty,
        "not_needed",
        by=by,
        at=now,
        seen=seen,
        data=_which(duty),
        done_at=now,
        done_by=by,
        reason=reason,
        untold={"warn_at": None},
    )
    return duty


def move_clock(
    *,
    duty: Duty,
    by: User,
    clock_from: datetime.datetime,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Duty:
    """Correct when the municipality became aware; the deadline follows, by the rule the duty was opened with."""
    now = at or timezone.now()
    clock = duty.clock(min(clock_from, now), now)
    move(
        duty,
        "move_clock",
        by=by,
        at=now,
        seen=seen,
        note=note,
        data=_which(duty),
        untold=_silent(clock),
        **_told(clock),
    )
    return duty


@transaction.atomic
def fill_in(
    *, duty: Duty, by: User, at: datetime.datetime | None = None, seen: int | None = None, **fields: str
) -> None:
    """Write what is known so far into the report. The journal keeps which parts, never the words."""
    lock(duty)
    breach = Breach.objects.filter(duty=duty).first() or Breach(duty=duty)
    differing = [name for name in Breach.FIELDS if fields.get(name, getattr(breach, name)) != getattr(breach, name)]
    if not differing:
        return
    move(duty, "fill_in", by=by, at=at, seen=seen, data={**_which(duty), "parts": differing})
    for name in differing:
        setattr(breach, name, fields[name])
    breach.save()


def reopen_duty(
    *, duty: Duty, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Duty:
    """Take back a tick. The clock has been running all the while."""
    now = at or timezone.now()
    move(
        duty,
        "reopen",
        by=by,
        at=now,
        seen=seen,
        note=note,
        data=_which(duty),
        done_at=None,
        done_by=None,
        receipt="",
        reason="",
        untold={"remark": "", **_silent(duty.clock(duty.clock_from, now))},
    )
    return duty


def _which(duty: Duty) -> dict[str, Any]:
    return {"rule": duty.rule, "version": duty.version}


def told_inside(duty: Duty) -> list[User]:
    """Those in the municipality the law wants told at once. In a case about a leader nobody outside its line is."""
    deviation, question = duty.deviation, duty.question
    if deviation.about_id is not None:
        return []
    found: list[User] = []
    today = timezone.localdate()
    for inside in sorted(question.told):
        if inside in (duties.Inside.DPO, duties.Inside.SAFETY_REP):
            role = Role.DPO if inside == duties.Inside.DPO else Role.SAFETY_REP
            held = Membership.objects.on(today).filter(role=role, unit__level_0=duty.municipality_id)
            if role == Role.SAFETY_REP:
                held = held.filter(unit__in=deviation.ancestor_ids)
            found += User.objects.active().filter(pk__in=held.values("user")).order_by("pk")
        else:
            named = getattr(duty_settings_of(duty.municipality_id), str(inside))
            found += [named] if named else []
    return found


# When the clock has come so far

STAGES = {
    duties.HALF: "deviations.duty_half",
    duties.LAST: "deviations.duty_last",
    duties.LATE: "deviations.duty_late",
}


def watch(now: datetime.datetime | None = None) -> int:
    """Let every duty whose moment has come say so, also at night and on Sundays; how many did.

    Whoever was stopped for two such moments says only the later one. Where somebody practises, none says anything.
    """
    moment = now or timezone.now()
    real = Duty.objects.running().filter(municipality__practice=False)
    due = real.filter(warn_at__lte=moment).order_by("warn_at", "pk").values_list("pk", flat=True)
    return sum(_warn(pk, moment) for pk in list(due[:500]))


@transaction.atomic
def _warn(pk: int, now: datetime.datetime) -> bool:
    duty = Duty.objects.select_for_update(of=("self",)).filter(pk=pk, warn_at__lte=now).running().first()
    if duty is None:
        return False
    moments = duties.warnings_of(duty.clock_from, duty.due_at)
    stage = max((stage for stage, at in moments if at <= now), default=duties.LATE)
    left = [at for each, at in moments if each > stage]
    record(duty, STAGES[stage], by=None, at=now, **_which(duty))
    Duty.objects.filter(pk=pk).update(warned=stage, warn_at=left[0] if left else None)
    return True


# Along with the case

CLOCK_MOVED = "deviations.duty_clock_moved"


def _goes_on_in(deviation: Deviation) -> str:
    """Why a duty isn't needed in a case that was merged, in a language of its own."""
    return f"→ {deviation.reference}"


def follow_duties(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """Whom is still to be told in a case that was merged goes along to the other. The earlier clock counts."""
    there = {(row.rule, row.version): row for row in Duty.objects.filter(deviation=goes_on)}
    going = list(Duty.objects.running().filter(deviation=ended).order_by("pk"))
    for duty in going:
        same = there.get((duty.rule, duty.version))
        if same is None:
            move(duty, "go_along", by=by, at=at, deviation=goes_on, data=_which(duty))
            continue
        mark_not_needed(duty=duty, by=by, reason=_goes_on_in(goes_on), at=at)
        if same.state == DutyState.NOT_NEEDED:
            ended_as: dict[str, Any] = {"done_at": None, "done_by": None, "reason": ""}
            move(same, "answered_again", by=by, at=at, data=_which(same), **ended_as)
        if same.is_running and duty.clock_from < same.clock_from:
            clock = same.clock(duty.clock_from, at)
            change(same, CLOCK_MOVED, by=by, at=at, data={**_which(same), "merged": ended.pk}, **_told(clock))
            Duty.objects.filter(pk=same.pk).update(**_silent(clock))
    for code in sorted({duty.triage for duty in going}):
        TriageAnswer.objects.update_or_create(
            deviation=goes_on, code=code, defaults={"answer": Reply.YES, "by": by, "at": at}
        )


def duties_come_back(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: what had gone along comes back, done or not, and both cases have their own clocks."""
    there = {duty.pk: duty for duty in Duty.objects.filter(deviation=goes_on).order_by("pk")}
    went, back = "deviations.duty_went_along", "deviations.duty_came_back"
    for pk in came_from(Duty, there, ended, went, back):
        duty = there.pop(pk)
        move(duty, "come_back", by=by, at=at, deviation=ended, data=_which(duty))
    nobody: dict[str, Any] = {"done_at": None, "done_by": None, "reason": ""}
    for duty in Duty.objects.filter(deviation=ended, reason=_goes_on_in(goes_on)).order_by("pk"):
        silent = _silent(duty.clock(duty.clock_from, at))
        move(duty, "answered_again", by=by, at=at, data=_which(duty), untold=silent, **nobody)
    for duty in there.values():
        moved = Event.objects.about(duty).filter(type=CLOCK_MOVED).last()
        if moved and moved.data.get("merged") == ended.pk and duty.is_running:
            clock = duty.clock(datetime.datetime.fromisoformat(moved.old_and_new("clock_from")[0]), at)
            change(duty, CLOCK_MOVED, by=by, at=at, data=_which(duty), **_told(clock))
            Duty.objects.filter(pk=duty.pk).update(**_silent(clock))


@transaction.atomic
def set_duty_settings(*, municipality_id: int, by: User | None, **values: Any) -> DutySettings:
    """Decide whom to tell inside, and from when the new rule for patients holds.

    Where a clock that is running began on that day or later, the new rule's duties are opened beside the old one's, so
    that both are seen; whoever handles the case ticks off the one that doesn't apply.
    """
    settings = duty_settings_of(municipality_id)
    if settings._state.adding:
        for name, value in values.items():
            setattr(settings, name, value)
        create(settings, "deviations.duty_settings_set", by=by, **values)
    elif not change(settings, "deviations.duty_settings_set", by=by, **values):
        return settings
    _let_both_run(municipality_id, settings.commencements, by)
    return settings


def _let_both_run(municipality_id: int, commencements: duties.Commencements, by: User | None) -> None:
    now = timezone.now()
    running = Duty.objects.running().filter(municipality=municipality_id, triage=duties.PATIENT)
    for old in running.select_related("deviation").order_by("deviation", "pk"):
        known: Collection[tuple[str, int]] = set(
            Duty.objects.filter(deviation=old.deviation).values_list("rule", "version")
        )
        for rule in duties.rules_on(old.triage, local_day(old.clock_from), commencements):
            if (rule.code, rule.version) not in known:
                _open(old.deviation, rule, by, old.clock_from, now)
