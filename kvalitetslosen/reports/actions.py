"""The verbs of ready reports: begin, write, add figures, approve, put away, withdraw; share; send in a rhythm; stop.

Rights are asked before, in the view; states once, in ``move``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from kvalitetslosen.journal.record import change, create, lock
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.reports.added import MOST, Added, as_kept, next_name, put
from kvalitetslosen.reports.frozen import kept
from kvalitetslosen.reports.lifecycle import State
from kvalitetslosen.reports.making import made
from kvalitetslosen.reports.models import PRICES, HourPrice, Recipient, Report, Schedule, Share
from kvalitetslosen.reports.periods import Period
from kvalitetslosen.reports.registry import Asked, Kind


@transaction.atomic
def begin(
    *, kind: Kind, unit: Unit, period: Period, by: User, language: str, at: datetime.datetime | None = None
) -> Report:
    """Begin to write. Where there is a draft of the same already, that is the one to write on."""
    place = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # two who begin at once wait for each other
    same = {"kind": kind.name, "unit": place, "first": period.first, "last": period.last}
    if (draft := Report.objects.filter(**same, state=State.DRAFT).first()) is not None:
        return draft
    report = Report(**same, language=language, writer=by, created_at=at or timezone.now())
    report.place_in(place)
    return create(report, "reports.begun", by=by, at=at)


@transaction.atomic
def write(
    *, report: Report, by: User, texts: Mapping[str, str], seen: int | None = None, at: datetime.datetime | None = None
) -> None:
    """Keep what was written in the sections. Nothing changed is no event."""
    current = lock(report)
    written = dict(current.texts)
    for name, text in texts.items():
        written[name] = text.strip()
    written = {name: text for name, text in written.items() if text}
    if seen in (None, current.events_count) and written == current.texts:
        return
    move(report, "write", by=by, seen=seen, at=at, texts=written)


@transaction.atomic
def add_figures(
    *,
    report: Report,
    by: User,
    after: str,
    asked: str = "",
    section: str = "",
    heading: str = "",
    at: datetime.datetime | None = None,
) -> str:
    """Put figures in after a section; what they are called there. Nothing where there are so many already."""
    added = Added.all_of(lock(report).added)
    if len(added) >= MOST:
        return ""
    one = Added(next_name(added), after, asked, section, heading.strip())
    move(report, "add_figures", by=by, at=at, added=as_kept([*put(added, one, after)]))
    return one.name


@transaction.atomic
def move_figures(
    *, report: Report, by: User, name: str, after: str, seen: int | None = None, at: datetime.datetime | None = None
) -> None:
    """Let them stand right after another part. Where they stand there already, or are gone, it is nothing."""
    added = Added.all_of(lock(report).added)
    one = next((each for each in added if each.name == name), None)
    if one is None or after == name:
        return
    moved = put(added, one, after)
    if moved != added:
        move(report, "move_figures", by=by, seen=seen, at=at, added=as_kept(moved))


@transaction.atomic
def take_out_figures(
    *, report: Report, by: User, name: str, seen: int | None = None, at: datetime.datetime | None = None
) -> None:
    """Take them out, with what was written of them. Gone already, it is nothing."""
    current = lock(report)
    kept_ones = [each for each in Added.all_of(current.added) if each.name != name]
    if len(kept_ones) == len(current.added):
        return
    texts = {each: text for each, text in current.texts.items() if each != name}
    move(report, "take_out_figures", by=by, seen=seen, at=at, added=as_kept(kept_ones), texts=texts)


@transaction.atomic
def approve(*, report: Report, by: User, seen: int | None = None, at: datetime.datetime | None = None) -> None:
    """Its figures stay as they are at this moment, counted as all who will read it may read them."""
    now = at or timezone.now()
    kind = report.of_kind
    assert kind is not None
    current = lock(report)
    parts: list[dict[str, Any]] = []
    if current.state == State.DRAFT:
        with translation.override(report.language):
            parts = kept(made(kind, Asked(by, report.unit, report.period, for_all=True), current.texts, current.added))
    move(
        report,
        "approve",
        by=by,
        seen=seen,
        at=now,
        untold={
            "frozen": {
                "counted_at": now.isoformat(),
                "parts": parts,
                "narrowed": kind.narrows(by, report.unit),
            },
            "scope": kind.scope(by, report.unit),
            "approver": by,
            "approved_at": now,
        },
    )


def put_away(*, report: Report, by: User, seen: int | None = None, at: datetime.datetime | None = None) -> None:
    move(report, "put_away", by=by, seen=seen, at=at)


@transaction.atomic
def withdraw(
    *, report: Report, by: User, note: str, seen: int | None = None, at: datetime.datetime | None = None
) -> None:
    """It isn't to be trusted any more: those it was shared with don't see it."""
    now = at or timezone.now()
    move(report, "withdraw", by=by, note=note, seen=seen, at=now)


# Sharing


@transaction.atomic
def share(*, report: Report, by: User, role: str, at: datetime.datetime | None = None) -> Share | None:
    """Let everybody with the role at its unit, above or below read it. Nothing where it is shared or not approved."""
    current = lock(report)
    if current.state != State.APPROVED or Share.objects.filter(report=report, role=role, ended_at=None).exists():
        return None
    return create(Share(report=report, role=role, by=by, at=at or timezone.now()), "reports.shared", by=by, at=at)


@transaction.atomic
def stop_sharing(*, share: Share, by: User, at: datetime.datetime | None = None) -> None:
    """They don't see it any more. Stopped already, it is nothing."""
    lock(share.report)
    if lock(share).ended_at is None:
        change(share, "reports.sharing_stopped", by=by, at=at, ended_at=at or timezone.now())


# In a rhythm


@transaction.atomic
def schedule(
    *,
    kind: Kind,
    unit: Unit,
    rhythm: str,
    roles: Sequence[str],
    by: User,
    with_file: bool = False,
    at: datetime.datetime | None = None,
) -> Schedule:
    """Tell those with the roles when a period is over, from the running one on. Planned already, it is changed."""
    now = at or timezone.now()
    place = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    same = Schedule.objects.running().filter(kind=kind.name, unit=place, rhythm=rhythm).first()
    if same is not None:
        change(same, "reports.schedule_changed", by=by, at=now, roles=list(roles), with_file=with_file)
        return same
    row = Schedule(
        kind=kind.name, rhythm=rhythm, roles=list(roles), with_file=with_file, owner=by, created_at=now,
        told_first=Period.around(rhythm, timezone.localdate(now), back=1).first,
    )  # fmt: skip
    row.place_in(place)
    return create(row, "reports.scheduled", by=by, at=now, roles=list(roles))


@transaction.atomic
def stop_schedule(*, schedule: Schedule, by: User | None, at: datetime.datetime | None = None) -> None:
    if lock(schedule).ended_at is None:
        change(schedule, "reports.schedule_stopped", by=by, at=at, ended_at=at or timezone.now())


@transaction.atomic
def name_recipient(
    *, schedule: Schedule, by: User, person: User, at: datetime.datetime | None = None
) -> Recipient | None:
    """Let somebody get it by name. Nothing where they do already, or it is stopped."""
    current = lock(schedule)
    if current.ended_at is not None or current.named.running().filter(person=person).exists():
        return None
    row = Recipient(schedule=schedule, person=person, by=by, at=at or timezone.now())
    return create(row, "reports.recipient_named", by=by, at=at, person=person.pk)


@transaction.atomic
def end_recipient(*, recipient: Recipient, by: User | None, at: datetime.datetime | None = None) -> None:
    """They don't get it by name any more. Ended already, it is nothing."""
    lock(recipient.schedule)
    if lock(recipient).ended_at is None:
        change(recipient, "reports.recipient_ended", by=by, at=at, ended_at=at or timezone.now())


def forget_recipient(user: User) -> None:
    """Who leaves gets no report, nor when they are back."""
    for row in Recipient.objects.running().filter(person=user).select_related("schedule__unit").order_by("pk"):
        end_recipient(recipient=row, by=None)


@transaction.atomic
def tell(*, schedule: Schedule, period: Period, at: datetime.datetime | None = None) -> bool:
    """The period is over: an event, from which the mails follow. Told already, it is nothing."""
    current = lock(schedule)
    if current.ended_at is not None or (current.told_first is not None and current.told_first >= period.first):
        return False
    change(schedule, "reports.period_over", by=None, at=at, told_first=period.first)
    return True


# What an hour costs


@transaction.atomic
def set_price(*, municipality_id: int, by: User | None, price: int, **minutes: int) -> HourPrice:
    """Raises ValueError for what isn't one of the prices."""
    if unknown := minutes.keys() - set(PRICES):
        raise ValueError(f"Nobody reckons with {', '.join(sorted(unknown))}.")
    values: dict[str, Any] = {"price": price, **minutes}
    Unit.objects.select_for_update(of=("self",)).get(pk=municipality_id)
    row = HourPrice.objects.filter(municipality=municipality_id).first()
    if row is None:
        return create(HourPrice(municipality_id=municipality_id, **values), "reports.price_set", by=by, **values)
    change(row, "reports.price_set", by=by, **values)
    return row
