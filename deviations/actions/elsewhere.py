"""Bringing in what another system has registered: each row once, by their id, however often it comes."""

from __future__ import annotations

import datetime
import hmac
import secrets
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from deviations import elsewhere, figures
from deviations.actions.deadlines import rules_of
from deviations.actions.reporting import place_and_number, route
from deviations.lifecycle import LIFECYCLE, State
from deviations.models import BroughtCase, BroughtCount, Deviation, Naming, OtherSystem, Source, When
from kvalitetslosen.journal.record import change, create, lock, record, save_with_event
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.workdays import OSLO


class Came(StrEnum):
    MADE = "made"
    LINKED = "linked"  # it was registered here already
    CHANGED = "changed"
    KEPT = "kept"  # it says something new, but was changed here: that stands
    SAME = "same"


@transaction.atomic
def bring_in(*, system: OtherSystem, row: elsewhere.Row, by: User | None, at: datetime.datetime | None = None) -> Came:
    """Let a row without problems come in. The same row again changes nothing.

    Nor does one whose number belongs to what ``by`` may not see: their ids can be guessed, and whoever changes a case
    reads it. A system that sends by its token (``by`` None) may change all it has sent.
    """
    OtherSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)  # two at once: one after the other
    now = at or timezone.now()
    if not system.brings_cases:
        return _count(system, row, by)
    known = BroughtCase.objects.filter(system=system, foreign_id=row.id).select_related("deviation").first()
    if known is None:
        return _new(system, row, by, now)
    if known.digest == row.digest or not (by is None or elsewhere.may_see(by, known.deviation_id)):
        return Came.SAME
    return _again(system, known, row, by, now)


def _new(system: OtherSystem, row: elsewhere.Row, by: User | None, now: datetime.datetime) -> Came:
    here = row.ours and Deviation.objects.filter(reference=row.ours, level_0=system.municipality_id).first()
    if here and (by is None or elsewhere.may_see(by, here.pk)):
        _note(system, row, here, now)
        record(here, "deviations.registered_elsewhere", by=by, at=now, system=system.name)
        return Came.LINKED
    assert row.unit is not None
    reported = _moment(row.date)
    rules = rules_of(system.municipality_id)
    open_here = system.handled_here and not row.is_closed
    way = route(row.unit, row.category, about_leader=False, without=[], on=timezone.localdate(now))
    deviation = Deviation(
        unit=row.unit, kind=row.kind, text=row.text, category=row.category,
        topic=row.category.topic if row.category else "", happened=When.DATE, happened_on=row.date, harm=row.harm,
        source=Source.ELSEWHERE, naming=Naming.ANONYMOUS, reported_at=reported,
        handler=way.handler if open_here else None,
        receive_by=rules.due(now, rules.receive_days), answer_by=rules.due(now, rules.answer_days),
        deadline=rules.due(now, rules.close_days("")),
    )  # fmt: skip
    if not open_here:
        deviation.state, deviation.outcome = State.CLOSED, row.answer or ended_words(system, row)
        deviation.closed_at = max(_moment(row.closed), reported) if row.closed else now
    deviation.reference = place_and_number(deviation, row.unit, timezone.localdate(now).year)
    create(deviation, "deviations.brought_in", by=by, at=now, system=system.name, handler=deviation.handler_id)
    _note(system, row, deviation, now)
    figures.count(deviation)
    return Came.MADE


def ended_words(system: OtherSystem, row: elsewhere.Row) -> str:
    """What stands as the answer where the row has none, in the municipality's language."""
    with translation.override(system.municipality.language):
        words = gettext("It was closed in %(system)s.") if row.is_closed else gettext("It is handled in %(system)s.")
        return words % {"system": system.name}


def _note(system: OtherSystem, row: elsewhere.Row, deviation: Deviation, now: datetime.datetime) -> None:
    BroughtCase.objects.create(
        system=system, foreign_id=row.id, deviation=deviation, digest=row.digest, said=row.said, came_at=now
    )


def _again(
    system: OtherSystem, known: BroughtCase, row: elsewhere.Row, by: User | None, now: datetime.datetime
) -> Came:
    """Take over what they changed and nobody has changed here. A case from here stays as it is."""
    deviation = lock(known.deviation)
    before = lock(deviation)
    came = Came.KEPT
    if deviation.source == Source.ELSEWHERE:
        new: dict[str, Any] = {
            "kind": row.kind, "category": row.category, "harm": row.harm, "text": row.text, "happened_on": row.date,
        }  # fmt: skip
        now_here = {
            "kind": deviation.kind, "category": deviation.category_id, "harm": deviation.harm,
            "text": deviation.text, "happened_on": deviation.happened_on and deviation.happened_on.isoformat(),
        }  # fmt: skip
        told = row.said
        changes = {
            name: new[name]
            for name in new
            if told[name] != known.said.get(name) and elsewhere.said(now_here[name]) == known.said.get(name)
        }
        if "category" in changes:
            changes["topic"] = row.category.topic if row.category else ""
        if changes:
            save_with_event(
                deviation, before, "deviations.brought_again", by=by, at=now, data={"system": system.name},
                changes=changes, secret=LIFECYCLE.secret,
            )  # fmt: skip
            came = Came.CHANGED
        if row.is_closed and deviation.state == State.REPORTED:
            move(
                deviation, "end_elsewhere", by=by, at=now, data={"system": system.name},
                outcome=row.answer or ended_words(system, row), closed_at=now,
            )  # fmt: skip
            came = Came.CHANGED
        figures.follow(before, deviation)
    known.digest, known.said, known.came_at = row.digest, row.said, now
    known.save(update_fields=["digest", "said", "came_at"])
    return came


def _count(system: OtherSystem, row: elsewhere.Row, by: User | None) -> Came:
    """Counts leave no event, as ticks don't: the row says all there is to say."""
    assert row.unit is not None
    assert row.category is not None
    known = BroughtCount.objects.filter(system=system, foreign_id=row.id).select_related("unit").first()
    if known is None:
        made = BroughtCount(system=system, foreign_id=row.id, category=row.category, date=row.date, n=row.n)
        made.place_in(Unit.objects.standing_still(row.unit.pk))
        made.save(force_insert=True)
        figures.count_brought(made, made.n)
        return Came.MADE
    if (known.unit_id, known.category_id, known.date, known.n) == (row.unit.pk, row.category.pk, row.date, row.n):
        return Came.SAME
    if by is not None and not elsewhere.may_bring_to(by, known.unit):
        return Came.SAME
    figures.count_brought(known, -known.n)
    known.category, known.date, known.n = row.category, row.date, row.n
    known.place_in(Unit.objects.standing_still(row.unit.pk))
    known.save()
    figures.count_brought(known, known.n)
    return Came.CHANGED


def _moment(day: datetime.date) -> datetime.datetime:
    """Noon in Norway: the day is known, the hour isn't."""
    return datetime.datetime.combine(day, datetime.time(12), OSLO)


# The system itself


def define_system(*, municipality: Unit, by: User, **fields: Any) -> OtherSystem:
    return create(OtherSystem(municipality=municipality, **fields), "deviations.system_defined", by=by)


def change_system(*, system: OtherSystem, by: User, **fields: Any) -> None:
    """Name, whether it is handled here, whether it is used: what has come stays."""
    change(system, "deviations.system_changed", by=by, **fields)


@transaction.atomic
def keep_mapping(
    *, system: OtherSystem, by: User, columns: dict[str, str], units: dict[str, int], categories: dict[str, int | None]
) -> None:
    """How the system's columns and words are read, for this time and the next."""
    now = OtherSystem.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=system.pk)
    sure = units if elsewhere.may_bring_to(by, now.municipality) else {}
    kept = {
        "columns": columns, "units": now.units | units, "sure_units": now.sure_units | sure,
        "categories": now.categories | categories,
    }  # fmt: skip
    differs = any(getattr(now, name) != value for name, value in kept.items())
    for name, value in kept.items():
        setattr(system, name, value)
    if differs:
        OtherSystem.objects.filter(pk=system.pk).update(**kept)
        record(system, "deviations.system_mapped", by=by)


@transaction.atomic
def make_token(*, system: OtherSystem, by: User) -> str:
    """A new token, to be shown now and never again. The one before it opens nothing any more."""
    token = f"kl_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    record(system, "deviations.token_made", by=by)
    system.token_hash, system.token_made_at, system.token_used_at = hash_of(token), now, None
    system.save(update_fields=["token_hash", "token_made_at", "token_used_at"])
    return token


@transaction.atomic
def revoke_token(*, system: OtherSystem, by: User) -> None:
    if system.token_hash:
        record(system, "deviations.token_revoked", by=by)
        system.token_hash, system.token_made_at, system.token_used_at = "", None, None
        system.save(update_fields=["token_hash", "token_made_at", "token_used_at"])


def hash_of(token: str) -> str:
    """What is kept of a token: without our own key it can't be tried against a list of guesses."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"token:" + token.encode(), "sha256").hex()


def system_of(token: str) -> OtherSystem | None:
    """The system the token is bound to. It notes that it was used, by the minute."""
    if not token:
        return None
    system = OtherSystem.objects.active().filter(token_hash=hash_of(token)).select_related("municipality").first()
    now = timezone.now()
    if system and (system.token_used_at is None or now - system.token_used_at > datetime.timedelta(minutes=1)):
        OtherSystem.objects.filter(pk=system.pk).update(token_used_at=now)
    return system
