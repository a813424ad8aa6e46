"""Two years of cases in the demo municipalities, each led through its life by the product's own actions.

A case's steps are drawn with their times; those that would lie ahead of now have not happened yet, so the newest cases
are open, and a few slow ones have passed their deadline.
"""

from __future__ import annotations

import datetime
import random
import re
import uuid
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace

from django.utils import timezone

from deviations import actions
from deviations.categories import STANDARD
from deviations.lifecycle import State
from deviations.models import Category, Deviation, Harm, Kind, Naming, Weight, When
from documents.models import Document
from improvement import actions as improvement
from improvement.models import Action, Strength
from kvalitetslosen.demo import one_story, texts
from kvalitetslosen.demo.known_cases import KNOWN
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.demo.questions import Answers
from kvalitetslosen.demo.texts import PATTERNS, Pattern, said
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO, add_workdays, is_workday

DAYS = 730
MONTHS = (10, 10, 10, 8, 8, 8, 4, 7, 9, 11, 12, 9)
"""How many are reported, month by month: fewer in the summer, most in the dark of autumn."""

SHARE = (5, 3, 4)  # of the cases, by municipality: Åseral, Marnardal, Audnedal
MATRIX = (
    ((1, 2), (2, 2), (1, 3), (2, 1), (1, 4)),
    ((3, 2), (2, 3), (3, 3), (2, 4)),
    ((3, 4), (4, 3), (5, 2), (2, 5)),
    ((4, 4), (5, 3), (3, 5)),
)
GRAVITY = ((68, 32, 0, 0), (44, 42, 12, 2), (18, 42, 31, 9))
RECENT = datetime.timedelta(days=45)
SMALL = 300
"""Of so few cases none are added to show how things shift."""
MORE_LATELY = {"AAS": ("INST", "fall"), "MAR": ("INST", "fall"), "AUD": ("HB", "uteblitt eller forsinket tjeneste")}
WEEKS_OF_MORE = 14


LEFT_LYING = datetime.timedelta(days=60)
"""Older cases nobody has left lying: what is late in the demo is so by days or a few weeks."""


class NotYet(Exception):
    """The next step lies ahead of now."""


@dataclass
class Draft:
    """A case before it is reported."""

    town: Town
    code: str
    main: int
    sub: str
    kind: str
    text: str
    at: datetime.datetime
    consequence: int
    probability: int
    reporter: User | None = None
    number: int | None = None  # of the story that is told whole: which of its reports
    plain: bool = False  # with its category, and about nobody


@dataclass
class Story:
    """The teller: draws with one seed, so that the same day gives the same world."""

    towns: list[Town]
    now: datetime.datetime
    rng: random.Random
    documents: dict[tuple[str, str], list[Document]] = field(default_factory=dict)  # (town, unit code) → theirs
    answers: Answers | None = None
    reported: int = 0

    def tell(self, size: int) -> int:
        """About ``size`` cases in all; how many there are. The oldest first, so that numbers follow time."""
        more = self._more_lately() if size > SMALL else []
        drafts = [*self._known(), *self._drawn(size - len(KNOWN)), *more, *self._whole()]
        for draft in sorted(drafts, key=lambda each: each.at):
            self._live(draft)
        return self.reported

    # What is reported ---------------------------------------------------------------------------------------------

    def _known(self) -> list[Draft]:
        by_code = {town.plan.code: town for town in self.towns}
        spread = DAYS // (len(KNOWN) + 1)
        return [
            Draft(
                by_code[known.municipality], known.unit, known.main, known.sub, Kind.DEVIATION, known.text,
                self._moment(datetime.timedelta(days=60 + (number * 7 % len(KNOWN)) * (spread - 2))),
                known.consequence, known.probability,
            )
            for number, known in enumerate(KNOWN)
        ]  # fmt: skip

    def _whole(self) -> list[Draft]:
        return [
            Draft(town, "", 0, "", "", "", at, 0, 0, number=number)
            for town in self.towns
            for number, at in enumerate(one_story.moments(self.now))
        ]

    def _drawn(self, count: int) -> list[Draft]:
        days = [datetime.timedelta(days=day) for day in range(1, DAYS)]
        weights = [MONTHS[(self.now - day).month - 1] for day in days]
        places = {
            id(town): [(code, pattern) for pattern in PATTERNS for code in pattern.units.split() if code in town.units]
            for town in self.towns
        }
        drafts = []
        for age in self.rng.choices(days, weights, k=max(count, 0)):
            town = self.rng.choices(self.towns, SHARE)[0]
            code, pattern = self.rng.choice(places[id(town)])
            if age < RECENT and self._kept_tidy(town, code) and age.days < 9:
                continue
            drafts.append(self._draft(town, code, pattern, self._moment(age)))
        return drafts

    def _more_lately(self) -> list[Draft]:
        """In one unit of each municipality something has happened more often for fourteen weeks: a shift."""
        teller = replace(self, rng=random.Random(len(self.towns)))
        today = timezone.localdate(self.now)
        monday = today - datetime.timedelta(days=today.weekday())
        drafts = []
        for town in self.towns:
            code, sub = MORE_LATELY[town.plan.code]
            pattern = next(each for each in PATTERNS if each.sub == sub and code in each.units.split())
            for week in range(1, WEEKS_OF_MORE + 1):
                for day in (0, 3):
                    age = today - monday + datetime.timedelta(days=7 * week - day)
                    drafts.append(replace(teller._draft(town, code, pattern, teller._moment(age)), plain=True))
        return drafts

    def _draft(self, town: Town, code: str, pattern: Pattern, at: datetime.datetime) -> Draft:
        consequence, probability = self.rng.choice(self.rng.choices(MATRIX, GRAVITY[pattern.gravity])[0])
        text = said(town.word((pattern.nb, pattern.nn)), self.rng)
        return Draft(town, code, pattern.main, pattern.sub, pattern.kind, text, at, consequence, probability)

    def _moment(self, age: datetime.timedelta) -> datetime.datetime:
        """A time of the day so long ago; offices by day, care day and night."""
        day = timezone.localdate(self.now - age)
        hour = self.rng.choices(range(24), (1, 1, 1, 1, 1, 2, 4, 8, 9, 9, 9, 9, 9, 9, 9, 8, 6, 5, 5, 5, 5, 6, 4, 2))[0]
        moment = datetime.datetime(day.year, day.month, day.day, hour, self.rng.randrange(60), tzinfo=OSLO)
        return min(moment, self.now - datetime.timedelta(hours=1))

    def _kept_tidy(self, town: Town, code: str) -> bool:
        """The unit of the log-in that leads it: what waits there is told in ``scenes``."""
        return (town.plan.code, code) in {
            ("AAS", "HB"),
            ("AUD", "INST"),
            ("AUD", "A1"),
            ("AUD", "A2"),
            ("MAR", "SKA"),
        }

    def _reporter(self, town: Town, code: str) -> User:
        unit = town.units[code]
        near = [user for place, users in town.at.items() if town.units[place].is_within(unit) for user in users]
        if not near or self.rng.random() < 0.25:
            sector = unit.level_1
            near += [user for place, users in town.at.items() if town.units[place].level_1 == sector for user in users]
        if not near:
            near = [user for users in town.at.values() for user in users]
        return self.rng.choice(near)

    def report(
        self, draft: Draft, *, hide_name: bool = False, about_leader: bool = False, sorted_in: bool = False
    ) -> Deviation:
        """Report it as its unit's people would, with some of what may be left out; ``sorted_in``: never category."""
        rng, town = self.rng, draft.town
        happened = rng.choices([When.NOW, When.TODAY, When.SHIFT, When.DATE, When.UNKNOWN], [30, 30, 22, 14, 4])[0]
        serious = draft.consequence * draft.probability >= 10
        harm = rng.choices(
            [Harm.NONE, Harm.MILD, Harm.SERIOUS, Harm.UNKNOWN], [20, 40, 25, 15] if serious else [60, 25, 0, 15]
        )[0]
        self.reported += 1
        category = self._category(draft) if sorted_in or draft.plain or rng.random() < 0.9 else None
        return actions.report(
            by=draft.reporter or self._reporter(town, draft.code),
            unit=town.units[draft.code],
            kind=draft.kind,
            text=draft.text,
            happened=happened,
            happened_on=(timezone.localdate(draft.at) - datetime.timedelta(days=rng.randint(1, 4)))
            if happened == When.DATE
            else None,
            category=category,
            answered=self.answers.about(category, draft.kind, draft.at) if self.answers else None,
            harm=harm if draft.kind == Kind.DEVIATION else Harm.NONE,
            done_at_once=town.word(rng.choice(texts.DONE_AT_ONCE)) if rng.random() < 0.4 else "",
            suggestion=town.word(rng.choice(texts.SUGGESTIONS)) if rng.random() < 0.2 else "",
            breached_document=self._breached(draft) if draft.kind == Kind.DEVIATION and rng.random() < 0.25 else None,
            hide_name=hide_name,
            about_leader=about_leader,
            at=draft.at,
        )

    def _category(self, draft: Draft) -> Category:
        return draft.town.categories[draft.main, draft.sub.casefold()]

    def _breached(self, draft: Draft) -> Document | None:
        """The procedure of the unit, or of a unit above it, that is about the same, if one is."""
        unit = draft.town.units[draft.code]
        above = [code for code, place in draft.town.units.items() if unit.is_within(place)]
        found = [each for code in above for each in self.documents.get((draft.town.plan.code, code), [])]
        main = STANDARD[draft.main].names
        about = stems(f"{main.name} {main.name_nn} {draft.sub} {draft.text}")
        near = {document: len(about & stems(document.title)) for document in found}
        return max(near, key=lambda document: near[document]) if any(near.values()) else None

    # What becomes of it -------------------------------------------------------------------------------------------

    def after(self, moment: datetime.datetime, workdays: int, *, by_day: bool = True) -> datetime.datetime:
        """A time so many working days later, in working hours. Raises ``NotYet`` when that lies ahead of now."""
        local = moment.astimezone(OSLO)
        if workdays == 0:
            later = moment + datetime.timedelta(minutes=self.rng.randint(15, 150))
            if by_day and not (is_workday(later.astimezone(OSLO).date()) and 7 <= later.astimezone(OSLO).hour < 16):
                workdays = 1
        if workdays:
            day = add_workdays(local.date(), workdays)
            later = datetime.datetime(
                day.year, day.month, day.day, self.rng.randint(8, 15), self.rng.randrange(60), tzinfo=OSLO
            )
        if later >= self.now - datetime.timedelta(minutes=30):
            raise NotYet
        return later

    def _live(self, draft: Draft) -> None:
        rng, town = self.rng, draft.town
        if draft.number is not None:
            self.reported += 1
            one_story.report(town, draft.number, draft.at)
            return
        tidy = self._kept_tidy(town, draft.code) and self.now - draft.at < datetime.timedelta(days=120)
        fate = rng.random()
        if fate < 0.03:
            nb, nn, answer_nb, answer_nn = rng.choice(texts.NOT_DEVIATIONS)
            draft.text, draft.kind, draft.consequence, draft.probability = town.word((nb, nn)), Kind.DEVIATION, 1, 2
            deviation = self.report(draft)
            with suppress(NotYet):
                outcome, at = town.word((answer_nb, answer_nn)), self.after(draft.at, rng.randint(0, 3))
                actions.not_deviation(deviation=deviation, by=self.handler(deviation), outcome=outcome, at=at)
            return
        about = fate > 0.99 and draft.code in town.leaders and not tidy and not draft.plain
        if about:
            draft.text = town.word(texts.ABOUT_LEADER)
            draft.main, draft.sub = 2, "psykososialt arbeidsmiljø"
        deviation = self.report(draft, hide_name=rng.random() < 0.06, about_leader=about)
        with suppress(NotYet):
            self._handle(deviation, draft, tidy=tidy)

    def handler(self, deviation: Deviation) -> User:
        """Whoever has it in hand. Every municipality has a chief executive, so somebody always has."""
        if deviation.handler is None:
            raise NotYet
        return deviation.handler

    def _handle(self, deviation: Deviation, draft: Draft, *, tidy: bool) -> None:
        rng, town = self.rng, draft.town
        neglected = not tidy and rng.random() < 0.012
        if neglected and self.now - draft.at < datetime.timedelta(days=90):
            return
        wait = rng.choices((0, 1, 2, 3, 5, 8), (34, 30, 20, 9, 5, 2))[0]
        at = self.after(draft.at, min(wait, 1) if tidy else wait)
        if draft.main in (1, 6, 7) and rng.random() < 0.08 and not tidy:
            at = self._forward(deviation, draft, at)
        grave = draft.consequence * draft.probability
        if grave < 8 and rng.random() < 0.3:
            outcome = self._answer(draft)
            actions.receive_and_close(
                deviation=deviation, by=self.handler(deviation), outcome=outcome, consequence=draft.consequence,
                probability=draft.probability, at=at,
            )  # fmt: skip
            self._afterwards(deviation, draft, at)
            return
        actions.receive(deviation=deviation, by=self.handler(deviation), at=at)
        if rng.random() < 0.03 and not tidy:
            self._merge_a_second(deviation, draft, at)
        at = self.after(at, rng.choice((0, 0, 1, 2)))
        actions.assess(
            deviation=deviation, by=self.handler(deviation), consequence=draft.consequence,
            probability=draft.probability, at=at,
        )  # fmt: skip
        at = self._talk(deviation, draft, at)
        if rng.random() < 0.04 and not tidy and actions.leader_above(deviation, timezone.localdate(at)):
            at = self.after(at, rng.randint(1, 4))
            actions.escalate(deviation=deviation, by=self.handler(deviation), note=town.word(texts.ESCALATED), at=at)
        if grave >= 5 and (grave >= 10 or rng.random() < 0.5):
            at = self.after(at, rng.randint(1, 4))
            cause = town.word(texts.CAUSES[draft.main])
            for kind in texts.CAUSE_KINDS[draft.main] if grave >= 10 else ():
                actions.put_why(
                    deviation=deviation, by=self.handler(deviation), key=uuid.uuid4(), text=cause,
                    weight=Weight.ROOT, kind=kind, at=at,
                )  # fmt: skip
            actions.analyse(deviation=deviation, by=self.handler(deviation), cause=cause, at=at)
        if not tidy and (grave >= 10 or rng.random() < 0.15):
            at = self._improve(deviation, draft, at)
        if not tidy and self.now - draft.at < LEFT_LYING and rng.random() < 0.1:
            at = self.after(at, 1)
            handler = self.handler(deviation)
            self.plan(deviation, draft, by=handler, owner=handler, at=at, days=15)
            return  # left lying: past its deadline after some weeks
        at = self.after(
            at, rng.randint(1, 4) if tidy else rng.choices((2, 5, 9, 14, 20, 29), (25, 25, 20, 15, 10, 5))[0]
        )
        check = timezone.localdate(at) + datetime.timedelta(days=60) if grave >= 10 else None
        actions.close(
            deviation=deviation, by=self.handler(deviation), outcome=self._answer(draft), effect_check_on=check, at=at
        )
        self._afterwards(deviation, draft, at)

    def _improve(self, deviation: Deviation, draft: Draft, at: datetime.datetime) -> datetime.datetime:
        """Something is to be done before the case is closed, by the handler or somebody in the unit."""
        rng, handler = self.rng, self.handler(deviation)
        at = self.after(at, rng.randint(0, 2))
        near = [user for code, users in draft.town.at.items() if code == draft.code for user in users]
        action = self.plan(deviation, draft, by=handler, owner=rng.choice([handler, *near]), at=at, days=15)
        if rng.random() < 0.2:
            at = self.after(at, rng.randint(1, 5))
            later = add_workdays(action.deadline, 10)
            note = draft.town.word(texts.LATER)
            improvement.move_deadline(action=action, by=action.owner, deadline=later, note=note, at=at)
        at = self.after(at, rng.choice((2, 4, 7, 11, 18)))
        if rng.random() < 0.06:
            improvement.outlive(action=action, by=handler, at=at)
            with suppress(NotYet):
                note = draft.town.word(rng.choice(texts.MEASURE_DONE))
                done = self.after(at, rng.randint(3, 12))
                improvement.finish(action=action, by=action.owner, done_note=note, at=done)
            return at
        note = draft.town.word(rng.choice(texts.MEASURE_DONE))
        improvement.finish(action=action, by=action.owner, done_note=note, at=at)
        return at

    def plan(
        self, deviation: Deviation, draft: Draft, *, by: User, owner: User, at: datetime.datetime, days: int
    ) -> Action:
        main = deviation.category.parent if deviation.category else None
        nb, nn, strength = texts.MEASURES[main.position if main else draft.main]
        return improvement.plan(
            by=by, what=draft.town.word((nb, nn)), owner=owner, strength=strength, deviation=deviation,
            shared=strength != Strength.WEAK,  # what lasts is shown to colleagues
            deadline=add_workdays(timezone.localdate(at), days), at=at,
        )  # fmt: skip

    def _answer(self, draft: Draft) -> str:
        if draft.kind in (Kind.PROPOSAL, Kind.GOOD_PRACTICE):
            return draft.town.word(texts.ANSWERS[7][1])
        return draft.town.word(self.rng.choice(texts.ANSWERS[draft.main][: 3 if draft.main != 7 else 1]))

    def _forward(self, deviation: Deviation, draft: Draft, at: datetime.datetime) -> datetime.datetime:
        """To those who keep the buildings, or the service office."""
        to = "BY" if draft.main != 7 and draft.code != "BY" else "SD"
        if to == draft.code:
            return at
        actions.forward(
            deviation=deviation, by=self.handler(deviation), to=draft.town.units[to],
            note=draft.town.word(texts.FORWARDED), at=at,
        )  # fmt: skip
        return self.after(at, self.rng.randint(0, 2))

    def _merge_a_second(self, deviation: Deviation, draft: Draft, at: datetime.datetime) -> None:
        """A colleague has reported the same before the first was received."""
        second = Draft(**{**draft.__dict__, "text": draft.town.word(texts.SAME) + draft.text, "reporter": None})
        second.at = draft.at + (at - draft.at) / 2
        copy = self.report(second)
        if copy.handler_id and copy.kind == deviation.kind and actions.may_merge(copy, deviation):
            actions.merge(deviation=copy, by=self.handler(copy), into=deviation, at=at + datetime.timedelta(minutes=6))

    def _talk(self, deviation: Deviation, draft: Draft, at: datetime.datetime) -> datetime.datetime:
        rng, town = self.rng, draft.town
        luck = rng.random()
        if luck < 0.1 and self.now - draft.at > RECENT:
            question, reply = rng.choice(texts.QUESTIONS)
            at = self.after(at, rng.randint(0, 2))
            actions.ask_reporter(deviation=deviation, by=self.handler(deviation), text=town.word(question), at=at)
            if rng.random() < 0.95:
                at = self.after(at, rng.randint(0, 3), by_day=False)
                actions.answer(deviation=deviation, by=self._who_reported(deviation), text=town.word(reply), at=at)
            else:
                at = self.after(at, 10)
                actions.resume(deviation=deviation, by=self.handler(deviation), at=at)
        elif luck < 0.25:
            at = self.after(at, rng.randint(0, 1))
            actions.write_message(
                deviation=deviation, by=self.handler(deviation), text=town.word(rng.choice(texts.MESSAGES)),
                from_reporter=False, at=at,
            )  # fmt: skip
        return at

    def _who_reported(self, deviation: Deviation) -> User:
        if deviation.naming == Naming.SEALED:
            return deviation.sealed_identity.user
        if deviation.reporter is None:
            raise NotYet
        return deviation.reporter

    def _afterwards(self, deviation: Deviation, draft: Draft, at: datetime.datetime) -> None:
        """Whether it helped; a few come back."""
        rng = self.rng
        luck = rng.random()
        if luck < 0.45:
            at = self.after(at, rng.randint(0, 4), by_day=False)
            actions.say_whether_it_helped(
                deviation=deviation, by=self._who_reported(deviation), helped=luck < 0.39, at=at
            )
        elif luck < 0.47 and deviation.state == State.CLOSED and not self._kept_tidy(draft.town, draft.code):
            at = self.after(at, rng.randint(2, 9), by_day=False)
            actions.reopen(
                deviation=deviation, by=self._who_reported(deviation), note=draft.town.word(texts.REOPENED), at=at
            )
            at = self.after(at, rng.randint(3, 12))
            actions.close(deviation=deviation, by=self.handler(deviation), outcome=self._answer(draft), at=at)


GENERAL = {"tjenes", "tenest", "ansatt", "tilset", "elever", "elevar", "bruker", "brukar", "dokume", "rutine"}
"""Beginnings of words that say nothing of what a text is about."""


def stems(text: str) -> set[str]:
    """What its longer words begin with, so that «legemidler» and «Legemiddelhåndtering» are about the same."""
    return {word[:6] for word in re.findall(r"[a-zæøå]{6,}", text.casefold())} - GENERAL


def by_unit(documents: list[tuple[str, str, Document]]) -> dict[tuple[str, str], list[Document]]:
    found: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    for town, code, document in documents:
        found[town, code].append(document)
    return dict(found)
