"""Random lives of random cases, made through the product's own verbs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import strategies as st

from deviations import actions
from deviations.models import Category, Deviation, Kind, Topic
from kvalitetslosen.journal.record import create
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Unit, User
from tests.people import World

STEPS = (
    "receive", "receive_and_close", "assess", "start", "ask", "answer", "close", "forward", "escalate", "merge",
    "not_deviation", "reopen", "reclassify", "judge",
)  # fmt: skip
REPORTERS = ("nora", "leif", "greta", "hans", "sunniva", "vidar", "kaja", "per")


@dataclass(frozen=True)
class Life:
    """What becomes of one case."""

    reporter: str
    place: str
    kind: str
    category: int
    days_ago: int
    steps: tuple[tuple[str, int, int], ...] = ()  # which, how many hours later, a number to choose by
    hide_name: bool = False
    about_leader: bool = False
    at: datetime.datetime | None = None  # instead of so many days ago


lives = st.builds(
    Life,
    reporter=st.sampled_from(REPORTERS),
    place=st.sampled_from(["municipality", "health", "home_care", "nursing_home", "school"]),
    kind=st.sampled_from(Kind.values),
    category=st.integers(0, 3),
    hide_name=st.booleans(),
    about_leader=st.booleans(),
    days_ago=st.integers(0, 800),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 24 * 40), st.integers(0, 24)), max_size=5).map(
        tuple
    ),
)


def categories(world: World) -> list[Category]:
    """One of each topic, the third below the first."""
    rows = [
        create(Category(municipality=world.municipality, name=name, topic=topic), "deviations.category_added", by=None)
        for name, topic in (("Legemiddel", Topic.NONE), ("Vold", Topic.HSE), ("Feilsendt", Topic.PRIVACY))
    ]
    below = Category(municipality=world.municipality, parent=rows[0], name="Ikke gitt", name_nn="Ikkje gjeve")
    return [*rows, create(below, "deviations.category_added", by=None)]


def live(world: World, life: Life, chosen: list[Category]) -> Deviation:
    """Report the case and let its steps happen, those that are possible."""
    begun = life.at or timezone.now() - datetime.timedelta(days=life.days_ago, hours=1)
    unit: Unit = getattr(world, life.place) if life.place != "municipality" else world.municipality
    case = actions.report(
        by=world.people[life.reporter],
        unit=unit,
        kind=life.kind,
        text="Det ble glemt.",
        category=(chosen[life.category] if life.category < len(chosen) else None),
        hide_name=life.hide_name,
        about_leader=life.about_leader,
        at=begun,
    )
    at = begun
    for name, hours, number in life.steps:
        at = min(at + datetime.timedelta(hours=hours), timezone.now())
        try:
            _step(world, case, name, number, at, chosen)
        except (StepRefused, StepIncomplete, actions.NobodyAbove, actions.CannotMerge, ValidationError):
            case.refresh_from_db()
    return case


def _step(
    world: World, case: Deviation, name: str, number: int, at: datetime.datetime, chosen: list[Category]
) -> None:
    by: User = case.handler or world.rolf
    size = {"consequence": 1 + number % 5, "probability": 1 + number // 5}
    if name == "receive":
        actions.receive(deviation=case, by=by, at=at)
    elif name == "receive_and_close":
        actions.receive_and_close(deviation=case, by=by, outcome="Gjort.", at=at, **size)
    elif name == "assess":
        actions.assess(deviation=case, by=by, at=at, **size)
    elif name == "start":
        actions.start(deviation=case, by=by, at=at)
    elif name == "ask":
        actions.ask_reporter(deviation=case, by=by, text="Når?", at=at)
    elif name == "answer":
        reporter = case.reporter or User.objects.get(pk=next(iter(actions.reporter_ids(case))))
        actions.answer(deviation=case, by=reporter, text="I går.", at=at)
    elif name == "close":
        actions.close(deviation=case, by=by, outcome="Gjort.", at=at)
    elif name == "forward":
        to = (world.home_care, world.nursing_home, world.school, world.health)[number % 4]
        actions.forward(deviation=case, by=by, to=to, note="Hører til der.", at=at)
    elif name == "escalate":
        actions.escalate(deviation=case, by=by, note="Større enn oss.", at=at)
    elif name == "merge":
        other = Deviation.objects.exclude(pk=case.pk).order_by("pk").first()
        if other:
            actions.merge(deviation=case, by=by, into=other, at=at)
    elif name == "not_deviation":
        actions.not_deviation(deviation=case, by=by, outcome="Et forslag.", at=at)
    elif name == "reopen":
        actions.reopen(deviation=case, by=by, note="Hendte igjen.", at=at)
    elif name == "judge" and case.state == "closed":
        actions.say_whether_it_helped(deviation=case, by=case.reporter, helped=bool(number % 2), at=at)
    elif name == "reclassify":
        category = chosen[number % len(chosen)]
        actions.reclassify(deviation=case, by=by, kind=Kind.RISK, category=category, breached_document=None)
