"""The verbs of forums and meetings. Rights are asked before, in the view; what is approved is locked here."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Source
from improvement import agendas
from improvement.actions.acting import plan
from improvement.models import (
    CASE,
    OWN,
    QUESTIONS,
    Action,
    AgendaItem,
    Attendance,
    Forum,
    ForumKind,
    Meeting,
)
from kvalitetslosen.journal.record import change, create, lock, record, save_with_event
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Unit, User


class Locked(Exception):
    """The minutes are approved, or the meeting was cancelled: nothing is written in it any more."""


class WrittenMeanwhile(Exception):
    """Somebody else has written in the item since the person opened it."""


class NotForAMeeting(Exception):
    """The case is about a leader, or was merged into another."""


class ForumEnded(Exception):
    """The forum meets no more: nobody joins it, and nothing is planned in it."""


class Untold(Exception):
    """A case was discussed, and nothing is written for its reporter."""

    def __init__(self, items: list[AgendaItem]) -> None:
        super().__init__(len(items))
        self.items = items


class NobodyTells(Exception):
    """Whoever brought a case has left, and nobody handles it: there is no one to answer its reporter."""


# Forums --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def found_forum(
    *,
    by: User,
    name: str,
    kind: str,
    unit: Unit,
    network: Network | None = None,
    members: Iterable[User] = (),
    every: str = "",
    leader: User | None = None,
    secretary: User | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Forum:
    """Begin a forum that ``by``, or ``leader``, leads. ``key`` is the form's own: sent twice it begins one."""
    place = Unit.objects.standing_still(unit.pk)
    if key and (sent := Forum.objects.filter(key=key).first()):
        return sent
    forum = Forum(
        name=name.strip(),
        kind=ForumKind.PEERS if network else kind,
        network=network,
        leader=leader or by,
        secretary=secretary,
        every=every,
        begun_at=at or timezone.now(),
    )
    if key:
        forum.key = key
    forum.place_in(place)
    create(forum, "improvement.forum_begun", by=by, at=at)
    forum.members.add(forum.leader, *members, *([secretary] if secretary else []))
    return forum


def change_forum(*, forum: Forum, by: User, at: datetime.datetime | None = None, **changes: Any) -> None:
    """Another name, rhythm, leader or secretary. Both are members."""
    with transaction.atomic():
        change(forum, "improvement.forum_changed", by=by, at=at, **changes)
        forum.members.add(*(each for each in (forum.leader, forum.secretary) if each))


@transaction.atomic
def add_member(*, forum: Forum, by: User, user: User, at: datetime.datetime | None = None) -> bool:
    """Somebody takes part from now on, and gets the invitations already sent. Whether they were new.

    Raises ``ForumEnded``.
    """
    if not lock(forum).is_going:
        raise ForumEnded
    if forum.members.filter(pk=user.pk).exists():
        return False
    forum.members.add(user)
    record(forum, "improvement.forum_joined", by=by, at=at, person=user.pk)
    for meeting in _coming(forum, at):
        record(meeting, "improvement.meeting_invited", by=by, at=at, person=user.pk)
    return True


def _coming(forum: Forum, at: datetime.datetime | None) -> QuerySet[Meeting]:
    """The meetings that members have in their calendars."""
    planned = forum.meetings.planned().filter(sent_at__isnull=False, starts_at__gt=at or timezone.now())
    return planned.order_by("pk")


@transaction.atomic
def remove_member(*, forum: Forum, by: User | None, user: User, at: datetime.datetime | None = None) -> bool:
    """Somebody doesn't take part any more, and the meetings leave their calendar.

    Never whoever leads it: somebody else does first.
    """
    now = lock(forum)
    if user.pk == now.leader_id or not forum.members.filter(pk=user.pk).exists():
        return False
    forum.members.remove(user)
    record(forum, "improvement.forum_left", by=by, at=at, person=user.pk)
    if now.secretary_id == user.pk:
        change(forum, "improvement.forum_changed", by=by, at=at, secretary=None)
    for meeting in _coming(forum, at):
        current = lock(meeting)
        save_with_event(
            meeting, current, "improvement.meeting_left", by=by, at=at, data={"person": user.pk}, changes={},
            untold={"sequence": current.sequence + 1},
        )  # fmt: skip
    return True


@transaction.atomic
def end_forum(*, forum: Forum, by: User | None, at: datetime.datetime | None = None) -> None:
    """It meets no more: what is planned is cancelled, the minutes stay."""
    if not lock(forum).is_going:
        return
    for meeting in forum.meetings.planned().order_by("pk"):
        cancel_meeting(meeting=meeting, by=by, at=at)
    change(forum, "improvement.forum_ended", by=by, at=at, ended_at=at or timezone.now())


@transaction.atomic
def inherit_forum(*, forum: Forum, by: User | None, to: User) -> None:
    """Whoever led it leaves, and this is among what another takes over."""
    leaving = forum.leader
    change(forum, "improvement.forum_inherited", by=by, leader=to)
    forum.members.add(to)
    remove_member(forum=forum, by=None, user=leaving)


# Meetings ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_meeting(
    *,
    forum: Forum,
    by: User,
    starts_at: datetime.datetime,
    lasts: int = Meeting.LASTS,
    place: str = "",
    period_first: datetime.date,
    period_last: datetime.date,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Meeting:
    """Set a day, and let the agenda make itself from the period, in the active language. Raises ``ForumEnded``."""
    here = lock(forum)
    if key and (sent := Meeting.objects.filter(key=key).first()):
        return sent
    if not here.is_going:
        raise ForumEnded
    meeting = Meeting(
        municipality_id=here.level_0 or 0,
        forum=here,
        starts_at=starts_at,
        lasts=lasts,
        place=place.strip(),
        period_first=period_first,
        period_last=period_last,
        created_at=at or timezone.now(),
    )
    if key:
        meeting.key = key
    create(meeting, "improvement.meeting_planned", by=by, at=at)
    drafts = agendas.made(here.leader, meeting)
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            kind=each.kind,
            heading=each.heading,
            words=each.words,
            chosen=each.chosen,
            position=place,
        )
        for place, each in enumerate(drafts, start=1)
    )
    return meeting


@transaction.atomic
def change_meeting(
    *,
    meeting: Meeting,
    by: User,
    starts_at: datetime.datetime,
    lasts: int,
    place: str,
    period_first: datetime.date,
    period_last: datetime.date,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Another time, place or period. Who has the invitation gets it anew when the calendar changes."""
    now = lock(meeting)
    moves = (now.starts_at, now.lasts, now.place) != (starts_at, lasts, place.strip())
    period = (now.period_first, now.period_last) != (period_first, period_last)
    move(
        meeting, "change", by=by, at=at, seen=seen, starts_at=starts_at, lasts=lasts, place=place.strip(),
        period_first=period_first, period_last=period_last, data={"moved": moves and now.sent_at is not None},
        untold={"sequence": now.sequence + 1} if moves and now.sent_at else None,
    )  # fmt: skip
    if period:
        _count_anew(meeting)


def _count_anew(meeting: Meeting) -> None:
    """The figures of the period, but not in what somebody has written in."""
    forum = meeting.forum
    items = list(meeting.items.all())
    there = {item.kind: item for item in items if not item.by_hand and item.kind not in (CASE, OWN)}
    kinds = {OWN, *(item.kind for item in items)}
    place = max((item.position for item in items), default=0)
    for draft in agendas.made(forum.leader, meeting):
        if item := there.pop(draft.kind, None):
            if item.words != draft.words:
                item.words = draft.words
                item.edits += 1
                item.save(update_fields=["words", "edits"])
        elif draft.kind not in kinds:
            place += 1
            AgendaItem.objects.create(
                meeting=meeting,
                kind=draft.kind,
                heading=draft.heading,
                words=draft.words,
                chosen=False,
                position=place,
            )


@transaction.atomic
def count_anew(*, meeting: Meeting, by: User, at: datetime.datetime | None = None) -> None:
    """Make the figures of the agenda anew; what somebody has written stays."""
    _open(meeting)
    _count_anew(meeting)
    record(meeting, "improvement.agenda_counted", by=by, at=at)


def send(*, meeting: Meeting, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """The members get the agenda, and the meeting in their calendars; sent again it is the same meeting."""
    with transaction.atomic():
        now = lock(meeting)
        again = {"sequence": now.sequence + 1} if now.sent_at else {}
        move(meeting, "send", by=by, at=at, seen=seen, untold={"sent_at": at or timezone.now(), **again})


def cancel_meeting(
    *,
    meeting: Meeting,
    by: User | None,
    note: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """It isn't held; calendars are told."""
    with transaction.atomic():
        sequence = lock(meeting).sequence + 1
        move(meeting, "cancel", by=by, at=at, seen=seen, note=note, untold={"sequence": sequence})


@transaction.atomic
def hold_meeting(
    *,
    meeting: Meeting,
    by: User,
    present: Iterable[User],
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """It was held, and these were there."""
    now = at or timezone.now()
    move(meeting, "hold", by=by, at=at, seen=seen, untold={"held_at": now})
    there = {user.pk for user in present}
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, user=user, present=user.pk in there)
        for user in meeting.forum.members.filter(is_active=True).order_by("pk")
    )


@transaction.atomic
def approve_minutes(
    *, meeting: Meeting, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Lock the minutes. Whoever reported a case that was discussed hears so, and what came of it.

    The words go the way all words to a reporter go, to whoever hid their name and whoever has but a code as well, from
    whoever brought the case; where they have left, from whoever handles it, never from whoever leads the forum, who
    may know nothing of it. Raises ``Untold`` and ``NobodyTells``.
    """
    now = at or timezone.now()
    move(meeting, "approve", by=by, at=now, seen=seen, untold={"approved_at": now, "approved_by": by})
    # Read behind the lock of the meeting: nobody writes in it any more.
    discussed = [item for item in _cases_of(meeting) if item.was_discussed]
    if untold := [item for item in discussed if not item.told and _is_told_here(item)]:
        raise Untold(untold)
    for item in discussed:
        case = item.deviation
        if case is None:
            continue
        sender = _answering(item, case, now)
        if item.told:
            if sender is None:
                raise NobodyTells
            cases.write_message(deviation=case, by=sender, text=item.told, from_reporter=False, at=now)
        record(case, "improvement.case_discussed", by=sender, at=now)


def _cases_of(meeting: Meeting) -> list[AgendaItem]:
    """Also those taken off the agenda again: what was said of them was said."""
    rows = meeting.items.filter(kind=CASE).select_related(
        "deviation__handler", "deviation__handling_unit", "brought_by"
    )
    return list(rows.order_by("deviation"))


def _answering(item: AgendaItem, case: Deviation, at: datetime.datetime) -> User | None:
    """Who the answer to the reporter is from: who brought the case, else who handles it or would get it now."""
    there = (each for each in (item.brought_by, case.handler) if each and each.is_active)
    return next(there, None) or cases.whose_now(case, at)


def _is_told_here(item: AgendaItem) -> bool:
    """Who reported in another system is told there."""
    return item.deviation is not None and item.deviation.source != Source.ELSEWHERE


# The agenda ----------------------------------------------------------------------------------------------------------


def _open(meeting: Meeting) -> Meeting:
    """The meeting locked. Raises ``Locked``."""
    now = lock(meeting)
    if not now.is_open:
        raise Locked
    return now


def _next_place(meeting: Meeting) -> int:
    last = meeting.items.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1


@transaction.atomic
def add_item(
    *, meeting: Meeting, by: User, heading: str, words: str = "", at: datetime.datetime | None = None
) -> AgendaItem:
    """Something of one's own on the agenda."""
    _open(meeting)
    item = AgendaItem.objects.create(
        meeting=meeting, kind=OWN, heading=heading.strip(), words=words.strip(), by_hand=True, brought_by=by,
        position=_next_place(meeting),
    )  # fmt: skip
    record(meeting, "improvement.agenda_added", by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def bring_case(
    *, meeting: Meeting, by: User, deviation: Deviation, heading: str, words: str, at: datetime.datetime | None = None
) -> AgendaItem:
    """Put a case on the agenda, told without who. On it already: only the words change. Raises ``NotForAMeeting``."""
    _open(meeting)
    case = lock(deviation)
    if case.about_id or case.merged_into_id:
        raise NotForAMeeting
    item = meeting.items.filter(deviation=case).first()
    if item is None:
        item = AgendaItem(meeting=meeting, kind=CASE, deviation=deviation, position=_next_place(meeting))
    item.heading, item.words, item.brought_by = heading.strip(), words.strip(), by
    item.by_hand, item.chosen, item.edits = True, True, item.edits + 1
    item.save()
    record(meeting, "improvement.agenda_added", by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def reword_item(
    *, item: AgendaItem, by: User, heading: str, words: str, seen: int, at: datetime.datetime | None = None
) -> None:
    """Change what the agenda says. Raises ``WrittenMeanwhile``."""
    _open(item.meeting)
    _save_item(item, seen, heading=heading.strip(), words=words.strip(), by_hand=True)
    record(item.meeting, "improvement.agenda_reworded", by=by, at=at, item=item.pk)


def _save_item(item: AgendaItem, seen: int, **words: Any) -> None:
    """The meeting is locked, so that nobody else writes now."""
    if not AgendaItem.objects.filter(pk=item.pk, edits=seen).update(edits=seen + 1, **words):
        raise WrittenMeanwhile
    item.refresh_from_db()


@transaction.atomic
def choose_item(
    *, item: AgendaItem, by: User, chosen: bool, why: str = "", at: datetime.datetime | None = None
) -> None:
    """Onto the agenda, last; or off it, where it is one click away. ``why`` is said to the member who suggested it."""
    _open(item.meeting)
    item.refresh_from_db()
    if item.chosen == chosen:
        return
    item.chosen, item.position, item.taken_off = chosen, _next_place(item.meeting), why.strip()
    item.save(update_fields=["chosen", "position", "taken_off"])
    event = "improvement.agenda_taken_off" if item.taken_off else "improvement.agenda_ordered"
    record(item.meeting, event, by=by, at=at, item=item.pk)


@transaction.atomic
def move_item(*, item: AgendaItem, by: User, up: bool, at: datetime.datetime | None = None) -> None:
    """Change places with the one before or after it."""
    _open(item.meeting)
    rows = list(item.meeting.items.chosen().order_by("position", "pk"))
    here = next((n for n, row in enumerate(rows) if row.pk == item.pk), None)
    there = None if here is None else here - 1 if up else here + 1
    if here is None or there is None or not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            AgendaItem.objects.filter(pk=row.pk).update(position=place)
    record(item.meeting, "improvement.agenda_ordered", by=by, at=at, item=item.pk)


@transaction.atomic
def minute(
    *,
    item: AgendaItem,
    by: User,
    seen: int,
    decision: str = "",
    told: str = "",
    what: str = "",
    owner: User | None = None,
    deadline: datetime.date | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
    **answers: str,
) -> Action | None:
    """Write down what the meeting said about an item; and who does what by when, if that was decided.

    Raises ``Locked``, ``WrittenMeanwhile`` and ``CannotOwn``.
    """
    meeting = _open(item.meeting)
    said = {name: answers.get(name, getattr(item, name)).strip() for name in QUESTIONS}
    _save_item(item, seen, decision=decision.strip(), told=told.strip(), **said)
    record(meeting, "improvement.item_minuted", by=by, at=at, item=item.pk)
    if not (what.strip() and owner and deadline):
        return None
    return decide(item=item, by=by, what=what, owner=owner, deadline=deadline, key=key, at=at)


def decide(
    *,
    item: AgendaItem,
    by: User,
    what: str,
    owner: User,
    deadline: datetime.date,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Action:
    """Somebody does something by a day. It lies in the forum's unit, or where the owner works in another municipality.

    It isn't the case's: what a meeting decides its members read, and of the case they may know no more than was told.
    """
    forum = item.meeting.forum
    unit = forum.unit
    if owner.municipality_id != unit.municipality_id:
        unit = owner.standing.home or owner.municipality
    return plan(by=by, what=what.strip(), owner=owner, deadline=deadline, unit=unit, agenda_item=item, key=key, at=at)
