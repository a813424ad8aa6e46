"""As much as a large municipality gathers in five years, in minutes: for measuring how fast the pages are.

Units, people and roles are made by the product's own verbs. Cases and documents are too many for that: they are
written with COPY, with the chains of events, the counts and the numbers that the verbs would have left behind. Who has
how many is drawn as on the bench's floor (tests/bench/floor): few teams have many cases, and 5 % are open.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from deviations import settings_actions
from deviations.actions import choose_ticked
from deviations.figures import IN_TIME, LATE, count_days_anew
from deviations.lifecycle import SheetState, State
from deviations.models import (
    Category,
    Counter,
    Deviation,
    FigureCount,
    HandlingRules,
    Harm,
    Kind,
    Shift,
    TallySheet,
    Tick,
    When,
    severity_of,
)
from documents import search
from documents.actions import lay_subjects, lay_synonyms, lay_types
from documents.actions import type_of as kind_of_document
from documents.lifecycle import State as DocumentState
from documents.models import Counter as DocumentCounter
from documents.models import Document, LegalBasis, Reach, Requirement, Subject, SubjectOf, Version
from documents.models import Kind as DocumentKind
from kvalitetslosen.demo.volume_reading import ask_to_read
from kvalitetslosen.demo.volume_rows import Chain, Rows, flush, loaded_bare, new_key, type_of
from kvalitetslosen.demo.volume_work import FILLED, work
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import announced_together, create_many
from kvalitetslosen.months import months_after
from kvalitetslosen.notifications.deliver import take_as_told
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, Unit, User
from kvalitetslosen.workdays import OSLO, deadline, workdays_between

SEED = 42  # the floor's: it makes the same words rare and common here as there
YEARS = datetime.timedelta(days=1825)
AT_A_TIME = 20_000  # rows in memory
CATEGORIES = 12
SECTOR = 111  # units in a sector, itself included: 10 units with 10 departments each
LEADER = "leader@bench.example"
"""Of the first sector."""
TOP, FIGURES_ONLY, CONTACT = "top@bench.example", "figures@bench.example", "contact@bench.example"
"""Of the whole municipality: its leader, a union representative, a quality contact."""
PASSWORD = "bench"
KINDS = (Kind.DEVIATION,) * 7 + (Kind.NEAR_MISS, Kind.RISK, Kind.PROPOSAL)
HARMS = (Harm.NONE,) * 5 + (Harm.MILD,) * 3 + (Harm.SERIOUS, Harm.UNKNOWN)
POINTED_TO = 400  # documents
OUTCOME = "Gjennomgått med de ansatte, og rutinen er fulgt opp."


class NotEmpty(Exception):
    """There is something in the database already."""


@dataclass(frozen=True)
class Size:
    deviations: int
    units: int
    people: int
    documents: int
    ticks: int = 0


@dataclass
class Town:
    municipality: Unit
    sectors: list[Unit]
    middle: list[Unit]
    teams: list[Unit]
    leaders: dict[int, User] = field(default_factory=dict)  # by unit
    employees: list[User] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)

    def above(self, team: Unit) -> User:
        assert team.parent_id
        return self.leaders[team.parent_id]


def load(size: Size, words: Path) -> None:
    """Fill an empty PostgreSQL database. All of it or nothing. Raises ``NotEmpty``."""
    if Unit.objects.exists() or User.objects.exists():
        raise NotEmpty
    rng = random.Random(SEED)
    salad = Salad(words, rng)
    with transaction.atomic(), announced_together():
        town = found(size)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with loaded_bare(Deviation, Event, Document, Version, FigureCount, TallySheet, Tick, *FILLED):
            tell(town, size, salad, rng)
            tick(town, size.ticks, rng)
            count_days_anew()
            write(town, size.documents, salad, rng)
            ask_to_read(town.municipality, by=town.leaders[town.sectors[-1].pk], rng=rng)
            work(town, rng)
        take_as_told()
    search.reindex()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# The municipality


def found(size: Size) -> Town:
    """The tree, who works and leads where, and the categories."""
    municipality = actions.found_municipality(name="Volum", code="VOL", language="nb")
    lay_types(municipality=municipality, by=None)
    lay_subjects(municipality=municipality, by=None)
    lay_synonyms(municipality=municipality, by=None)
    sectors = max(1, (size.units - 1) // SECTOR)
    middle = sectors * 10
    teams = size.units - 1 - sectors - middle
    if teams < middle:
        raise ValueError("A tree of four levels takes 22 units or more.")
    kind = Unit.Kind
    level_1 = actions.create_units(
        rows=[(municipality, f"Sektor {n}", f"S{n}", kind.SECTOR) for n in range(sectors)], by=None
    )
    level_2 = actions.create_units(
        rows=[(level_1[n // 10], f"Virksomhet {n}", f"V{n}", kind.UNIT) for n in range(middle)], by=None
    )
    level_3 = actions.create_units(
        rows=[(level_2[n * middle // teams], f"Avdeling {n}", f"A{n}", kind.DEPARTMENT) for n in range(teams)], by=None
    )
    town = Town(municipality, level_1, level_2, level_3)
    places = [*level_1, *level_2, *level_3]
    unusable = make_password(None)

    def person(email: str, name: str) -> User:
        return User(email=email, name=name, municipality=municipality, password=unusable)

    leaders = [person(f"leder{n}@bench.example", f"Leder {n}") for n in range(len(places))]
    leaders[0] = person(LEADER, "Lise Leder")
    known = [person(TOP, "Rita Radmann"), person(FIGURES_ONLY, "Tor Tillitsvalgt"), person(CONTACT, "Kari Kontakt")]
    for each in (leaders[0], *known):
        each.password = make_password(PASSWORD)
    employees = [person(f"ansatt{n}@bench.example", f"Ansatt {n}") for n in range(max(size.people - len(leaders), 1))]
    create_many([*leaders, *employees, *known], "organisation.person_added", by=None, data=lambda _: {"invite": False})
    since = timezone.localdate() - YEARS
    held = [
        *((user, unit, Role.LEADER) for user, unit in zip(leaders, places, strict=True)),
        *((user, level_3[n % teams], Role.EMPLOYEE) for n, user in enumerate(employees)),
        *zip(known, [municipality] * 3, (Role.LEADER, Role.UNION_REP, Role.QUALITY_CONTACT), strict=True),
    ]
    create_many(
        [Membership(user=user, unit=unit, role=role, valid_from=since) for user, unit, role in held],
        "organisation.role_granted",
        by=None,
        data=lambda row: {"user": row.user_id, "unit": row.unit_id, "role": str(row.role)},
    )
    town.leaders = {unit.pk: user for user, unit in zip(leaders, places, strict=True)}
    town.employees = employees
    town.categories = [
        settings_actions.add_category(municipality_id=municipality.pk, by=None, name=f"Kategori {n}", position=n)
        for n in range(1, CATEGORIES + 1)
    ]
    return town


# COPY


# Cases


@cache
def due(day: datetime.date, days: int) -> datetime.datetime:
    return deadline(datetime.datetime.combine(day, datetime.time(12), OSLO), days)


@cache
def days_between(start: datetime.date, end: datetime.date) -> str:
    return str(workdays_between(start, end))


def tell(town: Town, size: Size, salad: Salad, rng: random.Random) -> None:
    """Cases over five years, the oldest first: reported, and received, answered or taken over."""
    n, pointed_to = size.deviations, min(size.documents, POINTED_TO)
    first_document = Rows(Document).next_id
    cases, events = Rows(Deviation), Rows(Event)
    subject_type, town_id = type_of(Deviation), town.municipality.pk
    rules = HandlingRules(municipality=town.municipality)
    levels = {team.pk: {level: getattr(team, level) for level in LEVELS} for team in town.teams}
    tally: Tally[tuple[int, datetime.date, str, str]] = Tally()
    numbers: Tally[int] = Tally()
    paragraphs = [salad.text(60) for _ in range(5_000)]
    now = timezone.now()
    teams = len(town.teams)
    moments = sorted(now - datetime.timedelta(microseconds=int(rng.random() * (YEARS / _MICRO))) for _ in range(n))
    for at in moments:
        team = town.teams[int(teams * rng.random() ** 2)]
        leader, above = town.leaders[team.pk], town.above(team)
        reporter = rng.choice(town.employees)
        category = town.categories[round(CATEGORIES * rng.random() ** 1.5) % CATEGORIES]
        kind = rng.choice(KINDS)
        day = at.astimezone(OSLO).date()
        numbers[day.year] += 1
        later = min(at + datetime.timedelta(days=min(rng.expovariate(0.5), 30)), now)
        later_day = later.astimezone(OSLO).date()
        chain = Chain(events, subject_type, town_id, cases.next_id)
        chain.add(
            "deviations.reported",
            by_id=reporter.pk,
            at=at,
            data={"handler": leader.pk, "acting_for": None},
        )
        close_by = due(day, rules.close_days(""))
        row: dict[str, Any] = {"state": State.REPORTED.value, "handler_id": leader.pk}
        by = leader
        changes: dict[str, Any] = {"state": [State.REPORTED.value, State.RECEIVED.value]}
        what, fate = "deviations.received", rng.random()
        if fate < 0.05 / 3:
            what, by, changes = "deviations.taken_over", above, {"handler": [leader.pk, above.pk]}
            row["handler_id"] = above.pk
        else:
            row |= {"state": State.RECEIVED.value, "received_at": later}
            changes["received_at"] = [None, later.isoformat()]
        if fate >= 0.05:
            consequence, probability = rng.randint(1, 4), rng.randint(1, 4)
            severity = severity_of(consequence, probability).value
            what = "deviations.closed"
            close_by = due(day, rules.close_days(severity))
            row |= {
                "state": State.CLOSED.value, "first_answer_at": later, "closed_at": later, "closed_by_id": leader.pk,
                "outcome": OUTCOME, "consequence": consequence, "probability": probability, "severity": severity,
                "helped": rng.choice((None, None, True, True, False)),
            }  # fmt: skip
            changes |= {
                "state": [State.REPORTED.value, State.CLOSED.value], "outcome": [None, None],
                "first_answer_at": [None, later.isoformat()], "closed_at": [None, later.isoformat()],
                "closed_by": [None, leader.pk], "consequence": [None, consequence],
                "probability": [None, probability], "severity": ["", severity],
            }  # fmt: skip
        chain.add(what, by_id=by.pk, at=later, data={"changes": changes})
        cases.add(
            reference=f"VOL-{day.year}-{numbers[day.year]:04d}",
            unit_id=team.pk,
            handling_unit_id=team.pk,
            kind=kind.value,
            category_id=category.pk,
            text=rng.choice(paragraphs),
            happened=When.NOW.value,
            harm=rng.choice(HARMS).value,
            breached_document_id=first_document + int(pointed_to * rng.random() ** 2) if rng.random() < 0.1 else None,
            reporter_id=reporter.pk,
            reported_at=at,
            receive_by=due(day, rules.receive_days),
            answer_by=due(day, rules.answer_days),
            deadline=close_by,
            **row,
            **levels[team.pk],
            **chain.anchor,
        )
        month = day.replace(day=1)
        counted = {
            "kind": kind.value,
            "category": str(category.pk),
            "severity": row.get("severity") or "-",
            "state": row["state"],
        }
        for measure, name, limit in (
            ("receipt", "received_at", due(day, rules.receive_days)),
            ("answer", "first_answer_at", due(day, rules.answer_days)),
            ("outcome", "closed_at", close_by),
            ("closing", "closed_at", close_by),
        ):
            if name in row:
                counted[measure] = days_between(day, later_day)
                counted[f"{measure}_in"] = IN_TIME if later <= limit else LATE
        if "closed_at" in row:
            helped = row.get("helped")
            counted["helped"] = "-" if helped is None else "yes" if helped else "no"
        for measure, value in counted.items():
            tally[team.pk, month, measure, value] += 1
        if len(cases.waiting) == AT_A_TIME:
            cases.flush()
            events.flush()
    cases.flush()
    events.flush()
    count(town, tally)
    Counter.objects.bulk_create(
        Counter(municipality=town.municipality, year=year, last=last) for year, last in sorted(numbers.items())
    )


_MICRO = datetime.timedelta(microseconds=1)


def count(town: Town, tally: Tally[tuple[int, datetime.date, str, str]]) -> None:
    """Write the counts of the teams and of all above them, side by side as a report reads them."""
    above = {team.pk: team.ancestor_ids for team in town.teams}
    whole: Tally[tuple[int, str, datetime.date, str]] = Tally()
    for (team, month, measure, value), n in tally.items():
        for unit in above[team]:
            whole[unit, measure, month, value] += n
    rows = Rows(FigureCount)
    for (unit, measure, month, value), n in sorted(whole.items()):
        rows.add(unit_id=unit, month=month, measure=measure, value=value, n=n)
        if len(rows.waiting) == AT_A_TIME:
            rows.flush()
    rows.flush()


# Ticks

TICKED = 4  # of the categories: the first ones
LEARNT = "Vi gikk gjennom månedens kryss på personalmøtet og prøver nattlys."
SHIFTS = tuple(str(shift) for shift in Shift)


def tick(town: Town, n: int, rng: random.Random) -> None:
    """Ticks over five years, a sheet for each team and month that has any; all closed but those of this month.

    Month by month, as they came: the ticks of a sheet lie together on disk no more than they would have.
    """
    if not n:
        return
    ticked = town.categories[:TICKED]
    Category.objects.filter(pk__in=[each.pk for each in ticked]).update(may_be_ticked=True)
    choose_ticked(unit=town.municipality, categories=ticked, by=None)
    sheets, ticks, events = Rows(TallySheet), Rows(Tick), Rows(Event)
    subject_type, town_id = type_of(TallySheet), town.municipality.pk
    tally: Tally[tuple[int, datetime.date, str, str]] = Tally()
    now = timezone.now()
    today = now.astimezone(OSLO).date()
    months = [months_after(today.replace(day=1), back) for back in range(-round(YEARS.days / 30.4) + 1, 1)]
    teams = len(town.teams)
    for number, month in enumerate(months):
        share = n * (number + 1) // len(months) - n * number // len(months)
        last = (months_after(month, 1) - datetime.timedelta(days=1)).day
        days = last if month < today.replace(day=1) else today.day
        drawn = Tally(int(teams * rng.random() ** 2) for _ in range(share))
        of_sheet: dict[int, int] = {}
        counted: Tally[tuple[int, int]] = Tally()
        moments = sorted((rng.randrange(days * 86_400), place) for place, times in drawn.items() for _ in range(times))
        begin = datetime.datetime.combine(month, datetime.time(), OSLO)
        first_id = sheets.next_id
        for place in sorted(drawn):
            of_sheet[place] = first_id + len(of_sheet)
        for seconds, place in moments:
            category = ticked[int(TICKED * rng.random() ** 1.5)]
            counted[place, category.pk] += 1
            at = begin + datetime.timedelta(seconds=seconds)
            ticks.add(
                sheet_id=of_sheet[place], category_id=category.pk, date=month.replace(day=1 + seconds // 86_400),
                shift=SHIFTS[seconds // 28_800 % 3], harm=(Harm.MILD if rng.random() < 0.2 else Harm.NONE).value,
                at=at, key=new_key(),
                by_id=rng.choice(town.employees).pk if month == months[-1] else None,
            )  # fmt: skip
            if len(ticks.waiting) == AT_A_TIME:
                ticks.flush()
        for place in sorted(drawn):
            team = town.teams[place]
            leader = town.leaders[team.pk]
            own = {pk: counted[place, pk] for pk in (each.pk for each in ticked) if counted[place, pk]}
            for pk, times in own.items():
                tally[team.pk, month, "tick", str(pk)] += times
            chain = Chain(events, subject_type, town_id, sheets.next_id)
            chain.add("deviations.tally_begun", by_id=None, at=begin, data={})
            row: dict[str, Any] = {"state": SheetState.OPEN.value, "learning_note": ""}
            if month != months[-1]:
                at = min(begin + datetime.timedelta(days=last + 3, hours=9), now)
                row = {
                    "state": SheetState.CLOSED.value, "learning_note": LEARNT, "closed_at": at,
                    "closed_by_id": leader.pk,
                }  # fmt: skip
                chain.add(
                    "deviations.month_closed",
                    by_id=leader.pk,
                    at=at,
                    data={
                        "changes": {
                            "learning_note": [None, None],
                            "closed_at": [None, at.isoformat()],
                            "closed_by": [None, leader.pk],
                            "state": [SheetState.OPEN.value, SheetState.CLOSED.value],
                        },
                        "counted": {str(pk): times for pk, times in own.items()},
                    },
                )
            sheets.add(
                unit_id=team.pk,
                month=month,
                handler_id=leader.pk,
                **row,
                **{level: getattr(team, level) for level in LEVELS},
                **chain.anchor,
            )
        flush(sheets, ticks, events)
    count(town, tally)


# Documents


class Salad:
    """Norwegian words in no order, as often as Zipf's law has them: rank 200 is in a fifth of the documents."""

    def __init__(self, words: Path, rng: random.Random) -> None:
        listed = words.read_text(encoding="latin-1").split()
        chosen = sorted(word for word in listed if word.isalpha() and 3 < len(word) < 13)
        self.words = rng.sample(chosen, min(30_000, len(chosen)))
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.words))))
        self.rng = rng

    def text(self, n: int) -> str:
        return " ".join(self.rng.choices(self.words, cum_weights=self.weights, k=n))


def write(town: Town, n: int, salad: Salad, rng: random.Random) -> None:
    """Procedures in force: six in ten for the whole municipality, the rest for one unit and those below it."""
    documents, versions, events = Rows(Document), Rows(Version), Rows(Event)
    placed, bases = Rows(SubjectOf), Rows(LegalBasis)
    subjects = list(Subject.objects.filter(municipality=town.municipality, parent__isnull=False).order_by("pk"))
    asked = list(Requirement.objects.filter(municipality=None).order_by("pk"))
    document_type, version_type, town_id = type_of(Document), type_of(Version), town.municipality.pk
    places: Sequence[Unit] = [*town.sectors, *town.middle]
    now = timezone.now()
    approver = town.leaders[town.sectors[-1].pk]
    kind = kind_of_document(town_id, DocumentKind.PROCEDURE)
    for number in range(1, n + 1):
        everywhere = rng.random() < 0.6
        unit = town.municipality if everywhere else rng.choice(places)
        owner = town.leaders[unit.pk] if unit.pk in town.leaders else town.leaders[town.sectors[-1].pk]
        author = rng.choice(town.employees)
        title, text = salad.text(6), salad.text(290)
        written = now - datetime.timedelta(days=20 + rng.random() * 300)
        chain = Chain(events, document_type, town_id, documents.next_id)
        chain.add("documents.created", by_id=author.pk, at=written, data={})
        document = documents.add(
            number=f"{kind.letters}-{number:04d}",
            title=title,
            type_id=kind.pk,
            unit_id=unit.pk,
            owner_id=owner.pk,
            reach=(Reach.MUNICIPALITY if everywhere else Reach.UNIT).value,
            review_on=now.date() + datetime.timedelta(days=60 + rng.randrange(600)),
            created_at=written,
            **{level: getattr(unit, level) for level in LEVELS},
            **chain.anchor,
        )
        chain = Chain(events, version_type, town_id, versions.next_id)
        approved = written + datetime.timedelta(days=1)
        chain.add("documents.draft_opened", by_id=author.pk, at=written, data={})
        chain.add(
            "documents.approved",
            by_id=approver.pk,
            at=approved,
            data={"changes": {"state": [DocumentState.APPROVAL.value, DocumentState.IN_FORCE.value]}},
        )
        versions.add(
            document_id=document,
            major=1,
            minor=0,
            title=title,
            body=f"<p>{text}</p>",
            text=text,
            state=DocumentState.IN_FORCE.value,
            author_id=author.pk,
            edited_by_id=author.pk,
            approved_by_id=approver.pk,
            created_at=written,
            saved_at=written,
            sent_at=written,
            in_force_from=approved,
            **chain.anchor,
        )
        if rng.random() < 0.7:
            placed.add(document_id=document, subject_id=rng.choice(subjects).pk)
        if rng.random() < 0.3:
            basis = rng.choice(asked)
            bases.add(document_id=document, source_id=basis.source_id, place=basis.place, requirement_id=basis.pk)
        if len(documents.waiting) == AT_A_TIME // 4:
            flush(documents, versions, events, placed, bases)
    flush(documents, versions, events, placed, bases)
    DocumentCounter.objects.create(municipality=town.municipality, letters=kind.letters, last=n)
