"""A municipality in which everything that figures are of has happened, here and there, drawn by lot.

Cases and ticks go through the product's own verbs, since their counts are kept. Of the rest the rows are written as
they may stand, which is many more ways than a test has time to walk; where they lie, and that they follow when units
are moved, is the product's own doing.
"""

from __future__ import annotations

import contextlib
import datetime
import random
import uuid
from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from deviations import actions as cases
from deviations.actions import tallying
from deviations.elsewhere import Row
from deviations.models import (
    MILD,
    Brings,
    Category,
    Deviation,
    Harm,
    Kind,
    Shift,
    Source,
    Spot,
    Tick,
)
from documents.models import Document, DocumentType, Reach, ReadReceipt, ReadRequirement, Version
from improvement.charts import Better, Nature, Verdict
from improvement.lifecycle import EffectState, InquiryState
from improvement.lifecycle import State as ActionState
from improvement.meeting_lifecycle import MeetingState
from improvement.models import (
    Action,
    ActionPart,
    AgendaItem,
    EffectCheck,
    Forum,
    ForumKind,
    Hazard,
    Improvement,
    Inquiry,
    Measure,
    Meeting,
    Rhythm,
    RiskAnalysis,
    Strength,
)
from improvement.models import Topic as Asked
from improvement.models.measure import Source as ValuesFrom
from improvement.seven_steps import Stage
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation import actions as organising
from kvalitetslosen.organisation.models import Membership, MunicipalitySettings, Role, Unit, User
from tests.people import World
from tests.reports.histories import REPORTERS, STEPS, Life, categories, live

Chosen = TypeVar("Chosen")
UTC = datetime.UTC
ODD_MOMENTS = (
    datetime.datetime(2024, 2, 28, 22, 59, tzinfo=UTC),
    datetime.datetime(2024, 2, 28, 23, 1, tzinfo=UTC),  # 29 February in Norway
    datetime.datetime(2024, 2, 29, 12, 0, tzinfo=UTC),
    datetime.datetime(2025, 2, 28, 22, 30, tzinfo=UTC),
    datetime.datetime(2025, 12, 28, 22, 59, tzinfo=UTC),
    datetime.datetime(2025, 12, 28, 23, 1, tzinfo=UTC),  # week 1 of 2026
    datetime.datetime(2026, 3, 29, 0, 59, tzinfo=UTC),  # the last minute of winter time
    datetime.datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime.datetime(2026, 6, 30, 22, 15, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02.30, for the first time
    datetime.datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02.30, for the second
    datetime.datetime(2026, 10, 25, 22, 59, tzinfo=UTC),
    datetime.datetime(2026, 12, 31, 22, 30, tzinfo=UTC),
    datetime.datetime(2026, 12, 31, 23, 30, tzinfo=UTC),  # the new year, and still week 53
    datetime.datetime(2027, 1, 3, 22, 59, tzinfo=UTC),
    datetime.datetime(2027, 1, 3, 23, 1, tzinfo=UTC),
)
PLACES = ("municipality", "health", "home_care", "nursing_home", "school")
OWNERS = ("nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "per")


class Lot:
    """What is drawn for one world."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random, self.now = world, random.Random(seed), timezone.now()
        self.units: list[Unit] = [getattr(world, name) for name in PLACES]

    def one(self, of: Sequence[Chosen]) -> Chosen:
        return self.random.choice(of)

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def moment(self) -> datetime.datetime:
        odd = [each for each in ODD_MOMENTS if each < self.now]
        if self.maybe(0.3):
            return self.one(odd)
        return self.now - datetime.timedelta(minutes=self.random.randint(60, 60 * 24 * 900))

    def later(self, than: datetime.datetime, most: int = 60) -> datetime.datetime:
        """Not later than now."""
        odd = [each for each in ODD_MOMENTS if than < each <= min(self.now, than + datetime.timedelta(days=most))]
        if odd and self.maybe(0.3):
            return self.one(odd)
        return min(than + datetime.timedelta(minutes=self.random.randint(0, 60 * 24 * most)), self.now)

    def day(self, around: datetime.datetime | None = None) -> datetime.date:
        return timezone.localdate(around or self.now) + datetime.timedelta(days=self.random.randint(-25, 25))

    def person(self) -> User:
        return self.world.people[self.one(OWNERS)]

    def unit(self) -> Unit:
        return self.one(self.units)


def happen(world: World, seed: int, n: int) -> None:
    """``n`` of each, or so."""
    lot = Lot(world, seed)
    rules = MunicipalitySettings.objects.get(municipality=world.municipality)
    organising.change_settings(settings=rules, by=None, narrow_upper_sight=lot.maybe())
    lot.units += [
        organising.create_unit(parent=parent, name=name, code=code, kind=Unit.Kind.DEPARTMENT)
        for parent, name, code in ((world.home_care, "Sone vest", "HBV"), (world.nursing_home, "Avdeling 2", "I2"))
    ]
    roles(lot)
    kinds = categories(world)
    documents(lot, n // 2)
    told_cases(lot, n, kinds)
    organise_anew(lot)
    ticks(lot, n, kinds)
    brought(lot, kinds)
    meetings(lot, n // 3)
    improvements(lot, n // 2)
    actions(lot, n)
    looks(lot, n)
    inquiries(lot, n, kinds)
    organise_anew(lot)


def roles(lot: Lot) -> None:
    """Somebody who reads figures only, a second role here and there, and one that has ended or not begun."""
    people = lot.world.people
    people["wanda"] = organising.add_person(
        municipality=lot.world.municipality, name="Wanda", email="wanda@fjelldal.example", language="nb", invite=False
    )
    made = [Membership(user=people["wanda"], unit=lot.world.municipality, role=Role.WORK_ENVIRONMENT)]
    today = timezone.localdate(lot.now)
    several = [Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.EMPLOYEE]
    for short in lot.random.sample((*OWNERS, "tiril"), 4):
        begun = lot.one((today - datetime.timedelta(400), today, today + datetime.timedelta(1)))
        ended = lot.one((None, begun, begun + datetime.timedelta(days=400)))
        made.append(
            Membership(
                user=people[short],
                unit=lot.unit(),
                role=lot.one(several),
                valid_from=begun,
                valid_to=ended,
                withdrawn=lot.maybe(0.2),
            )
        )
    lately = today - datetime.timedelta(days=3)
    made += [  # who works in several places counts in the topmost
        Membership(user=people[short], unit=lot.unit(), role=Role.EMPLOYEE, valid_from=lately)
        for short in lot.random.sample(OWNERS, 4)
    ]
    for each in made:
        each.save()


def told_cases(lot: Lot, n: int, kinds: list[Category]) -> None:
    for _each in range(n):
        steps = tuple(
            (lot.one(STEPS), lot.random.randint(0, 24 * 30), lot.random.randint(0, 24))
            for _step in range(lot.random.randint(0, 6))
        )
        life = Life(
            reporter=lot.one(REPORTERS), place=lot.one(PLACES),
            kind=lot.one(Kind.values), category=lot.random.randint(0, len(kinds)), days_ago=0, steps=steps,
            hide_name=lot.maybe(0.2), about_leader=lot.maybe(0.2), at=lot.moment(),
        )  # fmt: skip
        live(lot.world, life, kinds)
    cases.report_anonymously(unit=lot.world.home_care, kind=Kind.DEVIATION, text="Uten navn.", source=Source.OUTSIDE)
    documents = list(Document.objects.order_by("pk"))
    for case in Deviation.objects.order_by("pk"):
        pointed = lot.one(documents) if lot.maybe() else None
        Deviation.objects.filter(pk=case.pk).update(harm=lot.one(Harm.values), breached_document=pointed)


def brought(lot: Lot, kinds: list[Category]) -> None:
    """From another system: some registered here too, and merged."""
    world = lot.world
    system = cases.define_system(
        municipality=world.municipality, by=world.ada, name="Profil", brings=Brings.CASES, handled_here=True
    )
    here = list(Deviation.objects.filter(closed_at=None, about=None, level_0=world.municipality.pk).order_by("pk"))
    for number in range(4):
        row = Row(
            number, id=f"P-{number}", unit=lot.one((world.home_care, world.nursing_home)), text="Fra Profil.",
            date=timezone.localdate(lot.moment()), category=lot.one((None, *kinds)), is_closed=lot.maybe(0.3),
        )  # fmt: skip
        cases.bring_in(system=system, row=row, by=None)
        came = system.cases.get(foreign_id=row.id).deviation
        if here and lot.maybe(0.7):
            with contextlib.suppress(StepRefused, cases.CannotMerge):
                cases.merge(deviation=came, by=came.handler or world.rolf, into=lot.one(here))
    counting = cases.define_system(municipality=world.municipality, by=world.ada, name="FDV", brings=Brings.COUNTS)
    for number in range(3):
        row = Row(
            number, f"F-{number}", lot.one((world.home_care, world.nursing_home)), lot.one(kinds),
            timezone.localdate(lot.moment()), n=2,
        )  # fmt: skip
        cases.bring_in(system=counting, row=row, by=None)


def organise_anew(lot: Lot) -> None:
    """Units are moved below others, merged into them and closed."""
    for _each in range(2):
        unit, parent = lot.one(lot.units[2:]), lot.one(lot.units)
        try:
            organising.move_unit(unit=Unit.objects.get(pk=unit.pk), parent=Unit.objects.get(pk=parent.pk), by=None)
        except ValidationError:
            continue
    lot.units = [Unit.objects.get(pk=unit.pk) for unit in lot.units]
    if lot.maybe(0.3) and not Unit.objects.filter(parent=lot.units[-1]).exists():
        Unit.objects.filter(pk=lot.units[-1].pk).update(closed_on=timezone.localdate(lot.now))
    for name in PLACES:
        setattr(lot.world, name, Unit.objects.get(pk=getattr(lot.world, name).pk))


def ticks(lot: Lot, n: int, kinds: list[Category]) -> None:
    tickable = kinds[:3]
    Category.objects.filter(pk__in=[each.pk for each in tickable]).update(may_be_ticked=True)
    made = [
        tallying.tick(
            unit=Unit.objects.get(pk=lot.unit().pk),
            category=lot.one(kinds),
            by=lot.person(),
            date=timezone.localdate(lot.moment()),
            shift=lot.one(Shift.values),
            harm=lot.one(MILD),
            place=lot.one(Spot.values),
        )
        for _each in range(n)
    ]
    case = Deviation.objects.order_by("pk").first()
    for tick in made[: n // 5]:
        if lot.maybe():
            tallying.undo(tick=tick)
        elif case is not None and not Tick.objects.filter(became=case).exists():
            tallying.become_case(tick=tick, deviation=case)


def documents(lot: Lot, n: int) -> None:
    types = list(DocumentType.objects.filter(municipality=lot.world.municipality).order_by("pk"))[:3]
    for number in range(n):
        owner, unit = lot.person(), lot.unit()
        document = Document(
            title=f"Rutine {number}", type=lot.one(types), owner=owner, reach=lot.one(Reach.values),
            number=f"X-{number}", review_on=lot.one((None, lot.day())),
        )  # fmt: skip
        document.place_in(unit)
        document.save()
        at, majors = lot.moment(), lot.random.randint(1, 3)
        versions = []
        for major in range(1, majors + 1):
            last = major == majors
            state = ("in_force" if lot.maybe(0.8) else "withdrawn") if last else "replaced"
            author, other = lot.random.sample(OWNERS, 2)
            begun, at = at, lot.later(at, 200)
            version = Version(
                document=document, title=document.title, body="<p>Slik.</p>", text="Slik.", state=state, major=major,
                minor=0, author=lot.world.people[author], edited_by=lot.world.people[author],
                approved_by=lot.world.people[other], sent_at=begun, in_force_from=begun,
                ended_at=None if state == "in_force" else at,
            )  # fmt: skip
            version.save()
            versions.append(version)
        if lot.maybe(0.7):
            asked = lot.one(versions)
            for _each in range(lot.random.randint(1, 2)):
                ReadRequirement.objects.create(
                    document=document, version=asked, asked_by=owner, asked_on=lot.day(asked.in_force_from),
                    due_on=lot.day(asked.in_force_from),
                )  # fmt: skip
        for short in lot.random.sample(OWNERS, 3):
            seen = lot.one(versions)
            assert seen.in_force_from is not None
            assert seen.major is not None
            ReadReceipt.objects.create(
                user=lot.world.people[short], document=document, version=seen, major=seen.major,
                at=lot.later(seen.in_force_from),
            )  # fmt: skip


def meetings(lot: Lot, n: int) -> None:
    kinds = [each for each in ForumKind.values if each != ForumKind.PEERS]
    about = list(Deviation.objects.order_by("pk"))
    for number in range(3):
        leader = lot.person()
        forum = Forum(name=f"Møte {number}", kind=lot.one(kinds), leader=leader)
        forum.place_in(lot.unit())
        forum.save()
        forum.members.add(leader, *(lot.world.people[short] for short in lot.random.sample(OWNERS, 5)))
        for _each in range(n):
            state = lot.one(MeetingState.values)
            approved = state == MeetingState.APPROVED
            starts = lot.moment() if lot.maybe(0.8) else lot.now + datetime.timedelta(hours=lot.random.randint(1, 900))
            meeting = Meeting.objects.create(
                municipality=lot.world.municipality, forum=forum, starts_at=starts, period_first=lot.now.date(),
                period_last=lot.now.date(), state=state, approved_at=lot.now if approved else None,
                approved_by=leader if approved else None,
            )  # fmt: skip
            AgendaItem.objects.create(meeting=meeting, kind="own", heading="Eventuelt", position=1)
            AgendaItem.objects.create(
                meeting=meeting, kind="case", heading="Sak", position=2, deviation=lot.one(about), brought_by=leader
            )


def improvements(lot: Lot, n: int) -> None:
    measures = []
    for number in range(n):
        verdict = lot.one(("", *Verdict.values))
        measure = Measure(
            name=f"Mål {number}", owner=lot.person(), nature=Nature.NUMBER, source=ValuesFrom.COLLECTED,
            rhythm=Rhythm.WEEK, better=lot.one(Better.values), verdict=verdict,
            verdict_words="Slik." if verdict else "", judged_on=lot.day() if verdict else None,
        )  # fmt: skip
        measure.place_in(lot.unit())
        measure.save()
        if lot.maybe(0.3):
            measure.invited.add(lot.person())
        measures.append(measure)
    for number in range(n):
        stage, begun = lot.one(Stage.values), lot.moment()
        finished = lot.later(begun, 300) if stage == Stage.FINISHED else None
        row = Improvement(
            title=f"Bedre {number}", owner=lot.person(), state=stage, begun_at=begun, moved_at=begun, analysis="Slik.",
            goal="Færre", number_goal="3", goal_on=lot.day(), finished_at=finished, result="Bra." if finished else "",
            without_document="Ingen." if finished else "",
        )  # fmt: skip
        row.place_in(lot.unit())
        row.save()
        if lot.maybe(0.3):
            row.invited.add(lot.person())
        row.measures.add(*lot.random.sample(measures, lot.random.randint(0, min(3, len(measures)))))


def actions(lot: Lot, n: int) -> None:
    about = list(Deviation.objects.select_related("handling_unit").order_by("pk"))
    sealed = [each for each in about if each.about_id]
    items = list(AgendaItem.objects.order_by("pk"))
    better = list(Improvement.objects.select_related("unit").order_by("pk"))
    hazards = []
    for number in range(2):
        analysis = RiskAnalysis(title=f"Fare {number}", owner=lot.person())
        analysis.place_in(lot.unit())
        analysis.save()
        hazards.append(Hazard.objects.create(analysis=analysis, number=1, what="Fall", consequence=2, probability=2))
    for number in range(n):
        state, begun, origin = lot.one(ActionState.values), lot.moment(), lot.random.randint(0, 5)
        ended = lot.later(begun) if state in (ActionState.DONE, ActionState.CANCELLED) else None
        owner = lot.person()
        row = Action(
            what=f"Tiltak {number}", owner=owner, deadline=lot.day(ended or begun), state=state, created_at=begun,
            strength=lot.one(("", *Strength.values)), done_note="Gjort." if state == ActionState.DONE else "",
            closed_at=ended, closed_by=owner if ended else None,
        )  # fmt: skip
        if origin in (0, 1):
            row.deviation = lot.one(about)
            if sealed and lot.maybe(0.4):  # done by somebody who can't open the case
                row.deviation, row.owner = lot.one(sealed), lot.world.people[lot.one(("kaja", "kristin"))]
            row.agenda_item = lot.one(items) if lot.maybe(0.3) else None
            row.place_in(row.deviation.handling_unit)
        elif origin == 2:
            row.improvement = lot.one(better)
            row.place_in(row.improvement.unit)
        elif origin == 3:
            row.hazard = lot.one(hazards)
            row.place_in(row.hazard.analysis.unit)
        else:
            row.agenda_item = lot.one(items) if origin == 4 else None
            row.place_in(lot.unit())
        row.save()
        if lot.maybe(0.3):
            ActionPart.objects.create(action=row, what="Del", owner=lot.person(), key=uuid.uuid4())


def looks(lot: Lot, n: int) -> None:
    about = list(Deviation.objects.select_related("handling_unit").order_by("pk"))
    of = list(Action.objects.filter(deviation=None).select_related("unit").order_by("pk"))
    with_actions = [each for each in about if each.actions.exists()] or about
    for number in range(n):
        state, by = lot.one(EffectState.values), lot.person()
        judged = lot.moment() if state in (EffectState.EFFECTIVE, EffectState.INEFFECTIVE) else None
        opens = lot.day(lot.moment())
        row = EffectCheck(
            owner=lot.person(), criterion=f"Ro {number}", opens_on=opens, looks_from=opens, state=state,
            words="Slik." if judged else "", judged_at=judged, judged_by=by if judged else None,
        )  # fmt: skip
        if of and lot.maybe():
            row.action = lot.one(of)
            row.place_in(row.action.unit)
        else:
            row.deviation = lot.one(with_actions)
            row.place_in(row.deviation.handling_unit)
        row.save()


def inquiries(lot: Lot, n: int, kinds: list[Category]) -> None:
    about = list(Deviation.objects.order_by("pk"))
    topics = [each for each in Asked.values if each != Asked.MEASURE]
    for number in range(n):
        state, asked_at, topic = lot.one(InquiryState.values), lot.moment(), lot.one(topics)
        answered = lot.later(asked_at) if state in (InquiryState.ANSWERED, InquiryState.READ) else None
        asker, asked = lot.random.sample(OWNERS, 2)
        unit = lot.unit()
        row = Inquiry(
            topic=topic, upper=lot.one((unit, unit.parent or unit)), asker=lot.world.people[asker],
            asked=lot.world.people[asked], question=f"Hva {number}?",
            due_on=lot.day(answered or asked_at), state=state, asked_at=asked_at, answered_at=answered,
            answer="Slik." if answered else "",
            deviation=lot.one(about) if topic == Asked.CASE else None,
            category=lot.one((None, *kinds)) if topic == Asked.CATEGORY else None,
        )  # fmt: skip
        row.place_in(unit)
        row.save()
