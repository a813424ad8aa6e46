"""Random histories of cases, by random people, through every verb: no state that the rules forbid is ever reached."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from deviations import access, actions
from deviations.actions import reporter_ids
from deviations.figures import counted_anew
from deviations.history import history
from deviations.lifecycle import RESPONSIBLE, TAKEN, Part, State
from deviations.models import (
    Asking,
    CauseAnalysis,
    CauseKind,
    Deviation,
    FigureCount,
    Kind,
    Naming,
    Task,
    Topic,
    Why,
    related_to,
)
from improvement import actions as improvement
from improvement.models import Action, EffectCheck
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepIncomplete
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.organisation.routing import leader_for
from tests.deviations.cases import category
from tests.people import World

PEOPLE = ("nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "per", "mona")
PLACES = ("municipality", "health", "home_care", "nursing_home")
MOVERS = ("nora", "leif", "sunniva", "rolf", "hans", "kaja")
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # minutes for a history of fifteen steps
WORDS = "Vi har sett på det."
SOME = st.integers(0, 10_000)


class Lives(RuleBasedStateMachine):
    """At most five cases, so that they come to have to do with each other."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.looked_at = 0

    def teardown(self) -> None:
        try:
            kept = {
                (row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.exclude(n=0)
            }
            assert kept == dict(counted_anew(Deviation.objects.all())), "the figures follow"
            self._nobody_reads_of_others_cases()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # What people do ---------------------------------------------------------------------------------------------

    @initialize()
    def two_are_reported(self) -> None:
        for hide_name in (False, True):
            self._report(self.world.nora, "home_care", hide_name=hide_name, about_leader=False)

    @rule(
        who=st.sampled_from(PEOPLE[:-1]),
        place=st.sampled_from(PLACES),
        hide=st.booleans(),
        about=st.booleans(),
        topic=st.sampled_from(Topic.values),
    )
    def report(self, who: str, place: str, hide: bool, about: bool, topic: str) -> None:
        if Deviation.objects.count() < 5:
            self._report(self.world.people[who], place, hide_name=hide, about_leader=about, topic=topic)

    @rule(who=st.sampled_from(MOVERS), case=SOME, which=SOME, number=SOME)
    def take_a_step(self, who: str, case: int, which: int, number: int) -> None:
        user, deviation = self._person(who), self._case(case)
        steps = access.available_steps(deviation, access.parts_of(deviation, user))
        if not steps:
            return
        verb = steps[which % len(steps)].name
        if verb in access.CLOSING and access.closing_obstacles(deviation, verb):
            return
        how = self._how(verb, deviation, user, number)
        if how is None:
            return
        run: Callable[..., Any] = actions.ask_reporter if verb == "ask" else getattr(actions, verb)
        try:
            run(deviation=deviation, by=user, **how)
        except actions.NobodyAbove:
            assert verb == "escalate"
        except StepIncomplete:
            assert verb == "receive_and_close"

    @rule(case=SOME, other=SOME)
    def merge_and_undo(self, case: int, other: int) -> None:
        """Undoing leaves nothing behind."""
        one, into = self._case(case), self._case(other)
        if not (one.is_open and actions.may_merge(one, into)):
            return
        before = self._all()
        actions.merge(deviation=one, by=self.world.sunniva, into=into)
        actions.unmerge(deviation=Deviation.objects.get(pk=one.pk), by=self.world.sunniva)
        assert self._all() == before

    @rule(
        who=st.sampled_from(PEOPLE),
        to=st.sampled_from(PEOPLE),
        case=SOME,
        shows=st.booleans(),
        asking=st.sampled_from(Asking.values),
    )
    def ask_a_colleague(self, who: str, to: str, case: int, shows: bool, asking: str) -> None:
        user, colleague, deviation = self._person(who), self._person(to), self._case(case)
        if not access.may_ask_colleague(deviation, access.parts_of(deviation, user)):
            return
        barred = {deviation.about_id, deviation.reporter_id, deviation.handler_id, user.pk}
        told_of = deviation.about_id or deviation.naming != Naming.NAMED
        refused = bool(colleague.pk in barred or to == "mona" or (asking == Asking.ANALYSIS and told_of))
        try:
            actions.ask_colleague(
                deviation=deviation, by=user, given_to=colleague, text="?", deadline=soon(), shows=shows,
                asking=asking,
            )  # fmt: skip
        except actions.CannotAsk:
            assert refused
        else:
            assert not refused

    @rule(who=st.sampled_from(MOVERS), case=SOME, which=SOME, helping=st.booleans())
    def look_for_the_cause(self, who: str, case: int, which: int, helping: bool) -> None:
        """By whoever may, or by a colleague who is asked to help."""
        user, deviation = self._person(who), self._case(case)
        task = next((each for each in Task.objects.open().order_by("pk") if each.opens_analysis), None)
        if helping and task:
            user, deviation = task.given_to, task.deviation
        elif not access.may_analyse(deviation, access.parts_of(deviation, user)):
            return
        key, kind = uuid.uuid4(), list(CauseKind)[which % len(CauseKind)]
        if which % 3 == 0:
            actions.put_moment(deviation=deviation, by=user, key=key, happened_at=None, what=WORDS)
        else:
            actions.put_why(deviation=deviation, by=user, key=key, text=WORDS, weight="root", kind=kind)
        if which % 3 == 2:
            actions.remove_row(deviation=deviation, by=user, noun="why", key=key)

    @rule(who=st.sampled_from(PEOPLE), case=SOME, openly=st.booleans())
    def comment(self, who: str, case: int, openly: bool) -> None:
        user, deviation = self._person(who), self._case(case)
        said = deviation.comments.exists()
        if access.may_comment(deviation, access.parts_of(deviation, user), commented=said):
            actions.comment(deviation=deviation, by=user, text=WORDS, for_reporter=openly)

    @rule(who=st.sampled_from(PEOPLE[:-1]), case=SOME, worked=st.sampled_from(("plan", "yes", "no", "drop")))
    def look_at_the_effect(self, who: str, case: int, worked: str) -> None:
        """Planned by whoever has the case; looked at, found so or so, or dropped."""
        deviation, owner = self._case(case), self._person(who)
        check = EffectCheck.objects.waiting().filter(deviation=deviation).order_by("pk").first()
        by = deviation.handler
        if by is None:
            return
        if check is None and worked == "plan" and deviation.state in TAKEN and deviation.about_id != owner.pk:
            improvement.plan_check(deviation=deviation, by=by, owner=owner, criterion=WORDS, opens_on=soon())
        elif check and worked == "drop":
            improvement.drop(check=check, by=by, note=WORDS)
        elif check and worked != "plan":
            improvement.open_due(timezone.now() + datetime.timedelta(days=20))
            check.refresh_from_db()
            found = improvement.found_effective if worked == "yes" else improvement.found_ineffective
            found(check=check, by=check.owner, words=WORDS)

    @rule(case=SOME, back=st.booleans())
    def end_a_task(self, case: int, back: bool) -> None:
        task = Task.objects.open().order_by("pk")[case % 3 : case % 3 + 1].first()
        if task is None:
            return
        if back and task.deviation.handler:
            actions.withdraw_task(task=task, by=task.deviation.handler)
        else:
            actions.answer_task(task=task, by=task.given_to, answer=WORDS)

    @rule(who=st.sampled_from(PEOPLE[:-1]), case=SOME, finish=st.booleans())
    def plan_or_finish(self, who: str, case: int, finish: bool) -> None:
        deviation, owner = self._case(case), self._person(who)
        action = Action.objects.open().filter(deviation=deviation).order_by("pk").first()
        if finish and action:
            improvement.finish(action=action, by=action.owner, done_note=WORDS)
        elif deviation.is_open and deviation.handler and deviation.about_id != owner.pk:
            improvement.plan(by=deviation.handler, what="Ny liste", owner=owner, deadline=soon(), deviation=deviation)

    @rule(who=st.sampled_from(PEOPLE), case=SOME, other=SOME)
    def link(self, who: str, case: int, other: int) -> None:
        user, one, two = self._person(who), self._case(case), self._case(other)
        if one.pk != two.pk and access.may_link(access.parts_of(one, user)):
            actions.link(deviation=one, other=two, by=user)

    # What is true whatever they do ------------------------------------------------------------------------------

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        latest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if latest != self.looked_at:
            self.looked_at = latest
            self.nobody_has_what_they_may_not()
            self.each_sees_what_the_table_says()

    def nobody_has_what_they_may_not(self) -> None:
        for each in Deviation.objects.select_related("handler", "handling_unit", "merged_into").order_by("pk"):
            barred = reporter_ids(each) | ({each.about_id} if each.about_id else set())
            if each.is_open:
                assert each.handler_id not in barred
                assert each.handler_id or leader_for(each.handling_unit, without=barred) is None
                assert each.state in {State.REPORTED} or each.received_at, each.state
            else:
                assert not each.tasks.open().exists()
                left = Action.objects.open().filter(deviation=each, goes_on=False)
                assert not left.exists()
            if each.merged_into:
                assert each.merged_into.about_id == each.about_id
                assert each.pk not in {case.pk for case in each.merged_here()}, "in a ring"
            assert each.handling_unit_id in each.ancestor_ids

    def each_sees_what_the_table_says(self) -> None:
        cases = list(Deviation.objects.order_by("pk"))
        reporters = {each.pk: reporter_ids(each) for each in cases}
        tasks = list(Task.objects.select_related("deviation", "shows").order_by("pk"))
        for who in PEOPLE:
            user = self._person(who)
            seen = set(Deviation.objects.visible_to(user).values_list("pk", flat=True))
            for each in cases:
                assert (each.pk in seen) == sees(user, each, reporters[each.pk]), (who, each.reference)
            self.the_cause_and_the_plan_are_read_by_those_who_may(who, user, cases, reporters)
            if not tasks:
                continue
            seen_tasks = set(Task.objects.visible_to(user).values_list("pk", flat=True))
            for task in tasks:
                of_case = task.deviation_id in seen and user.pk not in reporters[task.deviation_id]
                expected = of_case or (task.is_open and task.given_to_id == user.pk)
                assert (task.pk in seen_tasks) == (expected and task.deviation.about_id != user.pk), (who, task)
        for task in tasks:
            assert task.shows is None or (task.shows.about_id is None and task.shows.reporter_id)
            if task.opens_analysis:
                assert task.deviation.is_open
                assert task.deviation.about_id is None
                assert task.deviation.reporter_id

    def the_cause_and_the_plan_are_read_by_those_who_may(
        self, who: str, user: User, cases: list[Deviation], reporters: dict[int, set[int]]
    ) -> None:
        """By those who see all of a case; an action, and a look at the effect, besides by the one who has it."""
        reads = {each.pk for each in cases if reads_all(user, each, reporters[each.pk])}
        for model, rows in (
            (CauseAnalysis, CauseAnalysis.objects.visible_to(user)),
            (Action, Action.objects.visible_to(user)),
            (EffectCheck, EffectCheck.objects.visible_to(user)),
        ):
            of: dict[int, tuple[int | None, int]] = {}
            for row in model._default_manager.all():
                of[row.pk] = (row.deviation_id, getattr(row, "owner_id", 0))
            about: dict[int | None, int | None] = {each.pk: each.about_id for each in cases}
            expected = {
                pk
                for pk, (case, owner) in of.items()
                if (case in reads or owner == user.pk) and about[case] != user.pk
            }
            seen = set(rows.values_list("pk", flat=True))
            if model is Action:  # also by those of the unit where it was planned, before the case was sent on
                assert expected <= seen, (who, model)
            else:
                assert seen == expected, (who, model)

    # ------------------------------------------------------------------------------------------------------------

    def _nobody_reads_of_others_cases(self) -> None:
        """The story of a case names no other case to its reporter, and those linked only to those who see them."""
        references = set(Deviation.objects.values_list("reference", flat=True))
        for each in Deviation.objects.order_by("pk"):
            for pk in reporter_ids(each):
                told = history(each, reader=User.objects.get(pk=pk), is_reporter=True, limit=None).told
                said = " ".join(line.sentence for line in told)
                assert not [other for other in references - {each.reference} if other in said]
            for who in PEOPLE:
                user = self._person(who)
                seen = set(Deviation.objects.visible_to(user).values_list("pk", flat=True))
                assert set(related_to(each, user).values_list("pk", flat=True)) <= seen

    def _report(self, by: User, place: str, *, hide_name: bool, about_leader: bool, topic: str = Topic.NONE) -> None:
        actions.report(
            by=by, unit=getattr(self.world, place), kind=Kind.DEVIATION, text="Fall", hide_name=hide_name,
            about_leader=about_leader, category=category(self.world, f"Om {topic}", topic) if topic else None,
        )  # fmt: skip

    def _person(self, who: str) -> User:
        return self.world.people[who]

    def _case(self, number: int) -> Deviation:
        rows = list(Deviation.objects.order_by("pk"))
        return rows[number % len(rows)]

    def _how(self, verb: str, deviation: Deviation, user: User, number: int) -> dict[str, Any] | None:
        """What the verb takes; None where a form would find nothing to choose."""
        if verb in ("receive", "start", "resume", "take_over", "unmerge"):
            return {}
        if verb == "merge":
            into = self._case(number)
            sees = Deviation.objects.visible_to(user).filter(pk=into.pk).exists()
            return {"into": into} if sees and actions.may_merge(deviation, into) else None
        if verb == "forward":
            to = getattr(self.world, PLACES[number % len(PLACES)])
            return {"to": to, "note": WORDS} if to.pk != deviation.handling_unit_id else None
        if verb == "close" and deviation.is_serious:
            return {"outcome": WORDS, "cause": WORDS, "effect_check_on": soon()}
        severity = {"consequence": 1 + number % 5, "probability": 1 + number // 5 % 5}
        said: dict[str, dict[str, Any]] = {
            "receive_and_close": {"outcome": WORDS},
            "assess": severity,
            "analyse": {"cause": WORDS},
            "escalate": {"note": WORDS},
            "reopen": {"note": WORDS},
            "close": {"outcome": WORDS},
            "not_deviation": {"outcome": WORDS},
        }
        return said.get(verb, {"text": WORDS})

    def _all(self) -> list[Any]:
        """All there is of cases and what hangs on them, but for how many events they have had."""
        return [
            sorted(
                tuple(str(getattr(row, field.attname)) for field in model._meta.concrete_fields if is_told(field.name))
                for row in model._default_manager.all()
            )
            for model in (Deviation, Action, Task, EffectCheck, CauseAnalysis, Why)
        ]


def is_told(field: str) -> bool:
    return field not in ("events_count", "events_head")


def soon() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=9)


def sees(user: User, case: Deviation, reporters: set[int]) -> bool:
    """The table of the design, told once more in other words than those of the query."""
    if case.about_id == user.pk or user.municipality_id != case.level_0:
        return False
    if user.pk in reporters or case.handler_id == user.pk or user.standing.reaches(Role.LEADER, case):
        return True
    if case.about_id is not None:
        return False
    by_law = {Topic.HSE: user.standing.reaches(Role.SAFETY_REP, case), Topic.PRIVACY: user.standing.has(Role.DPO)}
    return user.standing.reaches(Role.QUALITY_CONTACT, case) or by_law.get(Topic(case.topic), False)


def reads_all(user: User, case: Deviation, reporters: set[int]) -> bool:
    """Who handles it, leads its line or coordinates it; never who reported it, nor who it is about."""
    if user.pk in reporters or case.about_id == user.pk or user.municipality_id != case.level_0:
        return False
    if case.handler_id == user.pk or user.standing.reaches(Role.LEADER, case):
        return True
    return case.about_id is None and user.standing.reaches(Role.QUALITY_CONTACT, case)


def test_no_history_leads_where_the_rules_forbid(world: World) -> None:
    Lives.world = world
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            phases=NO_SHRINKING,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whose_part_it_is_follows_from_who_they_are(world: World) -> None:
    """The reporter of a case has no other part in it, whatever they lead."""
    case = actions.report(by=world.leif, unit=world.home_care, kind=Kind.DEVIATION, text="Fall", hide_name=True)
    assert access.parts_of(case, world.leif) == {Part.REPORTER}
    assert access.parts_of(case, world.sunniva) >= RESPONSIBLE
