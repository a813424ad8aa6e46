"""What a large municipality has done about its cases: actions, looks at the effect, improvements, questions, meetings.

Beside the cases of ``volume``, and as many of each as go with them; so that figures are measured of all there are.
"""

from __future__ import annotations

import datetime
import random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deviations.models import Deviation
from improvement.lifecycle import EffectState, InquiryState, State
from improvement.meeting_lifecycle import MeetingState
from improvement.models import Action, EffectCheck, Forum, ForumKind, Improvement, Inquiry, Meeting, Strength, Topic
from improvement.seven_steps import Stage
from kvalitetslosen.demo.volume_rows import Chain, Rows, flush, type_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import LEVELS, Unit
from kvalitetslosen.workdays import OSLO

if TYPE_CHECKING:
    from kvalitetslosen.demo.volume import Town

FILLED = (Action, EffectCheck, Improvement, Inquiry, Meeting)
"""Whose indexes are made when all is in."""
AT_A_TIME = 20_000  # rows in memory
ONE_IN = 20  # cases has an action; one in five of these is looked at again
DONE = "Rutinen er endret, og alle på vakt har fått vite det."
STRENGTHS = (*Strength.values, "")


class Ends:
    """Rows that have begun and perhaps ended, each with its chain of events."""

    def __init__(self, town_id: int) -> None:
        self.events, self.town_id = Rows(Event), town_id
        self.types = {model: type_of(model) for model in (*FILLED, Forum)}

    def begun(self, rows: Rows, what: str, by_id: int, at: datetime.datetime) -> Chain:
        chain = Chain(self.events, self.types[rows.model], self.town_id, rows.next_id)  # type: ignore[index]
        chain.add(f"improvement.{what}", by_id=by_id, at=at, data={})
        return chain

    @staticmethod
    def ended(chain: Chain, what: str, by_id: int, at: datetime.datetime, state: tuple[str, str]) -> None:
        chain.add(f"improvement.{what}", by_id=by_id, at=at, data={"changes": {"state": list(state)}})


def work(town: Town, rng: random.Random) -> None:
    """For one case in twenty an action; of the rest so much that every unit has some."""
    ends, now = Ends(town.municipality.pk), timezone.now()
    act(ends, town, now, rng)
    improve(ends, town, now, rng)
    ask(ends, town, now, rng)
    meet(ends, town, now, rng)


def _later(at: datetime.datetime, days: float, now: datetime.datetime) -> datetime.datetime:
    return min(at + datetime.timedelta(days=days), now)


def _place(unit: Unit) -> dict[str, Any]:
    return {"unit_id": unit.pk, **{level: getattr(unit, level) for level in LEVELS}}


def act(ends: Ends, town: Town, now: datetime.datetime, rng: random.Random) -> None:
    actions, looks = Rows(Action), Rows(EffectCheck)
    teams = {unit.pk: unit for unit in town.teams}
    cases = Deviation.objects.order_by("pk").values_list("pk", "handling_unit_id", "reported_at")
    for pk, unit_id, reported in cases.iterator(chunk_size=AT_A_TIME):
        if pk % ONE_IN:
            continue
        unit, leader = teams[unit_id], town.leaders[unit_id].pk
        at = _later(reported, rng.random() * 5, now)
        deadline = (at + datetime.timedelta(days=rng.randint(7, 60))).date()
        chain = ends.begun(actions, "action_planned", leader, at)
        ended = at + datetime.timedelta(days=rng.expovariate(1 / 30))
        row: dict[str, Any] = {"state": rng.choice((State.PLANNED, State.UNDER_WAY)).value}
        if ended < now and rng.random() < 0.97:
            state, event = (State.DONE, "action_done") if rng.random() < 0.9 else (State.CANCELLED, "action_cancelled")
            ends.ended(chain, event, leader, ended, (State.PLANNED, state))
            note = DONE if state == State.DONE else ""
            row = {"state": state.value, "closed_at": ended, "closed_by_id": leader, "done_note": note}
        actions.add(
            what="Gå gjennom rutinen", owner_id=leader, deadline=deadline, deviation_id=pk,
            strength=rng.choice(STRENGTHS), created_at=at, **row, **_place(unit), **chain.anchor,
        )  # fmt: skip
        if not pk % (ONE_IN * 5):
            look(ends, looks, unit, leader, pk, at, now, rng)
        if len(actions.waiting) >= AT_A_TIME:
            flush(actions, looks, ends.events)
    flush(actions, looks, ends.events)


def look(
    ends: Ends,
    looks: Rows,
    unit: Unit,
    leader: int,
    case: int,
    at: datetime.datetime,
    now: datetime.datetime,
    rng: random.Random,
) -> None:
    opens = at.date() + datetime.timedelta(days=90)
    chain = ends.begun(looks, "effect_planned", leader, at)
    judged = at + datetime.timedelta(days=90 + rng.random() * 20)
    row: dict[str, Any] = {"state": (EffectState.OPEN if opens <= now.date() else EffectState.PLANNED).value}
    if judged < now:
        worked = rng.random() < 0.7
        state = EffectState.EFFECTIVE if worked else EffectState.INEFFECTIVE
        ends.ended(chain, f"effect_{state}", leader, judged, (EffectState.OPEN, state))
        row = {"state": state.value, "words": "Sett på fire uker.", "judged_at": judged, "judged_by_id": leader}
    looks.add(
        deviation_id=case, owner_id=leader, criterion="Ingen slike på fire uker", looks_from=at.date(),
        opens_on=opens, created_at=at, **row, **_place(unit), **chain.anchor,
    )  # fmt: skip


def improve(ends: Ends, town: Town, now: datetime.datetime, rng: random.Random) -> None:
    """Four a team over the years, half of them finished."""
    rows = Rows(Improvement)
    for number, unit in enumerate(town.teams * 4):
        leader = town.leaders[unit.pk].pk
        at = now - datetime.timedelta(days=rng.random() * 1800)
        chain = ends.begun(rows, "work_begun", leader, at)
        row: dict[str, Any] = {"state": Stage.ANALYSE.value, "moved_at": at}
        ended = _later(at, 30 + rng.random() * 200, now)
        if number % 2 and ended < now:
            ends.ended(chain, "work_finished", leader, ended, (Stage.FORMALISE, Stage.FINISHED))
            row = {
                "state": Stage.FINISHED.value, "moved_at": ended, "finished_at": ended, "result": DONE,
                "analysis": "Slik er det.", "goal": "Færre fall", "number_goal": "2", "goal_on": ended.date(),
                "without_document": "Står i planen.",
            }  # fmt: skip
        rows.add(title="Færre fall om natten", owner_id=leader, begun_at=at, **row, **_place(unit), **chain.anchor)
    flush(rows, ends.events)


def ask(ends: Ends, town: Town, now: datetime.datetime, rng: random.Random) -> None:
    """Six of each team from the leader above."""
    rows = Rows(Inquiry)
    for unit in town.teams * 6:
        asked, asker = town.leaders[unit.pk].pk, town.above(unit).pk
        at = now - datetime.timedelta(days=rng.random() * 1800)
        chain = ends.begun(rows, "inquiry_asked", asker, at)
        row: dict[str, Any] = {"state": InquiryState.ASKED.value}
        answered = at + datetime.timedelta(days=rng.expovariate(1 / 5))
        if answered < now and rng.random() < 0.95:
            ends.ended(chain, "inquiry_answered", asked, answered, (InquiryState.ASKED, InquiryState.ANSWERED))
            row = {"state": InquiryState.ANSWERED.value, "answer": DONE, "answered_at": answered}
        rows.add(
            topic=rng.choice((Topic.LEARNING, Topic.CATEGORY, Topic.HELP)).value, upper_id=unit.parent_id,
            asker_id=asker, asked_id=asked, question="Hva har dere lært?", asked_at=at,
            due_on=(at + Inquiry.TIME).date(), **row, **_place(unit), **chain.anchor,
        )  # fmt: skip
    flush(rows, ends.events)


def meet(ends: Ends, town: Town, now: datetime.datetime, rng: random.Random) -> None:
    """Each sector's and each unit's leaders once a month for five years; the leader of the first sector is in all."""
    forums, meetings, members = Rows(Forum), Rows(Meeting), Rows(Forum.members.through)
    first = town.leaders[town.sectors[0].pk].pk
    today = now.astimezone(OSLO).date()
    for unit in (*town.sectors, *town.middle):
        leader = town.leaders[unit.pk].pk
        begun = now - datetime.timedelta(days=1800)
        chain = ends.begun(forums, "forum_begun", leader, begun)
        forum = forums.add(
            name=f"Ledermøte {unit.name}", kind=ForumKind.LEADERS.value, leader_id=leader, begun_at=begun,
            **_place(unit), **chain.anchor,
        )  # fmt: skip
        for member in {leader, first}:
            members.add(forum_id=forum, user_id=member)
        for back in range(59, -2, -1):
            day = today - datetime.timedelta(days=30 * back - rng.randrange(5))
            starts = datetime.datetime.combine(day, datetime.time(9), OSLO)
            chain = ends.begun(meetings, "meeting_planned", leader, begun)
            row: dict[str, Any] = {"state": MeetingState.PLANNED.value}
            if starts < now:
                ends.ended(chain, "meeting_held", leader, starts, (MeetingState.PLANNED, MeetingState.HELD))
                row = {"state": MeetingState.HELD.value, "held_at": starts, "sent_at": starts}
            meetings.add(
                municipality_id=town.municipality.pk, forum_id=forum, starts_at=starts, created_at=begun,
                period_first=day - datetime.timedelta(days=30), period_last=day, **row, **chain.anchor,
            )  # fmt: skip
    flush(forums, members, meetings, ends.events)
