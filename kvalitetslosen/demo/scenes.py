"""What waits for each demo log-in today: told case by case, so that everybody's morning page says something."""

from __future__ import annotations

import datetime

from deviations import actions
from deviations.models import Deviation, Kind
from kvalitetslosen.demo import texts
from kvalitetslosen.demo.cases import Draft, Story
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.demo.texts import PATTERNS, said
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import add_workdays

HOURS = datetime.timedelta(hours=1)


def stage(story: Story) -> None:
    aseral, marnardal, audnedal = story.towns
    _unit_of_a_leader(story, aseral, "HB", reporter="ansatt", colleague="berit.ljoslandsmo")
    _unit_of_a_leader(story, marnardal, "SKA", reporter="ansatt", colleague="silje.bringsdal")
    _unit_of_a_leader(story, audnedal, "INST", reporter="ansatt", colleague="ranveig.slogedal")
    _above(story, aseral)


def _unit_of_a_leader(story: Story, town: Town, code: str, *, reporter: str, colleague: str) -> None:
    """Two to receive and one near its deadline for the leader; an answer and a question for the employee."""
    me, other, leader = town.people[reporter], town.people[colleague], town.leader(code)
    ago = _ago(story)
    _report(story, town, code, 0, other, ago(hours=3))
    _report(story, town, code, 1, me, ago(hours=20))

    near = _report(story, town, code, 2, other, _so_that_the_deadline_is_near(story))
    actions.receive(deviation=near, by=leader, at=near.reported_at + 5 * HOURS)
    actions.assess(deviation=near, by=leader, consequence=3, probability=3, at=near.reported_at + 6 * HOURS)

    asked = _report(story, town, code, 3, me, ago(days=6, hours=2))
    actions.receive(deviation=asked, by=leader, at=ago(days=5, hours=1))
    question, _reply = texts.QUESTIONS[0]
    actions.ask_reporter(deviation=asked, by=leader, text=town.word(question), at=ago(days=1, hours=2))

    answered = _report(story, town, code, 4, me, ago(days=9, hours=4))
    actions.receive(deviation=answered, by=leader, at=ago(days=8, hours=1))
    actions.assess(deviation=answered, by=leader, consequence=2, probability=3, at=ago(days=8))
    main = answered.category
    answers = texts.ANSWERS[main.parent.position if main and main.parent else 7]
    actions.close(deviation=answered, by=leader, outcome=town.word(answers[0]), at=ago(days=1, hours=4))


def _above(story: Story, town: Town) -> None:
    """For those above: something sent up, something late below, something on privacy and on employees' safety."""
    ago = _ago(story)
    for code, number, reporter in (("A1", 1, "odd.oydna"), ("A2", 5, "synnove.fidjestol")):
        late = _report(story, town, code, number, town.people[reporter], ago(days=8, hours=number))
        if number == 1:
            handler = story.handler(late)
            actions.receive(deviation=late, by=handler, at=ago(days=7))
            actions.assess(deviation=late, by=handler, consequence=4, probability=3, at=ago(days=6, hours=2))
            actions.escalate(deviation=late, by=handler, note=town.word(texts.ESCALATED), at=ago(days=2, hours=3))
    for code, main in (("SD", 4), ("LK", 4), ("SKU", 2), ("BO", 2)):
        pattern = next(each for each in PATTERNS if each.main == main and code in each.units.split())
        draft = Draft(
            town, code, pattern.main, pattern.sub, pattern.kind, said(pattern.nn, story.rng),
            ago(days=1 + len(code), hours=main), 3, 3,
        )  # fmt: skip
        privacy = story.report(draft)
        if code in ("LK", "BO"):
            actions.receive(deviation=privacy, by=story.handler(privacy), at=ago(hours=26))
    about = Draft(
        town, "VA", 2, "psykososialt arbeidsmiljø", Kind.DEVIATION, town.word(texts.ABOUT_LEADER), ago(days=3), 3, 3,
        town.people["terje.donnestad"],
    )  # fmt: skip
    story.report(about, hide_name=True, about_leader=True)
    up = _report(story, town, "VA", 0, town.people["terje.donnestad"], ago(days=12))
    actions.receive(deviation=up, by=town.people["svein.kvase"], at=ago(days=11))
    actions.escalate(deviation=up, by=town.people["svein.kvase"], note=town.word(texts.ESCALATED), at=ago(days=7))
    actions.escalate(
        deviation=up, by=town.people["arvid.haugland"], note=town.word(texts.ESCALATED), at=ago(days=1, hours=5)
    )


def _report(story: Story, town: Town, code: str, number: int, by: User, at: datetime.datetime) -> Deviation:
    """The unit's pattern with the number, counted round."""
    units = {code, "A1"} if code == "INST" else {code}
    own = [each for each in PATTERNS if units & set(each.units.split()) and each.kind == Kind.DEVIATION]
    pattern = own[number % len(own)]
    text = said(town.word((pattern.nb, pattern.nn)), story.rng)
    return story.report(Draft(town, code, pattern.main, pattern.sub, pattern.kind, text, at, 3, 3, by))


class _ago:
    def __init__(self, story: Story) -> None:
        self._now = story.now

    def __call__(self, *, days: int = 0, hours: int = 0) -> datetime.datetime:
        return self._now - datetime.timedelta(days=days, hours=hours)


def _so_that_the_deadline_is_near(story: Story) -> datetime.datetime:
    """So long ago that 30 working days, the deadline of a moderate case, end in two working days."""
    day = add_workdays(add_workdays(story.now.date(), 2), -30)
    return datetime.datetime.combine(day, datetime.time(9, 20), tzinfo=story.now.tzinfo)
