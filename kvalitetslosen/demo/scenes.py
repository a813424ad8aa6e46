"""What waits for each demo log-in today: told case by case, so that everybody's morning page says something."""

from __future__ import annotations

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deviations import actions
from deviations.lifecycle import State
from deviations.models import Asking, Deviation, Kind, Source, When
from improvement import actions as improvement
from kvalitetslosen.demo import texts
from kvalitetslosen.demo.cases import Draft, Story
from kvalitetslosen.demo.logins import demo_key
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.demo.texts import PATTERNS, said
from kvalitetslosen.files.actions import attach
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import add_workdays

HOURS = datetime.timedelta(hours=1)


def stage(story: Story) -> None:
    aseral, marnardal, audnedal = story.towns
    _unit_of_a_leader(story, aseral, "HB", reporter="ansatt", colleague="berit.ljoslandsmo")
    _unit_of_a_leader(story, marnardal, "SKA", reporter="ansatt", colleague="silje.bringsdal")
    _unit_of_a_leader(story, audnedal, "INST", reporter="ansatt", colleague="ranveig.slogedal")
    _above(story, aseral)
    for town, code, told in zip((aseral, marnardal, audnedal), ("HB", "SKA", "INST"), texts.UNNAMED, strict=True):
        _without_a_name(story, town, code, told)
        _talk_in_the_team(story, town, code)
    _from_outside(story, aseral)


def _from_outside(story: Story, town: Town) -> None:
    """The municipality's form is open to all, and somebody has told something with it and may be reached."""
    ago, admin = _Ago(story), town.people["admin"]
    form = actions.make_open_form(unit=town.units[town.plan.code], by=admin)
    actions.change_open_form(form=form, by=admin, welcome=town.word(texts.WELCOME))
    actions.open_form(form=form, by=admin)
    case, _code = actions.report_anonymously(
        unit=town.units["HB"], kind=Kind.DEVIATION, text=town.word(texts.FROM_OUTSIDE), happened=When.TODAY,
        source=Source.OUTSIDE, at=ago(days=2),
    )  # fmt: skip
    actions.leave_contact(deviation=case, name=town.word(texts.NEXT_OF_KIN), reach="")
    actions.receive(deviation=case, by=town.leader("HB"), at=ago(hours=20))


def _without_a_name(story: Story, town: Town, code: str, told: texts.Unnamed) -> None:
    """Anonymous, to be followed with a code of the trial: asked in one municipality, answered in another."""
    ago, leader = _Ago(story), town.leader(code)
    case, _code = actions.report_anonymously(
        unit=town.units[code], kind=Kind.DEVIATION, text=town.word(told.text), happened=When.SHIFT,
        category=town.categories[told.main, told.sub], key=demo_key(town.plan.code), at=ago(days=4),
    )  # fmt: skip
    actions.receive(deviation=case, by=leader, at=ago(days=3))
    if told.question:
        actions.ask_reporter(deviation=case, by=leader, text=town.word(told.question), at=ago(days=2))
    if told.answer:
        actions.close(deviation=case, by=leader, outcome=town.word(told.answer), at=ago(days=1))


def _unit_of_a_leader(story: Story, town: Town, code: str, *, reporter: str, colleague: str) -> None:
    """Two to receive, a reply and one near its deadline for the leader; an answer and a question for the employee."""
    me, other, leader = town.people[reporter], town.people[colleague], town.leader(code)
    ago = _Ago(story)
    _report(story, town, code, 0, other, ago(hours=3))
    _report(story, town, code, 1, me, ago(hours=20))

    near = _report(story, town, code, 2, other, _so_that_the_deadline_is_near(story))
    written = SimpleUploadedFile("notat.txt", town.word(texts.NOTE).encode())
    attach(owner=near, upload=written, by=other, at=near.reported_at)
    actions.receive(deviation=near, by=leader, at=near.reported_at + 5 * HOURS)
    actions.assess(deviation=near, by=leader, consequence=3, probability=3, at=near.reported_at + 6 * HOURS)
    _give_both_something_to_do(story, town, near, me, leader)
    _ask_colleagues(story, town, near, me, leader)
    twin = _report(story, town, code, 2, me, near.reported_at + 2 * HOURS)
    draft = Draft(town, code, 2, "", "", "", story.now, 0, 0)
    story.plan(twin, draft, by=leader, owner=leader, at=near.reported_at + 6 * HOURS, days=40)  # goes along
    actions.merge(deviation=twin, by=leader, into=near, at=near.reported_at + 7 * HOURS)

    nb, nn, answer_nb, answer_nn = texts.NOT_DEVIATIONS[0]
    other_matter = story.report(
        Draft(town, code, 7, "fristbrudd", Kind.DEVIATION, town.word((nb, nn)), ago(days=15), 1, 1, other)
    )
    actions.not_deviation(
        deviation=other_matter, by=leader, outcome=town.word((answer_nb, answer_nn)), at=ago(days=14)
    )

    nb, nn, *_answers = texts.NOT_DEVIATIONS[2]
    idea = story.report(
        Draft(
            town, code, 7, "prosedyre mangler/utdatert", Kind.DEVIATION, town.word((nb, nn)), ago(days=12), 1, 1, other
        )
    )
    actions.receive(deviation=idea, by=leader, at=ago(days=11))
    actions.make_proposal(deviation=idea, by=leader, text=town.word(texts.MADE_PROPOSAL), at=ago(days=11))

    asked = _report(story, town, code, 3, me, ago(days=6, hours=2))
    actions.receive(deviation=asked, by=leader, at=ago(days=5, hours=1))
    question, _reply = texts.QUESTIONS[0]
    actions.ask_reporter(deviation=asked, by=leader, text=town.word(question), at=ago(days=1, hours=2))

    replied = _report(story, town, code, 5, other, ago(days=5, hours=3))
    actions.receive(deviation=replied, by=leader, at=ago(days=4, hours=2))
    question, reply = texts.QUESTIONS[1]
    actions.ask_reporter(deviation=replied, by=leader, text=town.word(question), at=ago(days=2, hours=4))
    actions.answer(deviation=replied, by=other, text=town.word(reply), at=ago(hours=16))

    answered = _report(story, town, code, 4, me, ago(days=9, hours=4))
    actions.receive(deviation=answered, by=leader, at=ago(days=8, hours=1))
    actions.assess(deviation=answered, by=leader, consequence=2, probability=3, at=ago(days=8))
    done = story.plan(
        answered, Draft(town, code, 1, "", "", "", story.now, 0, 0), by=leader, owner=leader, at=ago(days=7), days=8
    )
    note = town.word(texts.MEASURE_DONE[0])
    improvement.finish(action=done, by=leader, done_note=note, at=ago(days=2))
    main = answered.category
    answers = texts.ANSWERS[main.parent.position if main and main.parent else 7]
    actions.close(deviation=answered, by=leader, outcome=town.word(answers[0]), at=ago(days=1, hours=4))


def _give_both_something_to_do(story: Story, town: Town, case: Deviation, me: User, leader: User) -> None:
    """Each has something to do: the employee soon, the leader since last week."""
    ago = _Ago(story)
    draft = Draft(town, "", 7, "", "", "", story.now, 0, 0)
    story.plan(case, draft, by=leader, owner=me, at=ago(days=6), days=7)
    draft.main = 0
    story.plan(case, draft, by=leader, owner=leader, at=ago(days=21), days=12)


def _ask_colleagues(story: Story, town: Town, case: Deviation, me: User, leader: User) -> None:
    """The employee is asked something and to do something, and has answered the first."""
    ago, (question, answer), job = _Ago(story), texts.ASKED_COLLEAGUE, texts.ASKED_TO_DO
    due = timezone.localdate(story.now) + datetime.timedelta(days=3)
    first = actions.ask_colleague(
        deviation=case, by=leader, given_to=me, text=town.word(question), deadline=due, at=ago(days=3)
    )
    actions.answer_task(task=first, by=me, answer=town.word(answer), at=ago(days=2))
    actions.ask_colleague(
        deviation=case, by=leader, given_to=me, text=town.word(job), deadline=due, asking=Asking.JOB, at=ago(hours=19)
    )


def _talk_in_the_team(story: Story, town: Town, code: str) -> None:
    """Two cases the team has talked about, two that wait for the next meeting, and a screen on their wall."""
    leader, unit = town.leader(code), town.units[code]
    cases = Deviation.objects.filter(handling_unit=unit, handler=leader, about=None, reported_at__lt=story.now)
    ended = list(cases.filter(state=State.CLOSED).exclude(category=None).order_by("-closed_at", "pk")[:2])
    going = list(cases.filter(closed_at=None).order_by("reported_at", "pk")[:2])
    for number, case in enumerate((*ended, *going)):
        told = town.word(texts.TOLD_TEAM[number])
        taken = actions.take_to_team(
            deviation=case, by=leader, told=told, at=max(case.reported_at, story.now - datetime.timedelta(days=20))
        )
        if case in ended:
            why, typical, tries = (town.word(each) for each in texts.TEAM_SAID[number])
            day = timezone.localdate(story.now) - datetime.timedelta(days=3 + 5 * number)
            actions.hold(
                reflection=taken,
                by=leader,
                held_on=day,
                why=why,
                typical=typical,
                tries=tries,
                at=story.now - 60 * HOURS,
            )
    actions.put_up_screen(unit=unit, by=leader)


def _above(story: Story, town: Town) -> None:
    """For those above: something sent up, something late below, something on privacy and on employees' safety."""
    ago, people = _Ago(story), town.people
    _sent_up(story, town, "A1", 1, people["odd.oydna"], by=("ashild.smeland",))
    _report(story, town, "A2", 5, people["synnove.fidjestol"], ago(days=8))  # nobody has received it
    # Has no leader of its own: the head of the sector has it.
    _pattern(story, town, "LK", 0, ago(hours=7))
    for code, main, hours in (("SD", 4, 30), ("HS", 4, 80), ("SKU", 2, 28), ("BO", 2, 55)):
        case = _pattern(story, town, code, main, ago(hours=hours))
        if code in ("HS", "BO"):
            actions.receive(deviation=case, by=story.handler(case), at=ago(hours=hours - 9))
    # About the leader of the whole sector, by somebody who hides their name: goes to the chief executive.
    about = Draft(
        town, "VE", 2, "psykososialt arbeidsmiljø", Kind.DEVIATION, town.word(texts.ABOUT_LEADER), ago(hours=26), 3, 3,
        people["terje.donnestad"],
    )  # fmt: skip
    story.report(about, hide_name=True, about_leader=True)
    _sent_up(story, town, "VA", 0, people["terje.donnestad"], by=("svein.kvase", "arvid.haugland"))


def _sent_up(story: Story, town: Town, code: str, number: int, reporter: User, *, by: tuple[str, ...]) -> None:
    """A serious case whose deadline is near; each of those named has sent it to the leader above."""
    case = _report(story, town, code, number, reporter, _so_that_the_deadline_is_near(story, workdays=20))
    first = town.people[by[0]]
    at = case.reported_at + 4 * HOURS
    actions.receive(deviation=case, by=first, at=at)
    actions.assess(deviation=case, by=first, consequence=4, probability=3, at=at + HOURS)
    for days, name in zip(range(1 + 5 * (len(by) - 1), 0, -5), by, strict=True):
        sender = town.people[name]
        actions.escalate(deviation=case, by=sender, note=town.word(texts.ESCALATED), at=_Ago(story)(days=days))


def _pattern(story: Story, town: Town, code: str, main: int, at: datetime.datetime) -> Deviation:
    """Reported in the unit, from a pattern of this main category."""
    pattern = next(each for each in PATTERNS if each.main == main and code in each.units.split())
    text = said(town.word((pattern.nb, pattern.nn)), story.rng)
    return story.report(Draft(town, code, pattern.main, pattern.sub, pattern.kind, text, at, 3, 3), sorted_in=True)


def _report(story: Story, town: Town, code: str, number: int, by: User, at: datetime.datetime) -> Deviation:
    """The unit's pattern with the number, counted round."""
    units = {code, "A1"} if code == "INST" else {code}
    own = [each for each in PATTERNS if units & set(each.units.split()) and each.kind == Kind.DEVIATION]
    pattern = own[number % len(own)]
    text = said(town.word((pattern.nb, pattern.nn)), story.rng)
    return story.report(Draft(town, code, pattern.main, pattern.sub, pattern.kind, text, at, 3, 3, by), sorted_in=True)


class _Ago:
    def __init__(self, story: Story) -> None:
        self._now = story.now

    def __call__(self, *, days: int = 0, hours: int = 0) -> datetime.datetime:
        return self._now - datetime.timedelta(days=days, hours=hours)


def _so_that_the_deadline_is_near(story: Story, *, workdays: int = 30) -> datetime.datetime:
    """So long ago that so many working days, a moderate or a high case's time, end in two working days."""
    day = add_workdays(add_workdays(story.now.date(), 2), -workdays)
    return datetime.datetime.combine(day, datetime.time(9, 20), tzinfo=story.now.tzinfo)
