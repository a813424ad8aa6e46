"""The rules of whom to tell: what holds on which day, and how their deadlines are counted."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deviations import duties
from deviations.categories import STANDARD
from kvalitetslosen.workdays import OSLO, is_workday


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=OSLO)


OLD, NEW = duties.rule("patient_authority", 1), duties.rule("patient_authority", 2)
BREACH, NAV = duties.rule("privacy_authority", 1), duties.rule("employee_nav", 1)
WRITTEN = duties.rule("patient_written", 1)

COUNTED = [
    # 72 hours, also through a weekend, Easter and both nights of the clock
    (BREACH, "2026-11-27T16:00", "2026-11-30T16:00"),
    (BREACH, "2026-04-01T12:00", "2026-04-04T12:00"),
    (BREACH, "2026-03-28T12:00", "2026-03-31T13:00"),  # a night of 23 hours
    (BREACH, "2026-10-24T12:00", "2026-10-27T11:00"),  # a night of 25
    # the next day, a Sunday and a new year too
    (OLD, "2026-11-27T08:00", "2026-11-28T23:59"),
    (OLD, "2026-11-28T23:58", "2026-11-29T23:59"),
    (OLD, "2026-12-31T09:00", "2027-01-01T23:59"),
    # five working days: over a weekend, over Easter, over Christmas
    (NEW, "2026-11-25T09:00", "2026-12-02T16:00"),
    (NEW, "2026-03-31T09:00", "2026-04-10T16:00"),
    (NEW, "2026-12-23T09:00", "2026-12-31T16:00"),
    (NEW, "2026-11-28T03:00", "2026-12-04T16:00"),  # from a Saturday
    # three months: where the month has no such day, its last
    (WRITTEN, "2026-11-30T10:00", "2027-02-28T23:59"),
    (WRITTEN, "2027-11-30T10:00", "2028-02-29T23:59"),
    (WRITTEN, "2026-10-31T10:00", "2027-01-31T23:59"),
    (WRITTEN, "2026-01-31T10:00", "2026-04-30T23:59"),
    # a year
    (NAV, "2026-11-29T10:00", "2027-11-29T23:59"),
    (NAV, "2028-02-29T10:00", "2029-02-28T23:59"),
    # at once turns red after an hour, also in the hour that comes twice
    (duties.rule("pollution_110", 1), "2026-10-25T01:30", "2026-10-25T02:30"),
]


@pytest.mark.parametrize(("rule", "start", "due"), COUNTED)
def test_a_deadline_falls_where_the_law_puts_it(rule: duties.Rule, start: str, due: str) -> None:
    assert rule.due(at(start)) == at(due)


MOMENTS = st.integers(1_704_067_200, 2_208_988_800).map(lambda at: datetime.datetime.fromtimestamp(at, datetime.UTC))


@given(start=MOMENTS, number=st.integers(0, len(duties.RULES) - 1))
@settings(max_examples=300, deadline=None)
def test_no_deadline_lies_before_its_clock_and_each_warns_in_order(start: datetime.datetime, number: int) -> None:
    rule = duties.RULES[number]
    due = rule.due(start)
    assert due > start
    moments = duties.warnings_of(start, due)
    assert moments[-1] == (duties.LATE, due)
    assert all(one < other for one, other in pairwise(moments))
    assert all(start < moment <= due for _stage, moment in moments)
    assert rule.due(start + datetime.timedelta(days=7)) >= due


DAYS = st.dates(datetime.date(2019, 1, 1), datetime.date(2040, 1, 1))


@given(day=DAYS, commences=st.none() | DAYS)
@settings(max_examples=300, deadline=None)
def test_on_every_day_one_version_holds_and_none_is_without(
    day: datetime.date, commences: datetime.date | None
) -> None:
    commencements = {duties.PENDING: commences}
    for question in duties.QUESTIONS:
        found = duties.rules_on(question.code, day, commencements)
        codes = [each.code for each in found]
        assert len(codes) == len(set(codes)), "two versions of one rule hold on the same day"
        assert found, f"nobody is told of {question.code} on {day}"
    patient = {(each.code, each.version) for each in duties.rules_on(duties.PATIENT, day, commencements)}
    new = commences is not None and day >= commences
    assert (("patient_authority", 2) in patient, ("patient_authority", 1) in patient) == (new, not new)
    assert any(code == "patient_written" for code, _version in patient) == new


def test_each_rule_names_its_question_source_recipient_and_receipt() -> None:
    keys = [(each.code, each.version) for each in duties.RULES]
    assert len(keys) == len(set(keys))
    for each in duties.RULES:
        assert each.triage in duties.BY_CODE
        assert all(str(part) for part in (each.name, each.recipient, each.channel, each.words, each.law))
        assert each.receipt, each.code
    assert {each.triage for each in duties.RULES} == set(duties.BY_CODE)


def test_two_to_four_questions_fit_every_category_and_unit() -> None:
    names = [[main.names.name] for main in STANDARD] + [[sub.name] for main in STANDARD for sub in main.subs]
    for words in [*names, ["Sykehjemmet"], ["Bygg og vaktmeister"], ["Ungdomsskolen"], ["IKT"], [], ["Kultur"]]:
        asked = duties.first_asked(duties.areas_in(words))
        assert duties.FEWEST <= len(asked) <= duties.MOST, words
        assert len(asked) == len(set(asked))
    first = {main.names.name: duties.first_asked(duties.areas_in([main.names.name])) for main in STANDARD}
    assert duties.PATIENT in first["Legemiddel"]
    assert first["HMS – ansatte"][0] == duties.EMPLOYEE
    assert first["Personvern og informasjonssikkerhet"][0] == duties.PRIVACY
    assert duties.CHILD in first["Barn og elever"]
    assert duties.POLLUTION in first["Brann, bygg, teknisk og ytre miljø"]
    assert {duties.FOOD, duties.OUTBREAK} <= set(first["Smittevern, mat og hygiene"])


def test_working_days_end_on_a_day_when_people_are_at_work() -> None:
    start = at("2026-01-01T08:00")
    for days in range(400):
        due = NEW.due(start + datetime.timedelta(days=days))
        assert is_workday(due.date())
        assert due.hour == 16
